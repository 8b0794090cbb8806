"""What the person said: "call me back", and "do not call me again"."""

__all__ = ["CARDS", "MEASURES"]

from belbaar.law.cards import GROUND, STATUTE, VETO, Measure, Rule, days
from belbaar.law.nl.sources import ctm, tw

SOLICITED = Rule(
    id="nl.solicited",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7", as_of="2021-07-01"), ctm("2024", "art. 1")),
    nl="U mag bellen wie daar zelf om vroeg, over dit product, tot en met de afgesproken dag; zonder afspraak dertig dagen.",
    en="You may call a person who asked you to, about this product, through the day agreed; else for thirty days.",
    met=("De persoon vroeg zelf om dit gesprek.", "The person asked for this call."),
    unmet=("Er is geen geldig verzoek om te bellen.", "There is no valid request to call."),
    over="callback",
    when="product IN (covering) AND last_day >= today",
    note="Read a contrario from 'unsolicited'; thirty days where nothing was agreed (nl.md section 9.4).",
)

_OBJECTION_NL = "Wie zei niet meer gebeld te willen worden, wordt niet gebeld, tot die persoon later opnieuw geldig toestemming geeft."
_OBJECTION_EN = (
    "A person who asked not to be called again is not called, until that person later gives valid consent anew."
)
_OBJECTION_MET = ("Er is geen verzet dat dit gesprek tegenhoudt.", "No objection stops this call.")
_OBJECTION_UNMET = ("De persoon wil niet gebeld worden.", "The person does not want to be called.")
_OBJECTION = """
    call_kind = MARKETING
    AND latest_objection > NEVER
    AND latest_objection >= latest_valid_consent   -- only a later consent lifts it
    AND latest_objection >= latest_callback        -- nor does it stop a call that was asked for after it
"""

OBJECTION_2009 = Rule(
    id="nl.objection",
    role=VETO,
    authority=STATUTE,
    in_force=days("2009-10-01", "2021-06-30"),
    cites=(tw("11.7(5)", as_of="2020-12-21"),),
    nl=_OBJECTION_NL,
    en=_OBJECTION_EN,
    met=_OBJECTION_MET,
    unmet=_OBJECTION_UNMET,
    when=_OBJECTION,
)

OBJECTION_2021 = Rule(
    id="nl.objection",
    role=VETO,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(
        tw("11.7(2)", as_of="2021-07-01"),
        tw("11.7(4)", as_of="2021-07-01"),
        tw("11.7(5)", as_of="2021-07-01"),
    ),
    nl=_OBJECTION_NL,
    en=_OBJECTION_EN,
    met=_OBJECTION_MET,
    unmet=_OBJECTION_UNMET,
    when=_OBJECTION,
    note="Decided: objections work for legal persons also, and one to all binds every caller of the installation "
    "(nl.md sections 9.2 and 9.3).",
)

CARDS = (SOLICITED, OBJECTION_2009, OBJECTION_2021)

MEASURES = (
    Measure("latest_objection", "objection", "the latest objection to this caller or to all", latest=True),
    Measure(
        "latest_callback",
        "callback",
        "the latest request that makes the call solicited",
        latest=True,
        of="nl.solicited",
    ),
    Measure("latest_valid_consent", "consent", "the latest valid consent", latest=True, of="nl.consent"),
    Measure("subscriber_minor", "description", "described as under sixteen", when="minor = YES"),
    Measure("subscriber_legal", "description", "described as a legal person", when="subscriber = LEGAL"),
)
