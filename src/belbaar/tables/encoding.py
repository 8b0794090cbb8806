"""Which characters the bytes of a text stand for. Decided over the whole file, before a row is read.

UTF-8 if all of it is; else Windows' western alphabet (cp1252), which Dutch spreadsheets write; any other only when that
yields nonsense. A file that is mostly UTF-8 with a few foreign bytes is refused: either reading would spoil names.

    >>> plausible("Súdwest-Fryslân".encode("cp1252"))
    True
    >>> plausible("Súdwest-Fryslân".encode("cp850"))
    False
"""

import codecs
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from belbaar.errors import InputError

__all__ = ["Encoding", "find_encoding", "line_at", "plausible", "utf8_blocks"]

BLOCK = 1 << 22
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
HIGH = re.compile(rb"[\x80-\xff]+")
UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
ODD_SIGN = re.compile(  # what no Dutch name holds, or holds inside a word
    "[ƒ‚„†‡ˆ‰¡¢¤¥¦¨¬¯¶¸¿˜\ufffd]|(?<=[A-Za-z])[£©®°±²³µ·¹º»¼½¾‘“”•–—™…](?=[a-z])"  # noqa: RUF001  they are meant
)
OLD_ALPHABETS = ["cp850", "mac_roman", "cp1250", "cp1254"]


@dataclass(frozen=True)
class Encoding:
    """An encoding, whether a byte order mark stands in front, and what is to be said of it."""

    name: str
    bom: bool = False
    notes: tuple[str, ...] = ()


def find_encoding(path: Path, wanted: str | None = None) -> Encoding:
    """Find the encoding of a text file and prove that all of it can be read so."""
    head = _sample(path, 0)
    if mark := next((mark for mark in BOMS if head.startswith(mark)), b""):
        return _proven(path, Encoding(BOMS[mark], bom=True, notes=_said(BOMS[mark])))
    if wanted:
        return _proven(path, Encoding(_known(wanted, path)))
    if wide := _wide(head):
        return _proven(path, Encoding(wide, notes=(f"encoding {wide}, without byte order mark",)))
    wrong = _first_error(path, Encoding("utf-8"))
    if wrong is None:
        return Encoding("utf-8")
    sample = head + _sample(path, max(0, wrong - 1000))
    if _mostly_utf8(sample):
        raise InputError(
            f"most of it is UTF-8, but byte {wrong + 1:,} on line {line_at(path, wrong):,} is not",
            where=str(path),
            todo="Save the file as UTF-8 again, or say what it is with --encoding, such as --encoding cp1252.",
        )
    if plausible(sample) and _first_error(path, Encoding("cp1252")) is None:
        return Encoding("cp1252", notes=("encoding cp1252",))
    return _guess(path, sample)


def plausible(sample: bytes) -> bool:
    """Tell whether bytes read as cp1252 give the letters and signs that people use."""
    signs = sum(map(len, HIGH.findall(sample)))
    return len(ODD_SIGN.findall(sample.decode("cp1252", "replace"))) <= 0.2 * signs


def utf8_blocks(path: Path, encoding: str, *, bom: bool) -> Iterator[bytes]:
    """Yield the text as UTF-8, without the byte order mark, a few megabytes at a time."""
    with path.open("rb") as file:
        file.seek(len("\ufeff".encode(encoding)) if bom else 0)
        if encoding == "utf-8":
            yield from iter(lambda: file.read(BLOCK), b"")
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        for block in iter(lambda: file.read(BLOCK), b""):
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()


def line_at(path: Path, offset: int) -> int:
    """Count the line that a byte stands on."""
    with path.open("rb") as file:
        whole, part = divmod(offset, BLOCK)
        return 1 + sum(file.read(BLOCK).count(b"\n") for _ in range(whole)) + file.read(part).count(b"\n")


def _sample(path: Path, start: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(BLOCK)


def _said(name: str) -> tuple[str, ...]:
    return () if name == "utf-8" else (f"encoding {name}",)


def _known(name: str, path: Path) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        todo = "Known are utf-8, cp1252, utf-16, cp850 and many more."
        raise InputError(f'there is no encoding "{name}"', where=str(path), todo=todo) from error


def _wide(head: bytes) -> str | None:
    """Two bytes a character, half of them zero: UTF-16 without its mark."""
    pairs = len(head) // 2
    if not pairs or head.count(0) < 0.4 * pairs:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.8 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * pairs and odd < 0.05 * pairs else None


def _first_error(path: Path, encoding: Encoding) -> int | None:
    """Find the first byte that the encoding does not know."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    done = 0
    with path.open("rb") as file:
        for block in itertools.chain(iter(lambda: file.read(BLOCK), b""), [b""]):
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return done + len(block) - len(error.object) + error.start
            done += len(block)
    return None


def _proven(path: Path, encoding: Encoding) -> Encoding:
    wrong = _first_error(path, encoding)
    if wrong is None:
        return encoding
    raise InputError(
        f"byte {wrong + 1:,} on line {line_at(path, wrong):,} is no {encoding.name}",
        where=str(path),
        todo="Save the file as UTF-8, or name its encoding with --encoding.",
    )


def _mostly_utf8(sample: bytes) -> bool:
    pairs = UTF8_PAIR.findall(sample)
    strays = sum(map(len, HIGH.findall(sample))) - sum(map(len, pairs))
    return len(pairs) > strays


def _guess(path: Path, sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes  # noqa: PLC0415  loads only for files that are neither

    lines = b"\n".join(line for line in sample.splitlines() if HIGH.search(line))[:50_000]
    best = from_bytes(lines, cp_isolation=OLD_ALPHABETS, language_threshold=0).best()
    if best is None or _first_error(path, Encoding(best.encoding)) is not None:
        todo = "Save the file as UTF-8, or name its encoding with --encoding."
        raise InputError("its encoding cannot be told", where=str(path), todo=todo)
    return Encoding(best.encoding, notes=(f"encoding {best.encoding} is a guess; name it with --encoding if wrong",))
