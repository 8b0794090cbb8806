"""Numbers that a caller has shown to hold: by a code that was called or texted to the number, or a document that was seen.

Registering a number says that one shows it. That it is one's own is another matter: the gate lets calls show only what
was shown to be held. Numbers that were registered before belbaar asked for this (migration 0012) count as they did.
"""

__all__ = ["Held", "Holding", "Holdings", "begin", "confirm", "holdings", "note_document", "tried"]

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.errors import InputError
from belbaar.ledger import Caller, Store
from belbaar.numbers import e164
from belbaar.proof.erasure.erasing import check_said
from belbaar.reading import read_number, written

_MINUTES, _TRIES = 30 * 60_000_000, 5
"""Microseconds for which a code is good, and how often it may be tried."""
_SELECT = "SELECT code, code_until, tries FROM number_held WHERE number = ? AND caller = ?"
_WRITE = (
    "INSERT INTO number_held (number, caller, how, note, code, code_until, tries, held_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?) "
    "ON CONFLICT (number, caller) DO UPDATE SET how = excluded.how, note = excluded.note, code = excluded.code, "
    "code_until = excluded.code_until, tries = 0, held_at = excluded.held_at"
)
_CODED = (
    "INSERT INTO number_held (number, caller, how, note, code, code_until, tries, held_at) VALUES (?, ?, '', '', ?, ?, 0, 0) "
    "ON CONFLICT (number, caller) DO UPDATE SET code = excluded.code, code_until = excluded.code_until, tries = 0"
)
_LIST = "SELECT number, caller, how, note, held_at FROM number_held WHERE held_at > 0 ORDER BY number"


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that was called or texted to a number of yours.

    Args:
        caller: the id of the caller.
        number: the number.
        code: the six digits.
    """

    caller: Annotated[str, msgspec.Meta(max_length=200)]
    number: Annotated[str, msgspec.Meta(max_length=200)]
    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]


class Holding(msgspec.Struct, frozen=True):
    """A number that a caller has shown to hold. ``how``: ``code``, ``document`` or ``before`` this was asked."""

    caller: str
    number: str
    how: str
    since: str


@dataclass(slots=True)
class Holdings:
    """Guards which numbers are held, as it was read at a revision of the store."""

    revision: int = -1
    pairs: frozenset[tuple[int, int]] = frozenset()

    def holds(self, store: Store, caller: Caller, number: int) -> bool:
        """Tell whether a caller has shown to hold a number, as it is in this transaction."""
        revision = store.known().revision
        if revision != self.revision:
            rows = store.connection.execute(_LIST).fetchall()
            self.revision, self.pairs = revision, frozenset((key, of) for of, key, *_ in rows)
        return (caller.key, number) in self.pairs


def begin(store: Store, caller: Caller, number: int, *, now: int) -> str:
    """Make a code for who runs the installation to call or text to a number; inside the write transaction.

    Raises:
        InputError: when the caller did not register that number.
    """
    _check(caller, number)
    code = f"{secrets.randbelow(1_000_000):06}"
    store.connection.execute(_CODED, (number, caller.key, _digest(caller, number, code), now + _MINUTES))
    return code


def note_document(store: Store, actor: Actor, caller: Caller, number: int, document: str, *, now: int) -> None:
    """Note the document by which who runs the installation has seen that a number is the caller's.

    Raises:
        InputError: when the caller did not register that number, or the note could hold a person's data.
    """
    _check(caller, number)
    check_said(document, "--document")
    store.connection.execute(_WRITE, (number, caller.key, "document", document, b"", 0, now))
    note(store, actor, "number.hold", {"caller": caller.id, "how": "document"})


def confirm(store: Store, who: Principal, held: Held, *, now: int) -> Holding:
    """Take the code that reached a number; inside the write transaction.

    Raises:
        InputError: when it is not the code, or there is none, or it is too old or was tried too often.
    """
    who.speaks_for(held.caller)
    caller, number = store.caller(held.caller), read_number(held.number, "/number")
    row = store.connection.execute(_SELECT, (number, caller.key)).fetchone()
    code, until, tries = row or (b"", 0, 0)
    if now >= until or tries >= _TRIES or not hmac.compare_digest(bytes(code), _digest(caller, number, held.code)):
        raise InputError(
            "this is not the code, or it is too old, or it was tried too often.",
            where="/code",
            todo="Ask who runs the service to send another: belbaar caller code",
            code="code-refused",
        )
    store.connection.execute(_WRITE, (number, caller.key, "code", "", b"", 0, now))
    note(store, Actor.of(who), "number.hold", {"caller": caller.id, "how": "code"})
    return Holding(caller.id, e164(number), "code", written(now))


def tried(store: Store, who: Principal, held: Held) -> None:
    """Count a wrong code; in a transaction of its own, for what is refused leaves nothing behind."""
    if held.caller in who.callers:
        store.connection.execute(
            "UPDATE number_held SET tries = tries + 1 WHERE number = ? AND caller = ?",
            (read_number(held.number, "/number"), who.callers[held.caller]),
        )


def holdings(store: Store, callers: dict[int, str]) -> list[Holding]:
    """Give the numbers that some callers have shown to hold; ``callers``: ids by their keys."""
    rows = store.connection.execute(_LIST).fetchall()
    return [Holding(callers[key], e164(of), how, written(at)) for of, key, how, _, at in rows if key in callers]


def _check(caller: Caller, number: int) -> None:
    if number not in caller.numbers:
        raise InputError(
            "this is not a number that the caller registered.", where="/number", todo="Register it: belbaar caller add"
        )


def _digest(caller: Caller, number: int, code: str) -> bytes:
    return hashlib.sha256(f"{caller.id}|{number}|{code}".encode()).digest()
