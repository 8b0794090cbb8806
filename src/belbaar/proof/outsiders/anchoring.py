"""Anchoring: others sign along, so that whoever holds the log's key cannot write its history anew.

    done = anchor(log)

Witnesses remember every head they signed; a timestamp authority tells when a head was there. Nobody who records or
calls waits for them: they are asked about heads that are signed already. A stamp is itself an entry, so that a later
stamp covers it; entries of that kind alone are nothing new, or asking would never end.
"""

__all__ = ["Anchored", "anchor", "ask_witnesses", "forget_witness", "remember_tsa", "remember_witness"]

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from belbaar.errors import BelbaarError, InputError, nearest
from belbaar.proof.keys.keyring import Anchors, Keyring, WitnessAt
from belbaar.proof.keys.trust import DatedKey
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.note import Note, Signature, add_lines, parse
from belbaar.proof.log.note_keys import COSIGNER, VerifierKey
from belbaar.proof.log.tiles import consistency, leaves, size_of
from belbaar.proof.outsiders.tsa import Stamp, check_roots, stamped
from belbaar.proof.outsiders.witness_http import cosigned

_ANCHOR = b'"k":"anchor","v":1}'
_MOST_STAMPS = 256
"""Entries that are looked at one by one; of more than that some are surely not stamps."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """What came of asking.

    Args:
        size: of the head that was shown to others; 0: the log is empty.
        cosigned: witnesses that signed it now.
        stamped_at: when the authority stamped it now, UTC microseconds; 0: it did not.
        current: who had vouched already for all there is.
        failures: who did not, and why.
    """

    size: int = 0
    cosigned: tuple[str, ...] = ()
    stamped_at: int = 0
    current: tuple[str, ...] = ()
    failures: Mapping[str, BelbaarError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    note: str
    at: int
    stamped: bool


def anchor(log: Log) -> Anchored:
    """Ask every witness and the timestamp authority about the latest head; keep what they say.

    One that does not answer keeps nobody else from being asked.

    Raises:
        StoreUnavailable: when store or keys cannot be used.
        ProofError: when the log is not the one that these keys have signed.
    """
    heads = _heads(log)
    if not heads:
        return Anchored()
    latest, failures, current = heads[-1], dict[str, BelbaarError](), list[str]()
    lines = list(_cosignatures(log, heads, failures, current))
    stamp = _stamp(log, heads, failures, current)
    if lines or stamp:
        _keep(log, latest, lines, stamp)
    names = tuple(line.name for line in lines)
    return Anchored(latest.size, names, stamp.at if stamp else 0, tuple(current), failures)


def ask_witnesses(log: Log) -> Iterator[tuple[str, BelbaarError | None]]:
    """Show every witness the latest head, and keep nothing: who remembers another history, or does not answer?"""
    heads = _heads(log)
    for witness in log.keyring.anchors().witnesses if heads else ():
        key = VerifierKey.parse(witness.vkey)
        try:
            _asked(log, heads[-1], witness, _cosigned_size(heads, key))
        except BelbaarError as error:
            yield key.name, error
        else:
            yield key.name, None


def remember_witness(ring: Keyring, url: str, vkey: str) -> VerifierKey:
    """Have a witness asked from now on, and say that it is to be trusted; one of the same name is replaced.

    Raises:
        InputError: when the key is none of a witness.
    """
    key = VerifierKey.parse(vkey)
    if key.kind != COSIGNER:
        raise InputError("this is no key of a witness.", todo="Take the key that belbaar witness prints as it starts.")
    if not url.startswith(("http://", "https://")):
        raise InputError("a witness has an address that begins with https:// or http://.", where=url)
    trust, anchors = ring.trust(), ring.anchors()
    if key not in {dated.key for dated in trust.witnesses}:
        ring.publish(replace(trust, witnesses=(*trust.witnesses, DatedKey(key))))
    others = [known for known in anchors.witnesses if VerifierKey.parse(known.vkey).name != key.name]
    ring.remember(Anchors((*others, WitnessAt(url, vkey)), anchors.tsa))
    return key


def forget_witness(ring: Keyring, name: str) -> None:
    """Have a witness no longer asked; what it signed stays, and stays trusted.

    Raises:
        InputError: when none of that name is asked.
    """
    anchors = ring.anchors()
    kept = tuple(known for known in anchors.witnesses if VerifierKey.parse(known.vkey).name != name)
    if kept == anchors.witnesses:
        known = [VerifierKey.parse(witness.vkey).name for witness in anchors.witnesses]
        raise InputError(f'no witness is named "{name}".', todo=nearest(name, known) if known else "None is asked yet.")
    ring.remember(Anchors(kept, anchors.tsa))


def remember_tsa(ring: Keyring, url: str, root: str) -> None:
    """Have a timestamp authority asked from now on, in the place of any other; ``root`` is PEM, "" when it is known.

    Raises:
        InputError: when it is no certificate, or none is known.
    """
    trust = ring.trust()
    roots = tuple(dict.fromkeys([*trust.tsa_roots, *([root] if root else [])]))
    check_roots(roots)
    if not url.startswith(("http://", "https://")):
        raise InputError("a timestamp authority has an address that begins with https:// or http://.", where=url)
    if roots != trust.tsa_roots:
        ring.publish(replace(trust, tsa_roots=roots))
    ring.remember(Anchors(ring.anchors().witnesses, url))


def _heads(log: Log) -> list[_Head]:
    rows = log.store.connection.execute("SELECT size, note, at, stamped_at FROM head WHERE size > 0 ORDER BY size")
    return [_Head(size, note, at, bool(stamped_at)) for size, note, at, stamped_at in rows.fetchall()]


def _cosigned_size(heads: list[_Head], key: VerifierKey) -> int:
    """Give the size of the latest head that a witness signed, 0: none."""
    return next((head.size for head in reversed(heads) if _signed_by(parse(head.note), key)), 0)


def _signed_by(note: Note, key: VerifierKey) -> list[Signature]:
    return [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]


def _is_news(log: Log, size: int) -> bool:
    """Tell whether anything but stamps was logged since."""
    if size_of(log.connection) - size > _MOST_STAMPS:
        return True
    return any(not leaf.entry.endswith(_ANCHOR) for _, leaf in leaves(log.connection, size))


def _cosignatures(
    log: Log, heads: list[_Head], failures: dict[str, BelbaarError], current: list[str]
) -> Iterator[Signature]:
    for witness in log.keyring.anchors().witnesses:
        key = VerifierKey.parse(witness.vkey)
        known = _cosigned_size(heads, key)
        if known and not _is_news(log, known):
            current.append(key.name)
            continue
        try:
            yield _asked(log, heads[-1], witness, known)
        except BelbaarError as error:
            failures[key.name] = error


def _stamp(log: Log, heads: list[_Head], failures: dict[str, BelbaarError], current: list[str]) -> Stamp | None:
    url = log.keyring.anchors().tsa
    known = max((head.size for head in heads if head.stamped), default=0)
    if not url:
        return None
    if known and not _is_news(log, known):
        current.append(url)
        return None
    try:
        return stamped(url, parse(heads[-1].note).text.encode(), log.keyring.trust().tsa_roots)
    except BelbaarError as error:
        failures[url] = error
        return None


def _asked(log: Log, head: _Head, witness: WitnessAt, known: int) -> Signature:
    key = VerifierKey.parse(witness.vkey)
    note = cosigned(
        witness.url, key, head.note, lambda old: consistency(log.connection, old, head.size), known_size=known
    )
    return _signed_by(parse(note), key)[-1]


def _keep(log: Log, head: _Head, lines: list[Signature], stamp: Stamp | None) -> None:
    """Keep what others said of a head; it stays among the heads from now on, whatever was logged meanwhile."""
    with log.store.writing() as connection:
        found = connection.execute("SELECT note FROM head WHERE size = ?", (head.size,)).fetchone()
        note = add_lines(parse(found[0] if found else head.note), lines)
        if found:
            connection.execute("UPDATE head SET note = ?, anchored = 1 WHERE size = ?", (note, head.size))
        else:
            connection.execute(
                "INSERT INTO head (size, note, at, anchored, query, reply, stamped_at) VALUES (?, ?, ?, 1, ?, ?, 0)",
                (head.size, note, head.at, b"", b""),
            )
        if stamp:
            connection.execute(
                "UPDATE head SET query = ?, reply = ?, stamped_at = ? WHERE size = ?",
                (stamp.query, stamp.reply, stamp.at, head.size),
            )
            log.keep_clear("anchor", {"sha256": sha256(stamp.reply).hexdigest(), "size": head.size, "time": stamp.at})
