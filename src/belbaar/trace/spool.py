"""The folder between the proxy in the path of incoming calls and the service: a file of each, which only it writes.

=================  ==================================================================================================
``calls.db``       the proxy's: one line for a call, its answer, its end, a mark. A line is durable before a call goes on
``told.db``        the service's: which subscribers refuse what, and how far the lines were read, so that they can go
=================  ==================================================================================================

So neither waits for the other, no call is lost while the service is away, and nobody holds the other's lock: the proxy
would write a statement that failed, with the numbers in it, to its own log. How far lines were read is kept in the
ledger, in the transaction that writes what they say: each counts once, whatever is killed when.
"""

__all__ = ["Taken", "Written", "make_spool", "read", "take", "tell"]

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from belbaar.errors import StoreUnavailable
from belbaar.ledger import Store
from belbaar.trace.calls import Change, apply
from belbaar.trace.cases import call_marked
from belbaar.trace.hand import Hand
from belbaar.trace.lines import refusing, state_of

_CALLS, _TOLD = "calls.db", "told.db"
_AT_ONCE = 5_000
_FIELDS = tuple(name for name in Change.__struct_fields__ if name not in ("signature", "signed_by"))
"""The columns of a line: what is judged is not the proxy's to say."""
_TEXTS = (
    "call_id",
    "called",
    "asserted",
    "sender",
    "privacy",
    "via",
    "history",
    "identity",
    "peer",
    "trust",
)
_TEXT_COLUMNS = ", ".join(f"{name} TEXT NOT NULL DEFAULT ''" for name in _TEXTS)
_MAKE_LINE = (
    "CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, what TEXT NOT NULL, "
    "of INTEGER NOT NULL DEFAULT 0, "
    f"{_TEXT_COLUMNS}, hidden INTEGER NOT NULL DEFAULT 0, code INTEGER NOT NULL DEFAULT 0)"
)
_MAKE_CALLS = (
    _MAKE_LINE,
    "CREATE INDEX IF NOT EXISTS line_called ON line (called, at)",
    "CREATE INDEX IF NOT EXISTS line_of ON line (of)",
    "CREATE INDEX IF NOT EXISTS line_telling ON line (id) WHERE sender <> ''",
    "CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL)",
)
_MAKE_TOLD = (
    "CREATE TABLE IF NOT EXISTS refusing (number TEXT PRIMARY KEY, anonymous INTEGER, unavailable INTEGER)",
    "CREATE TABLE IF NOT EXISTS taken (id INTEGER NOT NULL, state TEXT NOT NULL)",
)


def make_spool(folder: Path) -> None:
    """Make the folder and its files, where they are not there.

    Raises:
        StoreUnavailable: when they cannot be made.
    """
    with _open(folder, _CALLS, _MAKE_CALLS) as calls, _open(folder, _TOLD, _MAKE_TOLD) as told:
        if not calls.execute("SELECT 1 FROM spool").fetchone():
            calls.execute("INSERT INTO spool VALUES (?)", (secrets.token_hex(8),))
        if not told.execute("SELECT 1 FROM taken").fetchone():
            told.execute("INSERT INTO taken VALUES (0, '')")


@dataclass(frozen=True, slots=True)
class Written:
    """What the proxy wrote down since, as it was read.

    Args:
        spool: the name of its file.
        changes: its lines, in their order; some may stand in the ledger already.
        since: the line after which it was read.
        state: the word for what subscribers refuse that it knows.
        more: whether there may be further lines.
    """

    spool: str
    since: int
    changes: Sequence[Change]
    state: str
    more: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What the proxy is to be told.

    Args:
        line: the last of its lines that stands in the ledger.
        state: a word for what subscribers refuse, another one whenever that changed.
        refusing: who refuses what (``lines.refusing``); None: the proxy knows already.
        more: whether there may be further lines to take.
    """

    line: int
    state: str
    refusing: Sequence[tuple[str, int, int]] | None
    more: bool


def read(folder: Path, since: int | None = None) -> Written:
    """Read what the proxy wrote down after a line; None: since it was last told how far that is known.

    Raises:
        StoreUnavailable: when it cannot be read.
    """
    with _open(folder, _TOLD) as told:
        taken, state = told.execute("SELECT id, state FROM taken").fetchone()
    with _open(folder, _CALLS) as calls:
        (spool,) = calls.execute("SELECT id FROM spool").fetchone()
        first = taken if since is None else since
        query = f"SELECT {', '.join(_FIELDS)} FROM line WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"
        lines = calls.execute(query, (first,)).fetchall()
    changes = [msgspec.convert(dict(zip(_FIELDS, line, strict=True)), Change) for line in lines]
    return Written(spool, first, changes, state, len(lines) == _AT_ONCE)


def take(store: Store, hand: Hand, written: Written) -> Taken:
    """Write what the proxy wrote down; inside the write transaction. Give what to ``tell`` it once that is durable.

    A ledger that was put back from a backup knows less than the proxy was told: then nothing is written, and what comes
    after the line that is given is to be read.
    """
    line, ahead = _take_lines(store, hand, written)
    state = state_of(store, hand.organisation)
    told = None if state == written.state else refusing(store, hand.organisation)
    return Taken(line, state, told, written.more or ahead)


def tell(folder: Path, taken: Taken) -> None:
    """Tell the proxy what subscribers refuse, and which lines are durable in the ledger: it throws them away."""
    with _open(folder, _TOLD) as told:
        told.execute("PRAGMA secure_delete = ON")
        told.execute("UPDATE taken SET id = max(id, ?)", (taken.line,))
        if taken.refusing is not None:
            told.execute("UPDATE taken SET state = ?", (taken.state,))
            told.execute("DELETE FROM refusing")
            told.executemany("INSERT INTO refusing VALUES (?, ?, ?)", taken.refusing)


def _take_lines(store: Store, hand: Hand, written: Written) -> tuple[int, bool]:
    """Take the lines that are not in the ledger yet; give the last that was ever taken, and whether some were left out."""
    query = store.connection.execute
    row = query("SELECT taken FROM incoming_spool WHERE id = ?", (written.spool,)).fetchone()
    taken = int(row[0]) if row else 0
    changes = [each for each in written.changes if each.id > taken]
    if not changes or taken < written.since:
        return taken, taken < written.since
    for number in apply(store, hand, written.spool, changes):
        call_marked(store, hand, number)
    query(
        "INSERT INTO incoming_spool (id, taken) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET taken = excluded.taken",
        (written.spool, changes[-1].id),
    )
    return changes[-1].id, False


@contextmanager
def _open(folder: Path, name: str, make: tuple[str, ...] = ()) -> Iterator[sqlite3.Connection]:
    try:
        if make:
            folder.mkdir(mode=0o770, parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / name, timeout=5)) as connection, connection:
            connection.text_factory = _text
            if make:
                connection.execute("PRAGMA journal_mode = WAL")
            for statement in make:
                connection.execute(statement)
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(
            f"what came in cannot be read: {error}.", where=str(folder), todo="Look at the setting trace_spool."
        ) from error


def _text(content: bytes) -> str:
    """Read a text: what others wrote into a header need be no UTF-8."""
    return content.decode(errors="replace")
