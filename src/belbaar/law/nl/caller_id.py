"""The number a call shows: never none, and never somebody else's."""

__all__ = ["CARDS"]

from belbaar.law.cards import CODE, STATUTE, VETO, Rule, days
from belbaar.law.nl.sources import ctm, tw

_NL = "Een commercieel, ideëel of charitatief gesprek toont het nummer van de beller."
_EN = "A call for commercial, ideal or charitable purposes shows the caller's number."
_MET = ("De beller toont een nummer.", "The caller shows a number.")
_UNMET = ("Anoniem bellen mag niet.", "Anonymous calls are not allowed.")
_ANONYMOUS = "call_kind = MARKETING AND channel IN (VOICE, ROBOCALL) AND presented = ANONYMOUS"

ANONYMOUS_2020 = Rule(
    id="nl.anonymous",
    role=VETO,
    authority=CODE,
    in_force=days("2020-03-01", "2021-06-30"),
    cites=(ctm("2020"),),
    nl=_NL,
    en=_EN,
    met=_MET,
    unmet=_UNMET,
    when=_ANONYMOUS,
)

ANONYMOUS_2021 = Rule(
    id="nl.anonymous",
    role=VETO,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(7)", as_of="2021-07-01"), tw("11.7(8)", as_of="2026-08-15")),
    nl=_NL,
    en=_EN,
    met=_MET,
    unmet=_UNMET,
    when=_ANONYMOUS,
)

FALSE_NUMBER = Rule(
    id="nl.false-number",
    role=VETO,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.10a", as_of="2021-07-01"),),
    nl="Het getoonde nummer is een nummer dat de beller mag gebruiken.",
    en="The number shown is one that the caller may use.",
    met=("Het getoonde nummer is van de beller.", "The number shown is the caller's."),
    unmet=("Het getoonde nummer is niet van de beller.", "The number shown is not the caller's."),
    when="call_kind = MARKETING AND channel IN (VOICE, ROBOCALL) AND presented = FOREIGN",
)

CARDS = (ANONYMOUS_2020, ANONYMOUS_2021, FALSE_NUMBER)
