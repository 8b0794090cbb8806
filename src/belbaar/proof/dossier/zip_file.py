"""The dossier: one zip that proves itself offline, the same bytes from the same parts.

    >>> from belbaar.proof.log.checkpoint import format_proof, signed_checkpoint
    >>> from belbaar.proof.entries.commit import clear_entry
    >>> from belbaar.proof.keys.trust import DatedKey, LogTrust
    >>> from belbaar.proof.log.tree import leaf_hash
    >>> from belbaar.proof.verifier import verify
    >>> text, log = b"Mogen wij u bellen over energie?", SignerKey.generate("belbaar.example/demo/2026", seed=bytes(32))
    >>> entry = clear_entry("text", {"language": "nl", "sha256": sha256(text).hexdigest()})
    >>> head = signed_checkpoint(Checkpoint(log.name, 1, leaf_hash(entry)), log)
    >>> leaf = ShownLeaf("wording", 0, entry, format_proof(0, [], head))
    >>> trust = Trust((LogTrust(log.name, (DatedKey(log.verifier()),)),))
    >>> made = dossier_zip(log.name, [leaf], [], trust=trust, evidence=Evidence([text]), signer=log)
    >>> code, lines = verify(made, own=verifier_source())
    >>> code, lines[-2]
    (3, 'proven     dossier: this is a dossier of belbaar.example/demo/2026')

Its parts and the schema of ``dossier.json`` are in docs/reference/log-formats.md. The claims are what the verifier
repeats: it takes nothing from here on faith, so whatever is wrongly claimed is refuted by the file itself.
"""

__all__ = ["ALL", "Anchor", "Evidence", "ShownLeaf", "ShownRow", "dossier_zip", "sections"]

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from belbaar.errors import InputError
from belbaar.proof.entries.commit import Body, Keys, section_hash
from belbaar.proof.entries.jcs import Value, encode
from belbaar.proof.keys.trust import Trust, write_trust
from belbaar.proof.log.checkpoint import Checkpoint
from belbaar.proof.log.note import parse, sign
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.verifier import SAFE_NAME, verifier_page, verifier_source, zipped

ALL = ("how", "what", "who")
_MANIFEST, _SIGNATURE = "MANIFEST.sha256", "MANIFEST.note"
_LARGEST = 2**32 - 1
"""Bytes of a zip that needs no extensions."""


@dataclass(frozen=True, slots=True)
class ShownLeaf:
    """A leaf in a dossier: its name there, its place in the log, its entry, its ``.tlog-proof``, what is opened.

    ``sections`` is empty for what stands in clear; ``erased_by`` names the leaf of the erasure for what was shredded.
    """

    name: str
    index: int
    entry: bytes
    proof: str
    sections: Mapping[str, Value] = field(default_factory=dict)
    erased_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a screened list: the name of the list's leaf, its place, its key, what it says, its inclusion proof."""

    name: str
    list: str
    row: int
    key: bytes
    body: Mapping[str, Value]
    hashes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the log as others saw it: the cosigned checkpoint, and the timestamp over its text where there is one."""

    note: str
    query: bytes = b""
    reply: bytes = b""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands beside the leaves.

    Args:
        texts: wordings and rulesets in full; each stands under its own hash.
        rows: of screened lists.
        anchors: older heads of the log, and stamped ones.
        consistency: the proof between each two neighbouring sizes of all heads, those in the leaves' proofs included.
        others: further parts by name: ``LEES-MIJ.html``, ``media/…``.
        receipts: as people got them; each stands under its own hash.
    """

    texts: Sequence[bytes] = ()
    rows: Sequence[ShownRow] = ()
    anchors: Sequence[Anchor] = ()
    consistency: Mapping[tuple[int, int], Sequence[bytes]] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)
    receipts: Sequence[bytes] = ()


def sections(keys: Keys, body: Body, shown: Collection[str] = ALL) -> dict[str, Value]:
    """Open some sections of a body; of the others only the hash is told, which says nothing.

    >>> opened = sections(Keys(bytes(32), bytes(32), bytes(32), bytes(32)), Body(what={"kind": "call.made"}), {"what"})
    >>> sorted(opened["what"]), sorted(opened["who"])
    (['body', 'key'], ['hash'])
    """
    opened: dict[str, Value] = {}
    for name in ALL:
        key, section = getattr(keys, name), dict(getattr(body, name))
        hidden: dict[str, Value] = {"hash": section_hash(key, section).hex()}
        opened[name] = {"body": section, "key": key.hex()} if name in shown else hidden
    return opened


def dossier_zip(
    origin: str,
    leaves: Sequence[ShownLeaf],
    claims: Sequence[Mapping[str, Value]],
    *,
    trust: Trust,
    evidence: Evidence | None = None,
    about: Mapping[str, Value] | None = None,
    signer: SignerKey | None = None,
    page: bool = True,
) -> bytes:
    """Put a dossier together.

    Args:
        origin: of the log.
        leaves: what is shown of the log.
        claims: what is to be proven of them, as the reference describes.
        trust: whose signatures the maker says to believe; a reader who is wise brings a list of their own.
        evidence: what stands beside the leaves.
        about: what the dossier is about, for readers; nothing in it is proven.
        signer: the log's key, which signs the list of parts.
        page: put in ``verify.html``, beside the ``verify.py`` that each dossier has.
    """
    evidence = evidence or Evidence()
    made: dict[str, Value] = {
        "about": dict(about or {}),
        "claims": [dict(claim) for claim in claims],
        "erased": [{"by": leaf.erased_by, "name": leaf.name} for leaf in leaves if leaf.erased_by],
        "leaves": [_leaf(leaf) for leaf in leaves],
        "origin": origin,
        "rows": [_row(row) for row in evidence.rows],
        "v": 1,
    }
    parts = {"dossier.json": encode(made), "trust.json": write_trust(trust), "verify.py": verifier_source()}
    parts |= {"verify.html": verifier_page()} if page else {}
    parts |= {_proof_name(leaf): leaf.proof.encode() for leaf in leaves}
    parts |= {f"texts/{sha256(text).hexdigest()}": text for text in evidence.texts}
    parts |= {f"receipts/{sha256(receipt).hexdigest()}": receipt for receipt in evidence.receipts}
    for pair, hashes in evidence.consistency.items():
        lines = "".join(f"{b64encode(hash_).decode()}\n" for hash_ in hashes)
        parts[f"consistency/{pair[0]}-{pair[1]}.txt"] = lines.encode()
    for anchor in evidence.anchors:
        parts |= _anchor(anchor)
    for name, content in evidence.others.items():
        if name in parts or name in {_MANIFEST, _SIGNATURE}:
            raise InputError("a dossier has this part already.", where=name)
        parts[name] = content
    return _closed(parts, origin, signer)


def _closed(parts: dict[str, bytes], origin: str, signer: SignerKey | None) -> bytes:
    for name in parts:
        if not SAFE_NAME.fullmatch(name):
            todo = "Use letters, digits and . _ - in names of leaves and parts, and no dot at the beginning."
            raise InputError("a part of a dossier cannot have this name.", where=name, todo=todo)
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(parts.items()))
    parts[_MANIFEST] = "".join(lines).encode()
    if signer:
        text = f"belbaar/dossier/1\n{origin}\n{sha256(parts[_MANIFEST]).hexdigest()}\n"
        parts[_SIGNATURE] = sign(text, signer).encode()
    if sum(map(len, parts.values())) + 1024 * len(parts) > _LARGEST:
        raise InputError("a dossier has at most 4 GB.", todo="Leave recordings out, and hand them over beside it.")
    return zipped(parts)


def _leaf(leaf: ShownLeaf) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "entry": leaf.entry.decode(),
        "index": leaf.index,
        "name": leaf.name,
        "proof": _proof_name(leaf),
    }
    return shown | ({"sections": dict(leaf.sections)} if leaf.sections else {})


def _proof_name(leaf: ShownLeaf) -> str:
    return f"proofs/{leaf.name}.tlog-proof"


def _row(row: ShownRow) -> dict[str, Value]:
    return {
        "body": dict(row.body),
        "hashes": [hash_.hex() for hash_ in row.hashes],
        "key": row.key.hex(),
        "list": row.list,
        "name": row.name,
        "row": row.row,
    }


def _anchor(anchor: Anchor) -> dict[str, bytes]:
    name = f"anchors/{Checkpoint.parse(parse(anchor.note).text).size}"
    stamp = {f"{name}.tsq": anchor.query, f"{name}.tsr": anchor.reply} if anchor.reply else {}
    return {f"{name}.note": anchor.note.encode()} | stamp
