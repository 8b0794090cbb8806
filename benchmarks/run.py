"""Measure what the README's performance section claims: ``python -m benchmarks.run`` (``--full``, ``--keep``).

Ratios are taken within one run, peers interleaved, and stand first; absolute figures belong to the machine. By default
the sizes are small enough for three minutes; ``--full`` takes 3 million standing rows and a list of 1 million, a million
events, and a join of 10 million with 20 million rows. ``--keep`` writes benchmarks/results.md.
"""

import os
import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks import a_list, join, one_verdict, postgres_verdict, reading_numbers, recording, spark, starting
from benchmarks.made import OUT, ROWS_A_NUMBER, make_list, make_store


class Sizes(NamedTuple):
    """How much of everything."""

    standing: int
    lists: tuple[int, ...]
    recorded: int
    read: int
    joined: tuple[int, int]


QUICK = Sizes(300_000, (100_000, 200_000), 100_000, 200_000, (500_000, 1_000_000))
FULL = Sizes(3_000_000, (100_000, 1_000_000), 1_000_000, 1_000_000, (10_000_000, 20_000_000))
HEADER = ("work", "ratio", "against", "belbaar", "the other")


def main(words: list[str]) -> None:
    sizes = FULL if "--full" in words else QUICK
    OUT.mkdir(exist_ok=True)
    store = OUT / f"standing-{sizes.standing}.db"
    told(f"making a store with {sizes.standing:,} standing rows …")
    rows = make_store(store, sizes.standing)
    paths = [OUT / f"list-{count}.csv" for count in sizes.lists]
    for path, count in zip(paths, sizes.lists, strict=True):
        make_list(path, count, int(sizes.standing / ROWS_A_NUMBER))
    lines = []
    for name, work in (
        ("one verdict", lambda: one_verdict.measure(store, rows)),
        ("one verdict, PostgreSQL", lambda: postgres_verdict.measure(store, rows)),
        ("start-up", lambda: starting.measure(store)),
        (f"reading {sizes.read:,} numbers", lambda: reading_numbers.measure(sizes.read)),
        (f"recording {sizes.recorded:,} events", lambda: recording.measure(sizes.recorded)),
        ("lists", lambda: a_list.measure(store, paths, rows)),
        ("Spark", lambda: spark.measure(*sizes.joined)),
    ):
        told(f"{name} …")
        lines += work()
    told("the join of a list with standing …")
    joined, spent = join.measure(*sizes.joined)
    told("where the time of a list goes …")
    shares = {
        f"a list of {sizes.lists[-1]:,} rows, in process, with a warm snapshot": a_list.shares(store, paths[-1]),
        "the join": spent,
    }
    text = page([*lines, *joined], shares)
    print(text)
    if "--keep" in words:
        (Path(__file__).parent / "results.md").write_text(text, encoding="utf-8")


def page(lines: Iterable[tuple[str, ...]], shares: Mapping[str, Iterable[tuple[str, float]]]) -> str:
    """Write the results as Markdown."""
    text = [
        "# Measured",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}.",
        "Medians of interleaved rounds in one run (start-up: best of five); the ratio is what carries over.",
        f"Load of the machine by other work when it ended: {os.getloadavg()[0]:.1f}.",
        "Made by `make bench-full`; `make bench` runs smaller sizes.",
        "",
        *table(HEADER, _ratio_first(lines)),
    ]
    for what, spent in shares.items():
        steps = sorted(spent, key=lambda item: -item[1])
        text += ["", f"Where the time goes of {what}:", ""]
        text += table(("step", "share"), ((label, f"{share:.0%}") for label, share in steps))
    return "\n".join([*text, ""])


def _ratio_first(lines: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    return ((work, ratio, against, *figures) for work, against, ratio, *figures in lines)


def table(header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ("---",) * len(header), *lines)]


def told(what: str) -> None:
    print(f"belbaar bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
