"""A list of numbers against the whole standing with all rules: belbaar on DuckDB, DuckDB SQL by hand, pandas.

    python -m benchmarks.join [LIST_ROWS [STANDING_ROWS]] [--no-pandas]

All three read the same Parquet and give each row of the list the same verdict columns: allowed, grounds, vetoes,
defects, until_day. The hand-written SQL answers one question only (voltix, energy, voice, marketing, under the law of
8 September 2026), by somebody who knows that law and DuckDB well; pandas is the peer of ``a_list``. Rounds are
interleaved.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd

from belbaar.law import PACKS, Law
from belbaar.verdict import many
from belbaar.verdict.engine import DuckDB
from benchmarks import pandas_peer
from benchmarks.made import AT, OUT
from benchmarks.made_columns import CALL, make_numbers, make_standing, small_store
from benchmarks.timing import Shares, interleaved, seconds

DEFAULT = (1_000_000, 2_000_000)
COLUMNS = "allowed, grounds, vetoes, defects, until_day"
TODAY, FOREVER_DAY = pandas_peer.TODAY, pandas_peer.FOREVER_DAY

BY_HAND = f"""
CREATE OR REPLACE TABLE result AS
WITH withdrawn AS (
    SELECT number, max(since) AS withdrawn_at FROM standing
    WHERE caller IN (0, 1) AND fact = 2 AND since <= {AT} AND ended > {AT} AND product IN (0, 1) GROUP BY number
), rows AS (
    SELECT number, fact, since,
           fact = 1 AND product IN (0, 1) AND since > coalesce(withdrawn_at, -1) AS consent,
           (affirmative = 0)::INT + 2 * (bundled = 1)::INT + 4 * (by_voice = 0)::INT
           + 8 * (contact_by < {TODAY} AND contacted_at >= {AT})::INT + 16 * (last_day < {TODAY})::INT
           + 32 * (verified_at > {AT})::INT + 64 * (wording_kept = 0)::INT AS failed,
           least(CASE WHEN contacted_at < {AT} THEN {FOREVER_DAY} ELSE contact_by END, last_day) AS consent_lasts,
           fact = 4 AND product IN (0, 1) AND last_day >= {TODAY} AS callback, last_day,
           fact = 5 AND product IN (0, 1) AS published, fact = 6 AND subscriber = 2 AS legal,
           fact = 6 AND minor = 1 AS minor, fact = 7 AS objection
    FROM standing LEFT JOIN withdrawn USING (number)
    WHERE caller IN (0, 1) AND fact IN (1, 4, 5, 6, 7) AND since <= {AT} AND ended > {AT}
), bits AS (
    SELECT *, CASE WHEN callback THEN 2 WHEN consent AND failed = 0 THEN 4 WHEN published THEN 128 WHEN legal THEN 256
                   ELSE 0 END AS ground,
           CASE WHEN callback THEN last_day WHEN consent AND failed = 0 THEN consent_lasts
                WHEN published OR legal THEN {FOREVER_DAY} ELSE 0 END AS lasts
    FROM rows WHERE consent OR callback OR published OR legal OR minor OR objection
), folded AS (
    SELECT number, bit_or(ground) AS grounds, bit_or(CASE WHEN consent THEN failed << 8 ELSE 0 END) AS defects,
           bool_or(minor) AS minor, max(lasts) AS lasts,
           max(CASE WHEN objection THEN since END) AS objected,
           max(CASE WHEN ground IN (2, 4) THEN since END) AS lifted
    FROM bits GROUP BY number
), verdict AS (
    SELECT number, grounds, defects, lasts,
           (CASE WHEN minor THEN 8 ELSE 0 END)
           + (CASE WHEN objected >= coalesce(lifted, -1) THEN 32 ELSE 0 END) AS vetoes
    FROM folded
)
SELECT row, coalesce(grounds <> 0 AND vetoes = 0, false) AS allowed, coalesce(grounds, 0) AS grounds,
       coalesce(vetoes, 0) AS vetoes, coalesce(defects, 0) AS defects,
       CASE WHEN grounds <> 0 AND vetoes = 0 THEN CASE WHEN lasts >= {FOREVER_DAY} THEN lasts ELSE lasts + 1 END
            ELSE 0 END AS until_day
FROM list LEFT JOIN verdict USING (number)
"""


def main(words: list[str]) -> None:
    sizes = [int(word) for word in words if word.isdigit()]
    listed, standing = (*sizes, *DEFAULT[len(sizes) :])
    lines, spent = measure(listed, standing, with_pandas="--no-pandas" not in words)
    for line in lines:
        print(" | ".join(line))
    for label, share in spent:
        print(f"  of belbaar's time, {share:.0%}: {label}")


def measure(
    listed: int, standing: int, *, with_pandas: bool = True
) -> tuple[list[tuple[str, ...]], list[tuple[str, float]]]:
    """Run all, check that they agree, and tell ratios and shares. belbaar and the SQL read Parquet every time."""
    OUT.mkdir(exist_ok=True)
    facts, rows = OUT / f"columns-{standing}.parquet", OUT / f"numbers-{listed}-{standing}.parquet"
    if not (rows.exists() and facts.exists()):  # Spark makes its list under the same name
        make_numbers(rows, listed, make_standing(facts, standing))
    with _opened(facts, rows) as one, _opened(facts, rows) as other:
        works = {"belbaar": lambda: _belbaar(one), "by hand": lambda: other.execute(BY_HAND)}
        took = interleaved(3, **works)
        _same(one, other)
        spent = _shares(one)
    against = {"the best SQL by hand, DuckDB": took["by hand"]}
    if with_pandas:
        reading = seconds(lambda: _read(facts, rows))
        frames = _read(facts, rows)
        merging = interleaved(1, pandas=lambda: _pandas(*frames))["pandas"]
        against |= {"pandas, frames in memory": merging, "pandas, reading the same Parquet": reading + merging}
    mine, work = took["belbaar"], f"{listed:,} rows ⋈ {standing:,} standing rows, all rules"
    lines = [
        (
            work,
            name,
            f"{time / mine:.2f} times its speed",
            f"{mine:.1f} s, {listed / mine:,.0f} rows/s",
            f"{time:.1f} s",
        )
        for name, time in against.items()
    ]
    return lines, spent


def _read(facts: Path, rows: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_parquet(facts), pd.read_parquet(rows, columns=["row", "number"])


def _opened(facts: Path, rows: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config={"threads": 2})
    database.execute(f"CREATE VIEW standing AS SELECT * FROM read_parquet('{facts}')")
    database.execute(f"CREATE VIEW list AS SELECT * FROM read_parquet('{rows}')")
    return database


def _belbaar(database: duckdb.DuckDBPyConnection) -> None:
    many.judge(DuckDB(database), small_store(), CALL, Law(PACKS["NL"]), numbers="")
    _join(database)


def _join(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(f"""
        CREATE OR REPLACE TABLE result AS
        SELECT row, {", ".join(f"coalesce(v.{name}, nothing.{name}) AS {name}" for name in COLUMNS.split(", "))}
        FROM list LEFT JOIN verdicts AS v USING (number), (FROM verdicts WHERE number = 0) AS nothing
    """)


def _pandas(standing: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Merge and judge; leaves texts where the others leave bits."""
    rows.merge(pandas_peer.judge(standing), how="left", left_on="number", right_index=True)


def _same(one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection) -> None:
    """Both results must hold the same rows."""
    query = f"SELECT count(*), sum(hash(row, {COLUMNS})::HUGEINT) FROM (SELECT row, allowed::INT AS allowed, grounds::BIGINT AS grounds, vetoes::BIGINT AS vetoes, defects::BIGINT AS defects, until_day::BIGINT AS until_day FROM result)"
    mine, theirs = (database.execute(query).fetchall() for database in (one, other))
    if mine != theirs:
        by = f"SELECT {COLUMNS}, count(*) FROM result GROUP BY ALL ORDER BY ALL"
        raise AssertionError((one.execute(by).fetchall()[:20], other.execute(by).fetchall()[:20]))


def _shares(database: duckdb.DuckDBPyConnection) -> list[tuple[str, float]]:
    parts = Shares()
    made: dict[str, float] = {}
    original = DuckDB.make

    def make(engine: DuckDB, name: str, query: str) -> None:
        made[f"make {name}"] = seconds(lambda: original(engine, name, query))

    DuckDB.make = make  # type: ignore[method-assign]
    try:
        with parts.of((sys.modules[__name__], "_join", "join with the list")):
            total = seconds(lambda: _belbaar(database))
    finally:
        DuckDB.make = original  # type: ignore[method-assign]
    spent = {**made, **parts.spent}
    spent["the rest: compiling, the calendar"] = total - sum(spent.values())
    return sorted(((label, time / total) for label, time in spent.items()), key=lambda item: -item[1])


if __name__ == "__main__":
    main(sys.argv[1:])
