"""A store with callers, and the shared lists where they are."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from belbaar.ledger import Store, add_caller, create_store
from belbaar.ledger.importing import ImportOptions, ImportReport, import_file
from belbaar.verdict import Call

DATA = Path(__file__).parents[3] / "shared" / "data"
NOW = int(dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC).timestamp()) * 1_000_000


@pytest.fixture
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"the shared lists are not here: {DATA}")
    return DATA


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "belbaar.db") as store:
        add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])
        yield store


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Callable[..., ImportReport]:
    """Record a file, or the text of one; further arguments are those of ``ImportOptions``."""

    def load(file: Path | str, *, name: str = "events.csv", **options: object) -> ImportReport:
        if isinstance(file, str):
            path = tmp_path / name
            path.write_bytes(file.encode())
        else:
            path = file
        return import_file(store, path, ImportOptions(**options), now=NOW, by="test")

    return load


def call(at: str = "2026-11-24T14:00:00+01:00", number: int = 0, **fields: object) -> Call:
    instant = int(dt.datetime.fromisoformat(at).timestamp()) * 1_000_000
    return Call(number, **{"caller": "voltix", "at": instant, "product": "energy", **fields})
