"""Write a table back the way it came: same format, delimiter, encoding, line ends, title rows, column types.

The file appears whole or not at all: it is written beside its place under another name, made durable, then renamed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from belbaar.errors import InputError, InternalError
from belbaar.tables.ahead import read_ahead
from belbaar.tables.formats import format_of, load
from belbaar.tables.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_like"]


def write_like(
    table: Table,
    out: Path,
    names: Sequence[str],
    batches: Iterable[pa.Table | pa.RecordBatch],
    *,
    within: Path | None = None,
) -> tuple[str, ...]:
    """Write columns ``names`` of the batches to ``out``, and give back what is to be said of it.

    Until it is whole it lies beside ``out``, or ``within`` a folder on the same disk, which the caller clears when a
    process was killed. The format is that of ``table``, unless the suffix of ``out`` says otherwise. A file that stood at ``out`` is
    replaced at the very end; when anything fails before, it stays as it was. Memory is bounded by a batch.

    Raises:
        InputError: the place cannot be written, is full, or cannot hold what is to be written.
    """
    out = Path(os.path.realpath(out))
    if out.suffix.lower() == ".xlsm":
        raise InputError("belbaar writes no workbooks with macros", where=str(out), todo="Name it .xlsx.")
    module = load(format_of(out) or table.format)
    with _whole_or_nothing(out, within or out.parent) as temporary:
        writer = module.Writer(table, temporary, names)
        try:
            for batch in read_ahead(batches):
                writer.write(_chosen(batch, names))
        finally:
            writer.close()
    return tuple(writer.notes)


def _chosen(batch: pa.Table | pa.RecordBatch, names: Sequence[str]) -> pa.Table | pa.RecordBatch:
    missing = [name for name in names if name not in batch.schema.names]
    if missing:
        raise InternalError(f"the batch to write has no column {', '.join(missing)}")
    return batch.select(list(names))


@contextlib.contextmanager
def _whole_or_nothing(out: Path, folder: Path) -> Iterator[Path]:
    """Give a name in a folder, and move what is written there to ``out`` when all went well."""
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{out.stem}-", suffix=out.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _make_durable(temporary)
            temporary.chmod(_mode(out))
            temporary.replace(out)
        finally:
            temporary.unlink(missing_ok=True)
        _make_durable(out.parent)
    except OSError as error:
        todo = "Choose another place with --out, or make room."
        raise InputError(f"it cannot be written: {error.strerror or error}", where=str(out), todo=todo) from error


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode(out: Path) -> int:
    """Keep the permissions of the file that is replaced; a new one gets what new files get."""
    if out.exists():
        return out.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
