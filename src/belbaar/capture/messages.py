r"""What is sent to people, word for word (pages.md 7): text messages of one part, and mails that say the same.

    >>> facts = Facts("Zonnig Energie B.V.", "stroom en gas", host="bel.example", code="482913")
    >>> sms_of("code", "nl", facts)
    '482913 is uw code. Hiermee mag Zonnig Energie B.V. u bellen over stroom en gas. Wilt u dat niet? Doe niets.\n@bel.example #482913'

The last line is how browsers know for which site a code is (https://wicg.github.io/sms-one-time-codes/).
"""

__all__ = ["KINDS", "Facts", "Mail", "mail_of", "sms_of", "spoken_of"]

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from belbaar.capture.gsm7 import fitted

_CALLER, _PRODUCT, _HOST = 24, 18, 24
"""Signs of a text message that each may take; a link has 32."""
_SMS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "code": "{code} is uw code. Hiermee mag {c} u bellen over {p}. Wilt u dat niet? Doe niets.\n@{h} #{code}",
        "link": "Mag {c} u bellen over {p}? Bevestig het hier: {u} Wilt u dat niet? Doe niets.",
        "receipt": "{c} mag u bellen over {p}, tot en met {d}. Bewijs of stoppen: {u}",
        "receipt-open": "{c} mag u bellen over {p}. Bewijs of stoppen: {u}",
        "withdrawn": "Gestopt. {c} mag u niet meer bellen met deze toestemming over {p}. Bewijs: {u}",
        "objection": "Vastgelegd op {d}. {c} mag u niet meer bellen voor reclame. Toch gebeld? {u}",
        "objection-all": "Vastgelegd op {d}. Bellers in belbaar mogen u niet meer bellen voor reclame. Toch gebeld? {u}",
        "portal": "{code} is uw code voor Mijn nummer. Geef hem aan niemand.\n@{h} #{code}",
        "number": "{code} is uw code. Hiermee bevestigt u uw nummer aan {c}. Niets gevraagd? Doe niets.\n@{h} #{code}",
    },
    "en": {
        "code": "{code} is your code. With it {c} may call you about {p}. Not wanted? Do nothing.\n@{h} #{code}",
        "link": "May {c} call you about {p}? Confirm it here: {u} Not wanted? Do nothing.",
        "receipt": "{c} may call you about {p} until {d}. Proof or stop: {u}",
        "receipt-open": "{c} may call you about {p}. Proof or stop: {u}",
        "withdrawn": "Stopped. {c} may no longer use this consent to call about {p}. Proof: {u}",
        "objection": "Recorded on {d}. {c} may make no more marketing calls to you. Called anyway? {u}",
        "objection-all": "Recorded on {d}. No caller in belbaar may make marketing calls to you. Called anyway? {u}",
        "portal": "{code} is your code for My number. Give it to nobody.\n@{h} #{code}",
        "number": "{code} is your code. With it you confirm your number to {c}. Did not ask? Do nothing.\n@{h} #{code}",
    },
}
_MAIL: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "nl": {
        "code": (
            "{code} is uw code",
            (
                "Uw code is {code}. Hiermee zegt u ja tegen {c}. Niets gevraagd? Doe niets.\n\n"
                "U kunt ook hier bevestigen: {u}"
            ),
        ),
        "link": (
            "Mag {c} u bellen?",
            "Mag {c} u bellen over {p}? Bevestig het hier: {u}\n\nNiets gevraagd? Doe niets.",
        ),
        "number": (
            "{code} is uw code",
            "Uw code is {code}. Hiermee bevestigt u uw nummer aan {c}. Niets gevraagd? Doe niets.",
        ),
        "receipt": (
            "Uw toestemming aan {c}",
            '{c} mag u bellen over {p} tot en met {d}. U las: "{text}"\n\nStoppen: {u}',
        ),
        "receipt-open": ("Uw toestemming aan {c}", '{c} mag u bellen over {p}. U las: "{text}"\n\nStoppen: {u}'),
        "withdrawn": ("Gestopt: {c}", "Uw toestemming aan {c} voor {p} is gestopt op {d}."),
        "objection": ("Geen reclame van {c}", "{c} mag u sinds {d} niet meer bellen voor reclame. Toch gebeld? {u}"),
        "signed": ("", "belbaar, namens {c}"),
    },
    "en": {
        "code": (
            "{code} is your code",
            (
                "Your code is {code}. With it you say yes to {c}. Did not ask? Do nothing.\n\n"
                "You can also confirm here: {u}"
            ),
        ),
        "link": (
            "May {c} call you?",
            "May {c} call you about {p}? Confirm it here: {u}\n\nDid not ask? Do nothing.",
        ),
        "number": (
            "{code} is your code",
            "Your code is {code}. With it you confirm your number to {c}. Did not ask? Do nothing.",
        ),
        "receipt": (
            "Your consent to {c}",
            '{c} may call you about {p} through {d}. You read: "{text}"\n\nStop: {u}',
        ),
        "receipt-open": ("Your consent to {c}", '{c} may call you about {p}. You read: "{text}"\n\nStop: {u}'),
        "withdrawn": ("Stopped: {c}", "Your consent to {c} for {p} stopped on {d}."),
        "objection": (
            "No marketing calls from {c}",
            "Since {d} {c} may make no marketing calls to you. Called anyway? {u}",
        ),
        "signed": ("", "belbaar, for {c}"),
    },
}
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "portal": "Dit is belbaar. Uw code voor Mijn nummer is: {code}. Nog eens: {code}. Geef hem aan niemand.",
    },
    "en": {
        "portal": "This is belbaar. Your code for My number is: {code}. Again: {code}. Give it to nobody.",
    },
}
KINDS = tuple(_SMS["nl"])
"""The messages there are; mails are a part of them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message tells.

    Args:
        caller: by name.
        product: what people call it.
        host: of the service, as its links have it.
        code: six digits.
        link: where it leads.
        day: a date as ``24-11-2027``; "": none.
        text: what the person read.
    """

    caller: str
    product: str = ""
    host: str = ""
    code: str = ""
    link: str = ""
    day: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail: the same in plain text and in HTML, without pictures."""

    subject: str
    text: str
    html: str


def sms_of(kind: str, lang: str, facts: Facts) -> str:
    """Write a text message: one part, for names and links within their measure."""
    return _SMS[lang][_kind(kind, facts)].format(
        c=fitted(facts.caller, _CALLER),
        p=fitted(facts.product, _PRODUCT),
        h=facts.host[:_HOST],
        u=facts.link,
        d=facts.day,
        code=facts.code,
    )


def spoken_of(kind: str, lang: str, facts: Facts) -> str:
    """Write what a computer reads aloud: the code sign by sign, and twice.

    >>> spoken_of("portal", "en", Facts("", code="482913"))
    'This is belbaar. Your code for My number is: 4, 8, 2, 9, 1, 3. Again: 4, 8, 2, 9, 1, 3. Give it to nobody.'
    """
    return _SPOKEN[lang][kind].format(code=", ".join(facts.code))


def mail_of(kind: str, lang: str, facts: Facts) -> Mail:
    """Write a mail."""
    subject, body = _MAIL[lang][_kind(kind, facts)]
    told = {"c": facts.caller, "p": facts.product, "u": facts.link, "d": facts.day, "code": facts.code}
    text = f"{body}\n\n{_MAIL[lang]['signed'][1]}\n".format(**told, text=facts.text)
    return Mail(subject.format(**told), text, _html(text, lang))


def _kind(kind: str, facts: Facts) -> str:
    return "receipt-open" if kind == "receipt" and not facts.day else kind


def _html(text: str, lang: str) -> str:
    parts = (f"<p>{_linked(part)}</p>" for part in text.strip().split("\n\n"))
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>belbaar</title></head><body>{"".join(parts)}</body></html>\n'


def _linked(text: str) -> str:
    said = escape(text).replace("\n", "<br>\n")
    return re.sub(r"https?://[^\s<\"&]+", lambda found: f'<a href="{found[0]}">{found[0]}</a>', said)
