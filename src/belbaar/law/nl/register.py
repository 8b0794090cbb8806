"""The Bel-me-niet register, from 1 October 2009 until it ended with 30 June 2021."""

__all__ = ["CARDS", "MEASURES"]

from belbaar.law.cards import STATUTE, VETO, Measure, Rule, days
from belbaar.law.nl.sources import tw

REGISTER = Rule(
    id="nl.register",
    role=VETO,
    authority=STATUTE,
    in_force=days("2009-10-01", "2021-06-30"),
    cites=(tw("11.7(9)", as_of="2020-12-21"), tw("11.7(11)", as_of="2020-12-21")),
    nl="Wie voor dit product in het Bel-me-niet Register staat, wordt niet gebeld; behalve de eigen klant of donateur, "
    "wie na de inschrijving toestemming gaf, en wie zelf om het gesprek vroeg.",
    en="Who is in the Bel-me-niet register for this product is not called; save an own customer or donor, who gave "
    "consent after the entry, and who asked for the call.",
    met=(
        "Het Bel-me-niet Register houdt dit niet tegen.",
        "The do-not-call register does not stop this.",
    ),
    unmet=(
        "Het nummer stond in het Bel-me-niet Register.",
        "The number was in the do-not-call register.",
    ),
    when="""
        call_kind = MARKETING AND channel = VOICE
        AND subscriber_legal = NO
        AND latest_entry > NEVER
        AND excepted_relation = NO
        AND latest_valid_consent <= latest_entry  -- a consent lifts the entries before it
        AND latest_callback = NEVER               -- nor does it stop a call that was asked for
    """,
    note="From 1 June 2020 the code's customer term also ends the exception of a relation.",
)

CARDS = (REGISTER,)

MEASURES = (
    Measure(
        "latest_entry", "entry", "the latest register entry for this product", when="product IN (covering)", latest=True
    ),
    Measure(
        "excepted_relation",
        "relation",
        "a relation that excepts from the register",
        when="""
            opted_out = NO
            AND (closed > moment OR last_day >= customer_term_cutoff)
            AND (
                (relation_kind IN (PURCHASE, SERVICE) AND segment IN (similar))
                OR (
                    relation_kind IN (GIFT, DONORSHIP)
                    AND sector IN (CHARITY, IDEAL, POLITICAL) AND purpose IN (IDEAL, CHARITABLE)
                )
            )
        """,
    ),
)
