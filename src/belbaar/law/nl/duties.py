"""What a caller must do in and around the call. Duties do not decide the verdict."""

__all__ = ["CARDS"]

from belbaar.law.cards import CODE, DUTY, STATUTE, Citation, Period, Rule, days
from belbaar.law.nl.sources import bw6, ctm, tw


def _duty(
    name: str, authority: str, in_force: Period, cites: tuple[Citation, ...], nl: str, en: str, unmet: tuple[str, str]
) -> Rule:
    return Rule(
        id=name,
        role=DUTY,
        authority=authority,
        in_force=in_force,
        cites=cites,
        nl=nl,
        en=en,
        met=(nl, en),
        unmet=unmet,
        when="call_kind = MARKETING",
    )


_ALWAYS, _REGISTER, _NOW, _CODE = (
    days("2009-10-01"),
    days("2009-10-01", "2021-06-30"),
    days("2021-07-01"),
    days("2024-10-15"),
)

CARDS = (
    _duty(
        "nl.identify",
        STATUTE,
        _ALWAYS,
        (bw6("230v(5)"), ctm("2024")),
        "Zeg eerst wie belt, voor wie en waarom.",
        "First say who calls, for whom and why.",
        ("De beller zei dat niet.", "The caller did not say so."),
    ),
    _duty(
        "nl.offer-register",
        STATUTE,
        _REGISTER,
        (tw("11.7(12)", as_of="2020-12-21"),),
        "Wijs op het register en op het recht van verzet, en bied aan meteen in te schrijven.",
        "Point to the register and to the right to object, and offer immediate entry.",
        ("Het register is niet aangeboden.", "The register was not offered."),
    ),
    _duty(
        "nl.use-screened-files",
        STATUTE,
        _REGISTER,
        (tw("11.7(10)", as_of="2020-12-21"),),
        "Bel alleen uit een lijst die langs het register is gehouden.",
        "Call only from files screened against the register.",
        ("De lijst was niet gescreend.", "The list was not screened."),
    ),
    _duty(
        "nl.offer-objection",
        STATUTE,
        _NOW,
        (
            tw("11.7(2)", as_of="2021-07-01"),
            tw("11.7(4)(b)", as_of="2021-07-01"),
            tw("11.7(5)(b)", as_of="2021-07-01"),
        ),
        "Zeg dat verzet kan, duidelijk en gratis, en leg het meteen vast.",
        "Offer a clear, free and easy way to object, and record it at once.",
        ("Verzet is niet aangeboden.", "The objection was not offered."),
    ),
    _duty(
        "nl.written-contract",
        STATUTE,
        _ALWAYS,
        (bw6("230v(6)"),),
        "Een dienst die aan de telefoon is afgesproken, geldt pas na een schriftelijk ja.",
        "A service agreed by phone binds the consumer only after a written yes.",
        ("Er is geen schriftelijk ja.", "There is no written yes."),
    ),
    _duty(
        "nl.reachable-number",
        CODE,
        _CODE,
        (ctm("2024"),),
        "Zet het getoonde nummer op uw site; het moet tot zes maanden na het laatste gesprek terug te bellen zijn.",
        "Publish the number shown on your site; it must take calls for six months after the last call.",
        ("Het nummer was niet bereikbaar.", "The number could not be reached."),
    ),
    _duty(
        "nl.show-consent",
        CODE,
        _CODE,
        (ctm("2024"),),
        "Toon wie erom vraagt binnen vijf werkdagen het bewijs van toestemming.",
        "Show a person who asks the proof of consent within five working days.",
        ("Het bewijs kwam niet op tijd.", "The proof did not come in time."),
    ),
)
