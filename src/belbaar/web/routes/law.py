"""The law: the rules of a day, beside those of another; for everybody."""

__all__ = ["ROUTES"]

import datetime as dt
from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, LawUnknown
from belbaar.law import PACKS, Law, Ruleset, announced, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import CONDITION, DUTY, GROUND, VETO, Rule
from belbaar.law.told import as_mapping, compared, value_in_words
from belbaar.reading import ZONE, read_instant
from belbaar.web.rendering import page
from belbaar.web.visits import Visit

_PACK = PACKS["NL"]
_ROLES = (GROUND, CONDITION, VETO, DUTY)
_Day = Annotated[str, QueryParameter(max_length=100)]
_Other = Annotated[str, QueryParameter(name="with", max_length=100)]
_Preview = Annotated[str, QueryParameter(name="law", max_length=100)]


@get("/law")
async def law(
    visit: Visit, service: Service, at: _Day = "", beside: _Other = "", preview: _Preview = ""
) -> Response[str]:
    """Show the law of a day; with another day, what differs."""
    off = await service.readers.reads(lambda store: store.known().switched_off)
    wrong: list[tuple[str, BelbaarError]] = []
    known = announced(Law(_PACK, off=off), preview) if preview else Law(_PACK, off=off)
    today = local_day(now_us(), ZONE)
    day, rules = _read(at, "at", known, wrong) or (today, ruleset(known, today))
    other, others = (_read(beside, "with", known, wrong) if beside else None) or (today, None)
    return page(
        visit,
        "law.html.j2",
        status=422 if wrong else 200,
        at=at or dt.date.fromordinal(today).isoformat(),
        day=dt.date.fromordinal(day),
        beside=beside,
        preview=preview,
        previews=_PACK.announced,
        wrong=dict(wrong),
        rules=rules,
        groups=[(role, [as_mapping(rule, rules) for rule in _of_role(rules, role)]) for role in _ROLES],
        parameters=[
            (each, value_in_words(rules.values[each.id], visit.lang))
            for each in _PACK.parameters
            if each.id in rules.values
        ],
        off=sorted(off),
        changes=_changes(rules, others, visit.lang) if others else None,
        other_day=dt.date.fromordinal(other),
    )


def _read(text: str, where: str, known: Law, wrong: list[tuple[str, BelbaarError]]) -> tuple[int, Ruleset] | None:
    """Give a day and its rules; None where it is no day, or belbaar knows no law of it: that is told in the form."""
    try:
        day = local_day(read_instant(text, where) if text else now_us(), ZONE)
        return day, ruleset(known, day)
    except (InputError, LawUnknown) as error:
        wrong.append((where, error))
        return None


def _of_role(rules: Ruleset, role: str) -> list[Rule]:
    found = [rule for rule in rules.rules if rule.role == role]
    return sorted(found, key=lambda rule: _PACK.grounds.index(rule.id)) if role == GROUND else found


def _changes(before: Ruleset, after: Ruleset, lang: str) -> dict[str, object]:
    """Give what differs, in the words of a language."""
    changes = compared(before, after)
    names = {each.id: each for each in _PACK.parameters}
    return {
        "gone": [as_mapping(rule, before) for rule in changes.gone],
        "new": [as_mapping(rule, after) for rule in changes.new],
        "changed": [(as_mapping(old, before), as_mapping(new, after)) for old, new in changes.changed],
        "parameters": [
            (names.get(name, name), value_in_words(old, lang), value_in_words(new, lang))
            for name, old, new in changes.parameters
        ],
    }


ROUTES = (law,)
