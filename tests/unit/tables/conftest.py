"""Where the files are that the tests of this room read."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture
def assets():
    return ROOT / "tests" / "assets" / "tables"


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here: the lists to try belbaar on are kept beside the repository")
    return SHARED


def rows_of(table, size=100_000):
    """Give every row as (row number, cells in order)."""
    return [
        (number, *entry.values())
        for batch in table.batches(size)
        for number, entry in zip(batch.rows.to_pylist(), batch.data.to_pylist(), strict=True)
    ]


@pytest.fixture(name="rows_of", scope="session")
def _rows_of():
    return rows_of
