"""One number: a verdict by primary key, from the store that serves live calls.

Two short statements: the rows of (caller, number) as masks, folded here as the program says, and the outcome of the
fold. A denied call is an answer, not an error.
"""

__all__ = ["may_call"]

import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from belbaar.law import Law, Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import last_day_under, midnight, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY, NEVER
from belbaar.ledger import Store, events_of
from belbaar.ledger.record import stored_rows
from belbaar.ledger.standing import Row
from belbaar.numbers import metadata_version
from belbaar.verdict.laws import law_for
from belbaar.verdict.question import Call, Verdict, call_facts, named
from belbaar.verdict.statements import texts, with_sets


def may_call(store: Store, call: Call, *, law: Law | None = None) -> Verdict:
    """Judge one call by the law in force at its moment.

    Args:
        store: the ledger.
        call: the question.
        law: another law than the installation's own, for what-if questions.

    Raises:
        LawUnknown: the number's country has no law pack, or the call lies before the law that is known.
        InputError: the question is malformed, or the caller is not registered.
        StoreUnavailable: the ledger cannot be read.
    """
    known = store.known()
    caller = known.caller(call.caller)
    law = law or law_for(call.number, off=known.switched_off)
    now = moment(law, call.at)
    program = compile_ruleset(ruleset(law, now.today))
    facts = call_facts(call, caller)
    sets = known.product_sets(call.product)
    facts["number"], facts["caller"] = call.number, caller.key
    table = store.connection
    scratch = None
    if call.known_at is not None:
        table = scratch = _scratch(stored_rows(store, events_of(store, call.number, call.known_at), law.pack))
    try:
        outcome = _judge(table, program, facts, now, sets)
        allowed = bool(outcome.grounds) and not outcome.vetoes
        until = _until(table, law, facts, now, sets, outcome) if allowed else None
    finally:
        if scratch:
            scratch.close()
    grounds = named(program.ground_ids, outcome.grounds)
    rules = program.ruleset
    return Verdict(
        call=call,
        allowed=allowed,
        ground=grounds[0] if grounds else None,
        grounds=grounds,
        vetoes=named(program.veto_ids, outcome.vetoes),
        defects=tuple(name for name in program.defect_ids if outcome.mask >> program.bits.index(name) & 1),
        duties=named(program.duty_ids, outcome.duties),
        until=until,
        events=outcome.events,
        ruleset=rules.name,
        ruleset_hash=rules.hash,
        switched_off=tuple(sorted(law.off)),
        metadata=metadata_version(),
    )


class _Outcome:
    """What one ruleset makes of the rows at one moment: the outcome's integers, and the day its grounds last to."""

    __slots__ = ("duties", "events", "grounds", "last_day", "mask", "vetoes")

    def __init__(
        self, mask: int, grounds: int, vetoes: int, duties: int, last_day: int, events: tuple[int, ...]
    ) -> None:
        self.mask, self.grounds, self.vetoes, self.duties = mask, grounds, vetoes, duties
        self.last_day, self.events = last_day, events


def _judge(
    table: sqlite3.Connection, program: Program, facts: dict[str, int], now: Moment, sets: ProductSets
) -> _Outcome:
    rows, outcome = _statements(program, sets)
    values = {**facts, **now._asdict()}
    mask = 0
    extremes = {extreme.name: extreme.floor for extreme in program.extremes}
    events = []
    for row_mask, since, lasts, event in table.execute(rows, values):
        if not row_mask:
            continue
        mask |= row_mask
        events.append(event)
        for extreme in program.extremes:
            value = since if extreme.column == "since" else lasts
            if row_mask & extreme.bits and value > extremes[extreme.name]:
                extremes[extreme.name] = value
    grounds, vetoes, duties, unending = table.execute(outcome, values | extremes | {"mask": mask}).fetchone()
    last_day = max(
        unending,
        *(last_day_under(program.ruleset, cutoff, extremes[f"lasts_{cutoff}"]) for cutoff in program.cutoffs),
    )
    return _Outcome(mask, grounds, vetoes, duties, last_day, tuple(events))


def _until(
    table: sqlite3.Connection, law: Law, facts: dict[str, int], now: Moment, sets: ProductSets, outcome: _Outcome
) -> int | None:
    """Walk on through the law to come, facts frozen, to the first midnight without a ground."""
    era = ruleset(law, now.today).period
    while outcome.grounds and outcome.last_day >= era.last:
        if era.last >= FOREVER_DAY:
            return None
        day = era.last + 1
        rules = ruleset(law, day)
        outcome = _judge(table, compile_ruleset(rules), facts, moment_on(law, now.moment, day), sets)
        if not outcome.grounds:
            return midnight(law.pack, day)
        era = rules.period
    return midnight(law.pack, outcome.last_day + 1)


@lru_cache(maxsize=1024)
def _statements(program: Program, sets: ProductSets) -> tuple[str, str]:
    parts = texts(program, "sqlite", fold_is_given=True)
    of = "number = :number AND caller IN (0, :caller)"
    ahead = ", ".join(
        f"coalesce(max(CASE WHEN {when} THEN since END), {NEVER}) AS {name}" for name, when in parts.ahead
    )
    rows = (
        f"SELECT {parts.mask}, since, {parts.lasts}, event "
        f"FROM standing, (SELECT {ahead} FROM standing WHERE {of}) WHERE {of}"
    )
    return with_sets(rows, sets), f"SELECT {parts.outcome}"


def _scratch(rows: Iterable[tuple[int, ...]]) -> sqlite3.Connection:
    """Put rows in a table of their own: the standing as it was known."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE standing ({', '.join(Row._fields)})")
    connection.executemany(f"INSERT INTO standing VALUES ({', '.join('?' * len(Row._fields))})", rows)
    return connection
