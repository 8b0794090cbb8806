"""Terms: where a duration meets the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.law.terms import DAY, Term, days, months, years
from belbaar.law.words import FOREVER_DAY, NEVER_DAY

terms = st.builds(Term, months=st.integers(0, 1200), days=st.integers(0, 4000))
ordinary_days = st.integers(dt.date(1900, 1, 1).toordinal(), dt.date(2200, 12, 31).toordinal())
all_days = st.integers(NEVER_DAY, FOREVER_DAY)


def day(text):
    return dt.date.fromisoformat(text).toordinal()


@given(terms, ordinary_days, ordinary_days)
def test_a_day_is_within_the_cutoff_exactly_when_its_term_is_not_over(term, start, today):
    assert (start >= term.cutoff(today)) == (today <= term.after(start))


@given(terms, ordinary_days)
def test_the_cutoff_is_the_first_day_whose_term_still_runs(term, today):
    cutoff = term.cutoff(today)
    assert term.after(cutoff) >= today
    assert term.after(cutoff - 1) < today


@given(terms, all_days, all_days)
def test_who_begins_later_ends_no_sooner(term, one, other):
    first, second = sorted((one, other))
    assert term.after(first) <= term.after(second)


@given(terms, ordinary_days, ordinary_days)
def test_a_cutoff_never_goes_back(term, one, other):
    first, second = sorted((one, other))
    assert term.cutoff(first) <= term.cutoff(second)


@given(terms)
def test_what_never_ends_has_no_last_day_in_any_term(term):
    assert (term.after(FOREVER_DAY), term.after(NEVER_DAY)) == (FOREVER_DAY, NEVER_DAY)


@given(terms)
def test_a_term_is_read_back_as_it_is_written(term):
    assert Term.parse(str(term)) == term


@given(ordinary_days, st.integers(0, 300))
def test_a_term_of_years_ends_on_the_same_day_number_or_on_28_february(start, count):
    begin, end = dt.date.fromordinal(start), dt.date.fromordinal(years(count).after(start))
    assert (end.year, end.month) == (begin.year + count, begin.month)
    assert end.day == begin.day or (begin.month, begin.day, end.day) == (2, 29, 28)


@given(ordinary_days, st.integers(0, 600))
def test_a_term_of_months_ends_on_the_same_day_number_or_the_months_last_day(start, count):
    begin, end = dt.date.fromordinal(start), dt.date.fromordinal(months(count).after(start))
    assert (end.year * 12 + end.month) == begin.year * 12 + begin.month + count
    assert end.day == begin.day or (end + dt.timedelta(1)).day == 1


@given(ordinary_days, st.integers(0, 5000))
def test_a_term_of_days_counts_days(start, count):
    assert days(count).after(start) == start + count
    assert DAY.after(start) == start


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("P3Y", "2020-02-29", "2023-02-28"),
        ("P4Y", "2020-02-29", "2024-02-29"),
        ("P3Y", "2025-02-28", "2028-02-28"),
        ("P3Y", "2021-07-01", "2024-07-01"),
        ("P100Y", "2000-02-29", "2100-02-28"),
        ("P6M", "2025-08-31", "2026-02-28"),
        ("P6M", "2027-08-31", "2028-02-29"),
        ("P6M", "2026-03-31", "2026-09-30"),
        ("P6M", "2026-12-31", "2027-06-30"),
        ("P1M", "2026-01-29", "2026-02-28"),
        ("P2W", "2026-09-01", "2026-09-15"),
        ("P30D", "2026-09-01", "2026-10-01"),
        ("P1M1D", "2026-01-31", "2026-03-01"),
        ("P1Y6M2W3D", "2026-08-31", "2028-03-17"),
        ("P12M", "2024-02-29", "2025-02-28"),
        ("P0D", "2026-09-01", "2026-09-01"),
    ],
)
def test_a_term_ends_where_the_law_says(text, start, last):
    assert dt.date.fromordinal(Term.parse(text).after(day(start))).isoformat() == last


@pytest.mark.parametrize("text", ["P9999Y", "P99999M", "P9999Y99999M99999W999999D"])
def test_a_term_beyond_the_calendar_never_ends(text):
    assert Term.parse(text).after(day("2026-09-01")) == FOREVER_DAY


@pytest.mark.parametrize(
    ("text", "same"), [("P1Y", "P12M"), ("P1Y1M", "P13M"), ("P2W", "P14D"), ("P1W1D", "P8D"), ("P0Y", "P0D")]
)
def test_equal_terms_are_equal_however_they_are_written(text, same):
    assert Term.parse(text) == Term.parse(same)


@given(st.text(alphabet="PYMWDTH0123456789-+., ", max_size=12))
def test_anything_is_a_term_or_an_input_error(text):
    try:
        term = Term.parse(text)
    except InputError:
        return
    assert "T" not in text
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize(
    "text", ["", "P", "PT1H", "P1DT1H", "P1Y2", "1Y", "p1y", "P-1Y", "P1.5Y", "P1D1M", " P1Y", "P1Y\n"]
)
def test_what_is_no_duration_of_years_to_days_is_refused_with_examples(text):
    with pytest.raises(InputError) as raised:
        Term.parse(text)
    assert '"P3Y"' in raised.value.todo
