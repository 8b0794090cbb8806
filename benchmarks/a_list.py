"""A messy list, CSV in and CSV out, against pandas with phonenumbers; both as whole processes, interleaved."""

import csv
import shutil
import subprocess
import sys
import time
from pathlib import Path

from belbaar.ledger import open_store
from belbaar.tables import csv_pieces, csv_writer
from belbaar.verdict import Call, lookup, screening
from benchmarks.made import AT
from benchmarks.timing import Shares, interleaved, seconds

QUESTION = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00:00+02:00")


def measure(store: Path, rows: list[Path], standing: int) -> list[tuple[str, ...]]:
    snapshot = Path(f"{store}.snapshot")
    shutil.rmtree(snapshot, ignore_errors=True)
    cold = seconds(lambda: _belbaar(store, rows[0]))
    return [line for path in rows for line in _measure(store, path, standing, cold if path is rows[0] else 0.0)]


def _measure(store: Path, path: Path, standing: int, cold: float) -> list[tuple[str, ...]]:
    count = sum(1 for _ in path.open(encoding="utf-8")) - 1
    peer = path.with_suffix(".pandas.csv")
    parquet = Path(f"{store}.snapshot") / "standing.parquet"
    took = interleaved(
        3 if count <= 200_000 else 2,
        belbaar=lambda: _belbaar(store, path),
        pandas=lambda: _run(sys.executable, "-m", "benchmarks.pandas_peer", str(path), str(parquet), str(peer)),
    )
    _same_answers(_out(path), peer)
    work = f"list of {count:,} rows, {standing:,} standing rows"
    theirs = f"{took['pandas']:.1f} s, {count / took['pandas']:,.0f} rows/s"
    lines = [
        (
            f"{work}, warm snapshot",
            "pandas + phonenumbers",
            f"{took['pandas'] / took['belbaar']:.1f} times its speed",
            f"{took['belbaar']:.1f} s, {count / took['belbaar']:,.0f} rows/s",
            theirs,
        )
    ]
    if cold:
        ratio = f"{took['pandas'] / cold:.1f} times its speed"
        lines.append(
            (
                f"{work}, first ever (snapshot written)",
                "pandas + phonenumbers",
                ratio,
                f"{cold:.1f} s, {count / cold:,.0f} rows/s",
                theirs,
            )
        )
    return lines


def shares(store: Path, path: Path) -> list[tuple[str, float]]:
    """Where the processor's time of one screening goes, in process, with a warm snapshot: label and share."""
    call = Call(0, "voltix", AT, "energy")
    parts = Shares(time.thread_time)
    wrapped = (
        (screening, "open_table", "find out what the file is"),
        (csv_pieces.Parser, "__call__", "read CSV"),
        (screening, "read_many", "read the numbers"),
        (screening, "load_asked", "the list's distinct numbers"),
        (screening, "load_for", "load and check the snapshot"),
        (lookup.Lookup, "places", "find each row's answer"),
        (screening, "columns_of", "put the verdict's columns"),
        (csv_writer.Writer, "write", "write CSV"),
    )
    with open_store(store) as ledger, parts.of(*wrapped):
        before = time.process_time()
        screening.screen_file(ledger, path, call, out=_out(path))
        total = time.process_time() - before
    labelled = [
        *parts.spent.items(),
        ("judge by the law, on both cores, and the rest", total - sum(parts.spent.values())),
    ]
    return [(label, spent / total) for label, spent in labelled]


def _out(path: Path) -> Path:
    return path.with_suffix(".belbaar.csv")


def _belbaar(store: Path, path: Path) -> None:
    question = ("screen", str(path), *QUESTION, "--out", str(_out(path)), "--store", str(store))
    _run(sys.executable, "-m", "benchmarks.as_installed", *question)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own programs


def _same_answers(mine: Path, theirs: Path) -> None:
    """Both must give the same number, verdict, ground, until, reasons and refusal on every row."""
    with mine.open(encoding="utf-8") as one, theirs.open(encoding="utf-8") as other:
        pairs = zip(csv.DictReader(one, delimiter=";"), csv.DictReader(other, delimiter=";"), strict=True)
        for row, (ours, peers) in enumerate(pairs, 2):
            if ours != peers:
                raise AssertionError(f"row {row}: belbaar says {ours}, pandas says {peers}")
