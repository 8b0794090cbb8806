"""Lists come back with their verdicts: every row, in order, in the dress they came in."""

import csv
import datetime as dt
import json
from collections import Counter

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belbaar.errors import InputError, LawUnknown
from belbaar.verdict import may_call, screening
from belbaar.verdict.screening import COLUMNS, ListOptions, screen_file
from tests.lists.conftest import call


def rows_of(path, encoding="utf-8", delimiter=";"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.fixture
def filled(store, load, data):
    load(data / "opt-ins.csv", event="consent.given", caller="voltix")
    load(data / "klanten.jsonl")
    load(data / "verzet.txt", event="objection.made", caller="voltix")
    return store


@pytest.mark.parametrize("name", ["bellijst", "leads"])
def test_every_row_comes_back_and_is_read_as_expected(filled, data, tmp_path, name):
    path = data / {"bellijst": "bellijst-cp1252.csv", "leads": "leads.xlsx"}[name]
    expected = rows_of(data / f"{name}.expected.csv", delimiter=",")[1:]
    out = tmp_path / path.name
    result = screen_file(filled, path, call(), out=out)
    if name == "bellijst":
        got = rows_of(out, "cp1252")
        original = rows_of(path, "cp1252")
        assert [row[:4] for row in got] == original
    else:
        sheet = openpyxl.load_workbook(out).active
        got = [[cell if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)][2:]
    assert tuple(got[0][-len(COLUMNS) :]) == COLUMNS
    body = [dict(zip(got[0], row, strict=True)) for row in got[1:]]
    assert len(body) == len(expected) == result.rows
    for row, (_, _, number, code) in zip(body, expected, strict=True):
        assert (row["belbaar_number"] or "", row["belbaar_error"] or "") == (
            number,
            code or ("" if number.startswith("+31") else "law-unknown"),
        )
    assert sum(result.unreadable.values()) == sum(1 for row in body if row["belbaar_error"])


def test_a_list_and_one_number_give_one_verdict(filled, data, tmp_path):
    out = tmp_path / "out.csv"
    at = "2026-06-30T14:00:00+02:00"
    screen_file(filled, data / "bellijst-cp1252.csv", call(at), out=out)
    seen = Counter()
    for row in rows_of(out, "cp1252")[1::9]:
        number, allowed, ground, until, reasons, error = row[-6:]
        if error:
            continue
        verdict = may_call(filled, call(at, number=int(number)))
        assert (allowed == "true", ground or None) == (verdict.allowed, verdict.ground)
        assert tuple(reasons.split()) == verdict.vetoes + verdict.defects
        instant = int(dt.datetime.fromisoformat(until).timestamp()) * 1_000_000 if until else None
        assert instant == verdict.until
        seen[allowed] += 1
    assert min(seen.values()) > 10


def test_many_numbers_through_a_snapshot_give_what_few_by_key_give(filled, data, tmp_path, monkeypatch):
    outs = [tmp_path / "by-key.csv", tmp_path / "snapshot.csv", tmp_path / "changed.csv", tmp_path / "streamed.csv"]
    path = data / "bellijst-cp1252.csv"
    screen_file(filled, path, call(), out=outs[0])
    monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    screen_file(filled, path, call(), out=outs[1])
    assert outs[1].read_bytes() == outs[0].read_bytes()
    monkeypatch.setattr("belbaar.verdict.screening._IN_MEMORY", 0)
    screen_file(filled, path, call(), out=outs[3])
    assert outs[3].read_bytes() == outs[0].read_bytes()


def test_an_objection_after_the_snapshot_is_seen(store, load, tmp_path, monkeypatch):
    monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    load(
        "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(f"0201{n:06};2026-09-01;Ja;sms\n" for n in range(100)),
        event="consent.given",
        caller="voltix",
        product="energy",
    )
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n0201000001\n0201000002\n", encoding="utf-8")
    before = screen_file(store, path, call(), out=tmp_path / "before.csv")
    load("0201000001\n", name="verzet.txt", event="objection.made", caller="voltix")
    later = screen_file(store, path, call("2026-11-24T15:00:00+01:00"), out=tmp_path / "later.csv")
    assert (before.allowed, later.allowed, later.by_reason) == (2, 1, {"nl.objection": 1})
    assert later.position == before.position + 1


def test_a_withdrawal_counts_on_a_list_for_its_own_number_only(store, load, tmp_path):
    load(
        "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(f"020100000{n};2026-11-01;Ja;sms\n" for n in range(4)),
        event="consent.given",
        caller="voltix",
        product="energy",
    )
    load(
        "Telefoon;Datum;Product\n0201000001;2026-11-02;energy.gas\n",
        name="w.csv",
        event="consent.withdrawn",
        caller="voltix",
    )
    load(
        "Telefoon;Datum;Product\n0201000002;2026-11-02;telecom\n",
        name="v.csv",
        event="consent.withdrawn",
        caller="voltix",
    )
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n" + "".join(f"020100000{n}\n" for n in range(4)), encoding="utf-8")
    allowed = {}
    for product in ("energy", "energy.gas", "energy.electricity"):
        screen_file(store, path, call(product=product), out=tmp_path / "out.csv")
        allowed[product] = [row[2] for row in rows_of(tmp_path / "out.csv")[1:]]
    assert allowed == {
        "energy": ["true", "false", "true", "true"],
        "energy.gas": ["true", "false", "true", "true"],
        "energy.electricity": ["true", "true", "true", "true"],
    }


def test_the_comparison_tells_what_the_law_of_1_july_2026_changes(filled, data, tmp_path):
    result = screen_file(
        filled,
        data / "bellijst-cp1252.csv",
        call("2026-06-30T14:00:00+02:00"),
        out=tmp_path / "out.csv",
        compare_at=call("2026-07-01T14:00:00+02:00").at,
    )
    assert result.compare.allowed_now == result.allowed > result.compare.allowed_then
    assert result.compare.lost == result.compare.allowed_now - result.compare.allowed_then + result.compare.gained
    assert result.by_ground["nl.customer"] == result.compare.lost


def test_announced_law_counts_only_by_name(store, load, tmp_path):
    load(
        '{"event": "relation.started", "at": "2024-05-01", "caller": "voltix", "number": "+31201000001", "kind": '
        '"purchase", "product": "energy", "opt_out_offered": true}',
        name="events.jsonl",
    )
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n0201000001\n", encoding="utf-8")
    at = "2027-04-01T14:00:00+02:00"
    plain = screen_file(store, path, call(at, channel="sms"), out=tmp_path / "a.csv")
    what_if = ListOptions(law="nl/example-decree-1y")
    preview = screen_file(store, path, call(at, channel="sms"), out=tmp_path / "b.csv", options=what_if)
    assert (plain.allowed, preview.allowed) == (1, 0)


def test_all_chosen_columns_are_judged(store, data, tmp_path):
    path = data / "broken" / "two-number-columns.csv"
    with pytest.raises(InputError, match='"Telefoon", "Mobiel"'):
        screen_file(store, path, call(), out=tmp_path / "out.csv")
    both = ListOptions(columns=("Telefoon", "Mobiel"))
    result = screen_file(store, path, call(), out=tmp_path / "out.csv", options=both)
    got = rows_of(tmp_path / "out.csv")
    assert result.rows == 6
    assert [(row[2], row[3], row[4]) for row in got[1:]] == [
        ("Jansen", "Telefoon", "+31201000001"),
        ("De Vries", "Telefoon", ""),
        ("Bakker", "Telefoon", "+31201000003"),
        ("Jansen", "Mobiel", ""),
        ("De Vries", "Mobiel", "+31201000002"),
        ("Bakker", "Mobiel", "+31201000004"),
    ]


@pytest.mark.parametrize("name", ["empty.csv", "really-a-zip.csv", "truncated.xlsx", "no-number-column.csv"])
def test_what_is_no_list_is_refused_and_nothing_is_written(store, data, tmp_path, name):
    with pytest.raises(InputError) as refused:
        screen_file(store, data / "broken" / name, call(), out=tmp_path / "out.csv")
    assert refused.value.todo
    assert not (tmp_path / "out.csv").exists()


def test_a_header_alone_is_a_list_of_no_rows(store, data, tmp_path):
    assert screen_file(store, data / "broken" / "only-header.csv", call(), out=tmp_path / "out.csv").rows == 0


def test_ragged_rows_are_reported_and_kept(store, data, tmp_path):
    result = screen_file(store, data / "broken" / "ragged.csv", call(), out=tmp_path / "out.csv")
    assert [problem.split(":")[0] for problem in result.problems] == ["row 3", "row 4"]
    assert [row[1] for row in rows_of(tmp_path / "out.csv")[1:]] == ["Jansen", "De Vries;extra;velden", ""]


def test_cells_that_a_spreadsheet_would_run_are_neutralised(store, data, tmp_path):
    screen_file(store, data / "broken" / "formula.csv", call(), out=tmp_path / "out.csv")
    assert [row[1][:2] for row in rows_of(tmp_path / "out.csv")[1:]] == ["'=", "'@"]


def test_the_list_is_never_overwritten(store, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n0201000001\n", encoding="utf-8")
    with pytest.raises(InputError, match="overwrite"):
        screen_file(store, path, call(), out=path)


def test_a_screened_list_can_be_screened_again(store, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Telefoon;Naam\n0201000001;Jansen\n", encoding="utf-8")
    screen_file(store, path, call())
    again = tmp_path / "again.csv"
    screen_file(store, tmp_path / "list.belbaar.csv", call(), out=again)
    assert rows_of(again)[0] == ["Telefoon", "Naam", *COLUMNS]


def test_nothing_but_belbaar_writes_on_standard_output(store, tmp_path, monkeypatch):
    """After some seconds DuckDB would draw a bar there, in the midst of --json."""
    drawn = []
    views = screening._views

    def look(job, database, position):
        drawn.extend(database.execute("SELECT current_setting('enable_progress_bar')").fetchone())
        return views(job, database, position)

    monkeypatch.setattr(screening, "_views", look)
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n0201000001\n", encoding="utf-8")
    screen_file(store, path, call())
    assert drawn == [False]


def test_before_the_law_there_is_no_screening(store, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n0201000001\n", encoding="utf-8")
    with pytest.raises(LawUnknown):
        screen_file(store, path, call("2009-09-30T14:00:00+02:00"))
    assert not (tmp_path / "list.belbaar.csv").exists()


def test_typed_files_get_typed_answers(store, tmp_path):
    parquet, lines = tmp_path / "list.parquet", tmp_path / "list.jsonl"
    pq.write_table(pa.table({"phone": ["0201000001"], "score": [7]}), parquet)
    lines.write_text('{"phone": "0201000001", "score": 7}\n', encoding="utf-8")
    screen_file(store, parquet, call())
    screen_file(store, lines, call())
    (row,) = pq.read_table(tmp_path / "list.belbaar.parquet").to_pylist()
    other = json.loads((tmp_path / "list.belbaar.jsonl").read_text(encoding="utf-8"))
    assert row == other
    assert (row["score"], row["belbaar_allowed"], row["belbaar_number"]) == (7, False, "+31201000001")


def test_a_long_screening_goes_on_where_it_was_killed(store, load, tmp_path, monkeypatch):
    """Stopped after any part, with an objection coming in between: the output is that of the first start."""
    monkeypatch.setattr("belbaar.verdict.screening._IN_MEMORY", 0)
    load(
        "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(f"0201{n:06};2026-11-01;Ja;sms\n" for n in range(50)),
        event="consent.given",
        caller="voltix",
        product="energy",
    )
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    path.write_text("Telefoon\n" + "".join(f"0201{n:06}\n" for n in range(400)), encoding="utf-8")
    monkeypatch.setattr("belbaar.tables.table.Table.batches", in_batches_of(37))
    whole = screen_file(store, path, call(), out=tmp_path / "whole.csv")

    class KilledError(Exception):
        pass

    def killed_after(rows):
        if rows > 150:
            raise KilledError

    with pytest.raises(KilledError):
        screen_file(store, path, call(), out=out, progress=killed_after)
    assert not out.exists()
    load("0201000001\n", name="verzet.txt", event="objection.made", caller="voltix")
    later = ListOptions(moment_given=False)
    again = screen_file(store, path, call("2026-11-24T15:00:00+01:00"), out=out, options=later)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert (again.position, again.rows) == (whole.position, whole.rows)
    assert "went on where an earlier start had stopped" in again.notes
    assert not (tmp_path / "out.csv.progress").exists()
    fresh = screen_file(store, path, call("2026-11-24T15:00:00+01:00"), out=out)
    assert fresh.allowed == whole.allowed - 1


def in_batches_of(rows):
    from belbaar.tables import Table  # noqa: PLC0415

    batches = Table.batches
    return lambda table, size=rows: batches(table, size)
