"""Evidence levels: how dear a lie about a consent would have been, from 0 to 4; computed from what is there.

    >>> consent = Event("consent.given", 31201000007, 1, 1, "voltix", fields={"product": "energy"})
    >>> found = level_of(ConsentEvidence(consent), at=2, zone=ZoneInfo("Europe/Amsterdam"))
    >>> found.level, found.missing[0][1]
    (0, 'The wording that was shown is not kept.')

No log can detect a lie told before it was logged; each level makes one dearer. A level says nothing of validity: that
is the law's (``belbaar.law.nl.consent``). What is not shown counts as not there.
"""

__all__ = [
    "HIGHEST",
    "LEVELS",
    "QUIET",
    "ConsentEvidence",
    "Level",
    "check_level",
    "demanded",
    "evidence_of",
    "level_of",
]

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from belbaar.errors import InputError
from belbaar.law.calendar import local_day
from belbaar.law.terms import Term, days
from belbaar.ledger import Event

Words = tuple[str, str]
"""A sentence in Dutch and in English."""

LEVELS: tuple[Words, ...] = (
    ("een bewering van de beller", "a statement by the caller"),
    ("vastgelegd met tekst, vakjes en tijden", "captured with wording, boxes and times"),
    ("ook bevestigd op het nummer zelf", "also confirmed on the number itself"),
    ("ook bewezen aan de persoon, die niet ontkende", "also shown to the person, who did not deny it"),
    ("ook bevestigd door een buitenstaander", "also attested by an outside party"),
)
"""What each level means."""
HIGHEST = len(LEVELS) - 1
QUIET = days(14)
"""On how many days a person who got a receipt must have been able to deny it, and not have done so."""
_TO_A_NUMBER = frozenset({"sms", "voice"})
"""Challenges that reach whoever has the number; a link by e-mail only proves the mailbox."""


@dataclass(frozen=True, slots=True)
class ConsentEvidence:
    """What there is for one consent.

    Args:
        consent: the ``consent.given``.
        verified: ``consent.verified`` events that confirm it.
        text_logged: the wording stands in the log, before the consent.
        delivered: ``receipt.delivered`` events of it.
        denied: complaints about this caller since the consent.
        open_days: days on which the person could see and deny it in My number, or more of them; ordinals.
        attested: who attested the capture (``belbaar.proof.receipt.capture``); "" if nobody with nothing to gain.
    """

    consent: Event
    verified: Sequence[Event] = ()
    text_logged: bool = False
    delivered: Sequence[Event] = ()
    denied: Sequence[Event] = ()
    open_days: Collection[int] = ()
    attested: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """The level found, and what is missing for the next one, in Dutch and English; nothing at the highest."""

    level: int
    missing: tuple[Words, ...] = ()

    @property
    def words(self) -> Words:
        """What the level means."""
        return LEVELS[self.level]


def evidence_of(
    consent: Event,
    history: Iterable[Event],
    *,
    at: int,
    text_logged: bool,
    open_days: Collection[int],
    attested: str = "",
) -> ConsentEvidence:
    """Find among the events of a number what there is for one consent, as it was at an instant.

    Args:
        consent: one of them.
        history: the events of its number.
        at: what happened later plays no part; UTC microseconds.
        text_logged: the wording stands in the log, before the consent.
        open_days: on which My number was open to people; ordinals.
        attested: who attested the capture; "" if nobody with nothing to gain.
    """
    known = [event for event in history if event.at <= at]
    own = [event for event in known if event.caller == consent.caller and event.at >= consent.at]
    newer = [event.at for event in own if event.kind == "consent.given" and event.at > consent.at]
    until = min(newer, default=at + 1)
    product = consent.fields.get("product")
    return ConsentEvidence(
        consent,
        verified=[event for event in own if event.kind == "consent.verified" and event.at < until],
        text_logged=text_logged,
        delivered=[
            event
            for event in own
            if event.kind == "receipt.delivered" and event.fields.get("product", product) == product
        ],
        denied=[
            event
            for event in known
            if event.kind == "complaint.filed" and event.caller in ("", consent.caller) and event.at >= consent.at
        ],
        open_days=open_days,
        attested=attested,
    )


def level_of(evidence: ConsentEvidence, *, at: int, zone: ZoneInfo, quiet: Term = QUIET) -> Level:
    """Compute the level at an instant, and what is missing for the next.

    Args:
        evidence: what there is.
        at: UTC microseconds.
        zone: of the called person, in which days are counted.
        quiet: on how many days My number must have been open after the receipt; the day of the call is none of them.
    """
    steps: tuple[Callable[[], list[Words]], ...] = (
        lambda: _not_captured(evidence),
        lambda: _not_challenged(evidence),
        lambda: _not_shown(evidence, at, zone, quiet),
        lambda: _not_attested(evidence),
    )
    for level, step in enumerate(steps):
        missing = step()
        if missing:
            return Level(level, tuple(missing))
    return Level(HIGHEST)


def demanded(wanted: int, found: Level) -> Words | None:
    """Say that a level is below the one that is demanded, and what is missing; None when it is not.

    Raises:
        InputError: when no such level exists.
    """
    if found.level >= check_level(wanted):
        return None
    dutch, english = (" ".join(sentences) for sentences in zip(*found.missing, strict=True))
    return (
        f"Gevraagd is bewijs van niveau {wanted}; dit is niveau {found.level}: {found.words[0]}. {dutch}",
        f"Evidence of level {wanted} is demanded; this is level {found.level}: {found.words[1]}. {english}",
    )


def check_level(wanted: int, where: str = "") -> int:
    """Return a level that can be demanded; ``where`` says what named it.

    Raises:
        InputError: when no such level exists.
    """
    if not 0 <= wanted <= HIGHEST:
        raise InputError(f"{wanted} is not a level of evidence.", where=where, todo=f"Demand one of 0 to {HIGHEST}.")
    return wanted


def _not_captured(evidence: ConsentEvidence) -> list[Words]:
    fields = evidence.consent.fields
    asked = (
        ("wording", ("De getoonde tekst is niet bewaard.", "The wording that was shown is not kept.")),
        ("boxes", ("De vakjes zijn niet bewaard.", "The boxes are not kept.")),
        ("shown_at", ("Wanneer de tekst is getoond, is niet bewaard.", "When the wording was shown is not kept.")),
        ("captured_by", ("Wie de toestemming vastlegde, is niet bewaard.", "Who captured the consent is not kept.")),
    )
    missing = [words for name, words in asked if not fields.get(name)]
    if fields.get("wording") and not evidence.text_logged:
        missing.append(
            (
                "De tekst staat niet vóór de toestemming in het logboek.",
                "The wording does not stand in the log before the consent.",
            )
        )
    return missing


def _not_challenged(evidence: ConsentEvidence) -> list[Words]:
    answers = [(str(event.fields["method"]), event) for event in evidence.verified]
    answers += [(str(evidence.consent.fields["verified"]), evidence.consent)] if _verified(evidence.consent) else []
    if any(method in _TO_A_NUMBER and _challenged(event) for method, event in answers):
        return []
    if not answers:
        return [("De toestemming is niet bevestigd.", "The consent is not confirmed.")]
    if not any(method in _TO_A_NUMBER for method, _ in answers):
        return [
            (
                "De bevestiging kwam niet van het nummer zelf, maar bijvoorbeeld van een mailadres.",
                "The confirmation did not come from the number itself, but for instance from a mailbox.",
            )
        ]
    return [
        (
            "Dat en wanneer de code naar dit nummer ging, is niet bewaard.",
            "That and when the code went to this number is not kept.",
        )
    ]


def _verified(consent: Event) -> bool:
    return bool(consent.fields.get("verified"))


def _challenged(event: Event) -> bool:
    return bool(event.fields.get("challenge_sent")) and event.fields.get("challenge_to_number") is True


def _not_shown(evidence: ConsentEvidence, at: int, zone: ZoneInfo, quiet: Term) -> list[Words]:
    missing: list[Words] = []
    first = min((event.at for event in evidence.delivered if event.at <= at), default=None)
    if first is None:
        missing.append(("De persoon kreeg geen ontvangstbewijs.", "The person got no receipt."))
    elif len(could := _between(evidence.open_days, local_day(first, zone), local_day(at, zone))) < quiet.days:
        missing.append(
            (
                f"Sinds het ontvangstbewijs stond Mijn nummer op {len(could)} van {quiet.days} dagen open.",
                f"Since the receipt My number was open on {len(could)} of {quiet.days} days.",
            )
        )
    if any(event.at <= at for event in evidence.denied):
        missing.append(("De persoon heeft geklaagd.", "The person has complained."))
    return missing


def _between(days: Collection[int], first: int, last: int) -> list[int]:
    """Give the days after one and before another: only whole days count, in which the person had the receipt."""
    return [day for day in days if first < day < last]


def _not_attested(evidence: ConsentEvidence) -> list[Words]:
    if evidence.attested:
        return []
    return [
        (
            "Geen buitenstaander die er niets bij wint, tekende voor het vastleggen.",
            "No outside party with nothing to gain signed for the capture.",
        )
    ]
