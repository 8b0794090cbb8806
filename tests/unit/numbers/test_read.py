"""One cell at a time: what people send, and what it means."""

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from belbaar.errors import InputError
from belbaar.numbers import REFUSALS, Reading, read

HERE = Path(__file__)
ASSETS = HERE.parents[2] / "assets" / "numbers"
SHARED = HERE.parents[4] / "shared" / "data"


def cells():
    for line in (ASSETS / "cells.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            raw, expected = line.split("=> ", maxsplit=1)
            yield raw.removesuffix(" ").encode("ascii").decode("unicode_escape"), expected


def told(reading: Reading) -> str:
    return reading.code or reading.e164 + (f" x {reading.extension}" if reading.extension else "")


@pytest.mark.parametrize(("raw", "expected"), [pytest.param(*cell, id=ascii(cell[0])) for cell in cells()])
def test_a_cell_means_what_its_sender_meant(raw, expected):
    assert told(read(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, "empty"),
        (float("nan"), "empty"),
        (101537798, "+31101537798"),
        (97015518956, "+3197015518956"),
        (31101000493, "+31101000493"),
        (501848973.0, "+31501848973"),
        (Decimal("501848973.00"), "+31501848973"),
        (501848973.5, "too-long"),
        (-201234567, "not-a-number"),
        (3.12e22, "precision-lost"),
        (float("inf"), "not-a-number"),
        (True, "not-a-number"),
        (112, "not-callable"),
        ("1" * 300, "too-long"),
        (" " * 100_000 + "x", "not-a-number"),
        ("0 " * 50_000, "not-a-number"),
    ],
)
def test_what_a_program_sends_is_read_as_well(raw, expected):
    assert told(read(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("0199001234", "FR", "+33199001234"),
        ("030 23125-495", "DE", "+493023125495"),
        ("0201234567", "BE", "not-valid"),
        ("+31 20 1234567", "US", "+31201234567"),
        ("011 31 20 1234567", "US", "+31201234567"),
        ("8 10 31 20 1234567", "RU", "+31201234567"),
        ("000", "AU", "not-callable"),
    ],
)
def test_the_region_is_a_setting(raw, region, expected):
    assert told(read(raw, region)) == expected


def test_an_unknown_region_is_refused_with_the_nearest():
    with pytest.raises(InputError, match='Did you mean "NL"'):
        read("0201234567", "nl")


def test_the_raw_text_is_kept():
    assert read(" 020-1234567 ").raw == " 020-1234567 "
    assert read(501848973.0).raw == "501848973.0"


def test_every_refusal_speaks_both_languages_and_says_what_to_do():
    assert set(REFUSALS) == {
        *("empty", "not-a-number", "two-numbers", "too-short", "too-long", "not-valid", "not-callable"),
        "precision-lost",
    }
    for code, refusal in REFUSALS.items():
        assert refusal.code == code
        for sentence in (refusal.nl, refusal.en, refusal.todo_nl, refusal.todo_en):
            assert sentence[0].isupper()
            assert sentence.endswith(".")


def expected_rows(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["bellijst.expected.csv", "leads.expected.csv"])
def test_every_row_of_the_shared_lists_reads_as_expected(name):
    rows = expected_rows(name)
    wrong = [
        (row, reading)
        for row in rows
        if ((reading := read(row["raw"])).e164, reading.code) != (row["number"], row["code"])
    ]
    assert not wrong
    assert len(rows) > 500


def test_cells_of_a_workbook_read_as_their_text():
    rows = {int(row["row"]): row for row in expected_rows("leads.expected.csv")}
    sheet = openpyxl.load_workbook(SHARED / "leads.xlsx").active
    table = list(sheet.iter_rows(values_only=True))
    column = table[2].index("Mobiel")
    for number, row in rows.items():
        reading = read(table[number - 1][column])
        assert (reading.e164, reading.code) == (row["number"], row["code"])
