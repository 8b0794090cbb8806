"""A page that somebody has, as far as it matters to consent: its boxes with their labels, its words, its links.

>>> page = read_page('<label for="a">Bel mij</label><input id="a" type="checkbox" required>')
>>> page.ticks[0].label, page.ticks[0].ticked, page.ticks[0].required
('Bel mij', False, True)
"""

__all__ = ["Page", "Tick", "read_page"]

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "template", "noscript", "head"})
_PHONE = re.compile(r"phone|telefoon|\btel\b|mobiel|mobile|gsm", re.IGNORECASE)
_PRIVACY = re.compile(r"privacy|avg|gdpr", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "li", "label", "tr", "td", "fieldset", "section", "form", "br", "h1", "h2", "h3", "legend"}
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box: the words beside it, whether it begins ticked, whether one cannot go on without it.

    ``own`` is false of a consent that has no box of its own; ``channels`` are told of designed forms only.
    """

    label: str
    ticked: bool
    required: bool
    where: str
    channels: Sequence[str] = ()
    own: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page; ``number_at``: the line of the field for a number."""

    ticks: Sequence[Tick]
    text: str
    privacy: bool
    asks_number: bool
    number_at: str


def read_page(html: str) -> Page:
    """Read a page; one that is not well formed is read as far as it goes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    labels = {name: _plain(words) for name, words in reader.labels.items()}
    ticks = [
        replace(tick, label=labels.get(name) or _plain(reader.around.get(place, [])) or aria)
        for place, (tick, name, aria) in enumerate(reader.ticks)
    ]
    return Page(ticks, _plain(reader.words), reader.privacy, bool(reader.number_at), reader.number_at)


def _plain(words: Sequence[str]) -> str:
    return re.sub(r"\s+", " ", "".join(words)).strip()


@dataclass
class _Reader(HTMLParser):
    """Guards where in the page it is: inside which label, and under what nobody sees."""

    ticks: list[tuple[Tick, str, str]] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=dict)
    around: dict[int, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    privacy: bool = False
    number_at: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden: list[str] = []
        self._label: tuple[str, list[str], list[int]] | None = None
        self._loose: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "label":
            self._label = (told.get("for", ""), [], [])
        elif tag == "input":
            self._input(told)
        elif tag == "a" and _PRIVACY.search(told.get("href", "")):
            self.privacy = True
        if tag in _BLOCKS:
            self.words.append(" ")
            self._loose = None

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()
        elif tag == "label" and self._label:
            name, words, places = self._label
            if name:
                self.labels.setdefault(name, []).extend(words)
            self.around.update(dict.fromkeys(places, words))
            self._label = None
        elif tag in _BLOCKS:
            self.words.append(" ")
            self._loose = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        if self._label:
            self._label[1].append(data)
        elif self._loose is not None:
            self.around.setdefault(self._loose, []).append(data)

    def _input(self, told: dict[str, str]) -> None:
        kind, line = told.get("type", "text").lower(), f"line {self.getpos()[0]}"
        if kind == "checkbox":
            place = len(self.ticks)
            tick = Tick("", "checked" in told, "required" in told, line)
            self.ticks.append((tick, told.get("id", ""), told.get("aria-label", "")))
            if self._label:
                self._label[2].append(place)
            else:
                self._loose = place  # the words behind it are taken for its label
        elif kind == "tel" or _PHONE.search(
            f"{told.get('name', '')} {told.get('id', '')} {told.get('autocomplete', '')}"
        ):
            self.number_at = self.number_at or line
