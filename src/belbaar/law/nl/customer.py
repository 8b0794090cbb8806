"""Customers: who bought or is served may be called about own similar products; since 1 July 2026 by few callers.

The term after the relation is a dated parameter, see ``belbaar.law.nl.parameters``.
"""

__all__ = ["CARDS"]

from belbaar.law.cards import GROUND, STATUTE, Rule, days
from belbaar.law.nl.sources import tw

CUSTOMER_2021 = Rule(
    id="nl.customer",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01", "2026-06-30"),
    cites=(tw("11.7(4)", as_of="2021-07-01"),),
    nl="U mag uw klant bellen over eigen, gelijksoortige producten, tijdens de klantrelatie en {customer_term} daarna, "
    "als u verzet aanbood toen u het nummer kreeg en de klant daar geen gebruik van maakte.",
    en="You may call your customer about your own similar products, during the relation and {customer_term} after it, "
    "if you offered the right to object when you got the number and the customer did not use it.",
    met=(
        "De persoon is klant voor zoiets als {product}.",
        "The person is a customer for something like {product}.",
    ),
    unmet=("Er is geen klantrelatie die hiervoor telt.", "No customer relation counts for this."),
    over="relation",
    when="""
        channel IN (VOICE, SMS)
        AND purpose = COMMERCIAL
        AND relation_kind IN (PURCHASE, SERVICE)
        AND segment IN (similar)                       -- similar: same first segment
        AND opt_out_offered = YES AND opted_out = NO
        AND (closed > moment OR last_day >= customer_term_cutoff)  -- it runs, or ended within the term
    """,
    note="Relations from before 1 July 2021 need the opt-out offer at collection too (nl.md section 9.1).",
)

CUSTOMER_2026 = Rule(
    id="nl.customer",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2026-07-01"),
    cites=(tw("11.7(4)", as_of="2026-08-15"), tw("11.7(6)", as_of="2026-08-15")),
    nl="U mag uw klant een sms sturen over eigen, gelijksoortige producten, tijdens de klantrelatie en {customer_term} "
    "daarna, als u verzet aanbood toen u het nummer kreeg en de klant daar geen gebruik van maakte. Bellen mogen "
    "alleen nog uitgevers van pers en vergunde loterijen.",
    en="You may send your customer a text message about your own similar products, during the relation and "
    "{customer_term} after it, if you offered the right to object when you got the number and the customer did not "
    "use it. Only press publishers and licensed lotteries may still call.",
    met=(
        "Voor deze klant geldt nog de uitzondering voor sms, pers of loterij.",
        "This customer still falls under the exception for text, press or lottery.",
    ),
    unmet=(
        "Klant zijn is sinds 1 juli 2026 niet genoeg.",
        "Being a customer is not enough since 1 July 2026.",
    ),
    over="relation",
    when="""
        (channel = SMS OR (channel = VOICE AND sector IN (PRESS, LOTTERY)))
        AND purpose = COMMERCIAL
        AND relation_kind IN (PURCHASE, SERVICE)
        AND segment IN (similar)
        AND opt_out_offered = YES AND opted_out = NO
        AND (closed > moment OR last_day >= customer_term_cutoff)
    """,
)

CARDS = (CUSTOMER_2021, CUSTOMER_2026)
