"""Run scenario cases on an engine and say where verdict and expectation differ."""

__all__ = ["ENGINES", "Lend", "Outcome", "check", "check_together"]

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from belbaar.errors import LawUnknown
from belbaar.law import Law
from belbaar.law.calendar import iso
from belbaar.ledger import Source, Store, add_caller, memory_store, record
from belbaar.verdict.cases import Case, CaseFile
from belbaar.verdict.laws import law_for
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call, Verdict

if TYPE_CHECKING:
    from belbaar.verdict.together import Question

Judge = Callable[[Store, Call, Law], Verdict]
Lend = Callable[[], AbstractContextManager[Store]]
"""Lends an empty ledger for one case."""


def _by_list(store: Store, call: Call, law: Law) -> Verdict:
    from belbaar.verdict.many import judge_one  # noqa: PLC0415  loads DuckDB

    return judge_one(store, call, law)


ENGINES: dict[str, Judge] = {
    "sqlite": lambda store, call, law: may_call(store, call, law=law),
    "duckdb": _by_list,
    "postgres": lambda store, call, law: may_call(store, call, law=law),
}
"""The engines: one number on SQLite or PostgreSQL, by where its ledger is; a list on DuckDB."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case; ``differences`` is empty when it passed."""

    case: Case
    verdict: Verdict | None
    differences: tuple[str, ...]


def check(file: CaseFile, engine: str, lend: Lend = memory_store) -> Iterator[Outcome]:
    """Judge every case of a file, each in a ledger of its own; the engine ``postgres`` must be lent such ledgers."""
    for case in file.cases:
        with lend() as store:
            _record(store, file, case)
            yield _check(case, store, file, ENGINES[engine])


def _record(store: Store, file: CaseFile, case: Case) -> None:
    for caller in file.callers:
        add_caller(store, caller.id, name=caller.name, sector=caller.sector, numbers=caller.numbers)
    events = sorted(enumerate(case.history), key=lambda item: item[1].recorded_at)
    record(store, events, Source(file.name, "", 0, "case"), file.pack)


def check_together(files: Sequence[CaseFile]) -> Iterator[tuple[CaseFile, Outcome]]:
    """Judge every case of several files in one short Spark session, where a query costs much and a row little."""
    from belbaar.verdict.together import answers_on_spark  # noqa: PLC0415  loads slowly

    cases = [(file, case) for file in files for case in file.cases]
    answers = answers_on_spark(_asked(file, case) for file, case in cases)
    for (file, case), answer in zip(cases, answers, strict=True):
        yield file, _outcome(case, answer, file)


def _asked(file: CaseFile, case: Case) -> "Question | LawUnknown":
    """Make a case's question; its ledger is not needed any more then."""
    from belbaar.verdict.together import ask  # noqa: PLC0415

    with memory_store() as store:
        _record(store, file, case)
        try:
            return ask(store, case.call, law_for(case.call.number, steps=file.steps))
        except LawUnknown as error:
            return error


def _check(case: Case, store: Store, file: CaseFile, judge: Judge) -> Outcome:
    try:
        return _outcome(case, judge(store, case.call, law_for(case.call.number, steps=file.steps)), file)
    except LawUnknown as error:
        return _outcome(case, error, file)


def _outcome(case: Case, answer: Verdict | LawUnknown, file: CaseFile) -> Outcome:
    if isinstance(answer, LawUnknown):
        expected = case.expect.get("error") == answer.code
        return Outcome(case, None, () if expected else (f"expected a verdict, got {answer.code}",))
    if "error" in case.expect:
        return Outcome(case, answer, (f"expected {case.expect['error']}, got a verdict",))
    zone = file.pack.zone
    differences = [
        f"{name}: expected {_shown(name, wanted, zone)}, got {_shown(name, getattr(answer, name), zone)}"
        for name, wanted in case.expect.items()
        if getattr(answer, name) != wanted
    ]
    return Outcome(case, answer, tuple(differences))


def _shown(name: str, value: Any, zone: Any) -> str:  # noqa: ANN401  any field of a verdict
    if name == "until" and value is not None:
        return iso(value, zone)
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return {None: "none", True: "true", False: "false"}.get(value, str(value))
