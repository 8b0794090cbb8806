"""Check a dossier of belbaar: python3 verify.py FILE [--trust TRUST.JSON]; Python 3.9 or later, nothing else.

One line a claim, first what is refuted.
Exit status: 0 all is proven, 1 something is refuted, 2 this is no dossier, 3 something is not shown.
The keys to trust come from --trust, a file that you got elsewhere (published, from the witness, from the authority);
without it the file is held against its own keys, and whoever made the file chose those.
The format is in docs/reference/log-formats.md. Timestamps are checked by openssl, where it is on the path.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from belbaar.proof.verifier.checking import check_consistency, check_inclusion
from belbaar.proof.verifier.claims import ABOUT, CLAIMS, Shown
from belbaar.proof.verifier.heads import MICRO, NO_STAMP, UNCHECKED, Head, Note, Trust, stamp_time
from belbaar.proof.verifier.reading import (
    MOST_BYTES,
    NOT_SHOWN,
    PROVEN,
    REFUTED,
    SAFE_NAME,
    UNREADABLE,
    Said,
    Stop,
    canonical,
    filled,
    get,
    lines_of,
    need,
    sha256,
    unbase64,
    unhex,
    unzipped,
    written,
)

WORDS = {PROVEN: "proven     ", REFUTED: "REFUTED    ", UNREADABLE: "", NOT_SHOWN: "not shown  "}
ENDS = {
    PROVEN: "All is proven.",
    REFUTED: "REFUTED: what is marked so does not hold.",
    UNREADABLE: "This cannot be checked.",
    NOT_SHOWN: "Nothing is refuted, but not all is shown.",
}
WORST_FIRST = (UNREADABLE, REFUTED, NOT_SHOWN, PROVEN)
OWN_KEYS = "Checked against the file's own keys: whoever made the file chose them. Use --trust."
OTHER_VERIFIER = "The verify.py in the file is not the one that runs now: do not run that one unseen."


class Dossier:
    """What is being checked; ``found`` has the status, what it is about and what is said of it, ``notes`` the rest."""

    def __init__(self) -> None:
        self.found: list[tuple[int, Said, Said]] = []
        self.notes: list[Said] = []
        self.code = PROVEN
        self.shown = Shown()
        self.heads: dict[bytes, Head] = {}

    def check(self, about: Said, work: Callable[..., Said], *given: object) -> None:
        """Check one thing and say what came of it."""
        try:
            code, said = PROVEN, work(*given)
        except Stop as stop:
            code, said = stop.code, stop.said
        except Exception:  # noqa: BLE001  a file made to confuse is refuted, never a traceback
            code, said = REFUTED, ("it is not made as it should be",)
        self.found.append((code, about, said))
        self.code = code if code in {REFUTED, UNREADABLE} or self.code == PROVEN else self.code

    def examine(self, data: bytes, trust: bytes | None) -> Said:
        """Check all there is."""
        parts = self.shown.parts = unzipped(data)
        self.check(("file",), self._manifest)
        self.trust = Trust(parts["trust.json"] if trust is None else trust)
        made = canonical(parts["dossier.json"])
        self.origin = get(made, "origin", str)
        need(get(made, "v", int) == 1, "the dossier is of another version")
        self.check(("maker",), self._signed)
        for name in sorted(parts):
            if name.startswith("anchors/") and name.endswith(".note"):
                self._anchor(name)
        works = {"leaves": self._leaf, "erased": self._erased, "rows": self._row}
        for kind, work in works.items():
            for item in get(made, kind, list):
                self.check(("{}", get(item, "name", str)), self._named, work, item)
        self.check(("one history",), self._history)
        for name, leaf in self.shown.leaves.items():
            self.check(("time of {}", name), self._time, leaf["index"])
        for claim in get(made, "claims", list):
            kind = get(claim, "claim", str)
            self.check((ABOUT.get(kind, "claim: {}"), kind), self._claim, claim)
        return "this is a dossier of {}", self.origin

    def _manifest(self) -> Said:
        parts = self.shown.parts
        listed, inside = lines_of(parts["MANIFEST.sha256"]), sorted(set(parts) - {"MANIFEST.sha256", "MANIFEST.note"})
        there = [f"{sha256(parts[name]).hex()}  {name}" for name in inside]
        wrong = ", ".join(sorted({line[66:] for line in set(there) ^ set(listed)}))
        need(there == listed, "altered since the manifest was made: {}", wrong or "MANIFEST.sha256")
        return "its {} parts are those in MANIFEST.sha256", len(there)

    def _signed(self) -> Said:
        parts = self.shown.parts
        there = "MANIFEST.note" in parts
        need(there, "nobody signed the file, so parts may have been left out", code=NOT_SHOWN)
        note = Note(parts["MANIFEST.note"], self.trust, self.origin)
        expected = f"belbaar/dossier/1\n{self.origin}\n{sha256(parts['MANIFEST.sha256']).hex()}\n"
        need(note.text == expected, "another manifest was signed")
        return "the key of the log {} signed the file", self.origin

    def _head(self, data: bytes) -> Head:
        if data not in self.heads:  # mostly all leaves have the same one
            self.heads[data] = Head(data, self.trust, self.origin)
        return self.heads[data]

    def _anchor(self, name: str) -> None:
        note, stamp = self.shown.parts[name], name[:-5] + ".tsr"
        self.check(("{}", name), lambda: ("head of {} leaves", self._head(note).size))
        if stamp in self.shown.parts and note in self.heads:
            self.check(("{}", stamp), self._stamp, self.heads[note], self.shown.parts[stamp])

    def _stamp(self, head: Head, reply: bytes) -> Said:
        try:
            head.stamp = stamp_time(head.text.encode(), reply, self.trust.roots)
        except Stop as stop:
            head.stamp = UNCHECKED if stop.code == NOT_SHOWN else NO_STAMP
            raise
        return "an authority stamped the head of {} leaves on {}", head.size, instant(head.stamp)

    def _named(self, work: Callable[..., Said], item: dict[str, Any]) -> Said:
        need(SAFE_NAME.fullmatch(item["name"]), "a name has other characters than letters, digits and . _ -")
        return work(item)

    def _leaf(self, item: dict[str, Any]) -> Said:
        text, index = get(item, "entry", str).encode(), get(item, "index", int)
        proof, _, note = self.shown.parts[get(item, "proof", str)].partition(b"\n\n")
        lines = proof.decode().split("\n")
        need(lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"], "the proof is of another leaf")
        head, entry = self._head(note), canonical(text)
        check_inclusion(index, head.size, sha256(b"\0", text), [unbase64(line) for line in lines[2:]], head.root)
        opened = self._opened(item["sections"], get(entry, "c", str)) if "sections" in item else {}
        need(item["name"] not in self.shown.leaves, "two leaves have this name")
        self.shown.leaves[item["name"]] = {"index": index, "entry": entry, "opened": opened}
        if not opened:
            return "entry {} is in the log of {} leaves", index, head.size
        return "entry {} is in the log of {} leaves, and opened: {}", index, head.size, ", ".join(opened)

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

    def _erased(self, item: dict[str, Any]) -> Said:
        index, by = self.shown.index(item["name"]), get(item, "by", str)
        erase = self.shown.leaf(by)["entry"]
        named = get(erase, "k", str) == "erase" and get(get(erase, "b", dict), "leaves", list)
        need(named and any(type(leaf) is int and leaf == index for leaf in named), "no erasure names it")
        raise Stop(NOT_SHOWN, "what entry {} said was erased, as {} tells; that it was, stays", index, by)

    def _row(self, item: dict[str, Any]) -> Said:
        list_, row, body = get(item, "list", str), get(item, "row", int), get(item, "body", dict)
        what = self.shown.section(list_, "what")
        rows, root = get(what, "rows", int), unhex(get(what, "rows_root", str))
        leaf = sha256(b"\0", sha256(unhex(get(item, "key", str)), written(body)))
        check_inclusion(row, rows, leaf, [unhex(hash_) for hash_ in get(item, "hashes", list)], root)
        need(item["name"] not in self.shown.rows, "two rows have this name")
        self.shown.rows[item["name"]] = {"list": list_, "body": body}
        return "row {} is in the list of {} rows that {} committed to", row, rows, list_

    def _history(self) -> Said:
        heads = self.heads.values()
        known = {head.size: head.root for head in heads}
        split = sorted({head.size for head in heads if head.root != known[head.size]})
        need(not split, "two heads of {} leaves differ: the log was split", ", ".join(map(str, split)))
        sizes = sorted(known)
        for old, new in ((sizes[n], sizes[n + 1]) for n in range(len(sizes) - 1)):
            name = f"consistency/{old}-{new}.txt"
            there = name in self.shown.parts
            need(there, "nothing shows that the head of {} leaves continues that of {}", new, old, code=NOT_SHOWN)
            proof = [unbase64(line) for line in lines_of(self.shown.parts[name])]
            check_consistency(old, new, known[old], known[new], proof)
        fewest, quorum = min((len(head.witnesses) for head in heads), default=0), self.trust.quorum
        need(fewest >= quorum, "{} trusted witnesses signed a head, {} are wanted", fewest, quorum, code=NOT_SHOWN)
        return "{} heads of one log, each signed by {} trusted witnesses or more", len(known), fewest

    def _time(self, index: int) -> Said:
        heads = self.heads.values()
        after = max((min(h.witnesses.values()) for h in heads if h.size <= index and h.witnesses), default=0)
        later = [head.stamp for head in heads if head.size > index and head.stamp != NO_STAMP]
        before = min((stamp for stamp in later if stamp != UNCHECKED), default=0)
        need(later, "no timestamp of an authority covers it", code=NOT_SHOWN)
        need(before, "the timestamp that covers it is unchecked", code=NOT_SHOWN)
        if not after:
            return "logged before {}", instant(before)
        return "logged after {} and before {}", instant(after), instant(before)

    def _claim(self, claim: dict[str, Any]) -> Said:
        need(claim["claim"] in CLAIMS, "this verifier does not know such a claim")
        return CLAIMS[claim["claim"]](self.shown, claim)


def instant(at: int) -> str:
    """Write an instant."""
    return f"{dt.datetime(1970, 1, 1) + dt.timedelta(seconds=at // MICRO)} UTC"  # noqa: DTZ001  in UTC throughout


def examined(data: bytes, trust: bytes | None = None, own: bytes = b"") -> Dossier:
    """Check a dossier; as ``verify``, but give what was found, worst first."""
    dossier = Dossier()
    if trust is None:
        dossier.notes.append((OWN_KEYS,))
    dossier.check(("dossier",), dossier.examine, data, trust)
    if dossier.shown.parts and dossier.shown.parts.get("verify.py") != own:
        dossier.notes.append((OTHER_VERIFIER,))
    dossier.found.sort(key=lambda found: WORST_FIRST.index(found[0]))
    return dossier


def verify(data: bytes, trust: bytes | None = None, own: bytes = b"") -> tuple[int, list[str]]:
    """Check a dossier against the keys to trust, or against its own; give the exit status and the lines to show.

    Args:
        data: the file.
        trust: a list of trusted keys; the file's own where there is none.
        own: the verifier that runs, to tell when the one in the file is another.
    """
    dossier = examined(data, trust, own)
    found = [f"{WORDS[code]}{filled(about)}: {filled(said)}" for code, about, said in dossier.found]
    return dossier.code, [*map(filled, dossier.notes), *found, ENDS[dossier.code]]


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a file that is one, and not larger than what it should be can be."""
    need(path.is_file(), "{} is not there, or is no file", path, code=UNREADABLE)
    need(path.stat().st_size < most, "{} is too large", path, code=UNREADABLE)
    return path.read_bytes()


def main(words: list[str] | None = None) -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description="Check a dossier of belbaar.")
    parser.add_argument("file", type=Path, help="the dossier")
    parser.add_argument("--trust", type=Path, help="the keys to trust, a trust.json that you got elsewhere")
    given = parser.parse_args(words)
    try:
        trust = read_file(given.trust, MOST_BYTES >> 8) if given.trust else None
        Trust(trust or b'{"logs":[],"quorum":1,"tsa_roots":[],"v":1,"witnesses":[]}')
        code, lines = verify(read_file(given.file), trust, Path(__file__).read_bytes())
    except (OSError, ValueError, Stop) as error:
        code, lines = UNREADABLE, [f"A file cannot be read: {error}"]
    sys.stdout.buffer.write("\n".join([*lines, ""]).encode(errors="replace"))
    return code


if __name__ == "__main__":
    sys.exit(main())
