"""The texts of pages: English where they stand, Dutch in ``texts/*.po``, one file an area.

>>> dutch = texts("nl")
>>> dutch.gettext("The law"), texts("en").gettext("The law")
('De wet', 'The law')
"""

__all__ = ["Texts", "said", "texts"]

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in one language; what is not there is given as it stands. Plurals: one, or any other count."""

    known: Mapping[str, tuple[str, ...]]

    def gettext(self, text: str) -> str:
        """Give a text."""
        return self.known.get(text, (text,))[0]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Give a text that depends on a count."""
        return self.known.get(one, (one, many))[0 if count == 1 else 1]


@lru_cache
def texts(lang: str) -> Texts:
    """Give the texts in a language."""
    return Texts({} if lang == "en" else _read())


def said(lang: str, dutch: str, english: str) -> str:
    """Choose between two texts that are data, such as those of a rule."""
    return dutch if lang == "nl" else english


def _read() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for path in sorted(_FOLDER.glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale="nl")
        for message in catalog:
            if message.id:
                one = message.id if isinstance(message.id, str) else message.id[0]
                told = message.string if isinstance(message.string, tuple) else (message.string,)
                known[one] = tuple(str(each) for each in told)
    return known
