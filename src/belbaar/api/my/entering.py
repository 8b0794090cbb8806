"""Coming in to My number: a code to the number, typed on the same page; then a session, one for each number.

Whatever number is typed, the same is done and said: nothing is looked up before the code is right. In the database a
number stands only as a mark that nobody can read; it travels in the visitor's own sealed cookie. A session that begins
ends the one before it: it is on one device.
"""

__all__ = ["SESSION", "Pending", "Typed", "Visitor", "again", "ask", "check", "enter", "leave", "tidy"]

import secrets
from dataclasses import dataclass, replace
from typing import Literal

from belbaar.api.access import Unauthorised
from belbaar.capture import codes, outbox
from belbaar.capture.asking import Sending
from belbaar.capture.evidence import prefix_of
from belbaar.errors import InputError, LawUnknown
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.verdict.laws import law_for

SESSION = 20 * codes.MINUTE
"""How long a session lasts after the last page, in microseconds."""
_DAY = 24 * 60 * codes.MINUTE


@dataclass(frozen=True, slots=True)
class Pending:
    """A code that was asked for: by which id, of which number (E.164), in which language, from which address, by which way.

    ``way``: ``sms``, or ``voice``: it is read aloud.
    """

    id: str
    number: int
    lang: str
    ip: str = ""
    way: Literal["sms", "voice"] = "sms"


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that was typed, digits only, and for what."""

    pending: Pending
    code: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who proved a number: the session, the number (E.164), the language of the page."""

    session: str
    number: int
    lang: str


def ask(store: Store, sending: Sending, asked: Pending, *, now: int) -> Pending:
    """Send a code, inside the write transaction; give by which id it is typed.

    Raises:
        InputError: ``too-many-codes``, of this number or from this place; ``law-unknown`` for a number abroad.
    """
    _check_law(asked.number)
    limits = [(_tag(sending, asked.number), codes.HOURLY)]
    if place := prefix_of(asked.ip):
        limits.append((codes.tag(sending.key, "ip", place), sending.from_one_place))
    if not codes.take(store, limits, now=now):
        raise _too_many()
    made = replace(asked, id=codes.new_id())
    store.connection.execute(
        "INSERT INTO portal_code (id, tag, code, tries, codes, code_at, until) VALUES (?, ?, ?, 0, 0, 0, ?)",
        (made.id, _tag(sending, made.number), b"", now + _DAY),
    )
    _send(store, sending, made, now)
    return made


def again(store: Store, sending: Sending, asked: Pending, *, now: int) -> Pending:
    """Send another code, inside the write transaction; the former is good no more.

    Raises:
        InputError: ``too-soon`` within a minute, ``too-many-codes`` in an hour, ``code-expired`` when too late for it.
    """
    _, _, _, sent, at = _row(store, sending, asked, now)
    if now < at + codes.AGAIN:
        raise InputError("a new code can be asked after a minute.", todo="Wait a little.", code="too-soon")
    if sent >= codes.HOURLY or not codes.take(store, [(_tag(sending, asked.number), codes.HOURLY)], now=now):
        raise _too_many()
    _send(store, sending, asked, now)
    return asked


def enter(store: Store, sending: Sending, typed: Typed, *, now: int) -> Visitor:
    """Begin a session by a code, inside the write transaction. A wrong one counts, so what this refuses stays written.

    Raises:
        InputError: ``code-wrong`` with the tries that are left, ``code-expired``, ``too-many-tries``.
    """
    asked = typed.pending
    tag, sealed, tries, _, at = _row(store, sending, asked, now)
    if tries >= codes.TRIES:
        raise InputError("there were too many tries.", where="/code", todo="Ask for a new code.", code="too-many-tries")
    if now >= at + codes.GOOD:
        raise _expired()
    if not codes.opens(sending.key, asked.id, typed.code, sealed):
        store.connection.execute("UPDATE portal_code SET tries = tries + 1 WHERE id = ?", (asked.id,))
        left = str(codes.TRIES - tries - 1)
        raise InputError("this code is not right.", where="/code", code="code-wrong", details=[left])
    store.connection.execute("DELETE FROM portal_code WHERE id = ?", (asked.id,))
    session = secrets.token_hex(16)
    store.connection.execute(
        "INSERT INTO portal_session (tag, id, until) VALUES (?, ?, ?) "
        "ON CONFLICT (tag) DO UPDATE SET id = excluded.id, until = excluded.until",
        (tag, session, now + _DAY),
    )
    return Visitor(session, asked.number, asked.lang)


def check(store: Store, sending: Sending, visitor: Visitor, *, now: int) -> None:
    """Look whether a session still is one, in the transaction that answers.

    Raises:
        Unauthorised: when it ended, here or by one that began elsewhere.
    """
    with store.outside_wall() as connection:
        row = connection.execute(
            "SELECT id FROM portal_session WHERE tag = ? AND until > ?", (_tag(sending, visitor.number), now)
        ).fetchone()
    if row is None or not secrets.compare_digest(row[0], visitor.session):
        raise Unauthorised("this session has ended.", todo="Ask for a new code.", code="portal-ended")


def leave(store: Store, sending: Sending, visitor: Visitor) -> None:
    """End a session, inside the write transaction."""
    store.connection.execute(
        "DELETE FROM portal_session WHERE tag = ? AND id = ?", (_tag(sending, visitor.number), visitor.session)
    )


def tidy(store: Store, *, now: int) -> None:
    """Forget codes and sessions that are over."""
    for table in ("portal_code", "portal_session"):
        store.connection.execute(f"DELETE FROM {table} WHERE until <= ?", (now,))


def _check_law(number: int) -> None:
    """Send nothing to a country by whose law nobody could be called: it would cost money, and nothing is known there."""
    try:
        law_for(number)
    except LawUnknown as error:
        raise InputError(error.what, where="/number", todo=error.todo, code=error.code) from error


def _tag(sending: Sending, number: int) -> bytes:
    return codes.tag(sending.key, "portal", str(number))


def _send(store: Store, sending: Sending, asked: Pending, now: int) -> None:
    code = codes.new_code()
    store.connection.execute(
        "UPDATE portal_code SET code = ?, tries = 0, codes = codes + 1, code_at = ? WHERE id = ?",
        (codes.seal(sending.key, asked.id, code), now, asked.id),
    )
    told = {"caller": "", "host": sending.host, "code": code}
    item = outbox.Post(0, 0, asked.number, "portal", asked.way, e164(asked.number), asked.lang, told, now + codes.GOOD)
    outbox.post(store, sending.key, item, now=now)


def _row(store: Store, sending: Sending, asked: Pending, now: int) -> tuple[bytes, bytes, int, int, int]:
    row = store.connection.execute(
        "SELECT tag, code, tries, codes, code_at FROM portal_code WHERE id = ? AND tag = ? AND until > ?",
        (asked.id, _tag(sending, asked.number), now),
    ).fetchone()
    if row is None:
        raise _expired()
    tag, sealed, tries, sent, at = row
    return bytes(tag), bytes(sealed), tries, sent, at


def _expired() -> InputError:
    return InputError("this code has expired.", where="/code", todo="Ask for a new one.", code="code-expired")


def _too_many() -> InputError:
    return InputError("there were too many tries.", todo="Try again in an hour.", code="too-many-codes")
