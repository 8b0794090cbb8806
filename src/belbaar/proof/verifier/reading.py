"""Reading strictly: fields, hex, base64, canonical JSON and the zip have one spelling each; any other is refused.

>>> canonical(b'{"a":1}'), unzipped(zipped({"dossier.json": b"", "MANIFEST.sha256": b""}))
({'a': 1}, {'MANIFEST.sha256': b'', 'dossier.json': b''})

Part of verify.py: imports nothing but the standard library, of Python 3.9 or later.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from typing import Any, TypeVar

PROVEN, REFUTED, UNREADABLE, NOT_SHOWN = 0, 1, 2, 3
HASH_BYTES, DEEPEST, LARGEST, MOST_BYTES, MOST_SHOWN = 32, 64, 2**53, 2**32, 400
SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
T = TypeVar("T")
Said = tuple[Any, ...]  # a sentence with {} for each value, and the values


class Stop(Exception):
    """What is being checked is refuted, or not shown, or nothing to check."""

    def __init__(self, code: int, *said: object) -> None:
        super().__init__(filled(said))
        self.code, self.said = code, said


def filled(said: Said) -> str:
    """Write a sentence with its values; these come from the file, so nothing in them may act on a screen."""
    values = (str(value)[:MOST_SHOWN] for value in said[1:])
    return str(said[0]).format(*("".join(c if c.isprintable() else "\ufffd" for c in value) for value in values))


def need(fits: object, *said: object, code: int = REFUTED) -> None:
    """Go on only if it fits."""
    if not fits:
        raise Stop(code, *said)


def get(source: object, name: str, kind: type[T]) -> T:
    """Give a field of exactly the right type."""
    value = source.get(name) if isinstance(source, dict) else None
    if type(value) is not kind:
        raise Stop(REFUTED, '"{}" is missing or of another type', name)
    return value


def sha256(*parts: bytes) -> bytes:
    """Hash the parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def unhex(text: object) -> bytes:
    """Read 32 bytes in lower-case hex."""
    need(type(text) is str and re.fullmatch("[0-9a-f]{64}", text), "a hash or key is not 64 digits of hex")
    return bytes.fromhex(str(text))


def unbase64(text: str) -> bytes:
    """Read base64 in its one spelling."""
    fits = len(text) % 4 == 0 and re.fullmatch("[A-Za-z0-9+/]*={0,2}", text)
    raw = base64.b64decode(text) if fits else b""
    need(fits and base64.b64encode(raw).decode() == text, "base64 is not written in the usual way")
    return raw


def natural(text: str) -> int:
    """Read a whole number in its one spelling."""
    need(re.fullmatch("0|[1-9][0-9]{0,15}", text) and int(text) < LARGEST, "a number is not written in the usual way")
    return int(text)


def lines_of(data: bytes) -> list[str]:
    """Read lines, each with its newline."""
    lines = data.decode().split("\n")
    need(lines.pop() == "", "a list of lines has no end")
    return lines


def written(value: object) -> bytes:
    """Write JSON canonically: RFC 8785, which this is where there are no floats."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def plain(value: object, levels: int = DEEPEST) -> bool:
    """Tell whether JSON holds nothing but what the profile knows: no null, no float, no large number, not too deep."""
    if type(value) is dict:
        named = all(re.fullmatch("[a-z0-9_]+", name) for name in value)
        return levels > 0 and named and all(plain(part, levels - 1) for part in value.values())
    if type(value) is list:
        return levels > 0 and all(plain(part, levels - 1) for part in value)
    return type(value) in {str, bool} or (type(value) is int and -LARGEST < value < LARGEST)


def canonical(data: bytes) -> Any:  # noqa: ANN401  JSON is anything
    """Read JSON that is written canonically, and no other; so no key is there twice."""
    try:  # a float or a number of many digits becomes a text, and is then written otherwise
        value = json.loads(data.decode(), parse_float=str, parse_constant=str, parse_int=short)
        fits = plain(value) and written(value) == data
    except (ValueError, RecursionError):
        fits = False
    need(fits, "JSON is not written canonically")
    return value


def short(digits: str) -> Any:  # noqa: ANN401  a number, or what is refused
    """Read a number of JSON that is not long; to read a million digits takes minutes."""
    return int(digits) if len(digits) < len(str(LARGEST)) + 2 else digits


def zipped(parts: dict[str, bytes]) -> bytes:
    """Write parts as a zip: stored, sorted by name, with fixed times; the same parts give the same bytes."""
    local, central, offset = [], [], 0
    for name in sorted(parts):
        raw, data = name.encode("ascii"), parts[name]
        head = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(raw), 0)
        local.append(b"PK\3\4" + head + raw + data)
        central.append(b"PK\1\2\x14\3" + head + struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, offset) + raw)
        offset += len(local[-1])
    directory = b"".join(central)
    end = struct.pack("<4H2LH", 0, 0, len(parts), len(parts), len(directory), offset, 0)
    return b"".join([*local, directory, b"PK\5\6", end])


def unzipped(data: bytes) -> dict[str, bytes]:
    """Read a zip that ``zipped`` wrote; any other is altered, or no dossier."""
    there = b"dossier.json" in data and b"MANIFEST.sha256" in data and len(data) < MOST_BYTES
    need(there, "this is no dossier", code=UNREADABLE)
    parts: dict[str, bytes] = {}
    try:
        _, _, count, _, _, at, _ = struct.unpack("<4H2LH", data[-18:])
        left = len(data)
        for _ in range(count):
            size, length = struct.unpack("<LH", data[at + 24 : at + 30])
            start = struct.unpack("<L", data[at + 42 : at + 46])[0] + 30 + length
            left -= size  # parts that overlap would hold more than the file: a zip bomb
            need(left >= 0, "its parts overlap")
            parts[data[at + 46 : at + 46 + length].decode("ascii")] = data[start : start + size]
            at += 46 + length
        whole = zipped(parts) == data
    except (struct.error, ValueError, Stop):
        whole = False
    need(whole, "the file was a dossier, and was altered or damaged: it is not put together as one is")
    safe = all(map(SAFE_NAME.fullmatch, parts)) and len({name.lower() for name in parts}) == len(parts)
    need(safe, "a part has a name that is not safe to unpack")
    return parts
