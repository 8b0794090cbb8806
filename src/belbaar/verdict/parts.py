"""What a long screening has done so far, kept beside its output: killed half-way, it goes on where it was.

The folder ``<out>.progress`` holds ``question.json``, which fixes the list, the call, its moment and the ledger position
of the first start; the views of that position; and a Parquet file for each batch done, with the numbers read and the
answers to them. A part appears by renaming, whole or not at all. When the output is there, the folder goes.
"""

__all__ = ["Part", "Parts", "open_parts"]

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from belbaar.files import write_whole
from belbaar.verdict.lookup import Places
from belbaar.verdict.views import Answer, View


@dataclass(frozen=True, slots=True)
class Part:
    """The numbers read from one column of one batch, and the places of the answers to them, for each view."""

    numbers: pa.ChunkedArray
    places: list[Places]


@dataclass(slots=True)
class Parts:
    """The parts of one screening; ``done`` of them are durable."""

    folder: Path
    done: int
    position: int

    def save_view(self, database: duckdb.DuckDBPyConnection, view: View) -> None:
        """Keep a view, so that a later start judges by the same ledger."""
        table = self.folder / f"{view.name}.parquet"
        database.execute(f"COPY {view.name} TO '{_quoted(table)}' (FORMAT parquet)")
        content = {"answers": [asdict(answer) for answer in view.answers], "others": view.others}
        (self.folder / f"{view.name}.json").write_text(json.dumps(content), encoding="utf-8")

    def load_view(self, database: duckdb.DuckDBPyConnection, name: str) -> View:
        """Bring back a view that was kept."""
        content = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        answers = tuple(Answer(**{**answer, "reasons": tuple(answer["reasons"])}) for answer in content["answers"])
        table = self.folder / f"{name}.parquet"
        database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_parquet('{_quoted(table)}')")
        return View(name, answers, content["others"])

    def begin(self, question: Mapping[str, Any], position: int) -> None:
        """Fix question and position: from here on the views are complete."""
        self.position = position
        _write(self.folder / "question.json", json.dumps({**question, "position": position}).encode())

    def add(self, part: Part) -> None:
        """Keep a part; durable when this returns."""
        columns = {"number": part.numbers}
        columns |= {f"answer_{index}": pa.array(places) for index, places in enumerate(part.places)}
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns), sink, compression="zstd")
        _write(self._path(self.done), sink.getvalue().to_pybytes())
        self.done += 1

    def read(self, index: int) -> Part:
        """Give a part that is there."""
        table = pq.read_table(self._path(index))
        answers = [table.column(name).to_numpy() for name in table.column_names if name.startswith("answer_")]
        return Part(table.column("number"), answers)

    def remove(self) -> None:
        """Forget all: the output is there."""
        shutil.rmtree(self.folder)

    def _path(self, index: int) -> Path:
        return self.folder / f"part-{index:06}.parquet"


def open_parts(
    folder: Path, question: Mapping[str, Any], *, fixed: frozenset[str]
) -> tuple[Parts, dict[str, Any] | None]:
    """Give the parts of an earlier start of the same question, or none.

    Args:
        folder: where they are kept.
        question: what is asked, as plain values.
        fixed: names in the question that a later start need not repeat: those of the first start hold.

    Returns:
        The parts, and the question of the earlier start; None when there is none, or it was another question.
    """
    kept = _kept(folder)
    if kept is not None:
        same = all(kept.get(name) == value for name, value in question.items() if name not in fixed)
        if same:
            for left in folder.glob(".*"):  # an output that was not whole
                left.unlink()
            done = len(list(folder.glob("part-*.parquet")))
            return Parts(folder, done, int(kept["position"])), kept
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Parts(folder, 0, 0), None


def _kept(folder: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads((folder / "question.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def _write(path: Path, content: bytes) -> None:
    write_whole(path, content, synced=True, todo="Mend that and ask again: it goes on where it was.")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
