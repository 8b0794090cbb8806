"""One verdict in process, against the same rows fetched raw and against ``SELECT 1``."""

import random
from pathlib import Path

from belbaar.ledger import open_store
from belbaar.ledger.standing import Row
from belbaar.verdict import Call, may_call
from benchmarks.made import AT, FIRST, ROWS_A_NUMBER
from benchmarks.timing import interleaved

CALLS = 20_000


def measure(path: Path, rows: int) -> list[tuple[str, ...]]:
    rng = random.Random(4)
    numbers = [FIRST + rng.randrange(int(rows / ROWS_A_NUMBER)) for _ in range(CALLS)]
    calls = [Call(number, "voltix", AT, "energy") for number in numbers]
    raw = f"SELECT {', '.join(Row._fields)} FROM standing WHERE number = ? AND caller IN (0, ?)"
    with open_store(path) as store:
        execute = store.connection.execute
        may_call(store, calls[0])

        def verdicts() -> None:
            for call in calls:
                may_call(store, call)

        def fetches() -> None:
            for number in numbers:
                execute(raw, (number, 1)).fetchall()

        def nothing() -> None:
            for _ in numbers:
                execute("SELECT 1").fetchall()

        took = interleaved(5, verdicts=verdicts, fetches=fetches, nothing=nothing)
    each = {name: seconds / CALLS * 1e6 for name, seconds in took.items()}
    work = f"one verdict, {rows:,} standing rows"
    mine = f"{each['verdicts']:.1f} µs, {1e6 / each['verdicts']:,.0f}/s"
    return [
        (work, "the same rows fetched raw by key", _times(each, "fetches"), mine, f"{each['fetches']:.1f} µs"),
        (work, "`SELECT 1`", _times(each, "nothing"), mine, f"{each['nothing']:.1f} µs"),
    ]


def _times(each: dict[str, float], peer: str) -> str:
    return f"{each['verdicts'] / each[peer]:.1f} times its time"
