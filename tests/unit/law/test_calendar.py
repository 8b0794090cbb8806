"""The calendar: local days, hours in which a phone may ring, holidays by a second opinion, summer time."""

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.law import PACKS, Law, moment
from belbaar.law.calendar import instant, instant_of_day, iso, local_day, local_day_and_minute, moment_of
from belbaar.law.nl.hours import opening, public_holidays

ZONE = ZoneInfo("Europe/Amsterdam")
LAW = Law(PACKS["NL"])
YEARS = range(2012, 2036)
instants = st.datetimes(dt.datetime(2009, 10, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001  the zone is added
days = st.dates(dt.date(2009, 10, 2), dt.date(2040, 1, 1))


def within(text):
    return moment(LAW, instant(dt.datetime.fromisoformat(text))).within_hours


@pytest.mark.parametrize("year", YEARS)
def test_holidays_are_those_of_the_library_without_good_friday(year):
    theirs = {day for day, name in holidays.country_holidays("NL", years=year, language="en_US").items()
              if "Good Friday" not in name}  # fmt: skip
    assert public_holidays(year) == theirs


def test_good_friday_is_the_only_day_on_which_we_differ():
    theirs = {day for year in YEARS for day in holidays.country_holidays("NL", years=year)}
    ours = {day for year in YEARS for day in public_holidays(year)}
    assert ours <= theirs
    assert {day.strftime("%A") for day in theirs - ours} <= {"Friday"}


@pytest.mark.parametrize(
    ("date", "opens", "closes"),
    [
        ("2026-09-07", 540, 1320),  # Monday
        ("2026-09-11", 540, 1320),  # Friday
        ("2026-09-12", 600, 960),  # Saturday
        ("2026-05-04", 540, 1110),  # Monday 4 May
        ("2024-05-04", 600, 960),  # Saturday 4 May
        ("2025-12-05", 540, 1110),  # Friday 5 December
        ("2026-12-05", 600, 960),  # Saturday 5 December
        ("2025-12-24", 540, 1110),  # Wednesday 24 December
        ("2022-12-24", 600, 960),  # Saturday 24 December
        ("2026-04-03", 540, 1320),  # Good Friday
        ("2026-05-05", 540, 1320),  # Liberation Day, not a fifth year
        ("2013-04-27", 600, 960),  # a Saturday, not yet King's Day
        ("2014-04-30", 540, 1320),  # no longer Queen's Day
        ("2025-04-28", 540, 1320),  # after a King's Day moved to Saturday
    ],
)
def test_a_day_opens_and_closes_at_these_minutes(date, opens, closes):
    assert opening(dt.date.fromisoformat(date)) == (opens, closes)


@pytest.mark.parametrize(
    "date",
    [
        "2026-09-06",  # Sunday
        "2023-12-24",  # Sunday 24 December
        "2026-01-01",
        "2026-04-05",
        "2026-04-06",
        "2026-04-27",
        "2025-04-26",
        "2031-04-26",
        "2014-04-26",
        "2013-04-30",
        "2025-05-05",
        "2020-05-05",
        "2026-05-14",
        "2026-05-24",
        "2026-05-25",
        "2026-12-25",
        "2026-12-26",
    ],
)
def test_on_these_days_no_phone_rings(date):
    assert opening(dt.date.fromisoformat(date)) is None


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-03-27T21:59:59+01:00", 1),
        ("2026-03-30T08:59:59+02:00", 0),
        ("2026-03-30T09:00:00+02:00", 1),
        ("2026-03-30T09:00:00+01:00", 1),
        ("2026-10-23T22:00:00+02:00", 0),
        ("2026-10-26T09:00:00+01:00", 1),
        ("2026-10-26T09:00:00+02:00", 0),
    ],
)
def test_summer_time_moves_the_hours_with_the_clock(at, inside):
    assert within(at) == inside


@given(days)
def test_a_day_begins_at_its_own_first_instant(date):
    first = instant_of_day(date.toordinal(), ZONE)
    assert local_day_and_minute(first, ZONE) == (date.toordinal(), 0)
    assert local_day(first - 1, ZONE) == date.toordinal() - 1


@given(instants)
def test_an_instant_comes_back_from_its_text(at):
    assert instant(dt.datetime.fromisoformat(iso(instant(at), ZONE))) == instant(at)


around_changes = st.sampled_from(["2026-03-29T01:00", "2026-10-25T01:00", "2012-03-25T01:00"]).flatmap(
    lambda text: st.integers(-7_200_000_000, 7_200_000_000).map(
        lambda shift: instant(dt.datetime.fromisoformat(f"{text}+00:00")) + shift
    )
)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Asia/Kolkata", "Australia/Lord_Howe"])
@given(st.one_of(instants.map(instant), around_changes))
def test_an_instant_is_written_as_the_library_writes_it(zone, at):
    assert iso(at, ZoneInfo(zone)) == moment_of(at, ZoneInfo(zone)).isoformat()


@given(instants)
def test_an_instant_lies_in_its_local_day(at):
    number = instant(at)
    day, minute = local_day_and_minute(number, ZONE)
    assert instant_of_day(day, ZONE) <= number < instant_of_day(day + 1, ZONE)
    assert 0 <= minute < 24 * 60


@given(instants)
def test_seconds_play_no_part_in_the_hours(at):
    assert within(at.isoformat()) == within(at.replace(second=0, microsecond=0).isoformat())


@pytest.mark.parametrize(
    ("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-30", 24), ("2012-03-25", 23)]
)
def test_days_on_which_the_clock_moves_are_shorter_or_longer(date, hours):
    day = dt.date.fromisoformat(date).toordinal()
    assert instant_of_day(day + 1, ZONE) - instant_of_day(day, ZONE) == hours * 3_600_000_000


def test_microseconds_are_kept():
    at = dt.datetime(2026, 9, 8, 14, 0, 0, 1, tzinfo=dt.UTC)
    assert moment_of(instant(at), ZONE) == at


@given(days)
def test_the_cutoff_of_a_day_never_goes_back_while_the_law_stands(date):
    day = date.toordinal()
    noon = [moment(LAW, instant_of_day(each, ZONE)).customer_term_cutoff for each in (day, day + 1)]
    assert noon[0] <= noon[1]
