"""A column reads as its cells do, one by one."""

import os
import random
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.numbers import column, column_dress, column_kernel, judgement, read, read_many

sys.path.insert(0, str(Path(__file__).parent))
from mutations import messy

ROUNDS = int(os.environ.get("BELBAAR_MUTATIONS", "200000"))  # a million: BELBAAR_MUTATIONS=1000000
ALPHABET = "0123456789+-./ ()'\"\\,;:|#xXoOeE\u00a0\u200b\uff11tel\n"


def disagreements(cells, region="NL"):
    table = read_many(pa.array(cells, pa.string()), region)
    assert table.column_names == ["number", "code", "extension"]
    assert table.schema.field("number").type == pa.int64()
    answers = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    for cell, answer in zip(cells, answers, strict=True):
        reading = read(cell, region)
        if answer != (reading.number, reading.code, reading.extension):
            yield cell, answer, reading


@pytest.mark.parametrize("region", ["NL", "BE", "DE", "FR", "GB", "US", "IT", "AU", "BR", "RU"])
def test_a_column_of_damaged_cells_reads_as_its_cells(region):
    rnd = random.Random(f"{region} and a seed")  # noqa: S311  the same cells every time
    cells = [messy(rnd) for _ in range(ROUNDS // 10)]
    assert list(disagreements(cells, region)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from(ALPHABET), max_size=24), max_size=30))
def test_a_column_of_any_cells_reads_as_its_cells(cells):
    assert list(disagreements(cells)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=16), st.integers(0, 10**18).map(str)), max_size=30))
def test_a_column_of_any_text_reads_as_its_cells(cells):
    assert list(disagreements(cells)) == []


def test_the_compiled_way_reads_the_same(monkeypatch):
    """Without numba the same loops run uncompiled, so the agreement is tested everywhere."""
    monkeypatch.setattr(column, "_WORTH_COMPILING", 0)
    monkeypatch.setattr(column, "compiled_undress", lambda: column_kernel.undress)
    rnd = random.Random(9)  # noqa: S311
    cells = [messy(rnd) for _ in range(ROUNDS if find_spec("numba") else 4000)]
    assert list(disagreements(cells)) == []


@pytest.mark.parametrize("undress", [column_dress.undress, column_kernel.undress], ids=["numpy", "compiled"])
def test_a_cell_is_never_read_together_with_its_neighbour(monkeypatch, undress):
    monkeypatch.setattr(column_dress, "undress", undress)
    cells = [
        "te",
        "l0201234567",
        "tel",
        "0201234567",
        "020123456",
        "7",
        "(na 18u)",
        "0201234567 (na",
        " 18u)",
        "",
        "+",
        "31201234567",
    ]
    assert list(disagreements(cells)) == []


@pytest.mark.parametrize(
    "raw",
    [
        pa.chunked_array([["0201234567"], [], ["onbekend", None]]),
        pa.array(["x", "0201234567", "onbekend", None, "y"]).slice(1, 3),
        pa.array(["0201234567", "onbekend", None], pa.large_string()),
        pa.array(["0201234567", "onbekend", None], pa.string_view()),
        pa.array(["0201234567", "onbekend", None]).dictionary_encode(),
    ],
    ids=["chunks", "slice", "large", "view", "dictionary"],
)
def test_every_layout_of_text_keeps_length_and_order(raw):
    table = read_many(raw)
    assert table["number"].to_pylist() == [31201234567, None, None]
    assert table["code"].to_pylist() == ["", "not-a-number", "empty"]


def test_columns_of_a_spreadsheet_read_as_their_cells():
    assert read_many(pa.array([101537798.0, 3.12e22, None]))["code"].to_pylist() == ["", "precision-lost", "empty"]
    assert read_many(pa.array([101537798, 112, None]))["number"].to_pylist() == [31101537798, None, None]
    assert read_many(pa.array([None, None], pa.null()))["code"].to_pylist() == ["empty", "empty"]


@pytest.mark.parametrize("raw", [pa.array([], pa.string()), pa.chunked_array([], pa.string())])
def test_an_empty_column_gives_an_empty_table(raw):
    assert read_many(raw).num_rows == 0
    assert read_many(raw).column_names == ["number", "code", "extension"]


def test_an_unknown_region_is_refused():
    with pytest.raises(InputError):
        read_many(pa.array(["0201234567"]), "Holland")


def test_a_short_column_of_many_is_read_the_compiled_way(monkeypatch):
    read_by = []
    monkeypatch.setattr(column, "compiled_undress", lambda: read_by.append("compiled") or column_dress.undress)
    cells = pa.array(["0201234567", "onbekend"])
    assert read_many(cells, more=True) == read_many(cells)
    assert read_by == ["compiled"]


def test_columns_longer_than_a_slice_are_whole(monkeypatch):
    monkeypatch.setattr(column, "_SLICE", 7)
    rnd = random.Random(7)  # noqa: S311
    assert list(disagreements([messy(rnd) for _ in range(100)])) == []


def test_other_metadata_than_compiled_gives_the_same_answers_slowly(monkeypatch):
    rnd = random.Random(8)  # noqa: S311
    cells = [messy(rnd) for _ in range(1500)]
    quick = [read(cell) for cell in cells]
    monkeypatch.setattr(judgement, "tables", lambda: None)
    monkeypatch.setattr(column, "tables", lambda: None)
    assert [read(cell) for cell in cells] == quick
    assert list(disagreements(cells[:200])) == []


def by_the_library(cell):
    try:
        parsed = phonenumbers.parse(cell, "NL")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def test_where_libphonenumber_reads_the_same_text_it_reads_the_same_number():
    """Ours is narrower (two numbers, letters) and knows remarks; it never makes another number of the same cell."""
    rnd = random.Random(10)  # noqa: S311
    pairs = [(cell, read(cell), by_the_library(cell)) for cell in (messy(rnd) for _ in range(ROUNDS // 10))]
    both = [(cell, reading, parsed) for cell, reading, parsed in pairs if reading.number and parsed]
    wrong = [
        (cell, reading)
        for cell, reading, parsed in both
        if reading.e164 != phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        and not re.search(r"[.,]0|Mob", cell)  # a float is known here; M, o and b are digits there
    ]
    assert wrong == []
    assert len(both) > ROUNDS // 80
