"""One number, or some at once: verdicts by primary key, from the store that serves live calls.

How a store's engine folds the rows is in ``on_sqlite`` and ``on_postgres``; both run the same program. A denied call is
an answer, not an error.

What is made of a call is written once, as a generator that says what it wants judged and is told what came of it. One
call is judged at once; of several, what all of them want next is judged together.
"""

__all__ = ["may_call", "may_calls"]

from collections.abc import Callable, Generator, Sequence
from functools import lru_cache

from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.law import Law, Moment
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
from belbaar.verdict.outcome import Judged, Outcome
from belbaar.verdict.question import Call, Verdict, call_facts, named

_EVENT = STANDING_COLUMNS.index("event")
_JUDGES: dict[str, Callable[[Connection, Judged], Outcome]] = {"sqlite": on_sqlite.judge, "postgres": on_postgres.judge}
_JUDGES_OF_MANY: dict[str, Callable[[Connection, Sequence[Judged]], Sequence[Outcome]]] = {
    "sqlite": on_sqlite.judge_many,
    "postgres": on_postgres.judge_many,
}
_Asking = Generator[Judged, Outcome, Verdict | None]


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
        while not (verdict := _alone(store, _verdict(store, known, call, law, without))):
            known = store.known()
    except store.errors as error:
        raise store.unavailable(error) from error
    return verdict


def may_calls(store: Store, calls: Sequence[Call]) -> list[Verdict | BelbaarError]:
    """Judge some calls, each as ``may_call`` does; inside a transaction, so all by the same ledger.

    Returns:
        For each its verdict, or what was wrong with the question.

    Raises:
        StoreUnavailable: the ledger cannot be read.
    """
    known, judge = store.known(), _JUDGES_OF_MANY[store.dialect]
    asking = [_verdict(store, known, call, None, frozenset()) for call in calls]
    answers: dict[int, Verdict | BelbaarError] = {}

    def go_on(place: int, outcome: Outcome | None) -> Judged | None:
        try:
            return asking[place].send(outcome)  # type: ignore[arg-type]  # None starts a generator
        except StopIteration as ended:
            answers[place] = ended.value or may_call(store, calls[place])
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            answers[place] = error
        return None

    try:
        wanted = {place: question for place in range(len(calls)) if (question := go_on(place, None))}
        while wanted:
            came = zip(wanted, judge(store.connection, list(wanted.values())), strict=True)
            wanted = {place: question for place, outcome in came if (question := go_on(place, outcome))}
    except store.errors as error:
        raise store.unavailable(error) from error
    return [answers[place] for place in range(len(calls))]


def _alone(store: Store, asking: _Asking) -> Verdict | None:
    judge = _JUDGES[store.dialect]
    try:
        question = next(asking)
        while True:
            question = asking.send(judge(store.connection, question))
    except StopIteration as ended:
        verdict: Verdict | None = ended.value
        return verdict


def _verdict(store: Store, known: Known, call: Call, law: Law | None, without: frozenset[int]) -> _Asking:
    """Judge by the small tables as they are known; None when somebody has changed them since."""
    caller = known.caller(call.caller)
    law = law or law_for(call.number, off=known.switched_off)
    now = moment(law, call.at)
    if call.heard > now.moment:
        now = now._replace(moment=call.heard)
    program = compile_ruleset(ruleset(law, now.today))
    facts = call_facts(call, caller)
    sets = known.product_sets(call.product)
    facts["number"], facts["caller"] = call.number, caller.key
    erased = known.suppressing and store.suppressed(call.number)
    given = _as_known(store, call, law, without) if erased or without or call.known_at is not None else None
    outcome = yield Judged(program, facts, now, sets, given)
    if outcome.revision != known.revision:
        return None
    allowed = bool(outcome.grounds) and not outcome.vetoes
    until = None
    if allowed:
        until = yield from _until(law, now, outcome, lambda program, then: Judged(program, facts, then, sets, given))
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


def _until(
    law: Law, now: Moment, outcome: Outcome, wanted: Callable[[Program, Moment], Judged]
) -> Generator[Judged, Outcome, int | None]:
    """Walk on through the law to come, facts frozen, to the first midnight without a ground."""
    era = ruleset(law, now.today).period
    while outcome.grounds and outcome.last_day >= era.last:
        if era.last >= FOREVER_DAY:
            return None
        day = era.last + 1
        rules = ruleset(law, day)
        outcome = yield wanted(compile_ruleset(rules), moment_on(law, now.moment, day))
        if not outcome.grounds:
            return midnight(law.pack, day)
        era = rules.period
    return midnight(law.pack, outcome.last_day + 1)
