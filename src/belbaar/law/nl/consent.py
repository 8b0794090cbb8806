"""Consent: the ground itself and the conditions that make one valid.

A condition's dates are about the day of the call, not of the consent: older consents must meet it too. The ground
asks that the consent is for the product, by the person now behind the number, and not withdrawn; the conditions that
it then fails are the verdict's defects.
"""

__all__ = ["CARDS", "MEASURES"]

from belbaar.law.cards import CODE, CONDITION, GROUND, STATUTE, SUPERVISOR, Measure, Rule, days
from belbaar.law.nl.sources import acm, ctm, tw

_NL = "U mag iemand bellen die u daarvoor bij naam toestemming gaf, voor dit product en dit kanaal, en die haar niet introk."
_EN = "You may call a person who gave you, by name, consent for this product and this channel, and did not withdraw it."
_MET = ("Er is geldige toestemming voor {product}.", "There is valid consent for {product}.")
_UNMET = ("Er is geen geldige toestemming voor {product}.", "There is no valid consent for {product}.")
_FOR_THE_PRODUCT = "product IN (covering) AND since > latest_withdrawal"

CONSENT_2009 = Rule(
    id="nl.consent",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2009-10-01", "2021-06-30"),
    cites=(tw("11.7(1)", as_of="2020-12-21"),),
    nl=_NL,
    en=_EN,
    met=_MET,
    unmet=_UNMET,
    over="consent",
    when=_FOR_THE_PRODUCT,
    note="Dutch law gives consent no fixed lifetime; a caller may set one (nl.md section 9.6).",
)

CONSENT_2021 = Rule(
    id="nl.consent",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"), tw("11.7(2)", as_of="2021-07-01")),
    nl=_NL,
    en=_EN,
    met=_MET,
    unmet=_UNMET,
    over="consent",
    when=_FOR_THE_PRODUCT,
    note="Consent from before 1 July 2021 stays valid if it meets today's conditions (nl.md section 9.7).",
)

CHANNEL = Rule(
    id="nl.consent-channel",
    role=CONDITION,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"),),
    nl="De toestemming noemt het kanaal: een gesprek met een mens, een automatisch gesprek of een sms.",
    en="The consent names the channel: a call by a human, an automatic call or a text message.",
    met=("De toestemming geldt voor dit kanaal.", "The consent covers this channel."),
    unmet=("De toestemming geldt niet voor dit kanaal.", "The consent does not cover this channel."),
    over="consent",
    of="nl.consent",
    when="""
        (channel = VOICE AND by_voice = YES)
        OR (channel = ROBOCALL AND by_robocall = YES)
        OR (channel = SMS AND by_sms = YES)
    """,
)

UNTIL = Rule(
    id="nl.consent-until",
    role=CONDITION,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"),),
    nl="De toestemming geldt tot en met de dag die erin staat.",
    en="The consent runs through the day it names.",
    met=("De toestemming loopt nog.", "The consent still runs."),
    unmet=("De toestemming is verlopen.", "The consent has run out."),
    over="consent",
    of="nl.consent",
    when="last_day >= today",
)

AFFIRMATIVE = Rule(
    id="nl.consent-affirmative",
    role=CONDITION,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"),),
    nl="De persoon deed zelf iets om toe te stemmen: een vooraf aangevinkt vakje of zwijgen is geen toestemming.",
    en="The person did something to consent: a pre-ticked box or silence is no consent.",
    met=("De persoon zei zelf ja.", "The person said yes."),
    unmet=(
        "Er was geen duidelijk ja, of het vakje stond al aan.",
        "There was no clear yes, or the box was pre-ticked.",
    ),
    over="consent",
    of="nl.consent",
    when="affirmative = YES",
)

BUNDLED = Rule(
    id="nl.consent-bundled",
    role=CONDITION,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"),),
    nl="De toestemming staat los van andere aanvaarding, zoals van algemene voorwaarden.",
    en="The consent stands apart from accepting anything else, such as general conditions.",
    met=("Het ja stond los van andere afspraken.", "The yes stood apart from other terms."),
    unmet=("Het ja zat vast aan andere afspraken.", "The yes was tied to other terms."),
    over="consent",
    of="nl.consent",
    when="bundled = NO",
)

WORDING = Rule(
    id="nl.consent-wording",
    role=CONDITION,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(1)", as_of="2021-07-01"),),
    nl="De getoonde of gesproken tekst is bewaard: de beller moet een geïnformeerde toestemming kunnen bewijzen "
    "(ook AVG art. 4(11) en 7(1)).",
    en="The text shown or spoken is kept: the caller must be able to prove an informed consent "
    "(also GDPR art. 4(11) and 7(1)).",
    met=("De getoonde tekst is bewaard.", "The text shown is kept."),
    unmet=("De getoonde tekst ontbreekt.", "The text shown is missing."),
    over="consent",
    of="nl.consent",
    when="wording_kept = YES",
)

VERIFIED = Rule(
    id="nl.consent-verified",
    role=CONDITION,
    authority=SUPERVISOR,
    in_force=days("2025-07-01"),
    cites=(acm("2025-03", "telefonische toestemming"),),
    nl="De toestemming is vóór het gesprek bevestigd langs een weg die de persoon bereikt, zoals een sms-code.",
    en="The consent was verified before the call over a channel that reaches the person, such as a code by text message.",
    met=("De persoon bevestigde de toestemming.", "The person confirmed the consent."),
    unmet=("De toestemming is niet bevestigd.", "The consent is not confirmed."),
    over="consent",
    of="nl.consent",
    when="verified_at <= moment",
)

FRESH = Rule(
    id="nl.consent-fresh",
    role=CONDITION,
    authority=CODE,
    in_force=days("2024-10-15"),
    cites=(ctm("2024"),),
    nl="Het eerste gesprek komt binnen zes maanden na de toestemming, of binnen de langere termijn die de tekst noemde. "
    "Een eerder gesprek binnen die tijd houdt de toestemming goed.",
    en="The first call comes within six months of the consent, or within the longer time its wording named. "
    "An earlier call inside that time keeps the consent good.",
    met=("Het eerste gesprek is of was op tijd.", "The first call is or was in time."),
    unmet=("Er is niet binnen zes maanden gebeld.", "No call was made within six months."),
    over="consent",
    of="nl.consent",
    when="contact_by >= today OR contacted_at < moment",
)

CARDS = (CONSENT_2009, CONSENT_2021, CHANNEL, UNTIL, AFFIRMATIVE, BUNDLED, WORDING, VERIFIED, FRESH)

MEASURES = (
    Measure(
        "latest_withdrawal",
        "withdrawal",
        "the latest withdrawal that touches the product: who withdraws gas is not called about gas, nor about energy",
        when="product IN (related)",
        latest=True,
        ahead=True,
    ),
)
