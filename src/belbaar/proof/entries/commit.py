"""Commitments: what stands in the log for ever, and what opens it for as long as its key lives.

    >>> secret, id_ = bytes(32), bytes(16)
    >>> leaf = seal(secret, id_, Body(who={"number": 31201000007}, what={"kind": "consent.given"}))
    >>> leaf.entry[:12], len(leaf.entry)
    (b'{"c":"7133cf', 86)
    >>> open_sealed(secret, id_, leaf.sealed, leaf.entry).what
    {'kind': 'consent.given'}

An entry about a person is 86 bytes that say nothing: a commitment to three sections, *who*, *what* and *how*. Each has
a key of its own, so that one can be opened without the others. All keys of an event come from one retention key
(``belbaar.proof.keys.keystore``): when that is deleted the entry can never be opened again, and every proof stays valid.

Invariant: an event id is random and used for one body only; then the fixed nonce of ``seal`` is sound.
"""

__all__ = [
    "ERASED",
    "ID_BYTES",
    "KEY_BYTES",
    "ROWS",
    "Body",
    "Keys",
    "Leaf",
    "check_opening",
    "clear_entry",
    "commitment",
    "derive",
    "entry_of",
    "handle_of",
    "open_sealed",
    "row_entry",
    "row_key",
    "row_keys",
    "seal",
    "seal_written",
    "section_hash",
]

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256, shake_256
from hmac import compare_digest
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.jcs import Value, decode, encode

Section = Mapping[str, Value]
KEY_BYTES, ID_BYTES = 32, 16
ROWS = 256
"""Rows of a list whose keys are derived together."""
_LABEL, _ROW_LABEL, _C_LABEL = b"belbaar/ev/1", b"belbaar/row/1", b"belbaar/c/1\0"
_HANDLE_LABEL = b"belbaar/handle/1"
_NONCE = bytes(12)
_CLEAR = frozenset({"text", "rule", "key", "anchor", "erase", "dossier", "open"})
_PERSONAL = frozenset({"p", "l"})
_LONGEST = 65_535
"""Bytes of an entry: tlog-tiles bundles give its length in two bytes."""
_ENTRY = re.compile(rb'\{"c":"([0-9a-f]{64})","k":"[pl]","v":1\}')
_SECTIONS = ("how", "what", "who")


class Keys(NamedTuple):
    """The four keys of one event."""

    how: bytes
    what: bytes
    who: bytes
    seal: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What an event says, in sections that can be shown apart; an absent one is empty."""

    how: Section = field(default_factory=dict)
    what: Section = field(default_factory=dict)
    who: Section = field(default_factory=dict)


class Leaf(NamedTuple):
    """One line of the log's table: the id, the entry that is hashed, and the body that only its key opens.

    ``handle`` tells which key that is (``handle_of``), ``about`` the place in the ledger of the event it is of; 0: none.
    """

    id: bytes
    entry: bytes
    sealed: bytes
    handle: int = 0
    about: int = 0


ERASED = b""
"""The sealed body of a leaf that was shredded, or that stands in clear."""


def derive(retention_key: bytes, id_: bytes) -> Keys:
    """Derive the keys of one event from the retention key and its id."""
    if len(retention_key) != KEY_BYTES or len(id_) != ID_BYTES:
        raise InputError(f"a retention key has {KEY_BYTES} bytes and an event id {ID_BYTES}.")
    stream = shake_256(retention_key + _LABEL + id_).digest(4 * KEY_BYTES)
    return Keys(stream[:32], stream[32:64], stream[64:96], stream[96:])


def handle_of(retention_key: bytes) -> int:
    """Give the integer by which the leaves of a key are found; it says nothing about the key, or the person."""
    return int.from_bytes(shake_256(retention_key + _HANDLE_LABEL).digest(8), "big") >> 1 or 1


def section_hash(key: bytes, section: Section) -> bytes:
    """Commit to one section: whoever has the key and the section can make this, nobody else can guess it."""
    if len(key) != KEY_BYTES:  # a key of another length could borrow bytes from the section
        raise InputError(f"a section key has {KEY_BYTES} bytes.")
    return sha256(key + encode(section)).digest()


def commitment(how: bytes, what: bytes, who: bytes) -> bytes:
    """Commit to the three section hashes."""
    return sha256(_C_LABEL + how + what + who).digest()


def entry_of(committed: bytes, kind: str = "p") -> bytes:
    """Write the entry of something about a person (``p``) or a list (``l``)."""
    if kind not in _PERSONAL:
        raise InputError(f'"{kind}" is not a kind of commitment: p or l.')
    return b'{"c":"%s","k":"%s","v":1}' % (committed.hex().encode(), kind.encode())


def clear_entry(kind: str, body: Section) -> bytes:
    """Write an entry that everybody may read: texts, rules, keys, anchors, erasures, dossiers; no personal data.

    >>> clear_entry("erase", {"leaves": [3, 4]})
    b'{"b":{"leaves":[3,4]},"k":"erase","v":1}'
    """
    if kind not in _CLEAR:
        raise InputError(f'"{kind}" is not a kind of entry in clear: {", ".join(sorted(_CLEAR))}.')
    entry = encode({"b": dict(body), "k": kind, "v": 1})
    if len(entry) > _LONGEST:
        raise InputError(f"an entry has at most {_LONGEST:,} bytes.", todo="Log the hash, and keep the text beside it.")
    return entry


def seal(retention_key: bytes, id_: bytes, body: Body, kind: str = "p", about: int = 0) -> Leaf:
    """Make the leaf of an event: its entry, and its body encrypted for as long as the retention key lives."""
    return seal_written(retention_key, id_, encode(body.how), encode(body.what), encode(body.who), kind, about)


def seal_written(
    retention_key: bytes, id_: bytes, how: bytes, what: bytes, who: bytes, kind: str = "p", about: int = 0
) -> Leaf:
    """Do what ``seal`` does with sections that are written already, in canonical bytes."""
    keys = derive(retention_key, id_)
    committed = commitment(
        sha256(keys.how + how).digest(), sha256(keys.what + what).digest(), sha256(keys.who + who).digest()
    )
    plain = b'{"how":%s,"what":%s,"who":%s}' % (how, what, who)
    sealed = AESGCM(keys.seal).encrypt(_NONCE, plain, id_)
    return Leaf(id_, entry_of(committed, kind), sealed, handle_of(retention_key), about)


def open_sealed(retention_key: bytes, id_: bytes, sealed: bytes, entry: bytes) -> Body:
    """Open a sealed body, and check that it is the one in the log.

    AES-GCM does not commit to its key: without the check one ciphertext could be made to open in two ways.

    Raises:
        ProofError: when the body cannot be opened, or is another one than the log has.
    """
    keys = derive(retention_key, id_)
    try:
        plain = decode(AESGCM(keys.seal).decrypt(_NONCE, sealed, id_))
    except (InvalidTag, InputError) as error:
        raise ProofError("the sealed body does not open with this key.", where=id_.hex()) from error
    if not isinstance(plain, dict) or tuple(plain) != _SECTIONS:
        raise ProofError("the sealed body has other sections than how, what and who.", where=id_.hex())
    how, what, who = plain["how"], plain["what"], plain["who"]
    if not (isinstance(how, dict) and isinstance(what, dict) and isinstance(who, dict)):
        raise ProofError("a section of the sealed body is no object.", where=id_.hex())
    hashes = (section_hash(keys.how, how), section_hash(keys.what, what), section_hash(keys.who, who))
    check_opening(entry, *hashes)
    return Body(how, what, who)


def check_opening(entry: bytes, how: bytes, what: bytes, who: bytes) -> None:
    """Check that an entry commits to these three section hashes; who opens one section passes two hashes along.

    Raises:
        ProofError: when it does not.
    """
    found = _ENTRY.fullmatch(entry)
    if not found or not compare_digest(bytes.fromhex(found[1].decode()), commitment(how, what, who)):
        raise ProofError("the log's entry commits to something else.", todo="Look who changed the body or the log.")


def row_keys(list_key: bytes, block: int) -> bytes:
    """Derive the keys of a block of rows of a screened list, 32 bytes each: one squeeze serves a whole tile."""
    if len(list_key) != KEY_BYTES:
        raise InputError(f"a list key has {KEY_BYTES} bytes.")
    return shake_256(list_key + _ROW_LABEL + block.to_bytes(8, "big")).digest(ROWS * KEY_BYTES)


def row_key(list_key: bytes, row: int) -> bytes:
    """Give the key of one row; rows count from 0."""
    block, place = divmod(row, ROWS)
    return row_keys(list_key, block)[place * KEY_BYTES : (place + 1) * KEY_BYTES]


def row_entry(list_key: bytes, row: int, body: Section) -> bytes:
    """Give the entry of one row in the list's own tree: the hash under the row's key; the tree's root is logged."""
    return section_hash(row_key(list_key, row), body)
