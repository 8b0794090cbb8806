"""Figures out of standing: every number of a caller judged as a list is, for each product that its events name.

A number may be called when it may be about any of these; its last ground is the one that lasts longest. Facts are taken
as they are known now, and the calendar looks ahead as ``until`` does.
"""

__all__ = ["impact_of", "today_of"]

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from belbaar.api.figures.denials import week_of
from belbaar.api.figures.denials import weeks as single_denials
from belbaar.api.figures.told import Impact, Lost, Today
from belbaar.law import PACKS, Law, Term, ruleset
from belbaar.law.calendar import instant, local_day
from belbaar.law.cards import DECREE, Step
from belbaar.law.words import NO_GROUND
from belbaar.ledger import Caller, Store
from belbaar.ledger.record import events_among
from belbaar.ledger.snapshot import load_standing
from belbaar.tables import parse_instant
from belbaar.verdict import Call
from belbaar.verdict.engine import DuckDB
from belbaar.verdict.evidence import PROVING, consent_grounds, levels_of
from belbaar.verdict.laws import installed_laws
from belbaar.verdict.levels import LEVELS
from belbaar.verdict.many import carrying
from belbaar.verdict.views import Answer, view_on
from belbaar.verdict.weighing import Demand

_PACK = PACKS["NL"]
_MOST_PRODUCTS = 20
_LOOKED = 2_000
"""Numbers with a ground of consent whose evidence is looked at, of each caller."""
_SOON = 90
_WEEKS = 12
_DAY = 86_400_000_000
_AFTERNOON = dt.time(14)
_FOREVER = dt.date.max.toordinal()
_NOT_REFUSED = ("allowed", "emergency", "break-glass")
_MEMORY = "1GB"


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """Where figures are computed: the store, a database with its ``standing`` up to a position, and the moment of the calls."""

    store: Store
    database: duckdb.DuckDBPyConnection
    position: int
    at: int
    day: int


def today_of(store: Store, organisation: int, now: int, *, spill: Path) -> Today:
    """Compute the figures of the day.

    Args:
        store: the ledger.
        organisation: whose callers, the store's integer.
        now: UTC microseconds.
        spill: a folder for what memory does not hold; numbers of persons are among it, and whoever made it clears it.
    """
    with _database(spill) as database:
        desk = _at(store, database, now)
        callers = _callers(store, organisation)
        law = installed_laws(off=store.known().switched_off)["NL"]
        left_out, looked = 0, Counter[int]()
        for caller in callers:
            products = _products(store, caller)
            left_out += max(0, len(products) - _MOST_PRODUCTS)
            _judge(desk, caller, products[:_MOST_PRODUCTS], law, "called")
            for product in products[:1]:
                looked += _levels(desk, caller, product, law)
        keys = {caller.key: caller.id for caller in callers}
        query = database.execute
        by_caller = dict(query("SELECT caller, count(*) FROM called GROUP BY caller").fetchall())
        ending = (
            f"SELECT until - {desk.day}, count(*) FROM called WHERE until - {desk.day} <= {_SOON} GROUP BY 1 ORDER BY 1"
        )
        levels = [looked[level] for level in range(len(LEVELS))]
        return Today(
            position=desk.position,
            day=dt.date.fromordinal(desk.day).isoformat(),
            numbers=_count(
                desk, f"SELECT count(*) FROM (SELECT DISTINCT caller, number FROM standing WHERE {_among(keys)})"
            ),
            callers={name: by_caller.get(key, 0) for key, name in keys.items()},
            by_ground=dict(query("SELECT ground, count(*) FROM called GROUP BY ground ORDER BY 2 DESC").fetchall()),
            by_reason=_reasons(desk, keys),
            ending=dict(query(ending).fetchall()),
            levels=levels,
            looked=sum(levels),
            weeks=_weeks(store, organisation, now),
            gate=_gate(store, organisation, now),
            left_out=left_out,
        )


def impact_of(store: Store, organisation: int, now: int, *, day: str, months: int, spill: Path) -> Impact:
    """Compute what it takes from each caller that the customer term becomes another on a day (ISO).

    No rule is written for it: the same law is asked, with another value of that parameter from the day on.
    """
    first = dt.date.fromisoformat(day).toordinal()
    with _database(spill) as database:
        desk = _at(store, database, now)
        law = installed_laws(off=store.known().switched_off)["NL"]
        step = Step(first, Term(months), DECREE)
        other = Law(law.pack, (*law.steps, (law.pack.customer_term, step)), law.off, law.evidence)
        callers = _callers(store, organisation)
        for caller in callers:
            products = _products(store, caller)[:_MOST_PRODUCTS]
            _judge(desk, caller, products, law, "called")
            _judge(desk, caller, products, other, "changed")
        database.execute(
            "CREATE TEMP TABLE compared AS SELECT caller, number, called.until AS before, "
            "least(coalesce(changed.until, 0), called.until) AS after "
            "FROM called LEFT JOIN changed USING (caller, number)"
        )
        rows = database.execute(
            "SELECT caller, count(*), count(*) FILTER (after < before), "
            f"count(*) FILTER (after < before AND after <= {first}) FROM compared GROUP BY caller"
        ).fetchall()
        found = {key: counts for key, *counts in rows}
        lost = [Lost(caller.id, *found.get(caller.key, (0, 0, 0))) for caller in callers]
        return Impact(desk.position, day, months, lost, _series(desk, first))


def _database(spill: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(spill)})
    database.execute("SET enable_progress_bar = false")
    for name in ("called", "changed"):
        database.execute(f"CREATE TEMP TABLE {name} (caller INTEGER, number BIGINT, ground VARCHAR, until INTEGER)")
    database.execute("CREATE TEMP TABLE refused (caller INTEGER, number BIGINT, reason VARCHAR)")
    return database


def _at(store: Store, database: duckdb.DuckDBPyConnection, now: int) -> _Desk:
    """Choose the moment of the calls: the next afternoon on which calls may be made at all."""
    with store.reading():
        position = load_standing(store, database)
    day = local_day(now, _PACK.zone)
    while not _PACK.opening(dt.date.fromordinal(day)):
        day += 1
    at = instant(dt.datetime.combine(dt.date.fromordinal(day), _AFTERNOON, _PACK.zone))
    return _Desk(store, database, position, at, day)


def _callers(store: Store, organisation: int) -> list[Caller]:
    rows = store.connection.execute("SELECT handle FROM caller WHERE organisation = ? ORDER BY id", (organisation,))
    return [store.caller(name) for (name,) in rows.fetchall()]


def _products(store: Store, caller: Caller) -> list[str]:
    return [product for product in store.products_of([caller.key]) if product != "*"]


def _judge(desk: _Desk, caller: Caller, products: Sequence[str], law: Law, name: str) -> None:
    """Put into a table which numbers of a caller may be called, each once; into ``refused`` why others may not."""
    engine, key = DuckDB(desk.database), caller.key
    grounds = {ground: rank for rank, ground in enumerate(law.pack.grounds)}
    engine.make("judged", "SELECT 0::BIGINT AS number, 0 AS id, 0 AS product LIMIT 0")
    answers: list[Answer] = []
    for product in products:
        call = Call(0, caller.id, desk.at, product)
        numbers = f"number IN (SELECT number FROM standing WHERE caller = {key})"
        view = view_on(engine, desk.store, call, {"NL": law}, "view", numbers=numbers, demand=Demand(0, desk.position))
        desk.database.execute(f"INSERT INTO judged SELECT number, id + {len(answers)}, 0 FROM view")
        answers += view.answers
    engine.put("answers", _as_table(answers, grounds))
    desk.database.execute(
        f"INSERT INTO {name} SELECT {key}, number, arg_min(ground, rank), max(until) FROM judged JOIN answers USING (id) "
        "WHERE allowed GROUP BY number"
    )
    if name == "called":
        desk.database.execute(
            f"INSERT INTO refused SELECT DISTINCT {key}, number, unnest(reasons) FROM judged JOIN answers USING (id) "
            f"WHERE NOT allowed AND number NOT IN (SELECT number FROM called WHERE caller = {key})"
        )


def _as_table(answers: Sequence[Answer], grounds: Mapping[str, int]) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(range(len(answers)), pa.int32()),
            "allowed": [each.allowed for each in answers],
            "ground": pa.array([each.ground for each in answers], pa.string()),
            "rank": pa.array([grounds.get(each.ground, len(grounds)) for each in answers], pa.int32()),
            "until": pa.array([_ordinal(each.until) for each in answers], pa.int32()),
            "reasons": pa.array([list(each.why) for each in answers], pa.list_(pa.string())),
        }
    )


def _ordinal(until: str) -> int:
    """Give the day at whose beginning a ground is over, as an ordinal."""
    return parse_instant(until, _PACK.zone).date().toordinal() if until else _FOREVER


def _among(keys: Mapping[int, str]) -> str:
    return f"caller IN ({', '.join(map(str, keys)) or 'NULL'})"


def _count(desk: _Desk, query: str) -> int:
    return sum(number for (number,) in desk.database.execute(query).fetchall())


def _reasons(desk: _Desk, keys: Mapping[int, str]) -> dict[str, int]:
    """Count why numbers may not be called; what standing does not change is not in the views, and has no ground."""
    found = dict(desk.database.execute("SELECT reason, count(*) FROM refused GROUP BY reason").fetchall())
    silent = (
        f"SELECT count(*) FROM (SELECT DISTINCT caller, number FROM standing WHERE {_among(keys)} "
        "EXCEPT SELECT caller, number FROM called EXCEPT SELECT caller, number FROM refused)"
    )
    found[NO_GROUND] = found.get(NO_GROUND, 0) + _count(desk, silent)
    return {reason: number for reason, number in sorted(found.items(), key=itemgetter(1), reverse=True) if number}


def _levels(desk: _Desk, caller: Caller, product: str, law: Law) -> Counter[int]:
    """Count consents by their evidence: those that are a ground, of some numbers that are spread over all."""
    desk.database.execute(
        "CREATE OR REPLACE TEMP TABLE sampled AS SELECT number FROM "
        f"(SELECT DISTINCT number FROM called WHERE caller = {caller.key}) ORDER BY hash(number) LIMIT {_LOOKED}"
    )
    call = Call(0, caller.id, desk.at, product)
    grounds = consent_grounds(ruleset(law, desk.day))
    engine = DuckDB(desk.database)
    pairs = carrying(engine, desk.store, call, law, grounds, numbers="number IN (SELECT number FROM sampled)")
    placed = {number: {place for _, place in group} for number, group in groupby(pairs, key=itemgetter(0))}
    counted = Counter[int]()
    numbers = sorted(placed)
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        events = events_among(desk.store, some, PROVING, upto=desk.position, known_at=None)
        for number, group in groupby(events, key=attrgetter("number")):
            history = list(group)
            consents = [event for event in history if event.seq in placed[number]]
            counted.update(each.level for each in levels_of(desk.store, consents, history, call, law).values())
    return counted


def _weeks(store: Store, organisation: int, now: int) -> dict[str, dict[str, int]]:
    """Add up why rows of screened lists, and single questions, were refused, by the week in which they were."""
    rows = store.connection.execute(
        "SELECT ended_at, result FROM list_job WHERE organisation = ? AND state IN ('done', 'removed') AND ended_at > ?",
        (organisation, now - _WEEKS * 7 * _DAY),
    ).fetchall()
    first = week_of(local_day(now - _WEEKS * 7 * _DAY, _PACK.zone))
    weeks = {week: Counter(reasons) for week, reasons in single_denials(store, organisation, first).items()}
    for ended_at, result in rows:
        reasons = msgspec.json.decode(result).get("by_reason", {}) if result else {}
        weeks.setdefault(week_of(local_day(ended_at, _PACK.zone)), Counter()).update(reasons)
    return {dt.date.fromordinal(week).isoformat(): dict(reasons) for week, reasons in sorted(weeks.items())}


def _gate(store: Store, organisation: int, now: int) -> dict[str, int]:
    """Count the calls that the gate refused in a week, by cause."""
    rows = store.connection.execute(
        "SELECT cause, count(*) FROM gated_call WHERE organisation = ? AND told_at > ? GROUP BY cause ORDER BY 2 DESC",
        (organisation, now - 7 * _DAY),
    ).fetchall()
    return {cause: number for cause, number in rows if cause not in _NOT_REFUSED}


def _series(desk: _Desk, first: int) -> list[tuple[str, int, int]]:
    """Count at the beginning of each month, until a year after the change, how many may still be called."""
    begin, end = dt.date.fromordinal(desk.day), dt.date.fromordinal(max(first, desk.day)) + dt.timedelta(366)
    days, month = [begin], begin.replace(day=1)
    while month < end:
        month = (month + dt.timedelta(32)).replace(day=1)
        days.append(month)
    days = sorted({*days, dt.date.fromordinal(first)} if first > desk.day else set(days))
    told = []
    for each in days:
        query = "SELECT count(*) FILTER (before > ?), count(*) FILTER (after > ?) FROM compared"
        before, after = desk.database.execute(query, [each.toordinal()] * 2).fetchall()[0]
        told.append((each.isoformat(), int(before), int(after)))
    return told
