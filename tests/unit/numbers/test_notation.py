"""E.164, written, read back, hidden and located."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.numbers import country, e164, masked, parse_e164, read


@given(st.integers(10**6, 10**15 - 1))
def test_what_is_written_reads_back(number):
    assert parse_e164(e164(number)) == number


@given(st.integers(0, 10**6 - 1))
def test_what_is_read_reads_back(tail):
    reading = read(f"020-1{tail:06d}")
    assert parse_e164(reading.e164) == reading.number == read(reading.e164).number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0201000007",
        "+3120 1000007",
        "+0201000007",
        "+31201",
        "+31201000007\n",
        "+" + "1" * 16,
        "+\uff1331201000007",
    ],
)
def test_strict_is_strict(text):
    with pytest.raises(InputError) as refused:
        parse_e164(text)
    assert "1000007" not in str(refused.value).replace("+31201000007", "")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (31201000007, "+3120…007"),
        ("+31201000007", "+3120…007"),
        ("020-1000007", "0201…007"),
        ("1000007", "…"),
        ("", "…"),
    ],
)
def test_a_masked_number_cannot_be_called(number, expected):
    assert masked(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(31201000007, "NL"), (33199000000, "FR"), (12425550123, "US"), (80012345678, ""), (99912345678, "")],
)
def test_the_calling_code_names_the_country(number, expected):
    assert country(number) == expected


def test_importing_the_room_loads_nothing_heavy():
    heavy = "{'pyarrow', 'numpy', 'phonenumbers', 'numba', 'duckdb'} & set(sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, belbaar.numbers; print({heavy})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "set()"
