"""Scenario cases: does belbaar read the law as they say?"""

__all__ = ["check"]

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import ZONE, Json
from belbaar.cli.output import print_json_line
from belbaar.errors import InputError, LawUnknown
from belbaar.law import ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import Rule
from belbaar.ledger import memory_store
from belbaar.ledger.opening import local_path
from belbaar.numbers import e164
from belbaar.verdict.cases import CaseFile, read_cases
from belbaar.verdict.check import Lend, Outcome, check_together
from belbaar.verdict.check import check as outcomes_of
from belbaar.verdict.laws import law_for
from belbaar.verdict.told import as_mapping


def _check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Case files, .yaml or .json.")],
    *,
    engine: Annotated[
        Literal["sqlite", "duckdb", "postgres", "spark"],
        typer.Option(help="One number on SQLite or PostgreSQL; or as lists are, on DuckDB or Spark."),
    ] = "sqlite",
    store: Annotated[
        str,
        typer.Option(
            envvar="BELBAAR_STORE",
            metavar="STORE",
            help="With --engine postgres: a database in which to make a schema for the time of the check.",
        ),
    ] = "",
    json: Json = False,
) -> int:
    """Check scenario cases against the law. Prints a line for each case that fails, then how many passed."""
    read = [read_cases(Path(name)) for name in files]
    passed = failed = 0
    with _ledgers(engine, store) as lend:
        one_by_one = ((file, outcome) for file in read for outcome in outcomes_of(file, engine, lend))
        for file, outcome in check_together(read) if engine == "spark" else one_by_one:
            good = not outcome.differences
            passed, failed = passed + good, failed + (not good)
            if json:
                print_json_line(_mapping(outcome, file))
            elif not good:
                typer.echo(_line(outcome, file))
    typer.echo(f"{passed} passed, {failed} failed", err=json)
    return 1 if failed else 0


@contextmanager
def _ledgers(engine: str, store: str) -> Iterator[Lend]:
    """Say where the cases' ledgers are: in memory, or in a schema of their own on a server."""
    if engine != "postgres":
        yield memory_store
        return
    if not store or local_path(store):
        raise InputError(
            "the engine postgres needs a PostgreSQL server.",
            where="--store",
            todo="Name a database in which you may make a schema: --store postgresql://host/name. Its data stay as they are.",
        )
    from belbaar.ledger.postgres_scratch import scratch_ledgers  # noqa: PLC0415  psycopg loads slowly

    with scratch_ledgers(store) as lend:
        yield lend


def _line(outcome: Outcome, file: CaseFile) -> str:
    differences = "; ".join(outcome.differences)
    why = ", ".join(
        f"{rule.id} ({'; '.join(citation.label for citation in rule.cites)})" for rule in _why(outcome, file)
    )
    return f"{file.name}, case {outcome.case.id}: {differences}" + (f"; because of {why}" if why else "")


def _why(outcome: Outcome, file: CaseFile) -> Iterator[Rule]:
    """Give the rules that the verdict rests on, and those that the case expected, in the version of that day."""
    expect, verdict = outcome.case.expect, outcome.verdict
    named = {
        expect.get("ground"),
        *(name for field in ("grounds", "vetoes", "defects") for name in expect.get(field, ())),
    }
    if verdict:
        named |= {*verdict.grounds, *verdict.vetoes, *verdict.defects}
    call = outcome.case.call
    try:
        rules = ruleset(law_for(call.number, steps=file.steps), local_day(call.at, ZONE)).rules
    except LawUnknown:
        return
    yield from (rule for rule in rules if rule.id in named)


def _mapping(outcome: Outcome, file: CaseFile) -> dict[str, Any]:
    case, verdict = outcome.case, outcome.verdict
    told = as_mapping(verdict, "en") if verdict else {"number": e164(case.call.number), "error": "law-unknown"}
    return {
        "file": file.name,
        "id": case.id,
        "passed": not outcome.differences,
        "differences": list(outcome.differences),
        **told,
    }


check = Command(
    _check,
    (
        "belbaar law check cases/*.yaml",
        "belbaar law check nl.yaml --engine duckdb --json",
        "belbaar law check nl.yaml --engine postgres --store postgresql://localhost/belbaar",
    ),
    "0 all passed, 1 some failed, 2 a file is malformed",
)
