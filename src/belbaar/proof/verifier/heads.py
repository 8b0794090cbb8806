"""Heads of a log: who is trusted, who signed, and when an authority stamped it.

>>> Trust(b'{"logs":[],"quorum":0,"tsa_roots":[],"v":1,"witnesses":[]}').quorum
1

Part of verify.py: imports nothing but the standard library, of Python 3.9 or later.
"""
# ruff: noqa: S603  it runs openssl

from __future__ import annotations

import calendar
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from belbaar.proof.verifier.checking import ed25519_fits
from belbaar.proof.verifier.reading import (
    HASH_BYTES,
    NOT_SHOWN,
    Stop,
    canonical,
    get,
    natural,
    need,
    sha256,
    unbase64,
)

LOG, COSIGNER, MICRO, MOST_SIGNATURES = 1, 4, 10**6, 100
NO_STAMP, UNCHECKED = 0, -1


class Trust:
    """Whom to believe; a key is name, type, public key, and since and until in microseconds."""

    def __init__(self, data: bytes) -> None:
        read = canonical(data)
        need(get(read, "v", int) == 1, "the list of trusted keys is of another version")
        self.logs = {get(log, "origin", str): keys_of(log, "keys", LOG) for log in get(read, "logs", list)}
        self.witnesses = keys_of(read, "witnesses", COSIGNER)
        self.quorum = max(1, get(read, "quorum", int))
        self.roots = "\n".join(map(str, get(read, "tsa_roots", list)))


def keys_of(source: object, field: str, kind: int) -> list[tuple[str, int, bytes, int, int]]:
    """Read dated keys of one type."""
    keys = []
    for item in get(source, field, list):
        pieces = get(item, "vkey", str).split("+", 2)
        need(len(pieces) == 3, "a trusted key is of another form")  # noqa: PLR2004  name, id, key
        raw = unbase64(pieces[2])
        need(len(raw) == 1 + HASH_BYTES and raw[0] == kind, "a trusted key is of another type")
        need(key_id(pieces[0], kind, raw[1:]).hex() == pieces[1], "the id of a trusted key does not fit it")
        keys.append((pieces[0], kind, raw[1:], get(item, "since", int), get(item, "until", int)))
    return keys


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Give the four bytes by which a signature names its key."""
    return sha256(name.encode(), b"\n", bytes([kind]), public)[:4]


class Note:
    """A signed text; every signature by a trusted key is checked, and one that does not fit refutes it."""

    def __init__(self, data: bytes, trust: Trust, origin: str) -> None:
        body, _, lines = data.decode().rpartition("\n\n")
        self.text, self.witnesses, signed = body + "\n", {}, []
        need(lines.endswith("\n") and lines.count("\n") <= MOST_SIGNATURES, "a note has no end, or too many signatures")
        for line in lines[:-1].split("\n"):
            pieces = line.split(" ")
            need(len(pieces) == 3 and pieces[0] == "\u2014", "a signature line is of another form")  # noqa: PLR2004
            raw = unbase64(pieces[2])
            for name, kind, public, since, until in [*trust.logs.get(origin, []), *trust.witnesses]:
                if pieces[1] != name or key_id(name, kind, public) != raw[:4]:
                    continue
                at = int.from_bytes(raw[4:12], "big") * (kind == COSIGNER)
                message = f"cosignature/v1\ntime {at}\n{self.text}" if kind == COSIGNER else self.text
                fits = ed25519_fits(public, message.encode(), raw[12 if kind == COSIGNER else 4 :])
                need(fits, "the signature of {} does not fit", name)
                if kind == LOG:
                    signed.append((since, until))
                elif since <= at * MICRO < until:
                    self.witnesses[name] = at * MICRO
        when = min(self.witnesses.values(), default=None)
        good = [since for since, until in signed if when is None or since <= when < until]
        need(good, "no trusted key of the log signed it")


class Head(Note):
    """A checkpoint: size, root, who signed it, and the time of a timestamp over it."""

    def __init__(self, data: bytes, trust: Trust, origin: str) -> None:
        super().__init__(data, trust, origin)
        lines = self.text.split("\n")
        need(len(lines) == 4 and lines[0] == origin and not lines[3], "a checkpoint is of another form or log")  # noqa: PLR2004
        self.size, self.root, self.stamp = natural(lines[1]), unbase64(lines[2]), NO_STAMP
        need(len(self.root) == HASH_BYTES, "a checkpoint is of another form or log")


def stamp_time(text: bytes, reply: bytes, roots: str) -> int:
    """Have openssl check a timestamp, by the certificates as they were at its time; give that time."""
    openssl = shutil.which("openssl")
    need(openssl, "openssl is not on the path, so this timestamp is unchecked", code=NOT_SHOWN)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("text", text), ("reply", reply), ("roots", roots.encode())):
            Path(folder, name).write_bytes(content)

        def run(*words: str) -> str:
            command, how = [str(openssl), "ts", *words, "-in", "reply"], {"LC_ALL": "C"}
            try:
                done = subprocess.run(command, cwd=folder, capture_output=True, env=how, check=False)
            except OSError:
                raise Stop(NOT_SHOWN, "openssl cannot be run here, so this timestamp is unchecked") from None
            need(done.returncode == 0, "openssl refuses the timestamp")
            return done.stdout.decode(errors="replace")

        found = re.findall(r"^Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT$", run("-reply", "-text"), re.MULTILINE)
        need(len(found) == 1, "openssl reads no time in the timestamp")
        when = calendar.timegm(time.strptime(" ".join(found[0]), "%b %d %H:%M:%S %Y"))
        run("-verify", "-data", "text", "-CAfile", "roots", "-attime", str(when))
        return when * MICRO
