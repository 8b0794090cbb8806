"""A store of each kind, batches of events for it, and programs of other processes that write in it.

A test that takes ``store`` runs twice: on a SQLite file and on PostgreSQL. One that is about a file alone takes ``path``
too, and is marked SQLITE.
"""

import functools
import sqlite3
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from belbaar.law import PACKS
from belbaar.ledger import Source, add_caller, create_store, events_of, read_event, record
from belbaar.ledger.record import stored_rows

PACK = PACKS["NL"]
ZONE = ZoneInfo("Europe/Amsterdam")
FIRST = 31201000000

OTHER_PROCESS = """
import os, signal, sys, time
from zoneinfo import ZoneInfo
from belbaar.law import PACKS
from belbaar.ledger import Source, open_store, read_event, record

def batch(count, tag):
    for place in range(count):
        number = 31201000000 + place // 2
        at = f"2026-08-{place % 28 + 1:02}T10:00:00+02:00"
        data = {"event": "consent.given", "at": at, "caller": "voltix", "product": f"{tag}.p{place % 7}", "wording": "Ja."}
        yield place, read_event(data, number=number, zone=ZoneInfo("Europe/Amsterdam"), where="x", recorded_at=None)

SOURCE = Source("other", "", 0, "test")
PACK = PACKS["NL"]
target = sys.argv[1]
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "belbaar.db"


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, path):
    """Name a store: a file that is not there yet, or an empty ledger in PostgreSQL."""
    return path if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(target):
    with create_store(target) as opened:
        add_caller(opened, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
        yield opened


@pytest.fixture
def batch():
    """Make the events that the other process makes: two a number, of seven products below a tag."""

    def make(count, tag="energy"):
        return [
            (
                place,
                read_event(
                    {
                        "event": "consent.given",
                        "at": f"2026-08-{place % 28 + 1:02}T10:00:00+02:00",
                        "caller": "voltix",
                        "product": f"{tag}.p{place % 7}",
                        "wording": "Ja.",
                    },
                    number=FIRST + place // 2,
                    zone=ZONE,
                    where="x",
                    recorded_at=None,
                ),
            )
            for place in range(count)
        ]

    return make


@pytest.fixture
def keep():
    """Record a batch."""
    return lambda store, events: record(store, events, Source("test", "", 0, "test"), PACK)


@pytest.fixture
def counts():
    """Count what is in a store: events, sources, products, rows of standing."""

    def count(store):
        tables = ("event", "source", "product", "standing")
        return {name: store.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}

    return count


@pytest.fixture
def sound():
    """Look whether a store is whole: places without gaps, and standing is what a fold of the events makes."""

    def check(store):
        if store.dialect == "sqlite":
            assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        places = store.connection.execute("SELECT count(*), min(seq), max(seq) FROM event").fetchone()
        assert tuple(places) in ((0, None, None), (places[0], 1, places[0]))
        numbers = [number for (number,) in store.connection.execute("SELECT DISTINCT number FROM event")]
        folded = [row for number in numbers for row in stored_rows(store, events_of(store, number), PACK)]
        found = [tuple(row) for row in store.connection.execute("SELECT * FROM standing")]
        assert sorted(found) == sorted(tuple(row) for row in folded)

    return check


@pytest.fixture
def other_process():
    """Start a program in another process, after the preamble; it is gone when the test is over."""
    started = []

    def start(program, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS + program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def impatient(monkeypatch):
    """Wait for a lock no longer than a hundredth of a second."""
    connect = sqlite3.connect
    hasty = functools.wraps(connect)(lambda *args, **more: connect(*args, **{**more, "timeout": 0.01}))
    monkeypatch.setattr(sqlite3, "connect", hasty)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", hasty)
