"""Dated quantities of Dutch law. A decree is one more step; nothing else changes."""

__all__ = ["ANNOUNCED", "CALLBACK", "CUSTOMER_TERM", "FIRST_CONTACT", "MOURNING_DAYS", "PARAMETERS"]

from belbaar.law.cards import CODE, DECREE, Announcement, Citation, Parameter, Step, days
from belbaar.law.nl.sources import ctm, tw
from belbaar.law.terms import days as term_of_days
from belbaar.law.terms import months, years

FIRST_CONTACT = months(6)
"""Within this time of giving, the first call must come (nl.consent-fresh, CTM 2024)."""
CALLBACK = term_of_days(30)
"""How long a request to be called lasts where nothing was agreed (nl.md section 9.4)."""

CUSTOMER_TERM = "nl.customer-term"
MOURNING_DAYS = "nl.mourning-days"

PARAMETERS = (
    Parameter(
        id=CUSTOMER_TERM,
        nl="Zo lang na het einde van de relatie telt zij nog mee.",
        en="How long a relation still counts after its end.",
        steps=(Step(days("2020-06-01").first, years(3), CODE, ctm("2020", "klanttermijn"), looked_at="2026-08-15"),),
        note="The statute lets a decree shorten it (Tw 11.7(9) in 2021, 11.7(10) in 2026). No decree has been made.",
    ),
    Parameter(
        id=MOURNING_DAYS,
        nl="De dagen van nationale rouw.",
        en="The days of national mourning.",
        steps=(Step(days("2024-10-15").first, (), CODE, ctm("2024"), looked_at="2026-08-15"),),
    ),
)

ANNOUNCED = (
    Announcement(
        name="nl/example-decree-1y",
        nl="VOORBEELD, geen recht: een besluit dat de klanttermijn op één jaar stelt.",
        en="EXAMPLE, not law: a decree that sets the customer term to one year.",
        source=Citation("example, shipped with belbaar", ""),
        steps=((CUSTOMER_TERM, Step(days("2027-01-01").first, years(1), DECREE, tw("11.7(10)", as_of="2026-08-15"))),),
    ),
)
