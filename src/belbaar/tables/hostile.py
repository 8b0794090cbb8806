"""Files that strangers upload: refused before anything unpacks or reads them, when they are made to do harm.

What is looked at is what a file says of itself, and the first bytes of what is packed in it, so that looking costs
little whatever is in it: Python's zip never gives more of a part than the archive announces, so announced sizes bound
what reading costs. XML may not declare a document type: no workbook does, and without one there are no entities to
expand. (openpyxl's parser, expat, stops an expansion of its own at a hundredfold; that is not relied on.)
"""

__all__ = ["refuse_hostile", "refuse_swelling"]

import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from belbaar.errors import InputError

PARTS = 10_000
"""Parts of a workbook."""
UNPACKED = 1 << 30
"""Bytes of a workbook when it is unpacked, of a Parquet file when its pages are."""
UNREMARKABLE = 1 << 26
"""Unpacked bytes below which it does not matter how well a file was packed."""
RATIO = 200
"""How many times larger than packed a larger one may be; real workbooks stay below sixty."""
HELD_PART = 1 << 25
"""Bytes of a part that is neither sheet nor texts: such parts are held in memory whole."""
HELD_TEXTS = 400 << 20
"""Bytes of the part with all texts, which is held too."""
PARQUET_ROWS = 1_000_000_000
PARQUET_COLUMNS = 16_384
BATCH_ROWS = 100_000
HEAD = 1 << 16
_RESAVE = "Open it in Excel, save it anew, and send that; or send CSV."
_REEXPORT = "Export it again, in parts where it is large; or send CSV."
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_READABLE = frozenset({b"utf-8", b"us-ascii", b"ascii"})
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_WIDE_XML = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How XML in UTF-16 begins, which could hide a document type from a plain look."""


def refuse_hostile(path: Path, kind: str) -> None:
    """Refuse a file that was made to do harm.

    Args:
        path: the file.
        kind: what it is by its first bytes: ``xlsx``, ``parquet`` or other.

    Raises:
        InputError: code ``hostile-file`` and what is wrong with it.
    """
    if kind == "xlsx":
        _refuse_workbook(path)
    elif kind == "parquet":
        _refuse_parquet(path)


def _refuse_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _refuse_sizes(parts)
            for part in parts:
                with archive.open(part) as file:
                    _refuse_xml(part, file.read(HEAD))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _hostile("the workbook is damaged, or packed in a way that Excel does not use", _RESAVE) from error


def _refuse_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS:
        raise _hostile(f"the workbook has {len(parts):,} parts; {PARTS:,} are allowed", _RESAVE)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > UNPACKED:
        raise _hostile(f"the workbook would unpack to {unpacked:,} bytes; {UNPACKED:,} are allowed", _RESAVE)
    if unpacked > UNREMARKABLE and unpacked > RATIO * packed:
        what = f"the workbook would unpack to {unpacked // max(packed, 1):,} times its size; {RATIO} times is allowed"
        raise _hostile(what, _RESAVE)
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise _hostile("the workbook has two parts of one name", _RESAVE)
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _hostile("the workbook is encrypted, or packed in a way that Excel does not use", _RESAVE)


def _refuse_xml(part: zipfile.ZipInfo, head: bytes) -> None:
    """Look at how a part begins; what begins like no XML cannot be read as such."""
    if head.startswith(_WIDE_XML):
        raise _hostile("the workbook has XML that is not in UTF-8", _RESAVE)
    prolog = _PROLOG.match(head)
    start = prolog.end() if prolog else 0
    if head[start : start + 1] != b"<":
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise _hostile("the workbook has XML that begins with more than belbaar looks through", _RESAVE)
        limit = HELD_PART
    else:
        encoding = _ENCODING.search(head[:start])
        if encoding and encoding[1].lower() not in _READABLE:
            raise _hostile("the workbook has XML that is not in UTF-8", _RESAVE)
        root = _ROOT.match(head, start)
        if root is None:
            raise _hostile("the workbook has XML with a document type, from which entities can be expanded", _RESAVE)
        limit = {b"worksheet": UNPACKED, b"sst": HELD_TEXTS}.get(root[1], HELD_PART)
    if part.file_size > limit:
        raise _hostile(f"a part of the workbook has {part.file_size:,} bytes; {limit:,} are allowed", _RESAVE)


def _refuse_parquet(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  loads slowly
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        said = pq.read_metadata(path, memory_map=False)
        nested = [field.name for field in said.schema.to_arrow_schema() if pa.types.is_nested(field.type)]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _hostile("the Parquet file is damaged", _REEXPORT) from error
    if nested:
        raise _hostile("the Parquet file has columns of lists or structures", "Leave those columns out.")
    if said.num_columns > PARQUET_COLUMNS:
        raise _hostile(f"the Parquet file has {said.num_columns:,} columns; {PARQUET_COLUMNS:,} are allowed", _REEXPORT)
    unpacked = sum(said.row_group(n).total_byte_size for n in range(said.num_row_groups))
    _refuse_swollen(unpacked, path)
    if said.num_rows > PARQUET_ROWS:
        raise _hostile(f"the Parquet file says it has {said.num_rows:,} rows; {PARQUET_ROWS:,} are allowed", _REEXPORT)


def refuse_swelling(path: Path) -> None:
    """Refuse a Parquet file in which a few long texts are meant many times: it reads every column, expanding nothing.

    Raises:
        InputError: code ``hostile-file``.
    """
    import pyarrow as pa  # noqa: PLC0415  as above
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    stored = pq.read_metadata(path, memory_map=False).schema
    columns = [stored.column(n) for n in range(len(stored))]
    texts = [column.name for column in columns if column.physical_type == "BYTE_ARRAY"]
    total = 0
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=texts):
            here = 0
            for column in batch.columns:
                if not pa.types.is_dictionary(column.type):  # a decimal, say: it is as long as it says
                    continue
                lengths = pc.binary_length(column.dictionary).take(column.indices)
                here += pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0
            if here > UNPACKED:
                raise _hostile(f"{BATCH_ROWS:,} rows of the Parquet file have {here:,} bytes of text", _REEXPORT)
            total += here
            _refuse_swollen(total, path)


def _refuse_swollen(unpacked: int, path: Path) -> None:
    size = path.stat().st_size
    if unpacked > UNPACKED and unpacked > RATIO * size:
        what = f"the Parquet file unpacks to {unpacked // size:,} times its size; {RATIO} times is allowed"
        raise _hostile(what, _REEXPORT)


def _hostile(what: str, todo: str) -> InputError:
    return InputError(f"{what}.", where="/file", todo=todo, code="hostile-file")
