"""What a file is by its first bytes, whatever its name says; refused when that is nothing belbaar reads.

>>> kind_of(b"%PDF-1.7 ...")
'a PDF document'
>>> kind_of(b"Naam;Telefoon") is None
True
"""

import re
import zipfile
from pathlib import Path

from belbaar.errors import InputError
from belbaar.tables.formats import format_of

__all__ = ["kind_of", "sniff"]

HEAD = 1 << 16
SAVE_AS = "Save it as .xlsx or .csv first."
MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or a workbook with a password"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (.rtf)"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
    (b"7z\xbc\xaf", "a compressed file (.7z)"),
    (b"Rar!", "a compressed file (.rar)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a SQLite database"),
)
REMEDY = {"a compressed file": "Unpack it first.", "a SQLite": "Name it with --store."}
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b\x1f")
TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def sniff(path: Path) -> str:
    """Tell the format of a file, or refuse it with what it is and what to do."""
    head = _head(path)
    named, kind = format_of(path), kind_of(head)
    if kind == "zip":
        kind = _zip_kind(path)
    if kind in ("xlsx", "parquet"):
        if named != kind:
            raise _misnamed(path, kind)
        return kind
    if kind:
        todo = next((remedy for start, remedy in REMEDY.items() if kind.startswith(start)), SAVE_AS)
        raise InputError(f"it is {kind}", where=str(path), todo=todo)
    if named in ("xlsx", "parquet"):
        what = "an Excel file" if named == "xlsx" else "a Parquet file"
        raise InputError(f"it is not {what}, though its name says so", where=str(path), todo=_text_remedy(head))
    _refuse_binary(path, head)
    if named == "csv" and re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"', head):
        raise InputError("it holds JSON, not CSV", where=str(path), todo="Rename it to end in .jsonl.")
    return named or "csv"


def kind_of(head: bytes) -> str | None:
    """Tell what a file's first bytes give away; None for what may be text."""
    kind = next((kind for mark, kind in MAGIC if head.startswith(mark)), None)
    if kind is None and re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml)", head, re.IGNORECASE):
        return "a web page or XML"
    return kind


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path), todo="Check the name and the folder.") from error
    except OSError as error:
        todo = "Check that it is a file you may read."
        raise InputError(f"it cannot be opened: {error.strerror}", where=str(path), todo=todo) from error
    if not head.strip(b"\xef\xbb\xff\xfe\xbf\0 \t\r\n"):
        raise InputError("it is empty", where=str(path), todo="Export it again; not even a header is there.")
    return head


def _zip_kind(path: Path) -> str:
    """Look at what is packed; a broken Excel file is told by its name or its first entry."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(
            "it is damaged or cut off: the end of the (Excel or zip) file is missing",
            where=str(path),
            todo="Fetch or export it again.",
        ) from error
    if any(name.startswith("xl/") for name in names):
        return "xlsx" if "xl/workbook.bin" not in names else "a binary Excel workbook (.xlsb)"
    return "a LibreOffice document" if "mimetype" in names else "a compressed file (.zip)"


def _misnamed(path: Path, kind: str) -> InputError:
    what, other = ("an Excel file", "save it as CSV in Excel") if kind == "xlsx" else ("a Parquet file", "export CSV")
    suffix = path.suffix or "without suffix"
    return InputError(f"it is {what} named {suffix}", where=str(path), todo=f"Rename it to .{kind}, or {other}.")


def _text_remedy(head: bytes) -> str:
    text = not any(sign in CONTROLS for sign in head)
    return "It looks like text: rename it to .csv." if text else "Fetch or export it again; it may be damaged."


def _refuse_binary(path: Path, head: bytes) -> None:
    """Refuse what is full of control characters; a single stray NUL is survived, UTF-16 has its own look."""
    if head.startswith(TEXT_MARKS) or _every_other_zero(head):
        return
    controls = sum(sign in CONTROLS for sign in head)
    if controls > 0.05 * len(head):
        raise InputError("it is no text and no table", where=str(path), todo=SAVE_AS)


def _every_other_zero(head: bytes) -> bool:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.4 * len(head) and min(even, odd) < 0.05 * len(head)
