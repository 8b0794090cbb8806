"""A request: whose, of whom, by when to be answered, what was written, and every step an entry of the log.

    >>> state_of("new", due=10, today=11), state_of("busy", due=10, today=10), state_of("done", due=10, today=99)
    ('late', 'soon', 'done')

What people wrote and were answered is sealed. Five years after the answer it goes, and the number with it; that a request
was made, and its steps, stay.
"""

__all__ = [
    "STATES", "Asking", "Papers", "Request", "Step", "answer", "forget_ended", "open_request",
    "open_requests", "request_of", "requests", "requests_of_number", "state_of", "steps_of", "take_up",
]  # fmt: skip

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.errors import InputError
from belbaar.law.calendar import local_day, moment_of
from belbaar.law.nl.hours import working_day_after
from belbaar.ledger import Store
from belbaar.proof.keys.sealed import sealed
from belbaar.reading import ZONE
from belbaar.requests.hand import Hand, Reader, opened
from belbaar.requests.terms import KEPT, SOON, due

NEW, BUSY, DONE = "new", "busy", "done"
STATES = (NEW, BUSY, DONE)
_LONGEST = 4000
_SIGNS, _ID = "bcdfghjkmnpqrstvwxyz", 16
"""Of ids: they look like no number and like no word, and nobody guesses one (69 bits)."""
_COLUMNS = "id, ref, kind, state, caller, number, opened_at, ended_at, due, sealed"
_SELECT = f"SELECT {_COLUMNS} FROM request WHERE organisation = ?"


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of a request.

    Args:
        lang: in which the person is answered, ``nl`` or ``en``.
        way: how it came: ``my-number``, ``officer`` or ``api``.
        text: what the person wrote or said.
        who: who called, as the person said; "" where that is not known, or the caller says it all.
        name: of the person, "" where it was not told, with ``address``, where an answer goes.
        decision: ``granted``, ``refused``, or "" before there is one.
        reply: what the person was answered.
    """

    lang: str = "nl"
    way: str = "officer"
    text: str = ""
    who: str = ""
    name: str = ""
    address: str = ""
    decision: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as it is made: its kind, the number it is about (E.164), the caller's id ("": none), the papers."""

    kind: str
    number: int
    caller: str
    papers: Papers


@dataclass(frozen=True, slots=True)
class Step:
    """What was done: one of the acts ``request.…``, when (UTC microseconds), by whom, its entry in the log."""

    step: str
    at: int
    by: str
    entry: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Args:
        id: by which it is named; nobody guesses one.
        ref: by which people name it: year and number, as ``2026-0412``.
        kind: one of ``terms.KINDS``.
        state: ``new``, ``busy`` or ``done``.
        caller: the caller's id, "" where it is of none.
        number: E.164; 0 once its papers are gone.
        opened_at: UTC microseconds, as is ``ended_at``; 0: it has not ended.
        due: the last day on which an answer is in time, an ordinal.
        papers: what was written; None once they are gone.
    """

    id: str
    ref: str
    kind: str
    state: str
    caller: str
    number: int
    opened_at: int
    ended_at: int
    due: int
    papers: Papers | None


def state_of(state: str, *, due: int, today: int) -> str:
    """Tell how a request stands on a day: ``new``, ``busy``, ``soon`` (almost late), ``late`` or ``done``."""
    if state == DONE:
        return DONE
    if today > due:
        return "late"
    return "soon" if working_day_after(today, SOON) > due else state


def open_request(store: Store, hand: Hand, asking: Asking) -> Request:
    """Take a request in; inside the write transaction.

    Raises:
        InputError: when a text is too long.
    """
    _check(asking.papers)
    id_, today = "".join(secrets.choice(_SIGNS) for _ in range(_ID)), local_day(hand.now, ZONE)
    caller = store.caller(asking.caller).key if asking.caller else 0
    year = moment_of(hand.now, ZONE).year
    store.connection.execute(
        f"INSERT INTO request (organisation, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(hand.organisation, id_, _ref(store, hand.organisation, year), asking.kind, NEW, caller, asking.number),
            *(hand.now, 0, due(asking.kind, today), b""),
        ),
    )
    _keep(store, hand, id_, asking.papers)
    made = request_of(store, hand, id_)
    _step(store, hand, made, "open")
    return made


def take_up(store: Store, hand: Hand, id_: str) -> Request:
    """Begin to work on a request; inside the write transaction. One that is begun stays as it is.

    Raises:
        InputError: for no such request, or one that is answered.
    """
    found = _running(store, hand, id_)
    if found.state == NEW:
        store.connection.execute("UPDATE request SET state = ? WHERE id = ?", (BUSY, id_))
        _step(store, hand, found, "take-up")
    return request_of(store, hand, id_)


def answer(
    store: Store, hand: Hand, id_: str, *, decision: str, reply: str, name: str = "", address: str = ""
) -> Request:
    """Answer a request, which ends it, and give it; inside the write transaction.

    Args:
        store: the ledger.
        hand: who answers.
        id_: which.
        decision: ``granted`` or ``refused``.
        reply: what the person is told.
        name: of the person, where that is only known now, with ``address``.
        address: where a letter goes.

    Raises:
        InputError: for no such request, one that is answered, or an answer that says nothing.
    """
    found = _running(store, hand, id_)
    if not reply.strip():
        raise InputError("an answer says something.", where="/reply", todo="Write what the person is told.")
    papers = found.papers or Papers()
    told = {"decision": decision, "reply": reply.strip(), "name": name or papers.name}
    papers = msgspec.structs.replace(papers, **told, address=address or papers.address)
    _check(papers)
    _keep(store, hand, id_, papers)
    store.connection.execute("UPDATE request SET state = ?, ended_at = ? WHERE id = ?", (DONE, hand.now, id_))
    _step(store, hand, found, "answer", decision=decision)
    return request_of(store, hand, id_)


def requests(store: Store, reader: Reader, *, kinds: Sequence[str], state: str = "", limit: int = 500) -> list[Request]:
    """Give an organisation's requests of some kinds: what is to be answered first, then those answered last.

    ``state``: only those in it; "": all.
    """
    listed, more = ", ".join("?" * len(kinds)), (state,) if state else ()
    which = " AND state = ?" if state else ""
    rows = store.connection.execute(
        f"{_SELECT} AND kind IN ({listed}){which} "
        "ORDER BY CASE state WHEN 'done' THEN 1 ELSE 0 END, CASE state WHEN 'done' THEN -ended_at ELSE due END, ref "
        "LIMIT ?",
        (reader.organisation, *kinds, *more, limit),
    ).fetchall()
    names = _names(store)
    return [_read(names, reader, row) for row in rows]


def open_requests(store: Store, reader: Reader, *, limit: int = 500) -> list[Request]:
    """Give what an organisation has not answered yet, of all kinds, what is due first in front; without papers."""
    rows = store.connection.execute(
        f"{_SELECT} AND state <> 'done' ORDER BY due, ref LIMIT ?", (reader.organisation, limit)
    ).fetchall()
    names = _names(store)
    return [_read(names, reader, (*row[:-1], b"")) for row in rows]


def request_of(store: Store, reader: Reader, id_: str) -> Request:
    """Give a request.

    Raises:
        InputError: when the organisation has none such.
    """
    row = store.connection.execute(f"{_SELECT} AND id = ?", (reader.organisation, id_)).fetchone()
    if row is None:
        raise InputError("there is no such request.", todo="Yours are listed by GET /v1/requests.", code="not-found")
    return _read(_names(store), reader, row)


def requests_of_number(store: Store, reader: Reader, number: int) -> list[Request]:
    """Give what a person asked of whichever organisation, newest first; in a transaction that sees over the wall."""
    rows = store.connection.execute(
        f"SELECT {_COLUMNS} FROM request WHERE number = ? ORDER BY opened_at DESC, ref", (number,)
    ).fetchall()
    names = _names(store)
    return [_read(names, reader, row) for row in rows]


def steps_of(store: Store, reader: Reader, id_: str) -> list[Step]:
    """Give what was done on a request, oldest first."""
    rows = store.connection.execute(
        "SELECT step, at, who, entry FROM request_step WHERE organisation = ? AND request = ? ORDER BY place",
        (reader.organisation, id_),
    )
    return [Step(*row) for row in rows.fetchall()]


def forget_ended(store: Store, now: int) -> None:
    """Let papers and numbers go of requests that were answered long enough ago; inside the write transaction."""
    query, today = store.connection.execute, local_day(now, ZONE)
    for id_, ended in query("SELECT id, ended_at FROM request WHERE ended_at > 0 AND number <> 0").fetchall():
        if KEPT.after(local_day(ended, ZONE)) < today:
            _forget(store, id_)


def _forget(store: Store, id_: str) -> None:
    store.connection.execute("UPDATE request SET number = 0, sealed = ? WHERE id = ?", (b"", id_))


def _ref(store: Store, organisation: int, year: int) -> str:
    query = "SELECT count(*) FROM request WHERE organisation = ? AND ref LIKE ?"
    (count,) = store.connection.execute(query, (organisation, f"{year}-%")).fetchone()
    return f"{year}-{count + 1:04}"


def _running(store: Store, reader: Reader, id_: str) -> Request:
    found = request_of(store, reader, id_)
    if found.state == DONE:
        raise InputError("this request is answered already.", todo="Open a new one.", code="request-answered")
    return found


def _keep(store: Store, hand: Hand, id_: str, papers: Papers) -> None:
    store.connection.execute(
        "UPDATE request SET sealed = ? WHERE id = ?", (sealed(hand.key, msgspec.json.encode(papers), id_), id_)
    )


def _step(store: Store, hand: Hand, found: Request, what: str, **details: str) -> None:
    """Make a step an entry of the log, and of the request's history."""
    query = store.connection.execute
    told = {"request": found.id, "kind": found.kind, **details}
    entry = hand.notes(f"request.{what}", told, found.number, found.caller)
    (count,) = query("SELECT count(*) FROM request_step WHERE request = ?", (found.id,)).fetchone()
    query(
        "INSERT INTO request_step (request, place, organisation, at, step, who, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (found.id, count, hand.organisation, hand.now, f"request.{what}", hand.by, entry),
    )


def _names(store: Store) -> dict[int, str]:
    """Give the ids of callers by the store's own."""
    return {each.key: each.id for each in store.callers().values()}


def _read(names: Mapping[int, str], reader: Reader, row: Sequence[Any]) -> Request:
    id_, ref, kind, state, caller, number, opened_at, ended_at, last, content = row
    told = bytes(content)
    papers = msgspec.json.decode(opened(reader.key, told, id_), type=Papers) if told else None
    return Request(id_, ref, kind, state, names.get(caller, ""), number, opened_at, ended_at, last, papers)


def _check(papers: Papers) -> None:
    for name in papers.__struct_fields__:
        if len(getattr(papers, name)) > _LONGEST:
            raise InputError(f"this has more than {_LONGEST} characters.", where=f"/{name}", todo="Make it shorter.")
