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
HASH_BYTES = 32
T = TypeVar("T")


class Stop(Exception):
    """What is being checked is refuted, or not shown, or nothing to check."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def need(fits: object, why: str, code: int = REFUTED) -> None:
    """Go on only if it fits."""
    if not fits:
        raise Stop(code, why)


def get(source: object, name: str, kind: type[T]) -> T:
    """Give a field of exactly the right type."""
    value = source.get(name) if isinstance(source, dict) else None
    if type(value) is not kind:
        raise Stop(REFUTED, f'"{name}" is missing or of another type')
    return value


def sha256(*parts: bytes) -> bytes:
    """Hash the parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def unhex(text: str) -> bytes:
    """Read 32 bytes in lower-case hex."""
    need(re.fullmatch("[0-9a-f]{64}", text), "a hash or key is not 64 digits of hex")
    return bytes.fromhex(text)


def unbase64(text: str) -> bytes:
    """Read base64 in its one spelling."""
    raw = base64.b64decode(text)
    need(base64.b64encode(raw).decode() == text, "base64 is not written in the usual way")
    return raw


def written(value: object) -> bytes:
    """Write JSON canonically: RFC 8785, which this is where there are no floats."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def canonical(data: bytes) -> Any:  # noqa: ANN401  JSON is anything
    """Read JSON that is written canonically, and no other; so no key is there twice."""
    value = json.loads(data.decode(), parse_float=unhex, parse_constant=unhex)
    need(written(value) == data, "JSON is not written canonically")
    return value


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
    parts: dict[str, bytes] = {}
    try:
        _, _, count, _, _, at, _ = struct.unpack("<4H2LH", data[-18:])
        for _ in range(count):
            size, length = struct.unpack("<LH", data[at + 24 : at + 30])
            start = struct.unpack("<L", data[at + 42 : at + 46])[0] + 30 + length
            parts[data[at + 46 : at + 46 + length].decode("ascii")] = data[start : start + size]
            at += 46 + length
        whole = zipped(parts) == data
    except (struct.error, ValueError):
        whole = False
    once = b"dossier.json" in data and b"MANIFEST.sha256" in data
    need(once, "this is no dossier", UNREADABLE)
    need(whole, "the file was a dossier, and was altered or damaged: it is not put together as one is")
    return parts
