"""Rows read after others like them are read as each would be by itself."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import alike, events_of, rebuild, rows
from belbaar.ledger.cells import read_cell
from belbaar.ledger.importing import ImportOptions
from belbaar.ledger.values import read_instant
from tests.lists.conftest import NOW

ZONE = PACKS["NL"].zone
CELLS = {
    "Telefoon": ["0201000001", "020-1000002", "0201000003", "+31 20 1000004", "onbekend", "", "0201"],
    "Datum": [
        *("2026-08-01", "1-8-2026 10:00", "2026-08-01T10:00:00+02:00", "2026-08-02T10:00+02:00", "2026-08-02T23:30Z"),
        *("", "  ", "31-2-2026", "2027-01-01", "03/04/2025", "2026-08-01T10:00:00.5+02:00", "2026-03-29 02:30"),
    ],
    "Tekst": ["Ja.", "Ja, u mag mij bellen.", "", " "],
    "Product": ["energy", "energy.gas", "", "*", "Energy Gas!"],
    "Geverifieerd": ["sms", "nee", "", "misschien"],
    "Kanaal": ["bellen", "bellen, sms", "sms", "", "post"],
    "Getoond": ["2026-08-01T09:59:00+02:00", "2026-08-01T10:00:01+02:00", "", "2026-08-02T09:00:00Z"],
    "Wat": ["consent.given", "objection.made", "call.made", "relation.started", "", "iets"],
}


def table(rnd, count, columns, *, tidy):
    """Write a file in which most rows are alike; an untidy one has cells that cannot be read."""
    lines = [";".join(columns)]
    for _ in range(count):
        cells = [CELLS[name][0 if tidy and rnd.random() < 0.7 else rnd.randrange(len(CELLS[name]))] for name in columns]
        lines.append(";".join(cells))
    return "\n".join(lines) + "\n"


def read(path, options):
    return rows.read(path, options, zone=ZONE, now=NOW, undated=NOW)


@pytest.mark.parametrize("seed", range(24))
def test_a_file_is_read_as_its_rows_are_one_by_one(tmp_path, monkeypatch, seed):
    rnd = random.Random(seed)  # noqa: S311
    columns = ["Telefoon", *rnd.sample(["Datum", "Tekst", "Product", "Geverifieerd", "Kanaal"], rnd.randrange(1, 6))]
    own = {"event": "Wat"} if rnd.random() < 0.4 else {"shown_at": "Getoond"} if rnd.random() < 0.4 else {}
    mapping = {column: field for field, column in own.items()}
    event = (
        ""
        if "event" in own
        else "consent.given"
        if own
        else rnd.choice(["consent.given", "objection.made", "call.made"])
    )
    path = tmp_path / "events.csv"
    path.write_text(table(rnd, 300, [*columns, *own.values()], tidy=seed % 2 == 0), encoding="utf-8")
    options = ImportOptions(
        event=event,
        caller="voltix",
        product=rnd.choice(["", "energy"]),
        mapping=mapping,
        dates=rnd.choice([None, "dmy"]),
        at=rnd.choice([None, NOW - 1]),
        leave_out_unreadable=rnd.random() < 0.5,
    )
    together = read(path, options)
    monkeypatch.setattr(rows, "alike", lambda data, *_: [None] * data.num_rows)
    by_itself = read(path, options)
    assert together.events == by_itself.events
    assert (together.problems, together.left_out) == (by_itself.problems, by_itself.left_out)
    assert together.rows == 300
    assert together.events or together.problems


def reading(text):
    return read_instant(read_cell("at", text, ZONE), ZONE)


@given(
    st.lists(
        st.one_of(
            st.builds(
                "{:%Y-%m-%d}{}{}{}".format,
                st.dates(dt.date(1700, 1, 1), dt.date(9999, 12, 31)),
                st.sampled_from(["T", " "]),
                st.sampled_from(["10:00", "10:00:30", "23:59:59", "00:00", "24:00", "9:30"]),
                st.sampled_from(["Z", "+02:00", "+01:00", "-05:30", "+0200", "", "+2"]),
            ),
            st.sampled_from(["", " ", "1-7-2026", "1-7-2026 10:00", "2026-02-30T10:00:00Z", "morgen"]),
        ),
        max_size=40,
    )
)
def test_an_instant_read_in_two_parts_is_that_of_the_whole(texts):
    instants = alike.Instants(reading)
    import pyarrow as pa  # noqa: PLC0415

    for _ in range(2):
        found, blank = instants.of(pa.array(texts, pa.string()))
        for text, at, none in zip(texts, found.tolist(), blank.tolist(), strict=True):
            assert none == (not text.strip())
            try:
                assert at == reading(text)
            except InputError:
                assert at == alike._NO_INSTANT


def test_many_events_of_new_and_known_numbers_stand_as_a_fold_from_scratch_makes_them(store, load):
    head = "Telefoon;Datum;Tekst;Geverifieerd\n"
    lines = [f"0201{n % 70:06};2026-08-{n % 28 + 1:02}T10:00:00+02:00;Ja;sms\n" for n in range(100)]
    for part, name in ((lines[:40], "a.csv"), (lines[20:90], "b.csv"), (lines, "c.csv")):
        load(head + "".join(part), name=name, event="consent.given", caller="voltix", product="energy")
    load("0201000001\n0201000099\n", name="verzet.txt", event="objection.made", caller="voltix")
    standing = "SELECT * FROM standing ORDER BY number, caller, fact, since, event"
    found = store.connection.execute(standing).fetchall()
    assert len(found) == 102
    rebuild(store, PACKS["NL"])
    assert store.connection.execute(standing).fetchall() == found
    assert len(events_of(store, 31201000001)) == 3
