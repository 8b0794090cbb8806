"""Charities, ideal and political organisations: donors, volunteers, and who came to an information evening.

The product of the relation plays no part here.
"""

__all__ = ["CARDS"]

from belbaar.law.cards import GROUND, STATUTE, Rule, days
from belbaar.law.nl.sources import tw

DONOR = Rule(
    id="nl.donor",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(5)(a)", as_of="2021-07-01"), tw("11.7(5)", as_of="2026-08-15")),
    nl="Een goed doel, ideële of politieke organisatie mag een donateur bellen of een sms sturen, tijdens het "
    "donateurschap en {customer_term} daarna, als verzet is aangeboden en niet gebruikt.",
    en="A charity, ideal or political organisation may call or text a donor, during the donorship and {customer_term} "
    "after it, if the right to object was offered and not used.",
    met=("De persoon is of was donateur.", "The person is or was a donor."),
    unmet=("Er is geen gift die nog telt.", "No gift still counts."),
    over="relation",
    when="""
        channel IN (VOICE, SMS)
        AND sector IN (CHARITY, IDEAL, POLITICAL) AND purpose IN (IDEAL, CHARITABLE)
        AND relation_kind IN (GIFT, DONORSHIP)
        AND opt_out_offered = YES AND opted_out = NO
        AND (closed > moment OR last_day >= customer_term_cutoff)
    """,
)

VOLUNTEER = Rule(
    id="nl.volunteer",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(5)(b)(1°)", as_of="2021-07-01"), tw("11.7(5)", as_of="2026-08-15")),
    nl="Een goed doel, ideële of politieke organisatie mag wie vrijwilliger is, of dat was tot {customer_term} "
    "geleden, bellen, als verzet is aangeboden en niet gebruikt.",
    en="A charity, ideal or political organisation may call a volunteer, and {customer_term} after the volunteering "
    "ended, if the right to object was offered and not used.",
    met=("De persoon is of was vrijwilliger.", "The person is or was a volunteer."),
    unmet=("Er is geen vrijwilligerswerk dat nog telt.", "No volunteering still counts."),
    over="relation",
    when="""
        channel = VOICE
        AND sector IN (CHARITY, IDEAL, POLITICAL) AND purpose IN (IDEAL, CHARITABLE)
        AND relation_kind = VOLUNTEERING
        AND opt_out_offered = YES AND opted_out = NO
        AND (closed > moment OR last_day >= customer_term_cutoff)
    """,
)

VISITOR = Rule(
    id="nl.visitor",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(5)(b)(2°)", as_of="2021-07-01"), tw("11.7(5)", as_of="2026-08-15")),
    nl="Een goed doel, ideële of politieke organisatie mag wie een bijeenkomst bezocht tot {customer_term} daarna "
    "bellen, als verzet is aangeboden en niet gebruikt.",
    en="A charity, ideal or political organisation may call who attended a meeting, until {customer_term} after it, "
    "if the right to object was offered and not used.",
    met=("De persoon kwam naar een bijeenkomst.", "The person came to a meeting."),
    unmet=("Er is geen bezoek dat nog telt.", "No visit still counts."),
    over="relation",
    when="""
        channel = VOICE
        AND sector IN (CHARITY, IDEAL, POLITICAL) AND purpose IN (IDEAL, CHARITABLE)
        AND relation_kind = ATTENDANCE
        AND opt_out_offered = YES AND opted_out = NO
        AND (closed > moment OR last_day >= customer_term_cutoff)
    """,
)

CARDS = (DONOR, VOLUNTEER, VISITOR)
