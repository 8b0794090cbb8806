"""A list in Parquet against a snapshot, with all rules: Spark on two cores, on one, and DuckDB.

    python -m benchmarks.spark [LIST_ROWS [STANDING_ROWS]] [--parts]

All read the same Parquet, and write the list as Parquet with the columns of a screening, and count. Each Spark session
lives in a process of its own and is warm (one screening before); rounds are interleaved; start-up is told apart.
``--parts`` tells where Spark's time goes.
"""

import json
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import duckdb

from belbaar.law import PACKS, Law
from belbaar.ledger.schema import LATEST
from belbaar.ledger.snapshot import Snapshot
from belbaar.verdict.engine import DuckDB
from belbaar.verdict.spark_lists import SparkOptions, screen_on_spark
from belbaar.verdict.views import view_on
from benchmarks.made import OUT
from benchmarks.made_columns import CALL, make_numbers, make_standing, small_store
from benchmarks.timing import interleaved, seconds

DEFAULT = (1_000_000, 2_000_000)
MASTERS = ("local[2]", "local[1]")


def main(words: list[str]) -> None:
    if "--worker" in words:
        worker(*words[words.index("--worker") + 1 :])
        return
    sizes = [int(word) for word in words if word.isdigit()]
    listed, standing = (*sizes, *DEFAULT[len(sizes) :])
    for line in measure(listed, standing, parts="--parts" in words):
        print(" | ".join(line))


def measure(listed: int, standing: int, *, parts: bool = False) -> list[tuple[str, ...]]:
    """Give the lines of the table of results."""
    snapshot, rows = _made(listed, standing)
    started = {master: _start(master, snapshot, rows, parts=parts) for master in MASTERS}
    try:
        first = {master: _ask(process) for master, process in started.items()}
        two, one = (started[master] for master in MASTERS)
        took = interleaved(3, duckdb=lambda: _duckdb(snapshot, rows), two=lambda: _ask(two), one=lambda: _ask(one))
    finally:
        for process in started.values():
            process.stdin.close()
            process.wait()
    _same(rows)
    mine, work = took["two"], f"{listed:,} rows ⋈ {standing:,} standing rows, Parquet to Parquet, Spark local[2]"
    figure = f"{mine:.1f} s, {listed / mine:,.0f} rows/s"
    ratio = took["duckdb"] / mine
    return [
        (work, "DuckDB, 2 threads", f"1/{1 / ratio:.1f} of its speed", figure, f"{took['duckdb']:.1f} s"),
        (work, "Spark local[1]", f"{took['one'] / mine:.2f} times its speed", figure, f"{took['one']:.1f} s"),
        (
            "start-up and first screening, Spark local[2]",
            "a warm session",
            "",
            f"{first[MASTERS[0]]:.1f} s",
            f"{mine:.1f} s",
        ),
    ]


def _made(listed: int, standing: int) -> tuple[Path, Path]:
    """Make a snapshot's folder and a list."""
    OUT.mkdir(exist_ok=True)
    snapshot, rows = OUT / f"snapshot-{standing}", OUT / f"numbers-{listed}-{standing}.parquet"
    parquet = snapshot / "standing.parquet"
    if not (rows.exists() and parquet.exists()):
        snapshot.mkdir(exist_ok=True)
        make_numbers(rows, listed, make_standing(parquet, standing))
    with small_store() as store:
        manifest = Snapshot(store.position(), LATEST, standing, "", store.identity())
    (snapshot / "manifest.json").write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    return snapshot, rows


def _start(master: str, snapshot: Path, rows: Path, *, parts: bool) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.spark", "--worker", master, str(snapshot), str(rows), str(parts)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  ourselves


def _ask(process: "subprocess.Popen[str]") -> float:
    """Have a worker screen once, and wait for it; gives the seconds it says, the first time with its start-up."""
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def worker(master: str, snapshot: str, rows: str, parts: str) -> None:
    """Screen whenever a line comes in; say how many seconds it took."""
    from belbaar.verdict.on_spark import Spark, session  # noqa: PLC0415  only here is Spark started

    start = time.perf_counter()
    out = f"{rows}.{master[6]}.out"
    options = SparkOptions(("number",), e164=True, snapshot=snapshot)
    spent: list[tuple[str, float]] = []
    if parts == "True":
        _watch(Spark, spent)
    sys.stdin.readline()
    with small_store() as store, session(master=master, settings={"spark.driver.memory": "4g"}) as spark:

        def screen() -> None:
            screen_on_spark(store, spark, rows, CALL, out=out, options=options, summary=lambda _: {})

        screen()
        print(time.perf_counter() - start, flush=True)
        for _ in sys.stdin:
            spent.clear()
            print(took := seconds(screen), flush=True)
            if spent:
                told = "; ".join(f"{name} {time:.2f}" for name, time in spent if time > 0.05)
                print(f"{master}: {took:.2f} s: {told}; the rest is writing and counting", file=sys.stderr)


def _watch(engine: type, spent: list[tuple[str, float]]) -> None:
    for name in ("make", "rows", "put"):
        method = getattr(engine, name)

        def timed(self, text, *rest, method=method):
            start = time.perf_counter()
            try:
                return method(self, text, *rest)
            finally:
                spent.append((" ".join(text.split())[:40], time.perf_counter() - start))

        setattr(engine, name, timed)


def _duckdb(snapshot: Path, rows: Path) -> None:
    """Do the same with DuckDB: judge, join, put texts, write, count."""
    out = f"{rows}.duckdb.parquet"
    with small_store() as store, duckdb.connect(config={"threads": 2}) as database:
        database.execute(f"CREATE VIEW standing AS SELECT * FROM read_parquet('{snapshot}/standing.parquet')")
        database.execute(f"CREATE VIEW list AS SELECT * FROM read_parquet('{rows}')")
        view = view_on(DuckDB(database), store, CALL, {"NL": Law(PACKS["NL"])}, "view", numbers="")
        database.execute(
            "CREATE TABLE answers (id INTEGER, allowed BOOLEAN, ground VARCHAR, until VARCHAR, reasons VARCHAR, error VARCHAR)"
        )
        database.executemany(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)",
            [(i, a.allowed, a.ground, a.until, " ".join(a.reasons), a.error) for i, a in enumerate(view.answers)],
        )
        database.execute(f"""
            COPY (
                SELECT judged.* EXCLUDE (id), coalesce('+' || number, '') AS belbaar_number, allowed AS belbaar_allowed,
                       ground AS belbaar_ground, until AS belbaar_until, reasons AS belbaar_reasons,
                       CASE WHEN number IS NULL THEN 'empty' ELSE error END AS belbaar_error
                FROM (
                    SELECT list.*, {view.id_of("list.number", "v.id")} AS id FROM list LEFT JOIN view AS v USING (number)
                ) AS judged JOIN answers USING (id)
            ) TO '{out}' (FORMAT parquet)
        """)
        database.execute(
            f"SELECT belbaar_allowed, belbaar_ground, belbaar_reasons, belbaar_error, count(*) FROM '{out}' GROUP BY ALL"
        ).fetchall()


def _same(rows: Path) -> None:
    """All must have written the same rows."""
    query = "SELECT count(*), sum(hash(COLUMNS(*)::VARCHAR)::HUGEINT) FROM read_parquet('{}')"
    outs = [f"{rows}.duckdb.parquet", *(f"{rows}.{master[6]}.out/*.parquet" for master in MASTERS)]
    found = [duckdb.sql(query.format(out)).fetchall() for out in outs]
    if found[0] != found[1] or found[0] != found[2]:
        raise AssertionError(found)
    for out in outs[1:]:
        shutil.rmtree(Path(out).parent)


if __name__ == "__main__":
    main(sys.argv[1:])
