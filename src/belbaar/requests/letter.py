"""The answer to a request or complaint, as a letter in the language of the person who asked: plain words (B1)."""

__all__ = ["letter"]

from collections.abc import Mapping

from babel.dates import format_date

from belbaar.errors import InputError
from belbaar.law.calendar import moment_of
from belbaar.letters import Page
from belbaar.reading import ZONE
from belbaar.requests.cases import DONE, Request

_SUBJECT: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "complaint": "Uw klacht van {day}",
        "proof": "Uw vraag van {day} om bewijs van toestemming",
        "erasure": "Uw vraag van {day} om gegevens te wissen",
        "correction": "Uw vraag van {day} om gegevens te verbeteren",
    },
    "en": {
        "complaint": "Your complaint of {day}",
        "proof": "Your request of {day} for proof of consent",
        "erasure": "Your request of {day} for erasure",
        "correction": "Your request of {day} for correction",
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "reference": "Kenmerk: {ref}",
        "to": "Geachte heer of mevrouw,",
        "complaint": "Bent u het er niet mee eens? Meld het bij de Autoriteit Consument & Markt: www.consuwijzer.nl.",
        "other": (
            "Bent u het er niet mee eens? U kunt klagen bij de Autoriteit Persoonsgegevens: "
            "www.autoriteitpersoonsgegevens.nl."
        ),
        "signed": "Met vriendelijke groet,\n\n{sender}",
    },
    "en": {
        "reference": "Reference: {ref}",
        "to": "Dear Sir or Madam,",
        "complaint": "Do you not agree? Tell the Authority for Consumers & Markets: www.consuwijzer.nl.",
        "other": (
            "Do you not agree? You can complain to the Dutch Data Protection Authority: "
            "www.autoriteitpersoonsgegevens.nl."
        ),
        "signed": "Yours sincerely,\n\n{sender}",
    },
}
_DATE = "d MMMM y"


def letter(request: Request, sender: str, address: str) -> Page:
    """Write the letter; the date is that of the answer, so it can be made again alike.

    Args:
        request: with its papers, answered.
        sender: the name of whoever answers.
        address: the sender's, in lines; "" where that is not known.

    Raises:
        InputError: ``not-found`` when it is not answered yet, or its papers are gone.
    """
    papers = request.papers
    if request.state != DONE or papers is None:
        raise InputError("there is no letter of this request.", todo="Answer it first.", code="not-found")
    words, asked, told = _WORDS[papers.lang], moment_of(request.opened_at, ZONE), moment_of(request.ended_at, ZONE)
    return Page(
        lang=papers.lang,
        sender=sender,
        sender_address=tuple(address.splitlines()),
        to=tuple(line for line in (papers.name, *papers.address.splitlines()) if line.strip()),
        date=format_date(told.date(), _DATE, locale=papers.lang),
        reference=words["reference"].format(ref=request.ref),
        subject=_SUBJECT[papers.lang][request.kind].format(day=format_date(asked.date(), _DATE, locale=papers.lang)),
        paragraphs=(
            words["to"],
            *(part for part in papers.reply.split("\n\n") if part.strip()),
            words["complaint" if request.kind == "complaint" else "other"],
        ),
        signed=words["signed"].format(sender=sender),
        at=told,
    )
