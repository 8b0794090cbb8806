"""Many numbers that are asked about alike: few different verdicts, and whose each is.

What is asked of a number is put apart from the number, so all that are asked alike are judged in one statement, and what
is made of an outcome is made once, however many numbers share it. One number is a group of one.

What is made of a group is written once, as a generator that says what it wants judged and is told what came of it. So
what all groups want next is judged together.
"""

__all__ = ["Alike", "Group", "judge_alike"]

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from belbaar.errors import BelbaarError, LawUnknown, StoreUnavailable
from belbaar.law import Law
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import midnight, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY
from belbaar.ledger import Store, events_of
from belbaar.ledger.known import Known
from belbaar.ledger.record import stored_rows
from belbaar.ledger.schema import STANDING_COLUMNS
from belbaar.ledger.store import Connection, StoredRow
from belbaar.numbers import metadata_version
from belbaar.verdict import on_postgres, on_sqlite
from belbaar.verdict.laws import law_for
from belbaar.verdict.outcome import Found, Judged, Outcome
from belbaar.verdict.question import Call, Verdict, call_facts, named

_EVENT = STANDING_COLUMNS.index("event")
_JUDGES: Mapping[str, Callable[[Connection, Sequence[Judged]], list[Found]]] = {
    "sqlite": on_sqlite.judge,
    "postgres": on_postgres.judge,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that are asked about alike.

    Args:
        call: the question; its number plays no part.
        numbers: E.164, in the order of who asks.
        law: to judge by; None: the installation's own.
        without: places in the ledger of events of these numbers that do not count.
    """

    call: Call
    numbers: Sequence[int]
    law: Law | None = None
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Alike:
    """What came of a group.

    Args:
        group: what was asked.
        answers: the few different ones: verdicts on the first number that has each, without events; or what was wrong.
        places: for each number the place of its answer among them.
        events: for each number the places in the ledger of the events that played a part, sorted.
    """

    group: Group
    answers: list[Verdict | BelbaarError]
    places: list[int]
    events: list[tuple[int, ...]]

    def verdict(self, place: int) -> Verdict | BelbaarError:
        """Give the verdict on the number at a place of the group, or what was wrong."""
        answer = self.answers[self.places[place]]
        if isinstance(answer, BelbaarError):
            return answer
        return replace(answer, call=replace(answer.call, number=self.group.numbers[place]), events=self.events[place])

    def each(self) -> Iterator[Verdict | BelbaarError]:
        """Give the verdict on each number, or what was wrong."""
        return map(self.verdict, range(len(self.places)))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some numbers of a group, by their places in it, under one law; by their standing, or one by rows of its own."""

    group: Group
    law: Law
    places: Sequence[int]
    given: Sequence[StoredRow] | None = None

    @property
    def numbers(self) -> list[int]:
        return [self.group.numbers[place] for place in self.places]


_Came = tuple[list[Verdict], list[int], Sequence[tuple[int, ...]]]
"""The different verdicts on a part; for each number the place of its own, and its events."""
_Asking = Generator[Judged, Found, _Came | None]


def judge_alike(store: Store, groups: Sequence[Group]) -> list[Alike]:
    """Judge groups, each number as ``may_call`` does; several inside a transaction, so all by the same ledger.

    Raises:
        StoreUnavailable: the ledger cannot be read.
    """
    known = store.remembered(groups[0].call.caller) if groups else store.known()
    try:
        while (came := _judged(store, known, groups)) is None:
            known = store.known()
    except store.errors as error:
        raise store.unavailable(error) from error
    return came


def _judged(store: Store, known: Known, groups: Sequence[Group]) -> list[Alike] | None:
    """Judge by the small tables as they are known; None when somebody has changed them since."""
    came = [Alike(group, [], [0] * len(group.numbers), [()] * len(group.numbers)) for group in groups]
    parts = [(alike, part) for alike in came for part in _parts(store, known, alike)]
    answers = _all_of(store, [_verdicts(known, part) for _, part in parts])
    for (alike, part), answer in zip(parts, answers, strict=True):
        if answer is None:
            return None
        _put(alike, part.places, answer)
    return came


def _all_of(store: Store, asking: Sequence[_Asking]) -> list[_Came | BelbaarError | None]:
    """Have all that is asked judged together, step by step."""
    answers: dict[int, _Came | BelbaarError | None] = {}

    def go_on(place: int, found: Found | None) -> Judged | None:
        try:
            return asking[place].send(found)  # type: ignore[arg-type]  # None starts a generator
        except StopIteration as ended:
            answers[place] = ended.value
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            answers[place] = error
        return None

    judge = _JUDGES[store.dialect]
    wanted = {place: question for place in range(len(asking)) if (question := go_on(place, None))}
    while wanted:
        found = zip(wanted, judge(store.connection, list(wanted.values())), strict=True)
        wanted = {place: question for place, each in found if (question := go_on(place, each))}
    return [answers[place] for place in range(len(asking))]


def _put(alike: Alike, places: Sequence[int], came: _Came | BelbaarError) -> None:
    """Put what came of some numbers of a group where they are."""
    first = len(alike.answers)
    if isinstance(came, BelbaarError):
        alike.answers.append(came)
        for place in places:
            alike.places[place] = first
        return
    verdicts, of_each, events = came
    alike.answers.extend(verdicts)
    for place, of, rests_on in zip(places, of_each, events, strict=True):
        alike.places[place] = first + of
        alike.events[place] = rests_on


def _parts(store: Store, known: Known, alike: Alike) -> Iterator[_Part]:
    """Part a group by the law of its numbers; those whose rows are not their standing are judged one by one."""
    group = alike.group
    apart = set[int]()
    if group.call.known_at is not None or group.without:
        apart.update(group.numbers)
    elif known.suppressing:
        apart.update(store.objecting(group.numbers))
    together: dict[Law, list[int]] = {}
    for place, number in enumerate(group.numbers):
        try:
            law = group.law or law_for(number, off=known.switched_off)
        except LawUnknown as error:
            _put(alike, [place], error)
            continue
        if number in apart:
            yield _Part(group, law, [place], _as_known(store, group, number, law))
        else:
            together.setdefault(law, []).append(place)
    for law, places in together.items():
        yield _Part(group, law, places)


def _as_known(store: Store, group: Group, number: int, law: Law) -> list[StoredRow]:
    with store.reading():
        events = events_of(store, number, group.call.known_at)
        rows = stored_rows(store, events, law.pack)
    return [row for row in rows if row[_EVENT] not in group.without] if group.without else rows


def _verdicts(known: Known, part: _Part) -> _Asking:
    """Judge by the small tables as they are known; None when somebody has changed them since."""
    call, law = part.group.call, part.law
    caller = known.caller(call.caller)
    now = moment(law, call.at)
    if call.heard > now.moment:
        now = now._replace(moment=call.heard)
    program = compile_ruleset(ruleset(law, now.today))
    facts = {**call_facts(call, caller), "caller": caller.key}
    judged = Judged(program, facts, now, known.product_sets(call.product), part.numbers, part.given)
    found = yield judged
    if found.revision != known.revision:
        return None
    ends = yield from _ends(law, judged, found.outcomes)
    places: dict[tuple[Outcome, int | None], int] = {}
    of_each = [places.setdefault(each, len(places)) for each in zip(found.outcomes, ends, strict=True)]
    firsts = dict(zip(reversed(of_each), reversed(judged.numbers), strict=True))
    verdicts = [_verdict(replace(call, number=firsts[place]), law, program, *each) for each, place in places.items()]
    return verdicts, of_each, found.events


def _verdict(call: Call, law: Law, program: Program, outcome: Outcome, until: int | None) -> Verdict:
    grounds = named(program.ground_ids, outcome.grounds)
    rules = program.ruleset
    return Verdict(
        call=call,
        allowed=bool(grounds) and not outcome.vetoes,
        ground=grounds[0] if grounds else None,
        grounds=grounds,
        vetoes=named(program.veto_ids, outcome.vetoes),
        defects=_defects(program, outcome.mask),
        duties=named(program.duty_ids, outcome.duties),
        until=until,
        events=(),
        ruleset=rules.name,
        ruleset_hash=rules.hash,
        switched_off=tuple(sorted(law.off)),
        metadata=metadata_version(),
    )


@lru_cache(maxsize=4096)
def _defects(program: Program, mask: int) -> tuple[str, ...]:
    """Name the conditions that consents failed."""
    return tuple(name for name in program.defect_ids if mask >> program.bits.index(name) & 1)


def _ends(law: Law, judged: Judged, outcomes: Sequence[Outcome]) -> Generator[Judged, Found, list[int | None]]:
    """Walk on through the law to come, facts frozen, to the first midnight at which each that is allowed has no ground.

    None: never, or it is denied.
    """
    ends: list[int | None] = [None] * len(outcomes)
    walking = [(place, outcome) for place, outcome in enumerate(outcomes) if outcome.grounds and not outcome.vetoes]
    era = ruleset(law, judged.now.today).period
    while walking:
        going_on = []
        for place, outcome in walking:
            if not outcome.grounds:
                ends[place] = midnight(law.pack, era.first)
            elif outcome.last_day < era.last:
                ends[place] = midnight(law.pack, outcome.last_day + 1)
            elif era.last < FOREVER_DAY:
                going_on.append(place)
        if not going_on:
            break
        rules = ruleset(law, era.last + 1)
        found = yield judged._replace(
            program=compile_ruleset(rules),
            now=moment_on(law, judged.now.moment, era.last + 1),
            numbers=[judged.numbers[place] for place in going_on],
        )
        walking, era = list(zip(going_on, found.outcomes, strict=True)), rules.period
    return ends
