"""Every scenario case on every engine: our own files, and the shared ones where they are at hand.

On engines other than SQLite, which take some 10 to 70 ms for a single case, every fourth is run here; ``make law`` runs
all of all, and so does this with BELBAAR_ALL_CASES=1.
"""

import dataclasses
import os
from pathlib import Path

import pytest

from belbaar.ledger import memory_store
from belbaar.verdict.cases import read_cases
from belbaar.verdict.check import ENGINES, check

OWN = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[3] / "shared" / "cases"
EVERY = 4
ALL_CASES = os.environ.get("BELBAAR_ALL_CASES", "") not in ("", "0")


def case_files(folder):
    return sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".json")) if folder.is_dir() else []


@pytest.fixture
def lend(engine, request):
    """Lend the ledgers that an engine judges by; a server is started for those who need one."""
    return request.getfixturevalue("postgres_ledgers") if engine == "postgres" else memory_store


def differences(path, engine, lend):
    file = read_cases(path)
    assert file.cases
    if engine != "sqlite" and not ALL_CASES:
        file = dataclasses.replace(file, cases=file.cases[::EVERY])
    return [
        f"{outcome.case.id}: {outcome.case.says}\n    " + "\n    ".join(outcome.differences)
        for outcome in check(file, engine, lend)
        if outcome.differences
    ]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", case_files(OWN), ids=lambda path: path.stem)
def test_the_law_says_what_our_case_says(path, engine, lend):
    failed = differences(path, engine, lend)
    assert not failed, "\n".join(failed)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cases are not beside this checkout")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", case_files(SHARED) or [SHARED], ids=lambda path: path.stem)
def test_the_law_says_what_a_shared_case_says(path, engine, lend):
    failed = differences(path, engine, lend)
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("path", case_files(OWN), ids=lambda path: path.stem)
def test_our_cases_call_numbers_at_which_nobody_can_be_called(path):
    file = read_cases(path)
    foreign = {4930901820}  # from the metadata's own examples
    for case in file.cases:
        assert str(case.call.number).startswith(("31201", "319701")) or case.call.number in foreign, case.id


@pytest.mark.parametrize("path", case_files(OWN), ids=lambda path: path.stem)
def test_every_case_of_ours_says_in_a_sentence_what_the_law_is(path):
    assert [case.id for case in read_cases(path).cases if not case.says] == []
