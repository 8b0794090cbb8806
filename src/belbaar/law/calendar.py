"""Between instants (UTC microseconds) and local days (ordinals): the only place where time zones are asked.

>>> zone = ZoneInfo("Europe/Amsterdam")
>>> local_day_and_minute(instant(dt.datetime(2026, 9, 7, 20, 0, tzinfo=dt.UTC)), zone)
(739866, 1320)
>>> iso(instant_of_day(739866, zone), zone)
'2026-09-07T00:00:00+02:00'
"""

__all__ = ["at_same_time", "instant", "instant_of_day", "iso", "local_day", "local_day_and_minute"]

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_HOUR, _MINUTE, _SECOND = 3_600_000_000, 60_000_000, 1_000_000


def instant(moment: dt.datetime) -> int:
    """Give an aware datetime as UTC microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(at: int, zone: ZoneInfo) -> dt.datetime:
    """Give UTC microseconds as a local datetime."""
    return (_EPOCH + dt.timedelta(microseconds=at)).astimezone(zone)


def at_same_time(day: int, clock: int, zone: ZoneInfo) -> int:
    """Give the instant on the local day of one instant that has the time of day of another."""
    return instant(dt.datetime.combine(moment_of(day, zone).date(), moment_of(clock, zone).time(), zone))


def local_day_and_minute(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """Give the local day (ordinal) and the minute of that day; seconds are dropped."""
    hour, rest = divmod(at, _HOUR)
    if start := _start_of_hour(hour, zone):
        return start[0], start[1] + rest // _MINUTE
    local = moment_of(at, zone)
    return local.toordinal(), local.hour * 60 + local.minute


def local_day(at: int, zone: ZoneInfo) -> int:
    """Give the local day (ordinal) of an instant."""
    start = _start_of_hour(at // _HOUR, zone)
    return start[0] if start else moment_of(at, zone).toordinal()


@lru_cache(maxsize=16384)
def _start_of_hour(hour: int, zone: ZoneInfo) -> tuple[int, int] | None:
    """Give the local day and minute at which a whole hour begins: instants come in great numbers.

    None when it lies in two days, or the clock is changed in it.
    """
    first, last = (moment_of(at, zone) for at in (hour * _HOUR, (hour + 1) * _HOUR - 1))
    if (first.date(), first.utcoffset()) != (last.date(), last.utcoffset()):
        return None
    return first.toordinal(), first.hour * 60 + first.minute


@lru_cache(maxsize=16384)
def instant_of_day(day: int, zone: ZoneInfo) -> int:
    """Give the first local instant of a day."""
    return instant(dt.datetime.combine(dt.date.fromordinal(day), dt.time(), tzinfo=zone))


def iso(at: int, zone: ZoneInfo) -> str:
    """Write an instant in local time with its offset."""
    hour, rest = divmod(at, _HOUR)
    if not (around := _written_hour(hour, zone)):
        return moment_of(at, zone).isoformat()
    minute, rest = divmod(rest, _MINUTE)
    second, fraction = divmod(rest, _SECOND)
    within = f"{minute:02}:{second:02}.{fraction:06}" if fraction else f"{minute:02}:{second:02}"
    return within.join(around)


@lru_cache(maxsize=16384)
def _written_hour(hour: int, zone: ZoneInfo) -> tuple[str, str] | None:
    """Write what stands before the minutes of a whole hour's instants, and behind their seconds.

    None when it is no whole hour there.
    """
    start, end = moment_of(hour * _HOUR, zone), moment_of((hour + 1) * _HOUR - 1, zone)
    if start.minute or start.second or start.utcoffset() != end.utcoffset():
        return None
    text = start.isoformat()
    return text[:14], text[19:]
