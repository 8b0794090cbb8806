"""Erasing a person: what nobody may keep goes, what must be proven stays closed, an objection goes on working.

In one transaction of the ledger the objections become tags without a number, events become empty places, standing goes,
what may go loses its body, and an ``erase`` entry in clear says which entries those were, when and why. Only then are
keys shredded, by the handles that the transaction left behind: killed in between, the next erasure finishes it.

Invariant: no key is shredded before an ``erase`` entry that names what it opened is durable. So a key that is lost in
any other way shows as such, for ever.
"""

__all__ = ["Erased", "Searched", "check_said", "due", "erase", "finish", "search"]

import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from belbaar.errors import InputError
from belbaar.law import Pack
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.ledger.record import ERASED, refold
from belbaar.ledger.snapshot import forget_snapshot
from belbaar.numbers import read
from belbaar.proof.entries.commit import ID_BYTES, Leaf, clear_entry, handle_of
from belbaar.proof.entries.jcs import Value
from belbaar.proof.erasure.fates import Plan, plan_of
from belbaar.proof.erasure.remains import Remain, Sought, remains
from belbaar.proof.erasure.retention import last_day_of
from belbaar.proof.keys.keyring import shared_secret
from belbaar.proof.keys.sealed import number_tag
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.tiles import shred_bodies

TERM_ENDED = "retention ended"
"""The reason of an erasure that nobody asked: what was retained has had its last day."""

_GOES_NOW = 0
"""Stands for the last day of a key that is to be shredded: what is left to do when a process was killed."""
_LONGEST = 300
_PASSING = ("permit", "asked", "outgoing", "receipt_link")
"""Tables with numbers of which nothing must be proven."""
_LONG_RUN = re.compile(r"\d{6}")
_LIKE_A_NUMBER = re.compile(r"\+?\d(?:[ ()./-]*\d){6,}")
_AT_ONCE = 2_500
"""Places that one entry names: of both kinds together they stay below its greatest length."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Args:
        plan: what was to go and to stay.
        entries: the places in the log of the entries that say so.
        digests: by which the events were known: to look whether any is left.
    """

    plan: Plan
    entries: range
    digests: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search for an erased number looked through, and what it found."""

    files: Sequence[Path]
    found: Sequence[Remain]


def erase(log: Log, number: int, *, pack: Pack, reason: str, caller: str = "", by: str = "") -> Erased:
    """Erase a number, and log that; keys are shredded by ``finish``, which whoever erases calls next.

    Args:
        log: with its keys.
        number: E.164.
        pack: the law by which grounds end.
        reason: why; it stays in the log for ever, in clear.
        caller: only what concerns this one; "": all.
        by: in what role it is done, "" to leave that out; it stays in clear too.

    Raises:
        InputError: when the reason could hold a person's data, the caller is not registered, or a caller shows the number.
        StoreUnavailable: when store or keys cannot be written. Nothing is erased then.
    """
    check_said(reason, "--reason")
    if by:
        check_said(by, "--by")
    store = log.store
    _refuse_own_number(store, number)
    store.overwrite_deleted()
    with store.writing():
        key = store.caller(caller).key if caller else None
        log.keyring.retention.retire(number, caller=key)  # what is recorded later has keys of its own
        _forget_passing(store, number, key)
        if key is None:
            _forget_traces(log, number)
        _forget_requests(store, number, key, log.clock())
        plan = plan_of(log, number, caller, pack)
        if plan.empty:
            return Erased(plan, range(0), ())
        log.suppress(number, plan.objections)
        digests = _emptied(store, number, [event.seq for event in plan.events])
        refold(store, pack, number)
        _retain(store, plan)
        said = {"by": by, "reason": reason} if by else {"reason": reason}
        entries = _close(log, plan.gone, [event.seq for event in plan.events], said)
    return Erased(plan, entries, digests)


def due(log: Log, pack: Pack, lists: Path | None = None) -> range:
    """Erase what was retained and has had its last day; give the places of the entries that say so.

    Keys are shredded by ``finish``.

    Args:
        log: with its keys.
        pack: tells the local day.
        lists: where the rows of screened lists are kept, which are forgotten when their days are over.
    """
    store = log.store
    today = local_day(log.clock(), pack.zone)
    store.overwrite_deleted()
    with store.writing() as connection:
        query = "SELECT handle FROM retained WHERE until_day > ? AND until_day < ? ORDER BY handle"
        handles = [handle for (handle,) in connection.execute(query, (_GOES_NOW, today)).fetchall()]
        old = _old_lists(log, pack, today)
        if not handles and not old:
            return range(0)
        places = _forgotten(log, old)
        for handle in handles:
            rows = connection.execute("SELECT ix FROM leaf WHERE handle = ? AND handle <> 0", (handle,))
            places += [index for (index,) in rows.fetchall()]
            connection.execute("UPDATE retained SET until_day = ? WHERE handle = ?", (_GOES_NOW, handle))
        entries = _close(log, sorted(places), [], {"reason": TERM_ENDED})
    for _, key in old:
        if lists:
            (lists / f"{key}.rows").unlink(missing_ok=True)  # nobody could read it any more
    return entries


def finish(log: Log, *, rewrite: bool = False) -> int:
    """Shred the keys that are to go, and clear what deletions leave behind; give how many keys.

    Whatever was begun and killed is finished here. ``rewrite`` writes the ledger's tables anew.
    """
    store = log.store
    query = "SELECT handle FROM retained WHERE until_day = ?"
    handles = [handle for (handle,) in store.connection.execute(query, (_GOES_NOW,)).fetchall()]
    gone = log.keyring.retention.shred_retired(handles)
    with store.writing() as connection:
        for handle in handles:
            connection.execute("DELETE FROM retained WHERE handle = ? AND until_day = ?", (handle, _GOES_NOW))
    forget_snapshot(store)
    store.scrub(whole=rewrite)
    return gone


def search(log: Log, sought: Sought, also: Iterable[Path] = (), *, jobs: Path | None = None) -> Searched:
    """Look for an erased number in all files that belbaar keeps, and in others; what can be cleared is cleared first.

    Of lists that were uploaded to the service, each in a folder of ``jobs``, those that hold the number go whole.

    Pages of a SQLite file keep what once stood in them: when anything is found there, the file is written anew. The
    progress of a screening that holds the number goes; started again, it begins anew. The files of a server's database
    are out of reach.
    """
    store = log.store
    own = Path(store.target) if store.dialect == "sqlite" and store.target != ":memory:" else None
    pages = [path for end in ("", "-wal", "-shm", "-journal") if own and (path := Path(f"{own}{end}")).exists()]
    for folder in own.absolute().parent.glob("*.progress") if own else ():
        if (folder / "question.json").exists() and remains([folder], sought)[1]:
            shutil.rmtree(folder)
    for folder in sorted(jobs.iterdir()) if jobs and jobs.exists() else ():
        if remains([folder], sought)[1]:
            shutil.rmtree(folder)
    if remains(pages, sought)[1]:
        store.scrub(whole=True)
    return Searched(*remains([*pages, log.keyring.folder, *also], sought))


def check_said(text: str, where: str) -> None:
    """Look whether a text may stand in the log, in clear and for ever.

    Raises:
        InputError: when it says nothing, or could hold a person's data.
    """
    if not text.strip() or len(text) > _LONGEST:
        raise InputError(f"a reason has between 1 and {_LONGEST} characters.", where=where)
    numbers = (found[0] for found in _LIKE_A_NUMBER.finditer(text))
    if "@" in text or _LONG_RUN.search(text) or any(read(found).number for found in numbers):
        raise InputError(
            "this looks like a person's data, and it would stay in the log for ever.",
            where=where,
            todo='Say what was asked and name the case, such as "request 2026-014"; no name, number or address.',
        )


def _old_lists(log: Log, pack: Pack, today: int) -> list[tuple[int, int]]:
    """Give the screened lists whose rows have had their last day: the place in the log, and what their key is under."""
    rows = log.store.connection.execute("SELECT ix, key, at FROM screening WHERE key <> 0 ORDER BY ix").fetchall()
    return [(ix, key) for ix, key, at in rows if (last_day_of("list-row", at, pack.zone) or today) < today]


def _forgotten(log: Log, lists: Iterable[tuple[int, int]]) -> list[int]:
    """Have the keys of lists shredded next; give the places of the lists in the log."""
    query, keys = log.store.connection.execute, log.keyring.retention
    places = []
    for index, key in lists:
        keys.retire(key)
        for _, _, secret in keys.keys_of(key):
            query("INSERT INTO retained (handle, until_day, reason) VALUES (?, ?, '')", (handle_of(secret), _GOES_NOW))
        query("UPDATE screening SET key = 0 WHERE ix = ?", (index,))
        places.append(index)
    return places


def _refuse_own_number(store: Store, number: int) -> None:
    owners = [caller.id for caller in store.callers().values() if number in caller.numbers]
    if owners:
        raise InputError(
            f"{owners[0]} shows this number when it calls, so it is not a called person's.",
            where="NUMBER",
            todo="Name the number of the person who asked.",
        )


def _emptied(store: Store, number: int, places: Sequence[int]) -> list[bytes]:
    """Leave of events their place only; give the digests by which they were known."""
    query = store.connection.execute
    query("INSERT INTO erasing (number) VALUES (?)", (number,))
    digests = []
    for seq in places:
        (digest,) = query("SELECT id FROM event WHERE seq = ?", (seq,)).fetchone()
        digests.append(bytes(digest))
        query(
            f"UPDATE event SET kind = '{ERASED}', number = 0, caller = 0, agent = 0, at = 0, recorded_at = 0, "
            "fields = '{}', row = 0, id = ? WHERE seq = ?",
            (secrets.token_bytes(ID_BYTES), seq),
        )
    query("DELETE FROM erasing WHERE number = ?", (number,))
    return digests


def _forget_passing(store: Store, number: int, caller: int | None) -> None:
    """Forget what passes: permits to call a number, what waits for a code or is to be sent, links to its receipts.

    Of one caller or of all. Whoever shows a permit, a code or a link later is refused.
    """
    mine, values = ("", (number,)) if caller is None else (" AND caller = ?", (number, caller))
    for table in _PASSING:
        store.connection.execute(f"DELETE FROM {table} WHERE number = ?{mine}", values)


def _forget_traces(log: Log, number: int) -> None:
    """Forget what the trace desk keeps of a number that was called, and calls that it made that nobody traces.

    What a case is about stays until the case's own last day: who calls others anonymously does not end their case so.
    """
    query = log.store.connection.execute
    for (case_id,) in query("SELECT id FROM trace_case WHERE number = ?", (number,)).fetchall():
        query("DELETE FROM trace_case_call WHERE case_id = ?", (case_id,))
        query("UPDATE trace_case SET number = 0, sealed = ? WHERE id = ?", (b"", case_id))
    tag = number_tag(shared_secret(log.keyring.folder, "trace"), number)
    query(
        "DELETE FROM incoming_call WHERE (called = ? OR tag = ?) "
        "AND NOT EXISTS (SELECT 1 FROM trace_case_call WHERE trace_case_call.ref = incoming_call.ref)",
        (number, tag),
    )
    query("DELETE FROM subscriber_line WHERE number = ?", (number,))


def _forget_requests(store: Store, number: int, caller: int | None, now: int) -> None:
    """Let what a person asked and wrote go, of one caller or of all: the request itself stays, as ended."""
    mine, values = ("", (number,)) if caller is None else (" AND caller = ?", (number, caller))
    store.connection.execute(
        "UPDATE request SET number = 0, sealed = ?, state = 'done', "
        f"ended_at = CASE ended_at WHEN 0 THEN ? ELSE ended_at END WHERE number = ?{mine}",
        (b"", now, *values),
    )


def _retain(store: Store, plan: Plan) -> None:
    """Note through which day keys stay, and which are to go."""
    for handle in plan.handles:
        until, reason = plan.retained.get(handle, (_GOES_NOW, ""))
        store.connection.execute(
            "INSERT INTO retained (handle, until_day, reason) VALUES (?, ?, ?) "
            "ON CONFLICT (handle) DO UPDATE SET until_day = excluded.until_day, reason = excluded.reason",
            (handle, until, reason),
        )


def _close(log: Log, indices: Sequence[int], places: Sequence[int], said: Mapping[str, Value]) -> range:
    """Delete the bodies of leaves, and say so in entries that everybody may read."""
    shred_bodies(log.connection, indices)
    leaves = [
        Leaf(bytes(ID_BYTES), clear_entry("erase", {"at": log.clock(), "leaves": some, "places": also, **said}), b"")
        for some, also in _portions(indices, places)
    ]
    first = log.append(leaves) if leaves else 0
    return range(first, first + len(leaves))


def _portions(indices: Sequence[int], places: Sequence[int]) -> Iterator[tuple[list[Value], list[Value]]]:
    cuts = [[[*numbers[n : n + _AT_ONCE]] for n in range(0, len(numbers), _AT_ONCE)] for numbers in (indices, places)]
    for some, also in zip_longest(*cuts, fillvalue=[]):
        yield [*some], [*also]
