"""The record of calls that came in: what the called person is not shown, kept for the case that a trace is asked for.

Who called is sealed; beside it stands a mark of the number, so that two calls of one caller are known as such without
anybody reading from whom. A record without a mark or a case goes when its days are over.

Law: articles 11.9 and 11.11 Tw; RFC 3323 and 3325 say what is withheld, RFC 5079 what is anonymous.
"""

__all__ = [
    "BROKEN", "FORWARDED", "NOT_SIGNED", "SHOWN", "SIGNED", "UNAVAILABLE", "UNCHECKED", "WITHHELD", "Change", "Identity", "Incoming", "apply", "call_of",
    "caller_of", "calls_around", "forget", "mark", "newest",
]  # fmt: skip

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import msgspec

from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.proof.keys.sealed import number_tag, sealed
from belbaar.reading import read_number
from belbaar.trace.hand import Hand, opened
from belbaar.trace.names import new_name

SHOWN, WITHHELD, UNAVAILABLE = 0, 1, 2
"""Whether the called person saw a number: it was withheld by the caller, or the network had none, as from abroad."""
TRUST = ("own", "signed", "national", "international", "broken")
"""How far a number is trusted: asserted for a subscriber of one's own, signed by the caller's provider, by a provider of
this country, by any other: that one can be forged; or it came with a signature that is not for this call."""
SIGNED, NOT_SIGNED, FORWARDED, UNCHECKED, BROKEN = "valid", "none", "forwarded", "unchecked", "broken"
"""What a signature comes to that says nothing of how far it vouches; where there is none; one that is for the number from
which a call was forwarded, so it says nothing of this call; one whose certificate is not to be had or of nobody who is
trusted, which says nothing either; and one that is a lie, or of another call."""
MARKABLE = 600_000_000
"""Microseconds after a call's end within which it can be marked."""
_USER = re.compile(r"(?:sips?|tel):([^@;>,\s]+)", re.IGNORECASE)
"""The user part of a URI, which is where a number stands."""
_KEPT_MARKED = 92 * 86_400_000_000
"""A marked call waits for a request in writing; telephony.md section 8."""
_COLUMNS = "ref, called, received_at, hidden, peer, trust, result, answered_at, ended_at, marked_at, tag"
_SELECT = f"SELECT {_COLUMNS} FROM incoming_call WHERE organisation = ?"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What the proxy in the path of incoming calls wrote down: a call, its answer, its end, or a mark.

    Args:
        id: its place in the proxy's file.
        at: UTC microseconds.
        what: ``call``, ``result``, ``ended`` or ``mark``.
        of: the place of the call that it is about; 0: it is a call itself.
        call_id: that call's.
        called: the number called, E.164.
        asserted: P-Asserted-Identity, as it came.
        sender: From, ``privacy``, ``via``, ``history`` (History-Info, Diversion) and ``identity`` (RFC 8224): likewise.
        peer: whence it came, ``trust`` how far what it asserts is trusted.
        hidden: ``SHOWN``, ``WITHHELD`` or ``UNAVAILABLE``.
        code: the answer, a SIP code.
        signature: what ``identity`` comes to: how far it vouches, ``A``, ``B`` or ``C`` (RFC 8588), or ``SIGNED``;
            ``NOT_SIGNED``; ``FORWARDED``, ``UNCHECKED`` or ``BROKEN``, a colon, and why; "": it was not judged. Not the proxy's: said of it here.
        signed_by: whose certificate signed it, as that says; likewise.
    """

    id: int
    at: int
    what: str
    of: int
    call_id: str
    called: str = ""
    asserted: str = ""
    sender: str = ""
    privacy: str = ""
    via: str = ""
    history: str = ""
    identity: str = ""
    peer: str = ""
    trust: str = "international"
    hidden: int = SHOWN
    code: int = 0
    signature: str = ""
    signed_by: str = ""


class Identity(msgspec.Struct, frozen=True):
    """What is sealed of a call: who made it, as the network says.

    ``number``: E.164, 0 where it is none; ``signature`` and ``signed_by``: as a ``Change`` has them.
    """

    number: int
    call_id: str
    asserted: str
    sender: str
    privacy: str
    via: str
    history: str
    identity: str
    signature: str = ""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that came in, without who made it.

    Args:
        ref: by which it is named.
        called: E.164.
        received_at: UTC microseconds, as are ``answered_at``, ``ended_at``, ``marked_at``; 0: not.
        hidden: whether the called person saw a number.
        peer: whence it came; ``trust``: one of ``TRUST``.
        result: the SIP code of its answer; 0: none yet.
        tag: the same for all calls of one caller; empty where no number came with it.
    """

    ref: str
    called: int
    received_at: int
    hidden: int
    peer: str
    trust: str
    result: int
    answered_at: int
    ended_at: int
    marked_at: int
    tag: bytes

    @property
    def seconds(self) -> int:
        """How long was talked."""
        return max(0, self.ended_at - self.answered_at) // 1_000_000 if self.answered_at and self.ended_at else 0


def apply(store: Store, hand: Hand, spool: str, changes: Iterable[Change]) -> set[int]:
    """Write what the proxy wrote down, in its order; inside the write transaction. Give the numbers that marked a call.

    ``spool``: the name of its file.
    """
    marking = set()
    for change in changes:
        dialog = hashlib.sha256(change.call_id.encode()).digest()
        digest = hashlib.sha256(f"{spool}|{change.of or change.id}".encode()).digest()
        if change.what == "call":
            _add(store, hand, change, digest, dialog)
            continue
        column, value = {
            "result": ("result = ?, answered_at", change.at if change.code < 300 else 0),  # noqa: PLR2004  2xx
            "ended": ("ended_at", change.at),
            "mark": ("marked_at", change.at),
        }[change.what]
        values = (change.code, value) if change.what == "result" else (value,)
        row = store.connection.execute(
            "SELECT ref, called, marked_at FROM incoming_call WHERE digest = ? AND dialog = ?", (digest, dialog)
        ).fetchone()
        if row is None or (change.what == "mark" and row[2]):
            continue  # it was forgotten, is of a number that nobody has, or a dialog that names another call as its own; or is marked
        store.connection.execute(f"UPDATE incoming_call SET {column} = ? WHERE ref = ?", (*values, row[0]))
        if change.what == "mark":
            hand.notes("trace.mark", {"call": row[0]}, row[1])
            marking.add(row[1])
    return marking


def _add(store: Store, hand: Hand, change: Change, digest: bytes, dialog: bytes) -> None:
    try:
        called = read_number(f"+{change.called.lstrip('+')}", "")
    except InputError:
        return  # no subscriber has such a number: nobody can ask about it
    number = caller_of(change)
    ref = new_name()
    told = Identity(
        number,
        change.call_id,
        change.asserted,
        change.sender,
        change.privacy,
        change.via,
        change.history,
        change.identity,
        change.signature,
        change.signed_by,
    )
    store.connection.execute(
        "INSERT INTO incoming_call (ref, organisation, digest, dialog, called, received_at, hidden, peer, trust, result, "
        "answered_at, ended_at, marked_at, tag, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (
            *(ref, hand.organisation, digest, dialog, called, change.at, change.hidden, change.peer),
            _trusted(change.trust, change.signature),
            number_tag(hand.key, number) if number else b"",
            sealed(hand.key, msgspec.json.encode(told), ref),
        ),
    )


def caller_of(change: Change) -> int:
    """Give the number that a call came from, as the network says; 0: none that can be read."""
    return _asserted(change.asserted) or _asserted(change.sender)


def _trusted(trust: str, signature: str) -> str:
    """Say how far a number is trusted, by whence it came and what its signature comes to.

    >>> _trusted("international", "A"), _trusted("national", "broken: The signature is not that of the certificate.")
    ('signed', 'broken')
    >>> _trusted("signed", ""), _trusted("signed", "none")  # what is said to be signed is, where nobody looks
    ('signed', 'national')
    """
    known = trust if trust in TRUST else "international"
    if signature.partition(":")[0] == BROKEN:
        return "broken"
    if signature == "A" and known != "own":
        return "signed"
    return "national" if known == "signed" and signature else known


def _asserted(text: str) -> int:
    """Read the first number of one or several name-addrs or URIs; 0 where there is none."""
    for user in _USER.findall(text):
        try:
            return read_number(unquote(user), "")
        except InputError:
            continue
    return 0


def calls_around(store: Store, organisation: int, called: int, first: int, last: int) -> list[Incoming]:
    """Give the calls to a number between two instants, both included, in their order."""
    query = f"{_SELECT} AND called = ? AND received_at BETWEEN ? AND ? ORDER BY received_at, ref"
    rows = store.connection.execute(query, (organisation, called, first, last)).fetchall()
    return [Incoming(*row) for row in rows]


def call_of(store: Store, organisation: int, ref: str) -> Incoming | None:
    """Give a call by its name; None when the organisation has none such."""
    row = store.connection.execute(f"{_SELECT} AND ref = ?", (organisation, ref)).fetchone()
    return Incoming(*row) if row else None


def identity_of(store: Store, key: bytes, ref: str) -> Identity:
    """Open who made a call. Only inside a case, and never without an entry of the log: ``belbaar.trace.looking``."""
    (kept,) = store.connection.execute("SELECT sealed FROM incoming_call WHERE ref = ?", (ref,)).fetchone()
    return msgspec.json.decode(opened(key, kept, ref), type=Identity)


def newest(store: Store, organisation: int, called: int, now: int) -> Incoming | None:
    """Give the newest call to a number, when it ended, or was missed, no longer ago than a call can be marked."""
    query = f"{_SELECT} AND called = ? AND received_at <= ? ORDER BY received_at DESC LIMIT 1"
    row = store.connection.execute(query, (organisation, called, now)).fetchone()
    if row is None:
        return None
    found = Incoming(*row)
    return found if max(found.received_at, found.answered_at, found.ended_at) >= now - MARKABLE else None


def mark(store: Store, hand: Hand, called: int) -> bool:
    """Mark the newest call to a number, for a trace; False when there is none to mark, or it is marked already.

    Never an older one in its stead: who says it twice would mark the call of somebody else.
    """
    found = newest(store, hand.organisation, called, hand.now)
    if found is None or found.marked_at:
        return False
    store.connection.execute("UPDATE incoming_call SET marked_at = ? WHERE ref = ?", (hand.now, found.ref))
    hand.notes("trace.mark", {"call": found.ref}, called)
    return True


def forget(store: Store, now: int, kept: int) -> None:
    """Forget calls without a case: unmarked ones after ``kept`` microseconds, marked ones when no request came."""
    store.connection.execute(
        "DELETE FROM incoming_call WHERE ((marked_at = 0 AND received_at < ?) OR received_at < ?) "
        "AND NOT EXISTS (SELECT 1 FROM trace_case_call WHERE trace_case_call.ref = incoming_call.ref)",
        (now - kept, now - max(kept, _KEPT_MARKED)),
    )
