"""Check a dossier of belbaar: python3 verify.py FILE [--trust TRUST.JSON]; Python 3.9 or later, nothing else.

One line a claim. Exit status: 0 all is proven, 1 something is refuted, 2 this is no dossier, 3 something is not shown.
The keys to trust come from --trust, a file that you got elsewhere (published, from the witness, from the authority);
without it the file is held against its own keys, and whoever made the file chose those.
The format is in docs/reference/log-formats.md. Timestamps are checked by openssl, where it is on the path.
"""
# ruff: noqa: S603  it runs openssl

from __future__ import annotations

import argparse
import calendar
import datetime as dt
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from belbaar.proof.verifier.checking import check_consistency, check_inclusion, ed25519_fits
from belbaar.proof.verifier.reading import (
    HASH_BYTES,
    NOT_SHOWN,
    PROVEN,
    REFUTED,
    UNREADABLE,
    Stop,
    canonical,
    get,
    need,
    sha256,
    unbase64,
    unhex,
    unzipped,
    written,
)

WORDS = {PROVEN: "proven     ", REFUTED: "REFUTED    ", UNREADABLE: "", NOT_SHOWN: "not shown  "}
LOG, COSIGNER, MICRO = 1, 4, 10**6


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
        name, _, key = get(item, "vkey", str).split("+", 2)
        raw = unbase64(key)
        need(len(raw) == 1 + HASH_BYTES and raw[0] == kind, "a trusted key is of another type")
        keys.append((name, kind, raw[1:], get(item, "since", int), get(item, "until", int)))
    return keys


class Note:
    """A signed text; every signature by a trusted key is checked, and one that does not fit refutes it."""

    def __init__(self, data: bytes, trust: Trust, origin: str) -> None:
        body, _, lines = data.decode().rpartition("\n\n")
        self.text, self.witnesses, signed = body + "\n", {}, []
        for line in lines[:-1].split("\n"):
            dash, name, written_key = line.split(" ")
            raw = unbase64(written_key)
            need(dash == "\u2014" and lines.endswith("\n"), "a signature line is of another form")
            for key_name, kind, public, since, until in [*trust.logs.get(origin, []), *trust.witnesses]:
                if key_name != name or sha256(name.encode(), b"\n", bytes([kind]), public)[:4] != raw[:4]:
                    continue
                at = int.from_bytes(raw[4:12], "big") * (kind == COSIGNER)
                message = f"cosignature/v1\ntime {at}\n{self.text}" if kind == COSIGNER else self.text
                fits = ed25519_fits(public, message.encode(), raw[12 if kind == COSIGNER else 4 :])
                need(fits, f"the signature of {name} does not fit")
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
        named, size, root, end = self.text.split("\n")
        need(named == origin and not end and str(int(size)) == size, "a checkpoint is of another form or log")
        self.size, self.root, self.stamp = int(size), unbase64(root), 0


def stamp_time(text: bytes, reply: bytes, roots: str) -> int:
    """Have openssl check a timestamp, by the certificates as they were at its time; give that time."""
    openssl = shutil.which("openssl")
    need(openssl, "openssl is not on the path, so its timestamp is unchecked", NOT_SHOWN)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("text", text), ("reply", reply), ("roots", roots.encode())):
            Path(folder, name).write_bytes(content)

        def run(*words: str) -> str:
            command, how = [str(openssl), "ts", *words, "-in", "reply"], {"LC_ALL": "C"}
            done = subprocess.run(command, cwd=folder, capture_output=True, env=how, timeout=60, check=False)
            need(done.returncode == 0, "openssl refuses the timestamp")
            return done.stdout.decode(errors="replace")

        found = re.findall(r"^Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT$", run("-reply", "-text"), re.MULTILINE)
        when = calendar.timegm(time.strptime(" ".join(found[0]), "%b %d %H:%M:%S %Y"))
        run("-verify", "-data", "text", "-CAfile", "roots", "-attime", str(when))
        return when * MICRO


class Dossier:
    """What is being checked, and what is said about it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.code = PROVEN
        self.parts: dict[str, bytes] = {}
        self.heads: list[Head] = []
        self.leaves: dict[str, dict[str, Any]] = {}

    def check(self, name: str, work: Callable[..., str], *given: object) -> None:
        """Check one thing and say what came of it."""
        try:
            code, said = PROVEN, work(*given)
        except Stop as stop:
            code, said = stop.code, str(stop)
        except Exception as error:  # noqa: BLE001  a file made to confuse is refuted, never a traceback
            code, said = REFUTED, f"it is not made as it should be ({type(error).__name__})"
        self.lines.append(f"{WORDS[code]}{name}: {said}")
        self.code = code if code in {REFUTED, UNREADABLE} or self.code == PROVEN else self.code

    def examine(self, data: bytes, trust: bytes | None) -> str:
        """Check all there is."""
        self.parts = unzipped(data)
        self.check("file", self._manifest)
        self.trust = Trust(self.parts["trust.json"] if trust is None else trust)
        made = canonical(self.parts["dossier.json"])
        self.origin = get(made, "origin", str)
        need(get(made, "v", int) == 1, "the dossier is of another version")
        self.check("maker", self._signed)
        for name in sorted(self.parts):
            if name.startswith("anchors/") and name.endswith(".note"):
                self.check(name, self._anchor, name)
        works = {"leaves": self._leaf, "erased": self._erased, "rows": self._row}
        for kind, work in works.items():
            for item in get(made, kind, list):
                self.check(get(item, "name", str), work, item)
        self.check("one history", self._history)
        for name, leaf in self.leaves.items():
            self.check(f"time of {name}", self._time, leaf["index"])
        claims = {"order": self._order, "text": self._text, "facts": self._facts, "screened": self._screened}
        for claim in get(made, "claims", list):
            self.check(get(claim, "claim", str), claims[claim["claim"]], claim)
        return f"this is a dossier of {self.origin}"

    def _manifest(self) -> str:
        listed = self.parts["MANIFEST.sha256"].decode().splitlines()
        inside = sorted(set(self.parts) - {"MANIFEST.sha256", "MANIFEST.note"})
        there = [f"{sha256(self.parts[name]).hex()}  {name}" for name in inside]
        wrong = ", ".join(sorted({line[66:] for line in set(there) ^ set(listed)}))
        need(there == listed, f"altered since the manifest was made: {wrong or 'the manifest'}")
        return f"its {len(there)} parts are those in MANIFEST.sha256"

    def _signed(self) -> str:
        need("MANIFEST.note" in self.parts, "nobody signed the file, so parts may have been left out", NOT_SHOWN)
        note = Note(self.parts["MANIFEST.note"], self.trust, self.origin)
        expected = f"belbaar/dossier/1\n{self.origin}\n{sha256(self.parts['MANIFEST.sha256']).hex()}\n"
        need(note.text == expected, "another manifest was signed")
        return f"the key of the log {self.origin} signed the file"

    def _head(self, data: bytes) -> Head:
        self.heads.append(Head(data, self.trust, self.origin))
        return self.heads[-1]

    def _anchor(self, name: str) -> str:
        head, reply = self._head(self.parts[name]), self.parts.get(name[:-5] + ".tsr")
        head.stamp = stamp_time(head.text.encode(), reply, self.trust.roots) if reply is not None else 0
        return f"head of {head.size} leaves" + (f", stamped {shown(head.stamp)}" if head.stamp else "")

    def _leaf(self, item: dict[str, Any]) -> str:
        text, index, lines = get(item, "entry", str).encode(), get(item, "index", int), self.parts[item["proof"]]
        proof, _, note = lines.partition(b"\n\n")
        header, numbered, *hashes = proof.decode().split("\n")
        need((header, numbered) == ("c2sp.org/tlog-proof@v1", f"index {index}"), "the proof is of another leaf")
        head, entry = self._head(note), canonical(text)
        check_inclusion(index, head.size, sha256(b"\0", text), [unbase64(line) for line in hashes], head.root)
        opened = self._opened(item["sections"], get(entry, "c", str)) if "sections" in item else {}
        need(item["name"] not in self.leaves, "two leaves have this name")
        self.leaves[item["name"]] = {"index": index, "entry": entry, "opened": opened}
        return (
            f"entry {index} is in the log of {head.size} leaves; kind {entry['k']}; opened: {', '.join(opened) or '-'}"
        )

    def _opened(self, sections: object, committed: str) -> dict[str, Any]:
        hashes, opened = [], {}
        for name in ("how", "what", "who"):
            section = get(sections, name, dict)
            if "key" in section:
                opened[name] = get(section, "body", dict)
                hashes.append(sha256(unhex(get(section, "key", str)), written(opened[name])))
            else:
                hashes.append(unhex(get(section, "hash", str)))
        need(sha256(b"belbaar/c/1\0", *hashes).hex() == committed, "the log committed to something else")
        return opened

    def _erased(self, item: dict[str, Any]) -> str:
        leaf, erase = self._named(item["name"]), self._named(item["by"])["entry"]
        need(erase["k"] == "erase" and leaf["index"] in erase["b"]["leaves"], "no erasure names it")
        raise Stop(NOT_SHOWN, f"what entry {leaf['index']} said was erased, as {item['by']} tells; that it was, stays")

    def _row(self, item: dict[str, Any]) -> str:
        what, row = self._section(item["list"], "what"), get(item, "row", int)
        leaf = sha256(b"\0", sha256(unhex(get(item, "key", str)), written(get(item, "body", dict))))
        check_inclusion(row, what["rows"], leaf, [unhex(hash_) for hash_ in item["hashes"]], unhex(what["rows_root"]))
        return f"row {row} is in the list of {what['rows']} rows that {item['list']} committed to"

    def _history(self) -> str:
        known = {head.size: head.root for head in self.heads}
        split = [head.size for head in self.heads if head.root != known[head.size]]
        need(not split, f"two heads of one size differ ({split}): the log was split")
        sizes = sorted(known)
        for old, new in ((sizes[n], sizes[n + 1]) for n in range(len(sizes) - 1)):
            name = f"consistency/{old}-{new}.txt"
            need(name in self.parts, f"nothing shows that the head of {new} leaves continues that of {old}", NOT_SHOWN)
            proof = [unbase64(line) for line in self.parts[name].decode().splitlines()]
            check_consistency(old, new, known[old], known[new], proof)
        fewest, quorum = min((len(head.witnesses) for head in self.heads), default=0), self.trust.quorum
        need(fewest >= quorum, f"{fewest} trusted witnesses signed a head, {quorum} are wanted", NOT_SHOWN)
        return f"{len(known)} heads of one log, each signed by {fewest} trusted witnesses or more"

    def _time(self, index: int) -> str:
        after = max((min(h.witnesses.values()) for h in self.heads if h.size <= index and h.witnesses), default=0)
        before = min((h.stamp for h in self.heads if h.size > index and h.stamp), default=0)
        need(before, "no timestamp of an authority covers it", NOT_SHOWN)
        return f"logged {f'after {shown(after)} and ' if after else ''}before {shown(before)}"

    def _named(self, name: str) -> dict[str, Any]:
        need(name in self.leaves, f'it rests on "{name}", which is not proven')
        return self.leaves[name]

    def _section(self, leaf: str, name: str) -> dict[str, Any]:
        opened = self._named(leaf)["opened"]
        need(name in opened, f'the section "{name}" of {leaf} is not opened', NOT_SHOWN)
        return dict(opened[name])

    def _order(self, claim: dict[str, Any]) -> str:
        need(self._named(claim["first"])["index"] < self._named(claim["then"])["index"], "the order is the reverse")
        return f"{claim['first']} was logged before {claim['then']}"

    def _text(self, claim: dict[str, Any]) -> str:
        leaf, text = self._named(claim["leaf"]), self._named(claim["text"])
        hash_ = get(self._section(claim["leaf"], "what"), claim["field"], str)
        need(text["entry"]["b"]["sha256"] == hash_, "it rests on another text")
        need(sha256(self.parts.get(f"texts/{hash_}", b"")).hex() == hash_, "the text is missing or was swapped")
        need(text["index"] < leaf["index"], "the text was logged only afterwards")
        return f"{claim['leaf']} rests on {claim['text']}, logged before it: texts/{hash_}"

    def _facts(self, claim: dict[str, Any]) -> str:
        leaf, what = self._named(claim["leaf"]), self._section(claim["leaf"], "what")
        indices, known = sorted(self._named(name)["index"] for name in claim["rests_on"]), get(what, "known_at", int)
        need(indices == what["rests_on"], "it rests on other facts")
        need(all(index < known for index in indices) and known <= leaf["index"], "a fact was not known then")
        return f"{claim['leaf']} rests on {', '.join(claim['rests_on']) or 'no fact'}, as known at {known} leaves"

    def _screened(self, claim: dict[str, Any]) -> str:
        leaf, call = claim["leaf"], claim["call"]
        need(self._named(leaf)["index"] < self._named(call)["index"], "the call was logged before the verdict")
        for section, field in (("who", "number"), ("what", "caller")):
            same = self._section(leaf, section)[field] == self._section(call, section)[field]
            need(same, f"the {field} of the call is another")
        return f"{leaf} was logged before {call}, of the same number and caller"


def shown(at: int) -> str:
    """Write an instant."""
    return f"{dt.datetime(1970, 1, 1) + dt.timedelta(seconds=at // MICRO)} UTC"  # noqa: DTZ001  in UTC throughout


def verify(data: bytes, trust: bytes | None = None, own: bytes = b"") -> tuple[int, list[str]]:
    """Check a dossier against the keys to trust, or against its own; give the exit status and the lines to show.

    Args:
        data: the file.
        trust: a list of trusted keys; the file's own where there is none.
        own: the verifier that runs, to tell when the one in the file is another.
    """
    dossier = Dossier()
    if trust is None:
        dossier.lines.append("Checked against the file's own keys: whoever made the file chose them. Use --trust.")
    dossier.check("all", dossier.examine, data, trust)
    if dossier.parts and dossier.parts.get("verify.py") != own:
        dossier.lines.append("The verify.py in the file is not the one that runs now: do not run that one unseen.")
    said = ("All is proven.", "REFUTED.", "This cannot be checked.", "Nothing is refuted, but not all is shown.")
    return dossier.code, [*dossier.lines, said[dossier.code]]


def main(words: list[str] | None = None) -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description="Check a dossier of belbaar.")
    parser.add_argument("file", type=Path, help="the dossier")
    parser.add_argument("--trust", type=Path, help="the keys to trust, a trust.json that you got elsewhere")
    given = parser.parse_args(words)
    try:
        trust = given.trust.read_bytes() if given.trust else None
        Trust(trust or b'{"logs":[],"quorum":1,"tsa_roots":[],"v":1,"witnesses":[]}')
        code, lines = verify(given.file.read_bytes(), trust, Path(__file__).read_bytes())
    except (OSError, ValueError, Stop) as error:
        code, lines = UNREADABLE, [f"A file cannot be read: {error}"]
    sys.stdout.buffer.write("\n".join([*lines, ""]).encode(errors="replace"))
    return code


if __name__ == "__main__":
    sys.exit(main())
