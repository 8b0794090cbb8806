"""Callers and their registered numbers; agents who dial for them."""

__all__ = ["add_agent", "add_caller", "agents", "check_id", "describe"]

import re
from collections.abc import Sequence

from belbaar.errors import InputError, nearest
from belbaar.law.words import SECTORS
from belbaar.ledger.known import Caller
from belbaar.ledger.store import Store
from belbaar.numbers import e164

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_ONLY = "(SELECT CASE WHEN count(*) = 1 THEN min(id) ELSE 0 END FROM organisation)"
"""Whose a new caller is where nobody says: the only organisation's; of several, nobody's until somebody does."""


def add_caller(
    store: Store, name_id: str, *, name: str, sector: str, numbers: Sequence[int], organisation: int | None = None
) -> Caller:
    """Register a caller, or further numbers of one; the very same again changes nothing.

    ``organisation`` is the key of whose it is; None: the only organisation's, of several nobody's.

    Raises:
        InputError: for an unknown sector, an ill-formed id, or a caller that is registered as something else.
    """
    check_id(name_id)
    if sector not in SECTORS:
        raise InputError(f'"{sector}" is not a sector.', todo=nearest(sector, SECTORS))
    if not name.strip():
        raise InputError(
            "a caller needs a name.", todo='Give the name of the legal entity: --name "Voltix Energie B.V."'
        )
    owner, values = (_ONLY, ()) if organisation is None else ("?", (organisation,))
    with store.writing() as connection:
        known = store.callers().get(name_id)
        if known and (known.name, known.sector) != (name, sector):
            raise InputError(
                f'"{name_id}" is registered already, as {known.name} ({known.sector}).',
                todo="Use another id for another caller.",
            )
        if known is None:
            row = connection.execute(
                f"INSERT INTO caller (handle, name, sector, organisation) VALUES (?, ?, ?, {owner}) RETURNING id",
                (name_id, name, sector, *values),
            ).fetchone()
        key = known.key if known else int(row[0])
        place = len(known.numbers) if known else 0
        for offset, number in enumerate(dict.fromkeys(numbers)):
            connection.execute(
                "INSERT INTO caller_number (number, caller, place) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (number, key, place + offset),
            )
    return store.caller(name_id)


def add_agent(store: Store, name_id: str, *, name: str, organisation: int | None = None) -> None:
    """Register a bureau that dials for callers; the same id again changes nothing.

    ``organisation`` is the key of whose it is; None: the only organisation's, of several nobody's.
    """
    check_id(name_id)
    owner, values = (_ONLY, ()) if organisation is None else ("?", (organisation,))
    with store.writing() as connection:
        connection.execute(
            f"INSERT INTO agent (handle, name, organisation) VALUES (?, ?, {owner}) ON CONFLICT DO NOTHING",
            (name_id, name, *values),
        )


def agents(store: Store, organisation: int | None = None) -> dict[str, str]:
    """Give the registered agents: id and name; those of one organisation (its key), or all."""
    which, values = ("", ()) if organisation is None else ("WHERE organisation = ?", (organisation,))
    rows = store.connection.execute(f"SELECT handle, name FROM agent {which} ORDER BY handle", values)
    return dict(rows.fetchall())


def check_id(text: object) -> str:
    """Return the id of a caller or agent if it is well formed.

    Raises:
        InputError: when it is not.
    """
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise InputError(f'"{text}" cannot be an id.', todo='Use lower-case letters, digits, dots, hyphens: "voltix".')
    return text


def describe(caller: Caller) -> dict[str, object]:
    """Give a caller as a mapping of plain values."""
    return {
        "caller": caller.id,
        "name": caller.name,
        "sector": caller.sector,
        "numbers": [e164(number) for number in caller.numbers],
    }
