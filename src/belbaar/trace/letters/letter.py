"""From a case to a letter: what it says, and to whom. The date is that of what it tells, so it can be made again alike."""

__all__ = ["KINDS", "letter"]

import datetime as dt
from collections.abc import Sequence

import phonenumbers
from babel.dates import format_date, format_datetime

from belbaar.errors import InputError
from belbaar.law.calendar import moment_of
from belbaar.letters import Page
from belbaar.letters.pdf import pdf
from belbaar.numbers import e164
from belbaar.reading import ZONE
from belbaar.trace.calls import TRUST
from belbaar.trace.cases import Case, Papers
from belbaar.trace.deciding import told
from belbaar.trace.letters.words import LETTERS, MISSING, WORDS

KINDS = tuple(LETTERS)
_NO_BREAK = "\u00a0"
_NEEDS = {"found": "found", "named": "found", "refused": "refused"}


def letter(case: Case, kind: str, lang: str, sender: str) -> bytes:
    """Write a letter of a case, as PDF/A: the same bytes for the same case.

    Args:
        case: with its papers.
        kind: one of ``KINDS``.
        lang: ``nl`` or ``en``.
        sender: the name of the provider.

    Raises:
        InputError: when the case is not so far, or its papers are gone.
    """
    papers = case.papers
    if papers is None:
        raise InputError("the papers of this case are gone.", code="case-ended")
    if papers.asks and kind != "named":
        raise InputError("another provider asks, which gets no letter.", where="/letter", code="not-asked")
    if case.state != _NEEDS.get(kind, case.state):
        raise InputError(
            "there is no such letter of this case yet.", where="/letter", todo="Decide first.", code="not-ready"
        )
    words = LETTERS[kind][lang]
    says = _says(case, papers, lang)
    paragraphs = [text.format(**says) for text in words.paragraphs]
    at = case.opened_at if kind == "received" else case.ended_at
    to = papers.party if kind == "named" and papers.party else papers.request
    page = Page(
        lang=lang,
        sender=sender,
        to=tuple(line for line in (to.name, to.address, f"{to.postcode}  {to.town}".strip()) if line),
        date=_day(moment_of(at, ZONE).date(), lang),
        reference=f"{WORDS[lang]['reference']}: {case.id}",
        subject=words.subject,
        paragraphs=tuple(text for text in paragraphs if text),
        signed=WORDS[lang]["by"].format(sender),
        at=moment_of(at, ZONE),
    )
    return pdf(page)


def _says(case: Case, papers: Papers, lang: str) -> dict[str, str]:
    words, asked, party = WORDS[lang], papers.request, papers.party
    missing = [MISSING[lang][name] for name in case.missing]
    due = _day(dt.date.fromordinal(case.due), lang) if case.due else ""
    meant = [each.call for each in case.calls if each.call.ref in papers.calls]
    times = asked.times if papers.asks else [call.received_at for call in meant]
    return {
        "opened": _of(case.opened_at, lang),
        "ended": _of(case.ended_at, lang) if case.ended_at else "",
        "gone": _day(dt.date.fromordinal(case.gone), lang) if case.gone else "",
        "number": _number(e164(asked.number)),
        "times": words["times"].format(_listed([_moment(at, lang) for at in asked.times], lang)) if asked.times else "",
        "missing": words["missing"].format(_listed(missing, lang), due) if missing else words["nothing missing"],
        "answer": words["answer"].format(due) if not missing else "",
        "calls": _listed([_moment(at, lang) for at in times], lang),
        "trust": words[max((call.trust for call in meant), key=TRUST.index)] if meant else "",
        "party_number": _number(party.number) if party else "",
        "party": f"{party.name}\n{party.address}\n{party.postcode}  {party.town}" if party else "",
        "why": told(papers, lang) if case.state == "refused" else "",
    }


def _number(text: str) -> str:
    """Write a number as people read it."""
    written = phonenumbers.format_number(phonenumbers.parse(text), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return written.replace(" ", _NO_BREAK)


def _day(day: dt.date, lang: str) -> str:
    return format_date(day, WORDS[lang]["date"], locale=lang)


def _of(at: int, lang: str) -> str:
    return _day(moment_of(at, ZONE).date(), lang)


def _moment(at: int, lang: str) -> str:
    return format_datetime(moment_of(at, ZONE), WORDS[lang]["moment"], locale=lang)


def _listed(texts: Sequence[str], lang: str) -> str:
    *most, last = texts or [""]
    return f"{', '.join(most)}{WORDS[lang]['and']}{last}" if most else last
