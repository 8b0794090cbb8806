"""Leaf by leaf: what opens is what the log committed to, and the event beside it makes the very same leaf again.

A leaf follows from its key, its id and its event, to the last byte; so an event is checked by sealing it again. Only
where that differs is the body opened, to say what differs. Keys are kept sorted in two arrays, forty bytes each.
"""

__all__ = ["Fault", "Seen", "look_at_leaves"]

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from belbaar.errors import InputError, ProofError
from belbaar.ledger import Event
from belbaar.ledger.record import ERASED as EMPTIED
from belbaar.proof.entries.bodies import event_body
from belbaar.proof.entries.commit import KEY_BYTES, Body, Leaf, handle_of, open_sealed, seal
from belbaar.proof.entries.jcs import Value, decode
from belbaar.proof.log.keeping import Log

_AT_ONCE = 4_096
_PERSONAL = (b'"k":"p","v":1}', b'"k":"l","v":1}')
_EVENTS = (
    "SELECT event.seq, kind, number, caller, agent, at, event.recorded_at, fields, sha256, event.row, recorded_by "
    "FROM event LEFT JOIN source ON source.id = event.source WHERE event.seq IN "
)


class Fault(NamedTuple):
    """Something that is not as it should be: a stable word for programs, about what, what is wrong, what to do."""

    code: str
    about: str
    says: str
    todo: str = ""


@dataclass(slots=True)
class Seen:
    """What the leaves were: counted, and noted where something else has to fit."""

    opened: int = 0
    clear: int = 0
    gone: set[int] = field(default_factory=set)
    """Entries whose body is gone or opens with no key."""
    erased: set[int] = field(default_factory=set)
    """Entries that an erasure names."""
    emptied: set[int] = field(default_factory=set)
    """Events of which the place is left."""
    places: set[int] = field(default_factory=set)
    """Events that an erasure names."""
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Kind and hash of the texts, by the place of their entry."""
    rotations: list[bytes] = field(default_factory=list)

    def note(self, ix: int, leaf: Leaf) -> bool:
        """Note an entry in clear; tell whether it is one."""
        if leaf.entry.endswith(_PERSONAL):
            return False
        try:
            entry: Any = decode(leaf.entry)
            kind, body = entry["k"], entry["b"]
            if kind in ("text", "rule"):
                self.texts[ix] = kind, body["sha256"]
            elif kind == "erase":
                self.erased.update(body["leaves"])
                self.places.update(body.get("places", ()))
            elif kind == "key" and "note" in body:
                self.rotations.append(leaf.entry)
        except (InputError, KeyError, TypeError):  # what was written over an entry need not be an entry
            return False
        return True


class _Keys:
    """All retention keys by their handles."""

    def __init__(self, log: Log) -> None:
        kept = bytearray().join(handle_of(key).to_bytes(8, "little") + key for key in log.keyring.retention.every_key())
        rows = np.frombuffer(kept, dtype=np.dtype([("handle", "<i8"), ("key", f"V{KEY_BYTES}")]))
        self._rows = rows[np.argsort(rows["handle"])]
        self._handles: npt.NDArray[np.int64] = np.ascontiguousarray(self._rows["handle"])

    def of(self, handles: Sequence[int]) -> list[bytes]:
        """Give the key of each handle, nothing where there is none."""
        if not len(self._handles):
            return [b""] * len(handles)
        places = np.searchsorted(self._handles, handles).clip(max=len(self._handles) - 1)
        there = self._handles[places] == handles
        return [bytes(row["key"]) if known else b"" for row, known in zip(self._rows[places], there, strict=True)]


class _Told(NamedTuple):
    """An event of the ledger as the log would tell it; no body when it cannot be told at all."""

    kind: str
    body: Body | None


def look_at_leaves(log: Log, seen: Seen) -> Iterator[Fault]:
    """Look at every leaf; give what is wrong, and note in ``seen`` what else has to fit."""
    keys = _Keys(log)
    rows = log.store.stream("SELECT ix, id, entry, sealed, handle, about FROM leaf ORDER BY ix")
    while some := list(islice(rows, _AT_ONCE)):
        found = [(ix, Leaf(bytes(id_), bytes(entry), bytes(sealed), handle, about))
                 for ix, id_, entry, sealed, handle, about in some]  # fmt: skip
        events = _events(log, [leaf.about for _, leaf in found if leaf.about])
        for (ix, leaf), key in zip(found, keys.of([leaf.handle for _, leaf in found]), strict=True):
            yield from _look(ix, leaf, key, events.get(leaf.about), seen)


def _look(ix: int, leaf: Leaf, key: bytes, event: _Told | None, seen: Seen) -> Iterator[Fault]:
    if not leaf.entry.endswith(_PERSONAL):
        if seen.note(ix, leaf) and not leaf.sealed and not leaf.about:
            seen.clear += 1
        else:
            yield Fault("entry-changed", f"entry {ix}", "it is of no form that belbaar writes.")
        return
    if leaf.about and event is None:
        yield Fault("event-gone", f"event {leaf.about}", f"it is gone from the ledger; entry {ix} of the log is of it.")
    if event and event.kind == EMPTIED:
        seen.emptied.add(leaf.about)
    if not leaf.sealed or not key:
        seen.gone.add(ix)
        if event and event.kind != EMPTIED and not leaf.sealed:
            yield Fault("event-added", f"event {leaf.about}", f"it is there, and entry {ix} of it was erased.")
        return
    yield from _opened(ix, leaf, key, event, seen)


def _opened(ix: int, leaf: Leaf, key: bytes, event: _Told | None, seen: Seen) -> Iterator[Fault]:
    kind = "l" if leaf.entry.endswith(_PERSONAL[1]) else "p"
    if event and event.body and _sealed_again(key, leaf, event.body, kind) == leaf:
        seen.opened += 1
        return
    try:
        body = open_sealed(key, leaf.id, leaf.sealed, leaf.entry)
    except (ProofError, InputError) as error:
        yield Fault("entry-changed", f"entry {ix}", f"{error.what[0].upper()}{error.what[1:]}")
        return
    seen.opened += 1
    if event and event.kind != EMPTIED:
        says = ", ".join(_differing(body, event.body) if event.body else ()) or "its form"
        yield Fault("event-changed", f"event {leaf.about}", f"it is not what entry {ix} of the log says: {says}.")


def _sealed_again(key: bytes, leaf: Leaf, body: Body, kind: str) -> Leaf | None:
    try:
        return seal(key, leaf.id, body, kind, leaf.about)
    except InputError:  # no canonical bytes: belbaar could not have written it
        return None


def _differing(logged: Body, told: Body) -> list[str]:
    """Name the fields that differ; their values may be somebody's."""
    sections = ((logged.who, told.who), (logged.what, told.what), (logged.how, told.how))
    return sorted({name for one, other in sections for name in {*one, *other} if one.get(name) != other.get(name)})


def _events(log: Log, places: Sequence[int]) -> Mapping[int, _Told]:
    """Read the events of some leaves; whatever was done to them, reading goes on."""
    if not places:
        return {}
    callers = {0: "", **{caller.key: caller.id for caller in log.store.callers().values()}}
    agents = {0: "", **dict(log.store.connection.execute("SELECT id, handle FROM agent").fetchall())}
    rows = log.store.connection.execute(f"{_EVENTS} ({', '.join('?' * len(places))})", places).fetchall()
    return {row[0]: _told(row, callers, agents) for row in rows}


def _told(row: Sequence[Any], callers: Mapping[int, str], agents: Mapping[int, str]) -> _Told:
    seq, kind, number, caller, agent, at, recorded_at, fields, digest, place, by = row
    if kind == EMPTIED:
        return _Told(kind, None)
    source: dict[str, Value] = {"recorded_by": by, "row": place, "source": digest}
    try:
        read = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in msgspec.json.decode(fields).items()
        }
        event = Event(kind, number, at, recorded_at, callers[caller], agents[agent], read, seq)
        return _Told(kind, event_body(event, source))
    except (KeyError, AttributeError, TypeError, msgspec.MsgspecError):  # belbaar could not have written it
        return _Told(kind, None)
