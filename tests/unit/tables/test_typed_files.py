"""XLSX, Parquet and JSON Lines: nothing lost on the way to text, and the types back on the way out."""

import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belbaar.errors import InputError
from belbaar.tables import open_table, write_like


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def copied(table, out):
    write_like(table, out, table.columns, (batch.data for batch in table.batches()))
    return out


CELLS = [
    ["Telefoon", "Klant", "Datum", "Tijdstip", "Ja", "Bedrag"],
    [31101462206, 1, date(2021, 7, 1), datetime(2021, 7, 1, 14, 5), True, 1.5],  # noqa: DTZ001  Excel knows no zones
    ["0201000001", 2, date(2021, 7, 2), None, False, 97014742997.5],
    [],
    [None, 3, None, None, None, None],
]
TEXTS = [
    (2, "31101462206", "1", "2021-07-01", "2021-07-01T14:05:00", "true", "1.5"),
    (3, "0201000001", "2", "2021-07-02", "", "false", "97014742997.5"),
    (5, "", "3", "", "", "", ""),
]


def test_cells_of_a_workbook_are_read_as_text(tmp_path, rows_of):
    table = open_table(workbook(tmp_path / "a.xlsx", Blad1=CELLS))
    assert rows_of(table) == rows_of(table, 1) == TEXTS
    assert table.dialect.kinds == {
        "Klant": "number",
        "Datum": "date",
        "Tijdstip": "date",
        "Ja": "bool",
        "Bedrag": "number",
    }


def test_a_workbook_gets_its_types_back(tmp_path, rows_of):
    table = open_table(workbook(tmp_path / "a.xlsx", Blad1=CELLS))
    again = open_table(copied(table, tmp_path / "b.xlsx"))
    assert again.dialect == table.dialect
    assert [row[1:] for row in rows_of(again)] == [row[1:] for row in TEXTS]


def test_cells_beyond_the_header_are_kept_apart(tmp_path):
    rows = [["Naam", "Telefoon"], ["Pot", "020"], ["Jansen", "020", "x", None, 7], ["Bakker", "020"]]
    batch = next(open_table(workbook(tmp_path / "a.xlsx", Blad1=rows)).batches())
    assert batch.overflow.to_pylist() == ["", "x;;7", ""]
    assert [problem.row for problem in batch.problems] == [3]


def test_of_several_sheets_with_rows_one_must_be_chosen(tmp_path, rows_of):
    path = workbook(tmp_path / "a.xlsx", Een=[["Tel"], ["020"]], Leeg=[], Twee=[["Tel"], ["030"]])
    with pytest.raises(InputError) as caught:
        open_table(path)
    assert '"Een", "Twee"' in caught.value.what
    assert '--sheet "Een"' in caught.value.todo
    assert rows_of(open_table(path, sheet="Twee")) == [(2, "030")]
    with pytest.raises(InputError, match='Did you mean "Twee"'):
        open_table(path, sheet="Tweee")


def test_the_only_sheet_with_rows_is_taken(tmp_path):
    table = open_table(workbook(tmp_path / "a.xlsx", Leeg=[], Lijst=[["Tel"], ["020"]]))
    assert table.dialect.sheet == "Lijst"
    assert table.notes == ('sheet "Lijst"',)


def test_a_workbook_without_rows_is_refused(tmp_path):
    with pytest.raises(InputError, match="no sheet has rows"):
        open_table(workbook(tmp_path / "a.xlsx", Leeg=[]))


def test_a_formula_without_result_is_told(tmp_path):
    table = open_table(workbook(tmp_path / "a.xlsx", Blad1=[["Tel", "Som"], ["020", "=1+1"]]))
    assert table.notes[-1].startswith("the formula in B2 has no stored result")


def test_a_damaged_sheet_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", Blad1=CELLS)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    with pytest.raises(InputError, match="damaged"):
        list(open_table(tmp_path / "b.xlsx").batches())


def test_what_excel_cannot_hold_is_said(tmp_path):
    table = open_table(workbook(tmp_path / "a.xlsx", Blad1=[["Tel"], ["020"]]))
    notes = write_like(table, tmp_path / "b.xlsx", ["x"], [pa.table({"x": ["a\0b"]})])
    assert "row 2" in notes[0]
    with pytest.raises(InputError, match="32,767"):
        write_like(table, tmp_path / "b.xlsx", ["x"], [pa.table({"x": ["a" * 32_768]})])


PARQUET = pa.table(
    {
        "tel": [97014742997.0, None, 201000009.0],
        "whole": pa.array([31101462206, None, 3]),
        "day": [date(2021, 1, 1)] * 3,
        "at": pa.array([datetime(2021, 7, 1, 14, 5, tzinfo=UTC)] * 3, pa.timestamp("us", "Europe/Amsterdam")),
        "local": pa.array([datetime(2021, 7, 1, 14, 5, 0, 500)] * 3),  # noqa: DTZ001  local by intent
        "yes": [True, None, False],
        "text": ["a", "=1", ""],
        "amount": pa.array([None, None, None], pa.decimal128(5, 2)),
        "big": pa.array(["x", None, "y"], pa.large_string()),
    }
)


def test_parquet_is_read_as_text_and_written_in_its_types(tmp_path, rows_of):
    pq.write_table(PARQUET, tmp_path / "a.parquet")
    table = open_table(tmp_path / "a.parquet")
    assert rows_of(table, 2)[0] == (
        1, "97014742997.0", "31101462206", "2021-01-01", "2021-07-01T16:05:00+02:00", "2021-07-01T14:05:00.000500",
        "true", "a", "", "x",
    )  # fmt: skip
    again = pq.read_table(copied(table, tmp_path / "b.parquet"))
    assert again.schema.types == PARQUET.schema.types
    assert again.drop(["big"]).equals(PARQUET.drop(["big"]))


def test_nested_parquet_is_read_as_json(tmp_path, rows_of):
    nested = {"list": [["voice"], None], "raw": [b"\xff", b"a"], "dict": pa.array(["x", "y"]).dictionary_encode()}
    pq.write_table(pa.table(nested), tmp_path / "a.parquet")
    assert rows_of(open_table(tmp_path / "a.parquet")) == [(1, '["voice"]', "ff", "x"), (2, "", "61", "y")]


@pytest.mark.parametrize("damage", ["cut", "tail"])
def test_damaged_parquet_is_refused(damage, tmp_path):
    pq.write_table(PARQUET, tmp_path / "a.parquet")
    raw = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(raw[: len(raw) // 2] if damage == "cut" else raw[:-30] + b"x" * 26 + b"PAR1")
    with pytest.raises(InputError, match="damaged"):
        open_table(tmp_path / "a.parquet")


def test_parquet_under_another_name_is_refused(tmp_path):
    pq.write_table(PARQUET, tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"a Parquet file named \.csv"):
        open_table(tmp_path / "a.csv")


def test_json_lines_keep_numbers_truths_and_lists(assets, tmp_path):
    copied(open_table(assets / "mixed.jsonl"), tmp_path / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines() == [
        '{"number": "0201000001", "n": 1.50, "big": 31101462206, "yes": true, "list": ["voice", 1], "é": null}',
        '{"number": "0201000002", "é": null, "extra": "x"}',
    ]


def test_added_keys_are_always_there(assets, tmp_path):
    table = open_table(assets / "mixed.jsonl")
    batch = next(table.batches()).data.append_column("belbaar_error", pa.array(["", "empty"]))
    batch = batch.append_column("belbaar_allowed", pa.array([True, False]))
    write_like(table, tmp_path / "b.jsonl", ["extra", "belbaar_error", "belbaar_allowed"], [batch])
    assert (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines() == [
        '{"belbaar_error": "", "belbaar_allowed": true}',
        '{"extra": "x", "belbaar_error": "empty", "belbaar_allowed": false}',
    ]


@pytest.mark.parametrize(
    ("line", "said"), [(r'{"a": "\ud83d"}', "half a character"), ('{"a": 1', "no JSON"), ("[" * 9999, "line 1")]
)
def test_a_line_that_cannot_be_kept_is_refused(line, said, tmp_path):
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_table(tmp_path / "a.jsonl")
    assert said in caught.value.details[0]


def test_objects_without_keys_are_no_table(tmp_path):
    (tmp_path / "a.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no object in it has a key"):
        open_table(tmp_path / "a.jsonl")
