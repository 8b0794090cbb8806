"""Standing and lists of numbers as Parquet, made by whole columns: the mix of ``made``, tens of millions in seconds."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from belbaar.law.words import FOREVER, FOREVER_DAY, RELATION_KINDS
from belbaar.ledger import Store, add_caller, memory_store
from belbaar.ledger.standing import Row
from belbaar.verdict import Call
from benchmarks.made import _CONSENT, _DAY, _DAY_OF_AT, _DESCRIPTION, _HALF_YEAR, _OBJECTION, _RELATION, AT, FIRST

_AT_ONCE = 2_000_000
CALL = Call(0, "voltix", AT, "energy")


def small_store() -> Store:
    """Give a store that knows the caller and the product of the made rows."""
    store = memory_store()
    add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])
    with store.writing():
        store.product_key("energy")
    return store


def make_standing(path: Path, rows: int) -> int:
    """Make a snapshot's Parquet with about so many rows, sorted by number; gives how many numbers it has."""
    rng = np.random.default_rng(1)
    numbers = int(rows / 1.5)
    writer = None
    for first in range(0, numbers, _AT_ONCE):
        table = _standing(rng, FIRST + np.arange(first, min(first + _AT_ONCE, numbers)))
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()
    return numbers


def make_numbers(path: Path, rows: int, numbers: int) -> None:
    """Make a list: two thirds have standing, one row in fifty has no number; with a name, to have something to carry."""
    rng = np.random.default_rng(2)
    found = FIRST + rng.integers(0, int(1.5 * numbers), rows)
    column = pa.array(found, pa.int64(), mask=rng.random(rows) < 0.02)
    names = pa.DictionaryArray.from_arrays(
        rng.integers(0, 4, rows).astype("int8"), ["Jansen", "Visser", "Bakker", "Özdemir"]
    )
    pq.write_table(pa.table({"row": np.arange(rows), "number": column, "name": names}), path, compression="zstd")


def _standing(rng: np.random.Generator, numbers: np.ndarray) -> pa.Table:
    kind = rng.random(len(numbers))
    consents, relations = numbers[kind < 0.55], numbers[(kind >= 0.55) & (kind < 0.8)]
    descriptions, objections = numbers[kind >= 0.8], numbers[rng.random(len(numbers)) < 0.17]
    seconds = consents[rng.random(len(consents)) < 0.6]
    parts = [
        _consents(rng, np.concatenate([consents, seconds])),
        _rows(rng, relations, _RELATION, 2500)
        | {"segment": 1, "relation_kind": RELATION_KINDS["service"], "opt_out_offered": _yes(rng, relations, 0.9)},
        _rows(rng, descriptions, _DESCRIPTION, 2500) | {"caller": 0, "subscriber": 1 + _yes(rng, descriptions, 0.3)},
        _rows(rng, objections, _OBJECTION, 1000),
    ]
    table = pa.concat_tables([_table(part) for part in parts])
    return table.sort_by("number")


def _rows(rng: np.random.Generator, numbers: np.ndarray, fact: int, days: int) -> dict[str, object]:
    ago = rng.integers(0, days, len(numbers))
    since = AT - ago * _DAY - rng.integers(1, 3_600_000_000, len(numbers))
    return {"number": numbers, "caller": 1, "fact": fact, "since": since, "ago": ago}


def _consents(rng: np.random.Generator, numbers: np.ndarray) -> dict[str, object]:
    rows = _rows(rng, numbers, _CONSENT, 1000)
    last = np.where(rng.random(len(numbers)) < 0.2, _DAY_OF_AT + rng.integers(-200, 700, len(numbers)), FOREVER_DAY)
    return rows | {
        "product": 1,
        "affirmative": 1,
        "by_voice": 1,
        "wording_kept": _yes(rng, numbers, 0.85),
        "verified_at": np.where(rng.random(len(numbers)) < 0.7, rows["since"], FOREVER),
        "contact_by": np.array(_HALF_YEAR)[rows["ago"]],
        "contacted_at": np.where(rng.random(len(numbers)) < 0.3, rows["since"] + 5 * _DAY, FOREVER),
        "last_day": last,
    }


def _yes(rng: np.random.Generator, numbers: np.ndarray, share: float) -> np.ndarray:
    return (rng.random(len(numbers)) < share).astype(np.int64)


def _table(values: dict[str, object]) -> pa.Table:
    count = len(values["number"])
    defaults = {**dict.fromkeys(Row._fields, 0), **Row._field_defaults, "product": 0, "segment": 0}
    columns = {name: values.get(name, defaults[name]) for name in Row._fields}
    return pa.table({name: pa.array(np.broadcast_to(value, count).astype(np.int64)) for name, value in columns.items()})
