"""What lies outside the law, and when nobody needs to ask: no marketing, no natural person, a published number."""

__all__ = ["CARDS"]

from belbaar.law.cards import CODE, GROUND, STATUTE, VETO, Rule, days
from belbaar.law.nl.sources import ctm, tw

OUTSIDE_SCOPE = Rule(
    id="nl.outside-scope",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2009-10-01"),
    cites=(tw("11.7", as_of="2021-07-01"), ctm("2024", "art. 1")),
    nl="Een gesprek om een overeenkomst uit te voeren, zonder aanbod, of voor wetenschappelijk of statistisch onderzoek "
    "is geen ongevraagde communicatie: artikel 11.7 geldt er niet voor.",
    en="A call to perform a contract, without an offer, or for scientific or statistical research is no unsolicited "
    "communication: article 11.7 does not apply to it.",
    met=("Dit gesprek is geen reclame.", "This call is not marketing."),
    unmet=(
        "Dit gesprek is reclame, dus er is een grondslag nodig.",
        "This call is marketing, so it needs a ground.",
    ),
    when="call_kind IN (SERVICE, RESEARCH)",
)

PUBLISHED = Rule(
    id="nl.published",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(3)(a)", as_of="2021-07-01"),),
    nl="U mag een nummer gebruiken dat de eindgebruiker zelf heeft bekendgemaakt om zulk aanbod op te ontvangen.",
    en="You may use a number that the subscriber published for receiving such offers.",
    met=("Dit nummer is openbaar voor zulk aanbod.", "This number is published for such offers."),
    unmet=("Dit nummer is daar niet voor bekendgemaakt.", "This number is not published for that."),
    over="publication",
    when="product IN (covering)",
    note="Decided: the channel need not be named, and it plays no part what the subscriber is: who publishes a number "
    "for offers acts professionally (nl.md section 9.8).",
)

LEGAL_PERSON = Rule(
    id="nl.legal-person",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2021-07-01"),
    cites=(tw("11.7(2)", as_of="2021-07-01"),),
    nl="Een rechtspersoon (bv, nv, vereniging, stichting) mag door een mens gebeld worden zonder toestemming vooraf. "
    "Een zzp'er, vof, cv of maatschap is een natuurlijke persoon.",
    en="A legal person (bv, nv, vereniging, stichting) may be called by a human without prior consent. "
    "A sole trader, vof, cv or maatschap is a natural person.",
    met=(
        "Dit nummer is van een bedrijf of instelling met rechtspersoon.",
        "This number belongs to a legal person.",
    ),
    unmet=(
        "We weten niet zeker dat dit een rechtspersoon is.",
        "We are not sure this is a legal person.",
    ),
    over="description",
    when="channel = VOICE AND subscriber = LEGAL",
    note="Read a contrario from 11.7(2). An unknown subscriber is judged as a natural person.",
)

OPT_OUT = Rule(
    id="nl.opt-out",
    role=GROUND,
    authority=STATUTE,
    in_force=days("2009-10-01", "2021-06-30"),
    cites=(tw("11.7(5)", as_of="2020-12-21"),),
    nl="Bellen mocht zonder toestemming vooraf, tenzij de abonnee verzet deed of in het Bel-me-niet Register stond.",
    en="A call needed no prior consent, unless the subscriber had objected or was in the Bel-me-niet register.",
    met=(
        "Tot 1 juli 2021 mocht bellen zonder toestemming vooraf.",
        "Until 1 July 2021 a call needed no prior consent.",
    ),
    unmet=(
        "Zonder toestemming vooraf mocht alleen een mens bellen, en sinds 1 juli 2021 niemand.",
        "Without prior consent only a human could call, and since 1 July 2021 nobody.",
    ),
    when="channel = VOICE",
)

MINOR = Rule(
    id="nl.minor",
    role=VETO,
    authority=CODE,
    in_force=days("2012-07-01"),
    cites=(ctm("2012"), ctm("2024")),
    nl="Kinderen onder de 16 jaar worden niet gebeld.",
    en="Children under 16 are not called.",
    met=("Niets wijst op iemand onder 16 jaar.", "Nothing points to a person under 16."),
    unmet=("De persoon is jonger dan 16 jaar.", "The person is under 16."),
    when="call_kind = MARKETING AND subscriber_minor = YES",
)

CARDS = (OUTSIDE_SCOPE, PUBLISHED, LEGAL_PERSON, OPT_OUT, MINOR)
