"""One number: a verdict by primary key, from the store that serves live calls.

How a store's engine folds the rows is in ``on_sqlite`` and ``on_postgres``; both run the same program. A denied call is
an answer, not an error.
"""

__all__ = ["may_call"]

from collections.abc import Callable, Sequence
from functools import lru_cache

from belbaar.law import Law, Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import midnight, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY
from belbaar.ledger import Store, events_of
from belbaar.ledger.record import stored_rows
from belbaar.ledger.schema import STANDING_COLUMNS
from belbaar.ledger.store import Connection, Known, StoredRow
from belbaar.numbers import metadata_version
from belbaar.verdict import on_postgres, on_sqlite
from belbaar.verdict.laws import law_for
from belbaar.verdict.outcome import Outcome
from belbaar.verdict.question import Call, Verdict, call_facts, named

_EVENT = STANDING_COLUMNS.index("event")
_Judge = Callable[
    [Connection, Program, dict[str, int], Moment, ProductSets, Sequence[StoredRow] | None],
    Outcome,
]
_JUDGES: dict[str, _Judge] = {"sqlite": on_sqlite.judge, "postgres": on_postgres.judge}


def may_call(store: Store, call: Call, *, law: Law | None = None, without: frozenset[int] = frozenset()) -> Verdict:
    """Judge one call by the law in force at its moment.

    Args:
        store: the ledger.
        call: the question.
        law: another law than the installation's own, for what-if questions.
        without: places in the ledger of events of this number that do not count.

    Raises:
        LawUnknown: the number's country has no law pack, or the call lies before the law that is known.
        InputError: the question is malformed, or the caller is not registered.
        StoreUnavailable: the ledger cannot be read.
    """
    known = store.remembered(call.caller)
    try:
        while not (verdict := _verdict(store, known, call, law, without)):
            known = store.known()
    except store.errors as error:
        raise store.unavailable(error) from error
    return verdict


def _verdict(store: Store, known: Known, call: Call, law: Law | None, without: frozenset[int]) -> Verdict | None:
    """Judge by the small tables as they are known; None when somebody has changed them since."""
    caller = known.caller(call.caller)
    law = law or law_for(call.number, off=known.switched_off)
    now = moment(law, call.at)
    program = compile_ruleset(ruleset(law, now.today))
    facts = call_facts(call, caller)
    sets = known.product_sets(call.product)
    facts["number"], facts["caller"] = call.number, caller.key
    erased = known.suppressing and store.suppressed(call.number)
    given = _as_known(store, call, law, without) if erased or without or call.known_at is not None else None
    judge = _JUDGES[store.dialect]
    outcome = judge(store.connection, program, facts, now, sets, given)
    if outcome.revision != known.revision:
        return None
    allowed = bool(outcome.grounds) and not outcome.vetoes
    until = None
    if allowed:
        until = _until(
            law, now, outcome, lambda program, then: judge(store.connection, program, facts, then, sets, given)
        )
    grounds = named(program.ground_ids, outcome.grounds)
    rules = program.ruleset
    return Verdict(
        call=call,
        allowed=allowed,
        ground=grounds[0] if grounds else None,
        grounds=grounds,
        vetoes=named(program.veto_ids, outcome.vetoes),
        defects=_defects(program, outcome.mask),
        duties=named(program.duty_ids, outcome.duties),
        until=until,
        events=tuple(filter(None, outcome.events)),
        ruleset=rules.name,
        ruleset_hash=rules.hash,
        switched_off=tuple(sorted(law.off)),
        metadata=metadata_version(),
    )


@lru_cache(maxsize=4096)
def _defects(program: Program, mask: int) -> tuple[str, ...]:
    """Name the conditions that consents failed."""
    return tuple(name for name in program.defect_ids if mask >> program.bits.index(name) & 1)


def _as_known(store: Store, call: Call, law: Law, without: frozenset[int]) -> list[StoredRow]:
    with store.reading():
        events = events_of(store, call.number, call.known_at)
        rows = stored_rows(store, events, law.pack)
    return [row for row in rows if row[_EVENT] not in without] if without else rows


def _until(law: Law, now: Moment, outcome: Outcome, judge: Callable[[Program, Moment], Outcome]) -> int | None:
    """Walk on through the law to come, facts frozen, to the first midnight without a ground."""
    era = ruleset(law, now.today).period
    while outcome.grounds and outcome.last_day >= era.last:
        if era.last >= FOREVER_DAY:
            return None
        day = era.last + 1
        rules = ruleset(law, day)
        outcome = judge(compile_ruleset(rules), moment_on(law, now.moment, day))
        if not outcome.grounds:
            return midnight(law.pack, day)
        era = rules.period
    return midnight(law.pack, outcome.last_day + 1)
