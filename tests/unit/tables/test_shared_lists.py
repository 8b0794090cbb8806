"""The lists to try belbaar on: every row accounted for, every broken file survived or refused."""

import csv

import pytest

from belbaar.errors import InputError
from belbaar.tables import number_columns, open_table, write_like

SAME_BYTES = [
    "bellijst-cp1252.csv",
    "opt-ins.csv",
    "verzet.txt",
    "klanten.jsonl",
    "broken/nul.csv",
    "broken/only-header.csv",
]


def copied(table, out):
    write_like(table, out, table.columns, (batch.data for batch in table.batches()))
    return out


@pytest.mark.parametrize(("name", "column"), [("bellijst-cp1252.csv", "Telefoonnummer"), ("leads.xlsx", "Mobiel")])
def test_every_raw_cell_is_as_expected(name, column, shared, rows_of):
    table = open_table(shared / name)
    assert number_columns(table) == (column,)
    index = 1 + table.columns.index(column)
    expected = shared / f"{name.split('.')[0].removesuffix('-cp1252')}.expected.csv"
    with expected.open(encoding="utf-8", newline="") as file:
        raw = [(int(row["row"]), row["raw"]) for row in csv.DictReader(file)]
    assert [(row[0], row[index]) for row in rows_of(table)] == raw


@pytest.mark.parametrize("name", SAME_BYTES)
def test_a_list_is_written_back_byte_for_byte(name, shared, tmp_path):
    out = copied(open_table(shared / name), tmp_path / name.split("/")[-1])
    assert out.read_bytes() == (shared / name).read_bytes()


def test_a_workbook_is_written_back_with_its_title_and_types(shared, tmp_path, rows_of):
    table = open_table(shared / "leads.xlsx")
    again = open_table(copied(table, tmp_path / "leads.xlsx"))
    assert again.notes == table.notes == ("header found on row 3",)
    assert again.dialect == table.dialect
    assert rows_of(again) == rows_of(table)


def test_names_are_never_spoilt(shared, rows_of):
    text = " ".join(cell for row in rows_of(open_table(shared / "bellijst-cp1252.csv")) for cell in row[1:])
    assert {"Súdwest-Fryslân", "Özdemir"} <= set(text.split())


def test_a_list_without_header_has_one_column(shared, rows_of):
    table = open_table(shared / "verzet.txt")
    assert not table.dialect.has_header
    assert number_columns(table) == table.columns
    assert rows_of(table)[0] == (1, "'097011203614")
    assert len(rows_of(table)) == 250


def test_ragged_rows_are_reported_and_kept(shared):
    batch = next(open_table(shared / "broken" / "ragged.csv").batches())
    assert batch.data.to_pylist()[1:] == [
        {"Telefoonnummer": "0201000002", "Naam": "De Vries"},
        {"Telefoonnummer": "0201000003", "Naam": ""},
    ]
    assert batch.overflow.to_pylist() == ["", "extra;velden", ""]
    assert [(problem.row, problem.what[:8]) for problem in batch.problems] == [(3, "4 fields"), (4, "1 field ")]


def test_a_nul_is_kept_and_its_place_told(shared, rows_of):
    table = open_table(shared / "broken" / "nul.csv")
    assert table.notes == ("NUL character at byte 35 on line 2; kept",)
    assert rows_of(table) == [(2, "0201000001", "Jan\0sen")]


def test_only_a_header_is_no_rows(shared, rows_of):
    assert rows_of(open_table(shared / "broken" / "only-header.csv")) == []


def test_formulas_are_neutralised_when_written(shared, tmp_path, rows_of):
    out = copied(open_table(shared / "broken" / "formula.csv"), tmp_path / "out.csv")
    assert rows_of(open_table(out)) == [
        (2, "0201000001", '\'=HYPERLINK("http://x";"klik")'),
        (3, "0201000002", "'@SUM(1+1)"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty.csv", "it is empty"),
        ("really-a-zip.csv", "an Excel file named .csv"),
        ("truncated.xlsx", "damaged or cut off"),
        ("no-number-column.csv", '"naam", "woonplaats"'),
        ("two-number-columns.csv", '"Telefoon", "Mobiel"'),
    ],
)
def test_a_broken_list_is_refused(name, said, shared):
    with pytest.raises(InputError) as caught:
        number_columns(open_table(shared / "broken" / name))
    assert said in caught.value.what
    assert caught.value.todo
