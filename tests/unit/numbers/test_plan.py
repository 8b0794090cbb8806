"""The tables of intervals say what the library says."""

import csv
import gzip
import os
import random
import re
from pathlib import Path

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberType

from belbaar.errors import InternalError
from belbaar.numbers import library, metadata_version, plan_build, read_many, table
from belbaar.numbers.patterns import alternatives, prefix_spans, spans

WHOLE = bool(
    os.environ.get("BELBAAR_EXHAUSTIVE")
)  # all prefixes of five digits, a million damaged numbers: ten minutes
SHARED = Path(__file__).parents[4] / "shared" / "data"
TABLE = table.load()
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def differs(digits, region):
    """Say what the table makes of digits and the library does not, "" when they agree or the table asks."""
    quick = TABLE.dial(digits, region)
    if quick is None:
        return ""
    slow = library.dial(digits, region)
    if quick != slow:
        return f"{digits} from {region}: table {quick}, library {slow}"
    if isinstance(quick, int) and TABLE.kind(quick) is not library.kind(quick):
        return f"{quick}: table {TABLE.kind(quick)!r}, library {library.kind(quick)!r}"
    return ""


def examples():
    for region in REGIONS:
        for sort in PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, sort)
            if example:
                yield region, example.country_code, phonenumbers.national_significant_number(example)


def forms(region, code, national):
    prefix = PhoneMetadata.metadata_for_region(region).national_prefix or ""
    return [
        *(f"+{code}{national}", f"+{code}{prefix}{national}", f"00{code}{national}", f"{code}{national}"),
        *(national, f"{prefix}{national}", f"{code}{prefix}{national}", f"011{code}{national}"),
    ]


def test_the_tables_are_of_the_installed_metadata():
    assert TABLE.version == metadata_version() == phonenumbers.__version__, (
        "phonenumbers has changed: run python -m belbaar.numbers.plan_build and look at what it changes"
    )


def test_the_tables_are_what_the_builder_makes():
    shipped = gzip.decompress(table.FILE.read_bytes()).decode("ascii")
    assert table.FILE.stat().st_size < 500_000
    if WHOLE:
        assert plan_build.compiled() == shipped
    for region in ("NL", "BE", "LU", "AU"):
        rows = list(zip(*TABLE.region(region), strict=True))
        assert rows == plan_build.dialled(region)


def test_the_examples_of_every_region_agree_in_every_form():
    wrong = [
        found
        for region, code, national in examples()
        for digits in forms(region, code, national)
        if (found := differs(digits, region))
    ]
    assert wrong == []


def test_the_examples_of_every_region_are_known():
    """The library's own examples are valid numbers, so the tables know them as some kind."""
    unknown = [(code, national) for _, code, national in examples() if not TABLE.kind(int(f"{code}{national}"))]
    assert unknown == []


def test_nearly_nothing_is_asked_of_the_library():
    asked = [
        digits
        for region, code, national in examples()
        for digits in forms(region, code, national)[:6]
        if TABLE.dial(digits, region) is None
    ]
    assert len(asked) < 0.04 * len(REGIONS) * 6 * 5


def test_of_a_real_list_at_most_one_row_in_a_hundred_is_asked_of_the_library(monkeypatch):
    if not SHARED.is_dir():
        pytest.skip(f"the shared lists are not here: {SHARED}")
    with (SHARED / "bellijst-cp1252.csv").open(encoding="cp1252", newline="") as file:
        cells = [row["Telefoonnummer"] for row in csv.DictReader(file, delimiter=";")]
    asked = []
    dial = library.dial
    monkeypatch.setattr(library, "dial", lambda digits, region: asked.append(digits) or dial(digits, region))
    readable = pc.sum(pc.is_valid(read_many(pa.array(cells)).column("number"))).as_py()
    assert readable > 2000
    assert len(asked) <= readable // 100


@pytest.mark.parametrize("region", ["NL", "BE", "DE", "FR", "GB"])
def test_where_a_plan_changes_the_table_agrees_on_both_sides(region):
    """Between two of its edges a table answers alike; the library is asked at each edge, and just before it."""
    plan = PhoneMetadata.metadata_for_region(region)
    keys = TABLE.region(region).firsts
    near = sorted({key + step for key in keys for step in (-1, 0, 1)})
    wrong = [found for key in near if str(key)[0] == "1" and (found := differs(str(key)[1:] or "0", region))]
    of_code = [first for first in TABLE.kind_firsts if str(first).startswith(str(plan.country_code))]
    for first in of_code:
        wrong += [f"kind of {n}" for n in (first - 1, first, first + 1) if TABLE.kind(n) is not library.kind(n)]
    assert wrong == []
    assert len(near) > 100


@pytest.mark.parametrize("region", ["NL", "BE", "DE", "FR", "GB"])
def test_all_prefixes_agree_at_the_lengths_around_valid(region):
    """Every prefix of some digits, behind it the least, the greatest and a seeded rest."""
    plan = PhoneMetadata.metadata_for_region(region)
    code, lengths = plan.country_code, plan.general_desc.possible_length
    depth = 5 if WHOLE else 3
    rnd = random.Random(region)  # noqa: S311
    wrong = []
    for length in range(max(min(lengths) - 1, depth), max(lengths) + 2):
        for prefix in range(10**depth):
            rest = rnd.choice(["0" * 18, "9" * 18, f"{rnd.randrange(10**18):018d}"])[: length - depth]
            national = f"{prefix:0{depth}d}{rest}"
            for digits in (f"+{code}{national}", f"0{national}", national):
                wrong += [found] if (found := differs(digits, region)) else []
    assert wrong == []


def test_damaged_examples_agree_from_any_region():
    rnd = random.Random("any region")  # noqa: S311
    known = list(examples())
    wrong = []
    for _ in range(1_000_000 if WHOLE else 40_000):
        region, code, national = rnd.choice(known)
        digits = list(rnd.choice(forms(region, code, national)))
        for _ in range(rnd.randrange(4)):
            place = rnd.randrange(1, len(digits) + 1)
            digits[place : place + rnd.randrange(2)] = rnd.choice(["", *"0123456789"])
        text = "".join(digits)
        dialled_from = region if rnd.random() < 0.8 else rnd.choice(REGIONS)
        if text.removeprefix("+"):
            wrong += [found] if (found := differs(text, dialled_from)) else []
    assert wrong == []


PATTERNS = sorted(
    {
        shape.national_number_pattern
        for region in REGIONS
        for name in ("general_desc", "fixed_line", "mobile", "premium_rate")
        if (shape := getattr(PhoneMetadata.metadata_for_region(region), name)) and shape.national_number_pattern
    }
)


@given(st.sampled_from(PATTERNS), st.integers(2, 12), st.data())
def test_spans_are_what_the_pattern_matches(pattern, length, data):
    found = spans(pattern, length)
    edges = [edge + step for span in found for edge in span for step in (-1, 0)]
    value = data.draw(st.sampled_from(edges) if edges else st.integers(0, 10**length - 1))
    if 0 <= value < 10**length:
        matched = re.fullmatch(pattern, f"{value:0{length}d}") is not None
        assert matched == any(first <= value < end for first, end in found)


def test_prefix_spans_know_the_end_of_the_text():
    assert prefix_spans("([3-4]\\d)$|1", 2) == ((10, 20), (30, 50))
    assert prefix_spans("([3-4]\\d)$|1", 3) == ((100, 200),)


def test_a_pattern_with_something_new_is_an_error_of_ours():
    with pytest.raises(InternalError):
        spans("1(?!2)", 3)
    assert alternatives("1|2[3-4]") == ["1", "2[3-4]"]
