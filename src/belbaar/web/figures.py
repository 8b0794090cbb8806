"""From figures to charts, in the words of a language."""

__all__ = ["impact_charts", "today_charts"]

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate

from belbaar.api.figures.told import Impact, Today
from belbaar.law.words import NO_GROUND
from belbaar.verdict.levels import LEVELS
from belbaar.web.charts import Chart, Row, bars, lines, stacked
from belbaar.web.explaining import sentences
from belbaar.web.formats import count, day_of
from belbaar.web.texts import said, texts

_SHOWN = 4
"""Reasons that are drawn by themselves; the rest is one."""
_MONTH, _QUARTER = 30, 90


def today_charts(told: Today, lang: str) -> list[Chart]:
    """Draw the figures of the day."""
    shown = partial(count, lang=lang)
    return [
        _grounds(told, lang, shown),
        _reasons(told, lang, shown),
        _weeks(told, lang, shown),
        _ending(told, lang, shown),
        _levels(told, lang, shown),
    ]


def impact_charts(told: Impact, names: Mapping[str, str], lang: str) -> list[Chart]:
    """Draw what another term takes. ``names``: of callers, by id."""
    words, shown = texts(lang), partial(count, lang=lang)
    lost = sum(each.lost for each in told.callers)
    legend = [words.gettext("As the law is"), words.gettext("With the other term")]
    series = [(_day(day, lang), (before, after)) for day, before, after in told.series]
    months = Chart(
        "months",
        words.gettext("Numbers that may still be called"),
        words.gettext("%(lost)s numbers of today fall away sooner.") % {"lost": shown(lost)},
        [words.gettext("From"), *legend],
        series,
        lines(series, legend, shown),
    )
    rows = [(names.get(each.caller, each.caller), (each.lost, each.at_once, each.callable)) for each in told.callers]
    rows.sort(key=lambda row: -row[1][0])
    callers = Chart(
        "callers",
        words.gettext("Numbers that fall away, by caller"),
        words.gettext("%(lost)s of them on the very day of the change.")
        % {"lost": shown(sum(each.at_once for each in told.callers))},
        [
            words.gettext("Caller"),
            words.gettext("Fall away"),
            words.gettext("On the day of the change"),
            words.gettext("Callable today"),
        ],
        rows,
        bars(rows, shown),
    )
    return [months, callers]


def _grounds(told: Today, lang: str, shown: Callable[[int], str]) -> Chart:
    words, known = texts(lang), sentences(told.day, lang)
    rows = [(known[name][0], (number,)) for name, number in told.by_ground.items() if name in known]
    return Chart(
        "grounds",
        words.gettext("Callable, by ground"),
        words.gettext("%(number)s of %(all)s numbers may be called.")
        % {"number": shown(sum(told.callers.values())), "all": shown(told.numbers)},
        [words.gettext("Ground"), words.gettext("Numbers")],
        rows,
        bars(rows, shown),
    )


def _reasons(told: Today, lang: str, shown: Callable[[int], str]) -> Chart:
    words, known = texts(lang), sentences(told.day, lang)
    rows = [(_reason(name, known, lang), (number,)) for name, number in told.by_reason.items()]
    return Chart(
        "reasons",
        words.gettext("Why numbers may not be called"),
        words.gettext("A number can have more than one reason."),
        [words.gettext("Reason"), words.gettext("Numbers")],
        rows,
        bars(rows, shown),
    )


def _weeks(told: Today, lang: str, shown: Callable[[int], str]) -> Chart:
    words, known = texts(lang), sentences(told.day, lang)
    totals: dict[str, int] = {}
    for reasons in told.weeks.values():
        for name, number in reasons.items():
            totals[name] = totals.get(name, 0) + number
    first = sorted(totals, key=lambda name: -totals[name])[:_SHOWN]
    names = [_reason(name, known, lang) for name in first]
    others = [words.gettext("Other reasons")] if len(totals) > _SHOWN else []
    rows: list[Row] = []
    for week, reasons in told.weeks.items():
        values = [reasons.get(name, 0) for name in first]
        rows.append((_day(week, lang), [*values, *([sum(reasons.values()) - sum(values)] if others else [])]))
    return Chart(
        "weeks",
        words.gettext("Denied, by week: rows of lists and single questions"),
        words.gettext("%(number)s reasons in twelve weeks; a call may have several.")
        % {"number": shown(sum(totals.values()))},
        [words.gettext("Week from"), *names, *others],
        rows,
        stacked(rows, [*names, *others], shown),
    )


def _ending(told: Today, lang: str, shown: Callable[[int], str]) -> Chart:
    words = texts(lang)
    begin = dt.date.fromisoformat(told.day)
    total = list(accumulate(told.ending.get(day, 0) for day in range(_QUARTER + 1)))
    days = sorted({0, _MONTH, _QUARTER, *range(0, _QUARTER, 15), *told.ending})
    drawn = [(_day((begin + dt.timedelta(day)).isoformat(), lang), (total[day],)) for day in range(_QUARTER + 1)]
    rows = [(day_of(begin + dt.timedelta(day), lang), (total[day],)) for day in days]
    legend = [words.gettext("Grounds that have ended by then")]
    return Chart(
        "ending",
        words.gettext("Grounds that end within 90 days"),
        words.gettext("%(month)s within 30 days, %(quarter)s within 90.")
        % {"month": shown(total[_MONTH]), "quarter": shown(total[_QUARTER])},
        [words.gettext("Day"), *legend],
        rows,
        lines(drawn, legend, shown),
    )


def _levels(told: Today, lang: str, shown: Callable[[int], str]) -> Chart:
    words = texts(lang)
    rows = [(f"{level}: {said(lang, *LEVELS[level])}", (number,)) for level, number in enumerate(told.levels)]
    return Chart(
        "levels",
        words.gettext("Consents by level of evidence"),
        words.gettext("%(number)s consents were looked at, spread over all.") % {"number": shown(told.looked)},
        [words.gettext("Level"), words.gettext("Consents")],
        rows if told.looked else [],
        bars(rows, shown),
    )


def _reason(name: str, known: Mapping[str, Sequence[str]], lang: str) -> str:
    """Say why: the sentence of a rule that was not met."""
    if name == NO_GROUND:
        return texts(lang).gettext("There is no ground for the call.")
    if name == "evidence-level":
        return texts(lang).gettext("There is less evidence than is demanded.")
    return known[name][1] if name in known else name


def _day(iso: str, lang: str) -> str:
    """Give a day shortly: 1 jan 2027."""
    day, month, year = day_of(dt.date.fromisoformat(iso), lang).split(" ")
    return f"{day} {month[:3]} {year}"
