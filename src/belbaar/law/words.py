"""The words of rule cards, and the integer each becomes in SQL.

A card says ``channel IN (VOICE, SMS)``; engines compare integers only. The integers are stored in ledgers, so a word
never changes its number; new words get new ones.
"""

__all__ = [
    "CHANNELS",
    "DEFAULT_PURPOSE",
    "FACT_KINDS",
    "FOREVER",
    "FOREVER_DAY",
    "KINDS",
    "METHODS",
    "NEVER",
    "NEVER_DAY",
    "NO",
    "NO_GROUND",
    "PRESENTED",
    "PURPOSES",
    "RELATION_KINDS",
    "SECTORS",
    "SUBSCRIBERS",
    "YES",
]

import datetime as dt

FOREVER = 2**63 - 1
"""An instant that never comes: the end of what is open (UTC microseconds)."""
NEVER = -FOREVER
"""An instant before all others: what has not happened."""
FOREVER_DAY = dt.date.max.toordinal()
"""A day that never comes; days are proleptic Gregorian ordinals, local to the called person."""
NEVER_DAY = 0
"""A day before all others."""
YES, NO = 1, 0
NO_GROUND = "no-ground"
"""Why a call is denied that nothing forbids and nothing makes lawful; stands where ids of vetoes and defects do."""

CHANNELS = {"voice": 1, "robocall": 2, "sms": 3}
KINDS = {"marketing": 1, "service": 2, "research": 3}
PURPOSES = {"commercial": 1, "ideal": 2, "charitable": 3}
SECTORS = {"commercial": 1, "charity": 2, "ideal": 3, "political": 4, "press": 5, "lottery": 6}
SUBSCRIBERS = {"unknown": 0, "natural": 1, "legal": 2}
DEFAULT_PURPOSE = {
    "commercial": "commercial",
    "press": "commercial",
    "lottery": "commercial",
    "charity": "charitable",
    "ideal": "ideal",
    "political": "ideal",
}
"""What a caller of a sector calls for, unless the call says otherwise (nl.md section 2)."""
PRESENTED = {"anonymous": 1, "own": 2, "foreign": 3, "unchecked": 4}
"""What number the call presents: none; one the caller registered; another one; one, while the caller registered none."""
RELATION_KINDS = {"purchase": 1, "gift": 2, "attendance": 3, "service": 4, "donorship": 5, "volunteering": 6}
FACT_KINDS = {
    "consent": 1,
    "withdrawal": 2,
    "relation": 3,
    "callback": 4,
    "publication": 5,
    "description": 6,
    "objection": 7,
    "entry": 8,
}
METHODS = frozenset({"sms", "voice", "email", "app", "eid", "in-person", "letter"})
"""How a consent can be verified; the rule does not weigh them."""
