"""The Netherlands: Telecommunicatiewet art. 11.7 and what stands around it, from 1 October 2009.

One module a legal question; versions of a rule stand below each other, oldest first. The order of ``GROUNDS`` is the
order in which a verdict names them (nl.md section 4).
"""

__all__ = ["PACK"]

from zoneinfo import ZoneInfo

from belbaar.law.cards import days
from belbaar.law.nl import caller_id, charity, consent, customer, duties, hours, objection, register, scope
from belbaar.law.nl.parameters import ANNOUNCED, CALLBACK, CUSTOMER_TERM, FIRST_CONTACT, MOURNING_DAYS, PARAMETERS
from belbaar.law.rulesets import Pack

_MODULES = (scope, objection, consent, customer, charity, register, caller_id, hours, duties)
_GROUNDS = (
    "nl.outside-scope",
    "nl.solicited",
    "nl.consent",
    "nl.customer",
    "nl.donor",
    "nl.volunteer",
    "nl.visitor",
    "nl.published",
    "nl.legal-person",
    "nl.opt-out",
)

PACK = Pack(
    jurisdiction="nl",
    country="NL",
    calling_code=31,
    zone=ZoneInfo("Europe/Amsterdam"),
    periods=(
        ("nl/2009-10-01", days("2009-10-01", "2021-06-30")),
        ("nl/2021-07-01", days("2021-07-01", "2026-06-30")),
        ("nl/2026-07-01", days("2026-07-01")),
    ),
    rules=tuple(card for module in _MODULES for card in module.CARDS),
    measures=consent.MEASURES + objection.MEASURES + register.MEASURES,
    grounds=_GROUNDS,
    parameters=PARAMETERS,
    customer_term=CUSTOMER_TERM,
    mourning_days=MOURNING_DAYS,
    opening=hours.opening,
    first_contact=FIRST_CONTACT,
    callback=CALLBACK,
    announced=ANNOUNCED,
)
