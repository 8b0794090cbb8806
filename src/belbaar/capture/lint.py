"""What the law refuses in a form: of one that is designed here, and of a page that somebody has already.

    >>> page = '<form><input type="tel"><label><input type="checkbox" checked> Ja, Voltix mag bellen over gas</label>'
    >>> [found.code for found in lint_page(page)]
    ['form.preticked', 'form.no-withdrawal', 'form.no-privacy']

Both are brought to what a person sees (``Seen``), so that one set of checks judges both. A page is judged by its words:
what this finds is wrong, what it does not find may be wrong still.
"""

__all__ = ["Finding", "lint_design", "lint_page"]

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from belbaar.capture.design import Design
from belbaar.capture.faults import FAULTS
from belbaar.capture.page import Page, Tick, read_page
from belbaar.capture.showing import ShownForm, shown
from belbaar.errors import InputError
from belbaar.ledger import Caller
from belbaar.ledger.wordings import check_text

_PARTNERS = re.compile(
    r"\b(?:(?:zakelijke |geselecteerde |commercial |selected )?partners?|derden|adverteerders?|sponsors?|third part(?:y|ies)|"
    r"affiliates?|gelieerde|zorgvuldig geselecteerde)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:(?:algemene |actie)?voorwaarden|reglement|terms|conditions|privacy ?(?:beleid|verklaring|statement|policy)|"
    r"nieuwsbrief|newsletter)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:stop(?:pen|t)?|intrek\w*|trek\w* .{0,40}\bin|afmeld\w*|uitschrijv\w*|withdraw\w*|unsubscribe|opt.?out)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:over|inzake|betreffende|about|regarding|concerning)\s+\w{2,}", re.IGNORECASE)
_COMPUTER = re.compile(r"\b(?:computer|automatisch\w*|robot\w*|automated|automatic\w*|recorded)\b", re.IGNORECASE)
_CALLING = re.compile(
    r"\b(?:(?:ge)?bel(?:len|t|d|de)?|opbellen|telefonisch\w*|sms\w*|calls?|called|phon(?:e|ed) me|by (?:tele)?phone|text me)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"^\s*(?:nee|no|niet|don'?t|geen)\b|\b(?:bel|call) m(?:ij|e) niet\b|don'?t call", re.IGNORECASE)


class Finding(msgspec.Struct, frozen=True):
    """A fault found.

    Args:
        code: stable.
        nl: what is wrong, in Dutch, and ``en`` in English.
        cite: the provision, and ``link`` to its text.
        where: a JSON pointer into the design, or the line of a page.
    """

    code: str
    nl: str
    en: str
    cite: str
    link: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees of a form, and who may say so.

    Args:
        boxes: those by which somebody says yes to calls.
        refusals: those by which somebody says no.
        text: all that can be read.
        privacy: there is a link to a privacy statement.
        asks_number: there is a field for a telephone number.
        names: of callers, one of which must stand beside a box; none: not known.
        needs_opt_out: the law asks for an opt-out beside the number.
        where: of the whole.
    """

    boxes: Sequence[Tick]
    refusals: Sequence[Tick]
    text: str
    privacy: bool
    asks_number: bool = True
    names: Sequence[str] = ()
    needs_opt_out: bool = False
    where: str = ""


def lint_design(design: Design, caller: Caller, details: Mapping[str, str]) -> list[Finding]:
    """Say what the law refuses in a design; nothing where it may be published."""
    found = list[Finding]()
    for lang in design.languages:
        put = shown(design, lang, caller, details)
        if design.kind == "consent":
            found += _lacking_names(design, lang)
        found += _found(_seen_of(design, put, caller))
        try:
            check_text(put.wording, set(caller.numbers))
        except InputError:
            found.append(_finding("form.number-in-text", f"/texts/{lang}"))
    return list(dict.fromkeys(found))


def lint_page(html: str, caller: str = "") -> list[Finding]:
    """Say what the law refuses in a page that somebody has.

    Args:
        html: the page, or the part of it with the form.
        caller: the name that must stand beside the box; "" where that is not known.
    """
    page = read_page(html)
    return _found(_seen_in(page, caller)) if _CALLING.search(page.text) or page.asks_number else []


def _seen_of(design: Design, put: ShownForm, caller: Caller) -> Seen:
    ticks = [
        Tick(box.label, design.ticked, design.required, f"/choices/{place}", box.channels)
        for place, box in enumerate(put.boxes)
    ]
    opt_out = design.kind == "number"
    needs = opt_out and caller.sector != "commercial"
    return Seen(
        () if opt_out else ticks,
        ticks if opt_out else (),
        put.wording,
        bool(put.privacy_url),
        names=() if opt_out else (caller.name, re.sub(r"\s+(?:B\.?V\.?|N\.?V\.?)$", "", caller.name)),
        needs_opt_out=needs,
    )


def _seen_in(page: Page, caller: str) -> Seen:
    calling = [tick for tick in page.ticks if _CALLING.search(tick.label)]
    refusals = [tick for tick in calling if _REFUSAL.search(tick.label)]
    boxes = [tick for tick in calling if tick not in refusals]
    if not calling and page.asks_number and _CALLING.search(page.text):
        boxes = [Tick(_around(page.text), ticked=False, required=True, where=page.number_at, own=False)]
    return Seen(boxes, refusals, page.text, page.privacy, page.asks_number, (caller,) if caller else (), where="")


def _around(text: str) -> str:
    """Give the sentence in which calls are spoken of."""
    found = _CALLING.search(text)
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return next((sentence for sentence in sentences if _CALLING.search(sentence)), text) if found else ""


def _lacking_names(design: Design, lang: str) -> Iterator[Finding]:
    for place, choice in enumerate(design.choices):
        if not choice.labels.get(lang) and not choice.names.get(lang):  # type: ignore[call-overload]
            yield _finding("form.no-words", f"/choices/{place}/names/{lang}")


_OF_A_BOX: tuple[tuple[str, Callable[[Tick, Seen], bool]], ...] = (
    ("form.preticked", lambda tick, _: tick.ticked),
    ("form.bundled", lambda tick, _: not tick.own or bool(_TERMS.search(tick.label))),
    ("form.partners", lambda tick, _: bool(_PARTNERS.search(tick.label))),
    ("form.no-caller", lambda tick, seen: bool(seen.names) and not any(name in tick.label for name in seen.names)),
    ("form.conditional", lambda tick, _: tick.required and tick.own),
    ("form.no-product", lambda tick, _: not _ABOUT.search(tick.label)),
    ("form.robocall", lambda tick, _: _is_robocall(tick)),
)
"""What may be wrong with a box to say yes."""


def _is_robocall(tick: Tick) -> bool:
    """A computer's calls need a box of their own that says so."""
    if "robocall" in tick.channels:
        return len(tick.channels) > 1 or not _COMPUTER.search(tick.label)
    return False


def _found(seen: Seen) -> list[Finding]:
    found = [_finding(code, tick.where) for tick in seen.boxes for code, wrong in _OF_A_BOX if wrong(tick, seen)]
    found += [_finding("form.preticked", tick.where) for tick in seen.refusals if tick.ticked]
    if seen.boxes and not _STOP.search(seen.text):
        found.append(_finding("form.no-withdrawal", seen.where))
    if seen.needs_opt_out and not seen.refusals:
        found.append(_finding("form.no-optout", "/opt_out"))
    if (seen.boxes or seen.asks_number) and not seen.privacy:
        found.append(_finding("form.no-privacy", seen.where))
    return found


def _finding(code: str, where: str) -> Finding:
    fault = FAULTS[code]
    return Finding(code, fault.nl, fault.en, fault.cite.label, fault.cite.link, where)
