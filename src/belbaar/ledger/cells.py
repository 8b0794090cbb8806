"""Cells of event tables: Dutch and English words as people write them, into the exact values of event fields.

>>> zone = ZoneInfo("Europe/Amsterdam")
>>> read_cell("verified", "E-mail", zone), read_cell("verified", "nee", zone), read_cell("kind", "Aankoop", zone)
('email', '', 'purchase')
>>> read_cell("channels", "bellen, sms", zone), read_cell("at", "1-7-2021", zone)
(('voice', 'sms'), '2021-07-01T00:00:00+02:00')
"""

__all__ = ["read_cell"]

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

from belbaar.errors import InputError
from belbaar.tables import parse_day, parse_instant, parse_yes_no
from belbaar.tables.values import Order


def _words(**known: str) -> Mapping[str, str]:
    return {alias: word for word, aliases in known.items() for alias in (word, *aliases.split("|"))}


_VERIFIED = {
    **_words(
        sms="tekstbericht|smscode",
        voice="telefoon|telefonisch|bellen|gebeld|belletje",
        email="mail|emailbericht",
        app="whatsapp|appbericht",
        eid="digid|idin|eherkenning",
        letter="brief|post|per post",
    ),
    "in-person": "in-person",
    "inperson": "in-person",
    "persoonlijk": "in-person",
    "winkel": "in-person",
    **dict.fromkeys(("nee", "n", "no", "false", "onwaar", "0", "niet", "geen", "-", "onbekend"), ""),
}
_KINDS = _words(
    purchase="aankoop|koop|verkoop|bestelling|sale|order",
    gift="gift|donatie|eenmalige gift|donation",
    attendance="bezoek|bezoeker|aanwezig|bijeenkomst|informatieavond|visit",
    service="dienst|abonnement|contract|levering|subscription",
    donorship="donateur|donateurschap|donor|machtiging",
    volunteering="vrijwilliger|vrijwilligerswerk|volunteer",
)
_TYPES = _words(
    natural="natuurlijk|natuurlijk persoon|particulier|consument|persoon|zzp|eenmanszaak|vof|cv|maatschap|consumer|p",
    legal="rechtspersoon|bv|b.v.|nv|n.v.|vereniging|stichting|legal person|r",
    unknown="onbekend|?",
)
_CHANNELS = _words(
    voice="bellen|telefoon|telefonisch|telefoongesprek|call|phone|gesprek",
    robocall="automatisch|automatisch bellen|robot|belcomputer|voicebot",
    sms="tekstbericht|text|text message|sms-bericht",
)
_LANGUAGES = _words(
    nl="nederlands|dutch|ned",
    en="engels|english|eng",
    de="duits|german|deutsch",
    fr="frans|french|français",
    fy="fries|frisian",
)
_DELIVERIES = {
    **_words(
        sms="tekstbericht|text message|sms-bericht", email="mail|e-mail", app="whatsapp|appbericht", letter="brief|post"
    ),
    "in-person": "in-person",
    "persoonlijk": "in-person",
    "inperson": "in-person",
}
_SCOPES = _words(caller="beller|deze|alleen deze", all="allen|alle|iedereen|allemaal|everyone|alle bellers")


@lru_cache(maxsize=65536)
def read_cell(field: str, text: str, zone: ZoneInfo, dates: Order | None = None) -> object:
    """Read the cell of a field.

    Raises:
        InputError: says what the cell could have been.
    """
    text = text.strip()
    if field in ("at", "recorded_at", "shown_at", "challenge_sent"):
        return parse_instant(text, zone, dates).isoformat()
    if field == "until":
        return parse_day(text, dates).isoformat()
    if field == "channels":
        return tuple(_word(part, _CHANNELS) for part in re.split(r"[,;/+&|]| en | and ", text) if part.strip())
    reader = _READERS.get(field)
    return reader(text) if reader else text


def _word(text: str, known: Mapping[str, str]) -> str:
    key = " ".join(text.casefold().split())
    for spelling in (key, key.replace("-", ""), key.replace(" ", "")):
        if spelling in known:
            return known[spelling]
    options = ", ".join(sorted({word for word in known.values() if word}))
    raise InputError(f'"{text.strip()}" is not a word this column can have.', todo=f"Write one of: {options}.")


_READERS: Mapping[str, Callable[[str], object]] = {
    "affirmative": parse_yes_no,
    "bundled": parse_yes_no,
    "opt_out_offered": parse_yes_no,
    "opted_out": parse_yes_no,
    "minor": parse_yes_no,
    "objection_offered": parse_yes_no,
    "objection": parse_yes_no,
    "verified": lambda text: _word(text, _VERIFIED),
    "method": lambda text: _word(text, _VERIFIED),
    "kind": lambda text: _word(text, _KINDS),
    "type": lambda text: _word(text, _TYPES),
    "channel": lambda text: _word(text, _CHANNELS),
    "scope": lambda text: _word(text, _SCOPES),
    "challenge_to_number": parse_yes_no,
    "language": lambda text: _LANGUAGES.get(text.casefold(), text),
    "delivered_by": lambda text: _word(text, _DELIVERIES),
    "product": lambda text: text.casefold(),
    "caller": lambda text: text.casefold(),
    "agent": lambda text: text.casefold(),
}
