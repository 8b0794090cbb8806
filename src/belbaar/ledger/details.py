"""What is known of a caller beside its name: for receipts, where people find it and how they stop it; and its demand.

>>> check_detail("kvk", "1234 5678"), check_detail("stored_in", "nl, ie"), check_detail("url", "https://voltix.example")
('12345678', 'NL IE', 'https://voltix.example')
"""

__all__ = [
    "DETAILS",
    "TOLD",
    "check_detail",
    "describe_caller",
    "details_of",
    "evidence_demanded",
    "missing_details",
]

import re
from collections.abc import Callable, Mapping

from belbaar.errors import InputError, nearest
from belbaar.ledger.store import Store
from belbaar.numbers import REFUSALS, e164, read

_URL = re.compile(r"https://[^\s<>\"]+")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_KVK = re.compile(r"\d{8}")
_LEVEL = re.compile(r"[0-4]")
_EVIDENCE = "evidence"


def _kvk(text: str) -> str:
    digits = "".join(text.split())
    if not _KVK.fullmatch(digits):
        raise InputError(f'"{text}" is not a number of the trade register.', todo="Write its eight digits.")
    return digits


def _url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise InputError(f'"{text}" is not an address of a page.', todo="Write it with https://, without blanks.")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise InputError(f'"{text}" is not a mail address.')
    return text


def _phone(text: str) -> str:
    reading = read(text, "NL")
    if reading.number is None:
        refusal = REFUSALS[reading.code]
        raise InputError(refusal.en, todo=refusal.todo_en, code=refusal.code)
    return e164(reading.number)


def _countries(text: str) -> str:
    codes = list(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", text) if code))
    if not codes or not all(_COUNTRY.fullmatch(code) for code in codes):
        raise InputError(f'"{text}" are not codes of countries.', todo="Write two letters each: NL, IE.")
    return " ".join(codes)


def _level(text: str) -> str:
    if not _LEVEL.fullmatch(text):
        raise InputError(f'"{text}" is not a level of evidence.', todo="Demand one of 0 to 4.")
    return "" if text == "0" else text


DETAILS: Mapping[str, tuple[Callable[[str], str], str]] = {
    "kvk": (_kvk, "number in the trade register"),
    "address": (lambda text: " ".join(text.split()), "where it has its seat"),
    "email": (_email, "where it reads what people write"),
    "phone": (_phone, "where people can call it"),
    "url": (_url, "its site"),
    "privacy_url": (_url, "where it says what it does with personal data"),
    "withdraw_url": (_url, "where consent is taken back"),
    "withdraw_phone": (_phone, "the number to call for that"),
    "stored_in": (_countries, "the countries where it keeps the data"),
    _EVIDENCE: (_level, "the level of evidence that it demands of a consent"),
}
"""Each detail: how it is read, and what it is."""
TOLD = tuple(name for name in DETAILS if name != _EVIDENCE)
"""Those that a receipt tells the person."""

_NEEDED = (
    ("kvk",),
    ("address",),
    ("email", "phone", "url"),
    ("privacy_url",),
    ("withdraw_url", "withdraw_phone"),
    ("stored_in",),
)
"""What a receipt must hold: of each of these, one at least."""


def check_detail(name: str, value: object) -> str:
    """Return a detail as it is kept; nothing stays nothing.

    Raises:
        InputError: when it is none, or malformed; names it.
    """
    if name not in DETAILS:
        raise InputError(f'a caller has no "{name}".', where=name, todo=nearest(name, DETAILS))
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not a text.", where=name, todo="Put it in quotes.")
    try:
        return DETAILS[name][0](value.strip()) if value.strip() else ""
    except InputError as error:
        raise InputError(error.what, where=name, todo=error.todo, code=error.code) from error


def missing_details(details: Mapping[str, str]) -> list[str]:
    """Name what a receipt needs and these details lack; one of several is enough where several are named.

    >>> missing_details({"kvk": "12345678", "url": "https://voltix.example", "stored_in": "NL"})
    ['address', 'privacy_url', 'withdraw_url or withdraw_phone']
    """
    return [" or ".join(names) for names in _NEEDED if not any(details.get(name) for name in names)]


def describe_caller(store: Store, caller: str, details: Mapping[str, str]) -> Mapping[str, str]:
    """Say more of a caller; an empty text takes a detail away. Gives all that is known then.

    Raises:
        InputError: for an unknown caller, or a detail that is malformed. Nothing is written then.
    """
    checked = {name: check_detail(name, value) for name, value in details.items()}
    with store.writing() as connection:
        key = store.caller(caller).key
        for name, value in checked.items():
            connection.execute("DELETE FROM caller_detail WHERE caller = ? AND name = ?", (key, name))
            if value:
                connection.execute(
                    "INSERT INTO caller_detail (caller, name, value) VALUES (?, ?, ?)", (key, name, value)
                )
        return details_of(store, caller)


def details_of(store: Store, caller: str) -> dict[str, str]:
    """Give what is known of a caller beside its name, in the order of ``DETAILS``."""
    key = store.caller(caller).key
    rows = store.connection.execute("SELECT name, value FROM caller_detail WHERE caller = ?", (key,)).fetchall()
    known = dict(rows)
    return {name: str(known[name]) for name in DETAILS if name in known}


def evidence_demanded(store: Store, caller: str) -> int:
    """Give the level of evidence that a caller demands of a consent; 0 when it demands none."""
    known = store.known()
    return known.demanded.get(known.caller(caller).key, 0)
