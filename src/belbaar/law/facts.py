"""The fact vocabulary: every name a rule card may use, what it means, and which words it can be.

A *row* fact is a column of standing: one fact about one (caller, number). A *call* fact is what is asked. A *moment*
fact is what the calendar makes of the day of the call. A *number* fact is taken from all rows of the number before
conditions look at each. A *set* holds product ids worked out for the product asked.
Nothing is ever NULL: an open end is FOREVER, a missing text is NO.

    >>> FACTS["channel"].values["VOICE"], FACTS["last_day"].values
    (1, {})
"""

__all__ = [
    "CALL",
    "DAY",
    "FACTS",
    "INSTANT",
    "MOMENT",
    "NUMBER",
    "PRODUCT",
    "ROW",
    "SET",
    "STANDING_COLUMNS",
    "WORD",
    "Fact",
]

from collections.abc import Mapping
from dataclasses import dataclass, field

from belbaar.law.words import CHANNELS, KINDS, PRESENTED, PURPOSES, RELATION_KINDS, SECTORS, SUBSCRIBERS

ROW, NUMBER, CALL, MOMENT, SET = "row", "number", "call", "moment", "set"
INSTANT, DAY, WORD, PRODUCT = "instant", "day", "word", "product"


@dataclass(frozen=True, slots=True)
class Fact:
    """One name of the card language. Only facts of one unit compare: an instant is never held against a day."""

    name: str
    scope: str
    unit: str
    doc: str
    values: Mapping[str, int] = field(default_factory=dict)


def _words(of: Mapping[str, int]) -> dict[str, int]:
    return {name.upper().replace("-", "_"): number for name, number in of.items()}


_FLAG = {"YES": 1, "NO": 0}

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("since", ROW, INSTANT, "when the fact began or happened (UTC microseconds)"),
        Fact(
            "ended",
            ROW,
            INSTANT,
            "when it stopped being a fact about the person behind the number; FOREVER while it is",
        ),
        Fact(
            "product",
            ROW,
            PRODUCT,
            "product id of a consent, withdrawal, callback, publication or register entry; 0 is all",
        ),
        Fact("segment", ROW, PRODUCT, "id of the first segment of a relation's product; 0 is all"),
        Fact("relation_kind", ROW, WORD, "which relation", _words(RELATION_KINDS)),
        Fact("closed", ROW, INSTANT, "when a lasting relation ended; a moment ends when it begins; FOREVER while open"),
        Fact("last_day", ROW, DAY, "last local day of a consent or callback; the day a relation ended"),
        Fact("verified_at", ROW, INSTANT, "when the consent was verified; FOREVER if it was not"),
        Fact("contact_by", ROW, DAY, "last local day on which a first call keeps the consent fresh"),
        Fact("contacted_at", ROW, INSTANT, "first call after the consent, if not later than contact_by; else FOREVER"),
        Fact("wording_kept", ROW, WORD, "the text shown was kept", _FLAG),
        Fact("affirmative", ROW, WORD, "the person did something to consent", _FLAG),
        Fact("bundled", ROW, WORD, "consent was tied to accepting something else", _FLAG),
        Fact("by_voice", ROW, WORD, "consent for calls by a human", _FLAG),
        Fact("by_robocall", ROW, WORD, "consent for automatic calls", _FLAG),
        Fact("by_sms", ROW, WORD, "consent for text messages", _FLAG),
        Fact("opt_out_offered", ROW, WORD, "an opt-out was offered when the number was asked for", _FLAG),
        Fact("opted_out", ROW, WORD, "and it was used", _FLAG),
        Fact("subscriber", ROW, WORD, "what the person behind the number is", _words(SUBSCRIBERS)),
        Fact("minor", ROW, WORD, "described as under sixteen", _FLAG),
        Fact("channel", CALL, WORD, "how the person is reached", _words(CHANNELS)),
        Fact("call_kind", CALL, WORD, "what the call is", _words(KINDS)),
        Fact("purpose", CALL, WORD, "what it is for", _words(PURPOSES)),
        Fact("sector", CALL, WORD, "the caller's sector", _words(SECTORS)),
        Fact("presented", CALL, WORD, "which number the call shows", _words(PRESENTED)),
        Fact(
            "latest_withdrawal", NUMBER, INSTANT, "the latest withdrawal that touches the product asked; NEVER if none"
        ),
        Fact("moment", MOMENT, INSTANT, "the instant of the call (UTC microseconds)"),
        Fact("today", MOMENT, DAY, "its local day"),
        Fact("customer_term_cutoff", MOMENT, DAY, "the earliest day of an end that is still within the customer term"),
        Fact("within_hours", MOMENT, WORD, "inside the hours of the code", _FLAG),
        Fact("mourning_day", MOMENT, WORD, "a day of national mourning", _FLAG),
        Fact("covering", SET, PRODUCT, "the product asked, what lies above it, and all"),
        Fact("related", SET, PRODUCT, "the product asked, what lies above and below it, and all"),
        Fact("similar", SET, PRODUCT, "the first segment of the product asked, and all"),
    )
}

STANDING_COLUMNS = tuple(name for name, fact in FACTS.items() if fact.scope == ROW)
"""The columns of a standing row that rules read, in order."""
