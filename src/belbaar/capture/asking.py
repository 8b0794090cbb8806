"""Double opt-in: what somebody filled in waits, and counts for nothing, until whoever has the number confirms it.

A code goes to the number (or the mail address, where the form says so). Typed in time, it makes the consent: the event
is written at that instant, with how it was captured and confirmed, and a receipt is put in the outbox with it. What is
not confirmed is forgotten after a day. The answer is the same for a number that is known and one that is not: nothing
is looked up of it.
"""

__all__ = [
    "Asked",
    "Confirmed",
    "Row",
    "Sending",
    "again",
    "ask",
    "by_link",
    "confirm",
    "pending",
    "purge",
    "ticked_of",
    "waiting",
]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from belbaar.capture import codes, outbox
from belbaar.capture.evidence import Filled, evidence, prefix_of
from belbaar.capture.forms import Form, Published, published
from belbaar.capture.giving import Given, give, relate
from belbaar.capture.links import token_of
from belbaar.errors import InputError, LawUnknown
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.numbers.shown import hidden
from belbaar.verdict.laws import law_for

WAITING, CONFIRMED = 0, 1
_DAY = 1440 * codes.MINUTE
_LINK_GOOD = 3 * _DAY
_COLUMNS = (
    "id, form, version, way, language, channel, address, number, told, at, code, state, tries, codes, code_at, until"
)


class Asked(msgspec.Struct, frozen=True):
    """What became of a form that was filled in.

    Args:
        id: by which it is confirmed.
        channel: where the code went: ``sms`` or ``email``.
        masked: the number or address to which it went, its middle hidden.
        seconds: for how long the code is good.
        again_after: after how many seconds a new one may be asked.
    """

    id: str
    channel: str
    masked: str
    seconds: int = codes.GOOD // 1_000_000
    again_after: int = codes.AGAIN // 1_000_000


class Confirmed(msgspec.Struct, frozen=True):
    """What was confirmed: the receipt of a consent is at ``/r/`` and this token; "" for a number that was given."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What is needed to send.

    Args:
        key: seals.
        public_url: where the service is seen from outside.
        captured_by: the name by which it captures.
        from_one_place: codes that may be asked in an hour from one /24 or /48.
    """

    key: bytes
    public_url: str
    captured_by: str
    from_one_place: int

    @property
    def host(self) -> str:
        """The name of the service, as its links have it."""
        return self.public_url.partition("://")[2].partition("/")[0]


class Row(NamedTuple):
    """A form that was filled in, as it is kept."""

    id: str
    form: str
    version: int
    way: str
    language: Any
    channel: Any
    address: str
    number: int
    told: str
    at: int
    code: bytes
    state: int
    tries: int
    codes: int
    code_at: int
    until: int


def ask(store: Store, sending: Sending, filled: Filled, *, by_link: bool = False, now: int) -> Asked:
    """Keep what somebody filled in, and send a code; the same sent again gets the same answer and no second code.

    Args:
        store: the ledger, in the write transaction.
        sending: how to send.
        filled: what was filled in.
        by_link: whether a link is sent, for who filled it in is not there to type a code.
        now: UTC microseconds.

    Raises:
        InputError: when it cannot be used, or too many codes were asked.
    """
    form, of = published(store, filled.form, filled.version)
    _check_current(store, of, form, now)
    query = store.connection.execute
    known = query(
        "SELECT id, number, address, channel FROM asked WHERE form = ? AND sent_under = ?", (form.id, filled.sent_under)
    ).fetchone()
    if known is not None:
        return _told(*known)
    told = evidence(filled, of, sending.captured_by, now=now)
    _check_law(filled.number)
    channel = of.design.confirm
    if channel == "email" and not filled.address:
        raise InputError("a mail address is needed, for the code goes there.", where="/email", code="address-needed")
    made = codes.new_id()
    if not codes.take(store, _limits(sending, filled), now=now):
        raise _too_many()
    ticked = [place for place, (_, ended) in enumerate(filled.boxes) if ended]
    until = now + (_LINK_GOOD if by_link else _DAY)
    query(
        f"INSERT INTO asked (organisation, caller, link, sent_under, {_COLUMNS}) VALUES ({', '.join('?' * 20)})",
        (
            *(form.organisation, store.caller(form.caller).key, _link_seal(sending.key, made), filled.sent_under),
            *(made, form.id, of.version, filled.way, filled.language, channel, filled.address, filled.number),
            msgspec.json.encode({"fields": told, "ticked": ticked}).decode(),
            *(now, b"", WAITING, 0, 0, 0, until),
        ),
    )
    _send(store, sending, _row(store, made), of, by_link=by_link, now=now)
    return _told(made, filled.number, filled.address, channel)


def again(store: Store, sending: Sending, asked: str, *, now: int) -> Asked:
    """Send a new code, in the write transaction; the former is good no more.

    Raises:
        InputError: when there is nothing to confirm, or it is too soon or too often.
    """
    row = _row(store, asked)
    if row.state == CONFIRMED or row.until <= now:
        raise _unknown()
    if now < row.code_at + codes.AGAIN:
        raise InputError("a new code can be asked after a minute.", todo="Wait a little.", code="too-soon")
    limits = [(_tag_of(sending.key, row.channel, row.number, row.address), codes.HOURLY)]
    if row.codes >= codes.HOURLY or not codes.take(store, limits, now=now):
        raise _too_many()
    _, of = published(store, row.form, row.version)
    _send(store, sending, row, of, by_link=False, now=now)
    return _told(row.id, row.number, row.address, row.channel)


def confirm(store: Store, sending: Sending, asked: str, code: str, *, now: int) -> Confirmed:
    """Confirm by a code, in the write transaction. A wrong one counts, so what this refuses must stay written.

    Raises:
        InputError: ``code-wrong`` with the tries that are left, ``code-expired``, ``too-many-tries``, ``not-found``.
    """
    row = _row(store, asked)
    if row.state == CONFIRMED and codes.opens(sending.key, row.id, code, row.code):
        return _again_confirmed(store, sending, row)
    if row.tries >= codes.TRIES:
        raise InputError("there were too many tries.", where="/code", todo="Ask for a new code.", code="too-many-tries")
    if now >= row.code_at + codes.GOOD:
        raise InputError("this code has expired.", where="/code", todo="Ask for a new one.", code="code-expired")
    if not codes.opens(sending.key, row.id, code, row.code):
        store.connection.execute("UPDATE asked SET tries = tries + 1 WHERE id = ?", (row.id,))
        left = codes.TRIES - row.tries - 1
        raise InputError("this code is not right.", where="/code", code="code-wrong", details=[str(left)])
    return _confirmed(store, sending, row, now=now)


def by_link(store: Store, sending: Sending, token: str, *, now: int) -> Confirmed:
    """Confirm by a link that was opened and its button pressed, in the write transaction.

    Raises:
        InputError: ``not-found`` when there is nothing to confirm by it.
    """
    row = pending(store, sending, token, now=now)
    if row.state == CONFIRMED:
        return _again_confirmed(store, sending, row)
    return _confirmed(store, sending, row, now=now)


def pending(store: Store, sending: Sending, token: str, *, now: int) -> Row:
    """Give what a link would confirm; nothing changes by that.

    Raises:
        InputError: ``not-found`` when there is nothing.
    """
    with store.outside_wall() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM asked WHERE link = ? AND until > ?", (codes.seal(sending.key, "link", token), now)
        ).fetchone()
    if found is None:
        raise _unknown()
    return Row(*found)


def ticked_of(row: Row) -> list[int]:
    """Give the places of the boxes that were ticked."""
    found: list[int] = msgspec.json.decode(row.told)["ticked"]
    return found


def waiting(store: Store, asked: str, *, now: int) -> Asked:
    """Give what waits for a code; nothing changes by that.

    Raises:
        InputError: ``not-found`` when there is nothing.
    """
    with store.outside_wall():
        row = _row(store, asked)
    if row.state == CONFIRMED or row.until <= now:
        raise _unknown()
    return _told(row.id, row.number, row.address, row.channel)


def purge(store: Store, *, now: int) -> None:
    """Forget what was not confirmed in time, and what was, for it stands in the ledger."""
    store.connection.execute("DELETE FROM asked WHERE until <= ?", (now,))


def _check_law(number: int) -> None:
    """Send nothing to a country by whose law nobody could be called: it would cost money, and bring no ground."""
    try:
        law_for(number)
    except LawUnknown as error:
        raise InputError(error.what, where="/number", todo=error.todo, code=error.code) from error


def _check_current(store: Store, of: Published, form: Form, now: int) -> None:
    """A version that was replaced is taken for a week, from pages that were open or offline."""
    if of.version == form.version:
        return
    _, newer = published(store, form.id, of.version + 1)
    if now > newer.published_at + 7 * _DAY:
        raise InputError(
            "the form has changed since.", where="/version", todo="Load the page again.", code="form-changed"
        )


def _again_confirmed(store: Store, sending: Sending, row: Row) -> Confirmed:
    """Give what was answered when it was confirmed."""
    _, of = published(store, row.form, row.version, ended=True)
    return Confirmed(token_of(sending.key, row.id) if of.design.kind == "consent" else "")


def _confirmed(store: Store, sending: Sending, row: Row, *, now: int) -> Confirmed:
    form, of = published(store, row.form, row.version)
    told = msgspec.json.decode(row.told)
    store.connection.execute("UPDATE asked SET state = ? WHERE id = ?", (CONFIRMED, row.id))
    if of.design.kind == "number":
        relate(store, form, of, row.number, opted_out=bool(told["ticked"]), at=now, now=now)
        return Confirmed("")
    given = Given(
        row.number, row.language, told["fields"], tuple(told["ticked"]), row.channel, row.address, row.at, row.code_at
    )
    token = token_of(sending.key, row.id)
    give(store, form, of, given, token, f"{sending.public_url}/r/{token}", key=sending.key, now=now)
    return Confirmed(token)


def _send(store: Store, sending: Sending, row: Row, of: Published, *, by_link: bool, now: int) -> None:
    """Put a code in the outbox; where it goes by mail, or the person is elsewhere, a link too."""
    code, link = codes.new_code(), codes.link_token(sending.key, row.id)
    good = now + (_LINK_GOOD if by_link else codes.GOOD)
    names = [of.shown[row.language].boxes[place].name for place in msgspec.json.decode(row.told)["ticked"]]
    form, _ = published(store, row.form, row.version)
    item = outbox.Post(
        form.organisation,
        store.caller(form.caller).key,
        row.number,
        _kind(of, by_link=by_link),
        row.channel,
        row.address if row.channel == "email" else e164(row.number),
        row.language,
        {
            "caller": of.caller_name,
            "product": ", ".join(names),
            "host": sending.host,
            "code": code,
            "link": f"{sending.public_url}/c/{link}",
        },
        good,
    )
    store.connection.execute(
        "UPDATE asked SET code = ?, tries = 0, codes = codes + 1, code_at = ? WHERE id = ?",
        (codes.seal(sending.key, row.id, code), now, row.id),
    )
    outbox.drop(store, item.number, item.caller, item.kind)
    outbox.post(store, sending.key, item, now=now)


def _kind(of: Published, *, by_link: bool) -> str:
    if of.design.kind == "number":
        return "number"
    return "link" if by_link else "code"


def _link_seal(key: bytes, asked: str) -> bytes:
    return codes.seal(key, "link", codes.link_token(key, asked))


def _row(store: Store, asked: str) -> Row:
    found = store.connection.execute(f"SELECT {_COLUMNS} FROM asked WHERE id = ?", (asked,)).fetchone()
    if found is None:
        raise _unknown()
    return Row(*found)


def _limits(sending: Sending, filled: Filled) -> Sequence[tuple[bytes, int]]:
    key = sending.key
    limits = [(codes.tag(key, "number", str(filled.number)), codes.HOURLY)]
    if filled.address:
        limits.append((codes.tag(key, "email", filled.address.lower()), codes.HOURLY))
    if place := prefix_of(filled.ip):
        limits.append((codes.tag(key, "ip", place), sending.from_one_place))
    return limits


def _tag_of(key: bytes, channel: str, number: int, address: str) -> bytes:
    return codes.tag(key, "email", address.lower()) if channel == "email" else codes.tag(key, "number", str(number))


def _told(asked: str, number: int, address: str, channel: str) -> Asked:
    return Asked(asked, channel, _hidden(address) if channel == "email" else hidden(number))


def _hidden(address: str) -> str:
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def _too_many() -> InputError:
    return InputError("there were too many tries.", todo="Try again in an hour.", code="too-many-codes")


def _unknown() -> InputError:
    return InputError("there is nothing to confirm.", todo="Fill the form in again.", code="not-found")
