"""Cells that are not plain text: instants, days, yes and no. Dutch and ISO notation; what is ambiguous is refused.

    >>> amsterdam = ZoneInfo("Europe/Amsterdam")
    >>> for text in ("2021-07-01T14:05:00Z", "1-7-2021 14:05", "14/09/2024", "1 juli 2021"):
    ...     print(parse_instant(text, amsterdam).isoformat())
    2021-07-01T14:05:00+00:00
    2021-07-01T14:05:00+02:00
    2024-09-14T00:00:00+02:00
    2021-07-01T00:00:00+02:00

A date alone is the first instant of that day. Where the clock is set back and an hour comes twice, the first of the two is
meant: an objection then counts from the earlier instant. An hour that is skipped in spring never was, and is refused.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from belbaar.errors import InputError

__all__ = ["Order", "is_day", "parse_day", "parse_instant", "parse_yes_no"]

Order = Literal["dmy", "mdy", "ymd"]

FORMS = "Write it as 2021-07-01, 2021-07-01T14:05+02:00 or 1-7-2021 14:05."
MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maart", "march", "mrt", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("augustus", "august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_OF = {word: number for number, words in enumerate(MONTHS, 1) for word in words}
ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DECEMBER = 12
TELLING = 9  # digits in a cell that make it a telephone number, perhaps
LONGEST = 40  # characters of a cell in a message
WEEKDAY = r"(?:(?:ma|di|wo|do|vr|za|zo)(?:andag|nsdag|ensdag|nderdag|ijdag|terdag|ndag)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"

_ISO = re.compile(r"(?P<year>\d{4})(?P<sign>[-/.]?)(?P<month>\d{2}|(?<=[-/.])\d)(?P=sign)(?P<day>\d{1,2})")
_NUMERIC = re.compile(r"(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d+)")
_WORDS = re.compile(r"(?P<day>\d{1,2})(?:e|ste|de|st|nd|rd|th)?[-. ]+(?P<month>[a-z]+)[-., ]+(?P<year>\d+)")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?(?: ?(?:uur|h))?"
    r" ?(?P<offset>z|utc|[+-]\d{2}(?::?\d{2})?)?"
)
_MOMENT = re.compile(
    rf"(?:{WEEKDAY},? )?(?P<date>.+?)(?:(?:t|,? om |, ?| )(?P<time>\d{{1,2}}[:.]\d{{2}}(?!\d*[-/.]).*))?"
)


def parse_instant(text: str, zone: ZoneInfo, dates: Order | None = None) -> datetime:
    """Read an instant; without offset it is local time in ``zone``.

    Args:
        text: the cell.
        zone: where the clock hung that it was read from.
        dates: the order of day and month, when the sender says so; else 03/04/2025 is refused.

    Raises:
        InputError: it is no instant, or could be two.
    """
    day_text, time_text = _parted(text)
    day = _day(day_text, dates)
    if not time_text:
        midnight = datetime.combine(day, time(), zone)
        return midnight.astimezone(UTC).astimezone(zone)  # in some zones a day begins at one o'clock
    moment, offset = _time(time_text, text)
    if offset is not None:
        return datetime.combine(day, moment, offset)
    local = datetime.combine(day, moment, zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InputError(
            f'"{shown(text)}" never was: that night the clock in {zone.key} was set forward past it',
            todo="Write it with its offset from UTC, such as 2021-03-28T02:30+01:00.",
        )
    return local


def parse_day(text: str, dates: Order | None = None) -> date:
    """Read a day; a time behind it is refused, as it would be lost.

    >>> parse_day("31-12-2026").isoformat()
    '2026-12-31'
    """
    day_text, time_text = _parted(text)
    day = _day(day_text, dates)
    if time_text and any(map("123456789".__contains__, time_text)):
        raise InputError(f'"{shown(text)}" has a time, where a day is asked', todo="Leave out the time.")
    return day


def parse_yes_no(text: str) -> bool:
    """Read yes or no.

    >>> [parse_yes_no(text) for text in ("Ja", "x", "0", "ONWAAR")]
    [True, True, False, False]
    """
    word = text.strip().casefold()
    if word in {"ja", "j", "yes", "y", "true", "waar", "1", "1.0", "x", "✓"}:
        return True
    if word in {"nee", "n", "no", "false", "onwaar", "0", "0.0"}:
        return False
    raise InputError(f'"{shown(text)}" is neither yes nor no', todo="Write ja or nee, true or false, 1 or 0.")


def shown(text: str) -> str:
    """Shorten a cell for a message; what may be a telephone number is not told in full.

    >>> shown("+31201136469"), shown("03/04/2025")
    ('+31…69', '03/04/2025')
    """
    text = text.strip()
    if sum(map(str.isdigit, text)) >= TELLING and not re.search(r"\d[-/.:]\d+[-/.:]\d", text):
        return f"{text[:3]}…{text[-2:]}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _parted(text: str) -> tuple[str, str]:
    """Part a cell in date and time."""
    spaced = " ".join(text.split()).casefold()
    if not spaced:
        raise InputError("there is no date", todo=FORMS)
    match = _MOMENT.fullmatch(spaced)
    return (match["date"], match["time"] or "") if match else (spaced, "")


def _day(text: str, dates: Order | None) -> date:
    if match := _ISO.fullmatch(text):
        return _date(int(match["year"]), int(match["month"]), int(match["day"]), text)
    if match := _NUMERIC.fullmatch(text):
        year, first, second = _year(match["year"], text), int(match["first"]), int(match["second"])
        day, month = (second, first) if _month_first(match, dates) else (first, second)
        return _date(year, month, day, text)
    if (match := _WORDS.fullmatch(text)) and match["month"] in MONTH_OF:
        return _date(_year(match["year"], text), MONTH_OF[match["month"]], int(match["day"]), text)
    hint = " Excel's day numbers are read from .xlsx only." if re.fullmatch(r"\d{5}(\.\d+)?", text) else ""
    raise InputError(f'"{shown(text)}" is no date', todo=FORMS + hint)


def _month_first(match: re.Match[str], dates: Order | None) -> bool:
    """Decide on 14/09/2024 and 09/14/2024; ask about 03/04/2025. Dashes and dots are Dutch: the day comes first."""
    if dates == "ymd":
        raise InputError(
            f'"{match[0]}" does not begin with the year', todo="Leave out --dates ymd, or write 2021-07-01."
        )
    if dates or match["sign"] != "/":
        return dates == "mdy"
    first, second = int(match["first"]), int(match["second"])
    if first != second and min(first, second) >= 1 and max(first, second) <= DECEMBER:
        one, other = (f"{day} {ENGLISH[month - 1]}" for day, month in ((first, second), (second, first)))
        raise InputError(f'"{match[0]}": {one} or {other}?', todo="Say --dates dmy (day first) or --dates mdy.")
    return first <= DECEMBER < second


def _year(digits: str, text: str) -> int:
    if len(digits) != len("2021"):
        raise InputError(f'"{shown(text)}" has a year of {len(digits)} digits', todo="Write the year in four digits.")
    return int(digits)


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        if not 1 <= month <= DECEMBER:
            raise InputError(f'"{shown(text)}": there is no month {month}', todo=FORMS) from error
        what = f"{ENGLISH[month - 1]} {year} has no day {day}"
        raise InputError(f'"{shown(text)}": {what}', todo=FORMS) from error


def _time(text: str, whole: str) -> tuple[time, timezone | None]:
    match = _TIME.fullmatch(text)
    if match is None:
        raise InputError(f'"{shown(whole)}": "{text}" is no time', todo=FORMS)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        moment = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), fraction)
    except ValueError as error:
        raise InputError(f'"{shown(whole)}": {error}', todo="Times run from 00:00 to 23:59:59.") from error
    return moment, _offset(match["offset"])


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in ("z", "utc"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


_CLOCK_TIME = re.compile(r"\d[:.]\d\d(?!\d)(?![.-]\d)|T\d")


def is_day(text: str) -> bool:
    """Tell whether an instant was given as a day, without a time.

    >>> [is_day(text) for text in ("2026-07-01", "1-7-2021", "2026-07-01T14:00", "1-7-2021 14.05")]
    [True, True, False, False]
    """
    return bool(text.strip()) and not _CLOCK_TIME.search(text)
