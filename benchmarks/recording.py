"""``belbaar record`` of a file of consents, checked and folded, against bare ``executemany`` of the same columns."""

import json
import shutil
import sqlite3
from pathlib import Path
from statistics import median

from belbaar.ledger import add_caller, create_store, open_store
from belbaar.ledger.importing import ImportOptions, import_file
from benchmarks.made import AT, OUT, belbaar, make_consents
from benchmarks.timing import seconds

_COLUMNS = "id, kind, number, caller, agent, at, recorded_at, fields, source, row"


def measure(rows: int) -> list[tuple[str, ...]]:
    path = OUT / "consents.csv"
    make_consents(path, rows)
    store, bare = OUT / "record.db", OUT / "bare.db"
    _new_store(store)
    _in_process(store, path)
    with sqlite3.connect(store) as connection:
        events = connection.execute(f"SELECT {_COLUMNS} FROM event").fetchall()
    assert len(events) == rows, len(events)  # noqa: S101
    assert json.loads(events[0][7])["verified"] == "sms"  # noqa: S101

    def command() -> None:
        options = ("--event", "consent.given", "--caller", "voltix", "--product", "energy", "--store", str(store))
        belbaar("record", str(path), *options)

    took = {"bare": [], "in_process": [], "command": []}
    for _ in range(3):
        took["bare"].append(seconds(lambda: _executemany(bare, events)))
        _new_store(store)
        took["in_process"].append(seconds(lambda: _in_process(store, path)))
        _remove(store)
        belbaar("init", "--store", str(store))
        _new_caller(store)
        took["command"].append(seconds(command))
    took = {name: median(times) for name, times in took.items()}
    peer = f"{took['bare']:.2f} s, {rows / took['bare']:,.0f}/s"
    return [
        (
            f"record {rows:,} events from CSV, {what}",
            "`executemany` of the same columns, one table",
            f"1/{took[name] / took['bare']:.0f} of its speed",
            f"{took[name]:.1f} s, {rows / took[name]:,.0f}/s",
            peer,
        )
        for name, what in (("in_process", "in process, no log"), ("command", "whole command, each event logged"))
    ]


def _new_store(path: Path) -> None:
    _remove(path)
    _new_caller(path)


def _new_caller(path: Path) -> None:
    with create_store(path) as store:
        add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])


def _in_process(path: Path, file: Path) -> None:
    with open_store(path) as store:
        import_file(
            store, file, ImportOptions(event="consent.given", caller="voltix", product="energy"), now=AT, by="bench"
        )


def _executemany(path: Path, events: list[tuple[object, ...]]) -> None:
    _remove(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"CREATE TABLE event ({_COLUMNS})")
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO event VALUES ({', '.join('?' * 10)})", events)
    connection.execute("COMMIT")
    connection.close()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(f"{path}.keys", ignore_errors=True)
