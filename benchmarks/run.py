"""Measure what the README's performance section claims: ``python -m benchmarks.run`` (``--full``, ``--keep``).

Ratios are taken within one run, peers interleaved, and stand first; absolute figures belong to the machine. By default
the sizes are small enough for three minutes; ``--full`` takes 3 million standing rows and a list of 1 million.
``--keep`` writes benchmarks/results.md.
"""

import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks import a_list, one_verdict, recording, starting
from benchmarks.made import OUT, ROWS_A_NUMBER, make_list, make_store

QUICK, FULL = (300_000, (100_000, 200_000)), (3_000_000, (100_000, 1_000_000))
RECORDED = 100_000
HEADER = ("work", "ratio", "against", "belbaar", "the other")


def main(words: list[str]) -> None:
    standing, lists = FULL if "--full" in words else QUICK
    OUT.mkdir(exist_ok=True)
    store = OUT / f"standing-{standing}.db"
    told(f"making a store with {standing:,} standing rows …")
    rows = make_store(store, standing)
    paths = [OUT / f"list-{count}.csv" for count in lists]
    for path, count in zip(paths, lists, strict=True):
        make_list(path, count, int(standing / ROWS_A_NUMBER))
    lines = []
    for name, work in (
        ("one verdict", lambda: one_verdict.measure(store, rows)),
        ("start-up", lambda: starting.measure(store)),
        (f"recording {RECORDED:,} events", lambda: recording.measure(RECORDED)),
        ("lists", lambda: a_list.measure(store, paths, rows)),
    ):
        told(f"{name} …")
        lines += work()
    told("where the time of a list goes …")
    text = page(lines, a_list.shares(store, paths[-1]), paths[-1].stem.partition("-")[2])
    print(text)
    if "--keep" in words:
        (Path(__file__).parent / "results.md").write_text(text, encoding="utf-8")


def page(lines: Iterable[tuple[str, ...]], shares: Iterable[tuple[str, float]], rows: str) -> str:
    """Write the results as Markdown."""
    steps = sorted(shares, key=lambda item: -item[1])
    return "\n".join(
        [
            "# Measured",
            "",
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}.",
            "Medians of interleaved rounds in one run (start-up: best of five); the ratio is what carries over.",
            f"Load of the machine by other work when it ended: {os.getloadavg()[0]:.1f}.",
            "Made by `python -m benchmarks.run --full --keep`; `make bench` runs smaller sizes.",
            "",
            *table(HEADER, _ratio_first(lines)),
            "",
            f"Where the time of a list of {int(rows):,} rows goes, in process, with a warm snapshot:",
            "",
            *table(("step", "share"), ((label, f"{share:.0%}") for label, share in steps)),
            "",
        ]
    )


def _ratio_first(lines: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    return ((work, ratio, against, *figures) for work, against, ratio, *figures in lines)


def table(header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ("---",) * len(header), *lines)]


def told(what: str) -> None:
    print(f"belbaar bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
