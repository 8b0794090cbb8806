"""The law: dated rule cards with citations, and what a ruleset makes of them; it knows no database, no web, no clock.

    >>> law = Law(PACKS["NL"])
    >>> [rule.id for rule in ruleset(law, 739866).rules if rule.role == "veto"][:2]
    ['nl.minor', 'nl.objection']

``belbaar.law.program`` compiles a ruleset for engines; it is imported where it is needed, for it loads sqlglot.
"""

__all__ = ["PACKS", "Law", "Moment", "Pack", "Ruleset", "Term", "announced", "moment", "ruleset", "ruleset_text"]

from collections.abc import Mapping

from belbaar.law.nl import PACK as _NL
from belbaar.law.rulesets import Law, Moment, Pack, Ruleset, announced, moment, ruleset, ruleset_text
from belbaar.law.terms import Term

PACKS: Mapping[str, Pack] = {_NL.country: _NL}
"""The installed law packs, by the ISO country of the called number."""
