"""Claims: what a dossier says of the leaves and rows that it shows, each checked by itself.

>>> sorted(CLAIMS)
['facts', 'open', 'order', 'position', 'receipt', 'same', 'screened', 'text']

Part of verify.py: imports nothing but the standard library, of Python 3.9 or later.
"""

from __future__ import annotations

from typing import Any

from belbaar.proof.verifier.reading import NOT_SHOWN, Said, get, need, sha256, unhex, written

Claim = dict[str, Any]
TEXTS = ("text", "rule")


class Shown:
    """What a dossier shows and what of it is proven: its parts, leaves and rows."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.leaves: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, dict[str, Any]] = {}

    def leaf(self, name: object) -> dict[str, Any]:
        """Give a leaf that is proven."""
        found = self.leaves.get(name) if type(name) is str else None
        need(found, 'it rests on "{}", which is not proven', name)
        return found or {}

    def index(self, name: object) -> int:
        """Give the place of a leaf in the log."""
        return int(self.leaf(name)["index"])

    def section(self, leaf: object, name: str) -> dict[str, Any]:
        """Give an opened section of a leaf."""
        opened = self.leaf(leaf)["opened"]
        need(name in opened, 'the section "{}" of {} is not opened', name, leaf, code=NOT_SHOWN)
        return dict(opened[name])

    def text(self, folder: str, hash_: str) -> bytes:
        """Give a text that stands under its hash."""
        found = self.parts.get(f"{folder}/{hash_}")
        need(found is not None and sha256(found).hex() == hash_, "{}/{} is missing or was swapped", folder, hash_)
        return found or b""


def claim_order(shown: Shown, claim: Claim) -> Said:
    """One leaf was logged before another."""
    first, then = get(claim, "first", str), get(claim, "then", str)
    need(shown.index(first) < shown.index(then), "{} was not logged before {}", first, then)
    return "{} was logged before {}", first, then


def claim_text(shown: Shown, claim: Claim) -> Said:
    """What a leaf names by hash is a wording or ruleset that is here in full and was logged before."""
    leaf, name = get(claim, "leaf", str), get(claim, "text", str)
    hash_, entry = get(shown.section(leaf, "what"), get(claim, "field", str), str), shown.leaf(name)["entry"]
    need(get(entry, "k", str) in TEXTS, "{} is no wording and no ruleset", name)
    need(get(get(entry, "b", dict), "sha256", str) == hash_, "{} rests on another text than {}", leaf, name)
    shown.text("texts", hash_)
    need(shown.index(name) < shown.index(leaf), "{} was logged only after {}", name, leaf)
    return "{} rests on {}, logged before it: texts/{}", leaf, name, hash_


def claim_facts(shown: Shown, claim: Claim) -> Said:
    """A verdict rests on these leaves and no others, all known then."""
    leaf, names = get(claim, "leaf", str), get(claim, "rests_on", list)
    indices, known = sorted(map(shown.index, names)), known_at(shown, leaf)
    said = get(shown.section(leaf, "what"), "rests_on", list)
    need(written(indices) == written(said), "{} rests on other facts", leaf)
    need(all(index < known for index in indices), "a fact was not known then")
    if not names:
        return "{} rests on no fact, as known at {} leaves", leaf, known
    return "{} rests on {}, as known at {} leaves", leaf, ", ".join(names), known


def claim_position(shown: Shown, claim: Claim) -> Said:
    """A list or verdict says up to which leaf the log was known to it, and was logged after that."""
    leaf = get(claim, "leaf", str)
    return "{} was made as known at {} leaves of the log", leaf, known_at(shown, leaf)


def known_at(shown: Shown, leaf: str) -> int:
    """Give how many leaves a verdict or list knew of; never itself, nor what came after."""
    known = get(shown.section(leaf, "what"), "known_at", int)
    need(0 <= known <= shown.index(leaf), "{} says to know what was logged only later", leaf)
    return known


def claim_screened(shown: Shown, claim: Claim) -> Said:
    """A verdict, or a row of a screened list, was logged before the call, of the same number and caller."""
    call, name = get(claim, "call", str), get(claim, "row" if "row" in claim else "leaf", str)
    if "row" in claim:
        need(name in shown.rows, 'it rests on "{}", which is not proven', name)
        leaf, who = shown.rows[name]["list"], shown.rows[name]["body"]
        what, verdict = shown.section(leaf, "what"), who
    else:
        leaf, who, what = name, shown.section(name, "who"), shown.section(name, "what")
        verdict = what
    need(shown.index(leaf) < shown.index(call), "the call was logged before the verdict")
    need(get(who, "number", int) == get(shown.section(call, "who"), "number", int), "the call is to another number")
    need(get(what, "caller", str) == get(shown.section(call, "what"), "caller", str), "the call is of another caller")
    if type(verdict.get("allowed")) is not bool:
        return "{} was logged before {}, of the same number and caller", name, call
    if verdict["allowed"]:
        return "{} was logged before {}, of the same number and caller, and says that the call was allowed", name, call
    return "{} was logged before {}, of the same number and caller, and says that the call was NOT allowed", name, call


def claim_same(shown: Shown, claim: Claim) -> Said:
    """A field is the same in several leaves: they are about one person, or one caller."""
    leaves, section, field = get(claim, "leaves", list), get(claim, "section", str), get(claim, "field", str)
    values = [shown.section(leaf, section).get(field) for leaf in leaves]
    need(len(values) > 1 and values[0] is not None, "nothing is compared")
    need(all(written(value) == written(values[0]) for value in values), "the {} differs", field)
    return "{} have the same {}", ", ".join(leaves), field


def claim_receipt(shown: Shown, claim: Claim) -> Said:
    """The receipt that is here is the one that was logged, names the text consented to, and is of the same person."""
    leaf, name = get(claim, "leaf", str), get(claim, "receipt", str)
    what, logged = shown.section(leaf, "what"), shown.section(name, "what")
    hash_, text = get(logged, "receipt", str), get(what, get(claim, "field", str), str)
    unhex(text)
    need(shown.index(leaf) < shown.index(name), "{} was not logged before {}", leaf, name)
    number = get(shown.section(leaf, "who"), "number", int)
    need(number == get(shown.section(name, "who"), "number", int), "{} is of another person than {}", name, leaf)
    need(get(what, "caller", str) == get(logged, "caller", str), "{} is of another caller than {}", name, leaf)
    need(text.encode() in shown.text("receipts", hash_), "the receipt names another text than {}", leaf)
    return "{} is of the same person as {}, and names the same text", name, leaf


def claim_open(shown: Shown, claim: Claim) -> Said:
    """After a receipt the person could see and deny it in My number on so many days, each logged after it."""
    leaf, names = get(claim, "leaf", str), get(claim, "days", list)
    index, since = shown.index(leaf), get(shown.section(leaf, "what"), "at", int)
    leaves = [shown.leaf(name) for name in names]
    need(all(get(each["entry"], "k", str) == "open" for each in leaves), "what is no day is counted as one")
    days = {get(get(each["entry"], "b", dict), "day", str) for each in leaves}
    need(len(days) == len(names) > 0, "a day is counted twice, or none at all")
    later = (get(each["entry"]["b"], "at", int) > since and each["index"] > index for each in leaves)
    need(all(later), "a day was not after {}", leaf)
    return "after {} My number was open on {} days, from {} to {}", leaf, len(days), min(days), max(days)


CLAIMS = {
    "facts": claim_facts,
    "open": claim_open,
    "order": claim_order,
    "position": claim_position,
    "receipt": claim_receipt,
    "same": claim_same,
    "screened": claim_screened,
    "text": claim_text,
}
ABOUT = {
    "facts": "facts it rests on",
    "open": "could be denied",
    "order": "order in time",
    "position": "as known when",
    "receipt": "receipt",
    "same": "the same in each",
    "screened": "screened before the call",
    "text": "text it rests on",
}
