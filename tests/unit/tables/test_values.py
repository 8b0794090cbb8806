"""Cells that are instants, days, yes or no."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.tables import parse_day, parse_instant, parse_yes_no

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
INSTANTS = {
    "2021-07-01T14:05:00+02:00": "2021-07-01T14:05:00+02:00",
    "2021-07-01T14:05:00Z": "2021-07-01T14:05:00+00:00",
    "2021-07-01T14:05:00.5-0500": "2021-07-01T14:05:00.500000-05:00",
    "2021-07-01 14:05": "2021-07-01T14:05:00+02:00",
    "2021-12-01T14:05": "2021-12-01T14:05:00+01:00",
    "2021-07-01": "2021-07-01T00:00:00+02:00",
    "20210701": "2021-07-01T00:00:00+02:00",
    "2021/7/1": "2021-07-01T00:00:00+02:00",
    "1-7-2021": "2021-07-01T00:00:00+02:00",
    "01-07-2021 14:05": "2021-07-01T14:05:00+02:00",
    "1-7-2021 14:05:30": "2021-07-01T14:05:30+02:00",
    "1-7-2021, 14.05 uur": "2021-07-01T14:05:00+02:00",
    "1-7-2021 om 9:05": "2021-07-01T09:05:00+02:00",
    "1.7.2021": "2021-07-01T00:00:00+02:00",
    "1 juli 2021": "2021-07-01T00:00:00+02:00",
    "donderdag 1 juli 2021 14:05": "2021-07-01T14:05:00+02:00",
    "1 mrt. 2021": "2021-03-01T00:00:00+01:00",
    "1 March 2021": "2021-03-01T00:00:00+01:00",
    "14/09/2024": "2024-09-14T00:00:00+02:00",
    "09/14/2024": "2024-09-14T00:00:00+02:00",
    "05/05/2024 10:00": "2024-05-05T10:00:00+02:00",
    "  1-7-2021\xa014:05 ": "2021-07-01T14:05:00+02:00",
    "31-10-2021 02:30": "2021-10-31T02:30:00+02:00",  # comes twice: the first
    "28-3-2021 03:00": "2021-03-28T03:00:00+02:00",
}
REFUSED = {
    "03/04/2025": ("3 April or 4 March?", "--dates dmy"),
    "01/07/2021 14:05": ("1 July or 7 January?", "--dates mdy"),
    "1-7-21": ("a year of 2 digits", "four digits"),
    "1/7/21": ("a year of 2 digits", "four digits"),
    "31-4-2021": ("April 2021 has no day 31", "Write it as"),
    "29-2-2021": ("February 2021 has no day 29", "Write it as"),
    "2025-13-01": ("there is no month 13", "Write it as"),
    "1-13-2021": ("there is no month 13", "Write it as"),
    "0/7/2021": ("has no day 0", "Write it as"),
    "28-3-2021 02:30": ("never was", "2021-03-28T02:30+01:00"),
    "1-7-2021 25:00": ("hour", "23:59:59"),
    "1-7-2021 14:05 CET": ("is no", "Write it as"),
    "44378": ("is no date", "day numbers"),
    "morgen": ("is no date", "Write it as"),
    "": ("there is no date", "Write it as"),
    "1 foo 2021": ("is no date", "Write it as"),
    "+31201136469": ("+31…69", "Write it as"),
}


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items())
def test_an_instant_is_read(text, instant):
    assert parse_instant(text, AMSTERDAM).isoformat() == instant


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_what_is_no_instant_is_refused_with_a_remedy(text, said):
    with pytest.raises(InputError) as caught:
        parse_instant(text, AMSTERDAM)
    assert said[0] in caught.value.what
    assert said[1] in caught.value.todo


@pytest.mark.parametrize(
    ("text", "dates", "day"),
    [
        ("03/04/2025", "dmy", "2025-04-03"),
        ("03/04/2025", "mdy", "2025-03-04"),
        ("03-04-2025", "mdy", "2025-03-04"),
        ("03-04-2025", None, "2025-04-03"),
        ("2025-04-03", "mdy", "2025-04-03"),
        ("2025/04/03", "ymd", "2025-04-03"),
        ("2025-04-03 00:00:00", None, "2025-04-03"),
    ],
)
def test_the_sender_may_say_which_comes_first(text, dates, day):
    assert parse_day(text, dates).isoformat() == day


@pytest.mark.parametrize(("text", "dates"), [("09/14/2024", "dmy"), ("14/09/2024", "mdy"), ("3-4-2025", "ymd")])
def test_an_order_that_does_not_fit_is_refused(text, dates):
    with pytest.raises(InputError):
        parse_day(text, dates)


def test_a_day_with_a_time_is_refused():
    with pytest.raises(InputError, match="has a time"):
        parse_day("1-7-2021 14:05")


def test_a_day_begins_at_its_first_instant_where_midnight_is_skipped():
    assert parse_instant("2022-03-27", ZoneInfo("Asia/Beirut")).isoformat() == "2022-03-27T01:00:00+03:00"


@given(st.datetimes(timezones=st.just(ZoneInfo("UTC"))))
def test_what_is_written_as_iso_is_read_back(instant):
    assert parse_instant(instant.isoformat(), AMSTERDAM) == instant


@given(st.dates())
def test_every_dutch_date_is_read_back(day):
    assert parse_day(f"{day.day}-{day.month}-{day.year:04}") == day


@pytest.mark.parametrize("text", ["ja", " Ja ", "YES", "true", "waar", "1", "x"])
def test_yes(text):
    assert parse_yes_no(text) is True


@pytest.mark.parametrize("text", ["nee", "No", "false", "Onwaar", "0"])
def test_no(text):
    assert parse_yes_no(text) is False


@pytest.mark.parametrize("text", ["", "misschien", "2"])
def test_neither_yes_nor_no(text):
    with pytest.raises(InputError, match="neither yes nor no"):
        parse_yes_no(text)
