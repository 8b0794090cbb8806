"""Run every scenario case on every engine: ``python -m tests.law.check_all [FILE…]``; exit 1 if any failed.

``make law`` runs this. The test suite runs the same files, of the long ones a sample on the slower engine.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from belbaar.ledger import memory_store
from belbaar.ledger.postgres_scratch import scratch_ledgers
from belbaar.verdict.cases import CaseFile, read_cases
from belbaar.verdict.check import ENGINES, Lend, Outcome, check, check_together
from tests.postgres import server

OWN = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[3] / "shared" / "cases"
PROCESSES = 2

_open = ExitStack()
_lend: dict[str, Lend] = {}


def files() -> list[Path]:
    """Give our own case files and, where they are at hand, the shared ones."""
    folders = [folder for folder in (OWN, SHARED) if folder.is_dir()]
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".yaml", ".json")]


def begin(url: str) -> None:
    """Make ledgers of a process's own in PostgreSQL; they go with the server."""
    _lend["postgres"] = _open.enter_context(scratch_ledgers(url))


def check_files(paths: Sequence[Path], engine: str) -> tuple[int, list[str]]:
    """Run files on one engine: how many cases there were, and what is to be said of those that failed."""
    count, failures = 0, []
    for file, outcome in _outcomes([read_cases(path) for path in paths], engine):
        count += 1
        if outcome.differences:
            told = "\n".join(f"    {difference}" for difference in outcome.differences)
            failures.append(f"{Path(file.name).name} on {engine}, {outcome.case.id}: {outcome.case.says}\n{told}")
    return count, failures


def _outcomes(files: Sequence[CaseFile], engine: str) -> Iterator[tuple[CaseFile, Outcome]]:
    if engine == "spark":
        return check_together(files)
    lend = _lend.get(engine, memory_store)
    return ((file, outcome) for file in files for outcome in check(file, engine, lend))


def main(paths: Sequence[Path]) -> int:
    """Run files, print what failed and the totals."""
    passed = failed = 0
    for count, failures in _results(paths):
        passed += count - len(failures)
        failed += len(failures)
        for failure in failures:
            print(failure)  # noqa: T201  a script
    print(f"{passed} passed, {failed} failed")  # noqa: T201
    return 1 if failed or not passed else 0


def _results(paths: Sequence[Path]) -> Iterator[tuple[int, list[str]]]:
    by_size = sorted(paths, key=lambda path: -path.stat().st_size)
    tasks: list[tuple[Sequence[Path], str]] = [(paths, "spark")]  # all at once: starting it takes longer than judging
    tasks += [([path], engine) for path, engine in product(by_size, ENGINES)]
    with (
        server() as postgres,
        ProcessPoolExecutor(PROCESSES, get_context("spawn"), begin, (postgres.url(postgres.database()),)) as pool,
    ):
        yield from pool.map(check_files, *zip(*tasks, strict=True))


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]] or files()))
