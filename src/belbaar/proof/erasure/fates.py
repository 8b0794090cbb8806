"""What becomes of each thing that is kept of a number when its erasure is asked: it goes, or stays through a day.

    >>> fate = Fate(7, 0, ROW_OF["call.made"], "voltix", last=741_693)
    >>> fate.goes(741_693), fate.goes(741_694)
    (False, True)

An erasure ends all grounds, as a new person on the number would: whoever was erased cannot be called on them any more,
so from that day runs what the table of retention reckons from their end. A key goes when the last thing that it opens
may go; what an earlier erasure retained keeps its day.
"""

__all__ = ["Fate", "Plan", "fates_of", "plan_of"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from belbaar.law import Pack
from belbaar.law.calendar import local_day
from belbaar.ledger import Event, events_of
from belbaar.proof.entries.commit import Leaf, handle_of, open_sealed
from belbaar.proof.entries.jcs import Value
from belbaar.proof.erasure.retention import AT_ONCE, ROW_OF, ROWS, Row, last_day_kept, last_day_of
from belbaar.proof.log.keeping import Log

_BY_ID = {row.id: row for row in ROWS}
_OF_CLASS = {
    AT_ONCE: _BY_ID["standing"],
    "proof": _BY_ID["consent"],
    "cdr": _BY_ID["call"],
    "recording": _BY_ID["recording"],
}
"""The row of what has none of its own, by the class of its key; such as a receipt, which goes with its consent."""
_NO_LEAF = -1
_WITH_THE_REST = -1
"""The last day of what stays for as long as the other things that its key opens."""
_LEAVES = "SELECT ix, id, entry, sealed, about FROM leaf WHERE handle = ? AND handle <> 0 ORDER BY ix"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one thing.

    Args:
        index: of its leaf; -1 when it has none.
        handle: of the key that opens it.
        row: of the table of retention.
        caller: whom it concerns, "" when it is about the number alone.
        last: the last day on which it is kept; None: it goes at once.
    """

    index: int
    handle: int
    row: Row
    caller: str
    last: int | None

    def goes(self, today: int) -> bool:
        """Tell whether it goes on a day."""
        return self.last is None or self.last < today


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure does.

    Args:
        number: whose.
        caller: only what concerns this one; "": all.
        today: the local day.
        events: what the ledger forgets, all but its places.
        fates: what becomes of all that is kept.
        objections: what goes on working: pairs of a caller's id, "" for all, and since when.
        handles: of all keys.
    """

    number: int
    caller: str
    today: int
    events: Sequence[Event]
    fates: Sequence[Fate]
    objections: Sequence[tuple[str, int]]
    handles: Sequence[int]

    @property
    def gone(self) -> list[int]:
        """The leaves of which only the entry stays."""
        return sorted(fate.index for fate in self.fates if fate.goes(self.today) and fate.index != _NO_LEAF)

    @property
    def retained(self) -> dict[int, tuple[int, str]]:
        """The keys that stay, by their handles: the last day, and the rows of the table that say why."""
        return {
            handle: (max(fate.last or 0 for fate in stays), " ".join(sorted({fate.row.id for fate in stays})))
            for handle in self.handles
            if (stays := [fate for fate in self.fates if fate.handle == handle and not fate.goes(self.today)])
        }

    @property
    def empty(self) -> bool:
        """Whether nothing is kept that this would change."""
        return not (self.events or self.gone or set(self.handles) - set(self.retained))


def plan_of(log: Log, number: int, caller: str, pack: Pack) -> Plan:
    """Say what an erasure would do now.

    Args:
        log: with its keys.
        number: E.164.
        caller: only what concerns this one; "": all.
        pack: the law by which grounds end.

    Raises:
        InputError: when that caller is not registered.
        ProofError: when a sealed body is not what the log committed to.
    """
    store, now = log.store, log.clock()
    wanted = store.caller(caller).key if caller else None
    history = events_of(store, number)
    events = [event for event in history if event.seq and caller in ("", event.caller)]
    known = fates_of(events, history, now, pack)
    keys = [(name, key) for of, name, key in log.keyring.retention.keys_of(number) if wanted in (None, of)]
    today = local_day(now, pack.zone)
    fates = [fate for name, key in keys for fate in _of_key(log, name, key, known, pack, today)]
    logged = {about for about, _ in _places(log, known)}
    fates += [replace(known[seq], last=None) for seq in sorted(known.keys() - logged)]
    handles = tuple(handle_of(key) for _, key in keys)
    return Plan(number, caller, today, events, fates, _objections(history, caller), handles)


def fates_of(events: Iterable[Event], history: Sequence[Event], asked_at: int, pack: Pack) -> dict[int, Fate]:
    """Give the fate of events, by their places in the ledger, when erasure is asked at an instant.

    ``history`` are all events of the number, of all callers.
    """
    end = max([asked_at, *(event.at for event in history)])
    ended = [*history, *(Event("number.reassigned", event.number, end, end) for event in history[:1])]
    return {event.seq: _of_event(event, ended, pack) for event in events}


def _of_event(event: Event, history: Iterable[Event], pack: Pack) -> Fate:
    row = ROW_OF[event.kind]
    last = None if row.retention == AT_ONCE else last_day_kept(event, history, pack)
    return Fate(_NO_LEAF, 0, row, event.caller, last)


def _of_key(log: Log, name: str, key: bytes, known: Mapping[int, Fate], pack: Pack, today: int) -> list[Fate]:
    """Give the fate of each leaf that a key opens; what has no day of its own goes with the rest."""
    handle, query = handle_of(key), log.store.connection.execute
    retained = query("SELECT until_day FROM retained WHERE handle = ?", (handle,)).fetchone()
    fates = []
    for index, id_, entry, sealed, about in query(_LEAVES, (handle,)).fetchall():
        leaf = Leaf(bytes(id_), bytes(entry), bytes(sealed), handle, about)
        fate = known.get(leaf.about) or _of_body(leaf, name, key, pack)
        if retained and fate.last is not None:
            fate = replace(fate, last=retained[0])
        fates.append(replace(fate, index=index, handle=handle))
    others = [fate.last for fate in fates if fate.last is not None and fate.last != _WITH_THE_REST]
    rest = max(others, default=_long_enough(name, today))
    return [replace(fate, last=rest) if fate.last == _WITH_THE_REST else fate for fate in fates]


def _of_body(leaf: Leaf, name: str, key: bytes, pack: Pack) -> Fate:
    """Tell by what it says: a verdict, a receipt, or an event that the ledger knows no more."""
    what = open_sealed(key, leaf.id, leaf.sealed, leaf.entry).what
    kind, caller = str(what.get("kind", "")), str(what.get("caller", ""))
    if kind == "verdict":
        id_, at = ("verdict-acted-on", "at") if what.get("allowed") is True else ("verdict-not-acted-on", "decided_at")
        return Fate(_NO_LEAF, 0, _BY_ID[id_], caller, last_day_of(id_, _instant(what, at), pack.zone))
    row = ROW_OF.get(kind, _OF_CLASS[name])
    return Fate(_NO_LEAF, 0, row, caller, None if row.retention == AT_ONCE else _WITH_THE_REST)


def _instant(what: Mapping[str, Value], field: str) -> int:
    at = what.get(field)
    return at if isinstance(at, int) else 0


def _long_enough(name: str, today: int) -> int:
    """What tells no day, and lies with nothing that does, stays for the whole term of its class from today."""
    term = _OF_CLASS[name].term
    return today if term is None else term.after(today)


def _places(log: Log, known: Mapping[int, Fate]) -> list[tuple[int, int]]:
    """Give the events that have a leaf which their key can open, and the leaf's place."""
    query = "SELECT about, ix FROM leaf WHERE about = ? AND about <> 0 AND handle <> 0"
    rows = (log.store.connection.execute(query, (seq,)).fetchone() for seq in known)
    return [(about, ix) for about, ix in filter(None, rows)]


def _objections(history: Iterable[Event], caller: str) -> list[tuple[str, int]]:
    """Give the objections to each caller and to all; one that a later consent lifted counts: that goes too.

    Not the latest alone: a call between two of them is judged as before.
    """
    made = (event for event in history if event.kind == "objection.made" and caller in ("", event.caller))
    return sorted({("" if event.fields.get("scope") == "all" else event.caller, event.at) for event in made})
