"""Receipts: what a person gets of a consent, signed, with all that opens and proves the leaves it rests on.

A receipt is a C2SP signed note. Its text is two lines: ``belbaar/receipt/1`` and one line of canonical JSON, whose keys
the JSON-LD context of ``belbaar.proof.receipt.context`` explains; see docs/reference/receipts.md. It is the person's:
nobody can call it back, and it refutes whoever later shows another text.

Nothing in it is worth anything until ``check_receipt`` has seen it.
"""

__all__ = ["Opening", "Receipt", "as_json_ld", "check_receipt", "log_keys", "opening", "read_receipt", "signed_receipt"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from belbaar.errors import BelbaarError, InputError, ProofError
from belbaar.law.calendar import moment_of
from belbaar.law.plain import LANGUAGES
from belbaar.numbers import e164
from belbaar.proof.dossier.zip_file import sections
from belbaar.proof.entries.commit import Body, Keys, check_opening, section_hash
from belbaar.proof.entries.jcs import Value, decode, encode
from belbaar.proof.keys.trust import Trust
from belbaar.proof.log.checkpoint import Checkpoint, parse_proof
from belbaar.proof.log.note import Note, check, parse, sign
from belbaar.proof.log.note_keys import SignerKey, VerifierKey
from belbaar.proof.log.tree import check_inclusion, leaf_hash
from belbaar.proof.receipt.context import CONTEXT, RECEIPT_PROFILE
from belbaar.proof.receipt.record import UTC, Told, agrees, record_of

_HEADER = "belbaar/receipt/1"
_SECTIONS = ("how", "what", "who")


@dataclass(frozen=True, slots=True)
class Opening:
    """A leaf, opened: its place in the log, its entry, its body with the keys that open it, its ``.tlog-proof``."""

    index: int
    entry: bytes
    sections: Mapping[str, Value]
    body: Body
    proof: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was read; nothing of it is checked yet. ``data`` is what its note says."""

    note: Note
    data: Mapping[str, Any]

    @property
    def record(self) -> Mapping[str, Any]:
        """The record of the consent."""
        record: Mapping[str, Any] = self.data["record"]
        return record

    @property
    def language(self) -> str:
        """The language in which it is told to the person."""
        return str(self.data["language"])


def opening(index: int, entry: bytes, keys: Keys, body: Body, proof: str) -> Opening:
    """Open a leaf for the person it is about: all three sections."""
    return Opening(index, entry, sections(keys, body), body, proof)


def signed_receipt(
    openings: Sequence[Opening], wording: str, told: Told, *, created: int, language: str, signer: SignerKey
) -> str:
    """Make a receipt; the same from the same parts.

    Args:
        openings: the leaf of the consent, then those that confirmed it or took it back.
        wording: the text that the person saw, in full.
        told: what the record says on the caller's word.
        created: when the receipt is made, UTC microseconds.
        language: ``nl`` or ``en``, in which it is told to the person.
        signer: the receipt key.

    Raises:
        InputError: when the caller does not say all that a receipt must hold.
        ProofError: when the leaves are not of one consent, or the text is another.
    """
    if language not in LANGUAGES:
        raise InputError(f'a receipt is not told in "{language}".', todo=f"Choose {' or '.join(LANGUAGES)}.")
    record = record_of([opened.body for opened in openings], wording, told)
    identifier = sha256(f"{_HEADER}|{told.record_id.hex()}|{created}".encode()).hexdigest()[:32]
    data: dict[str, Value] = {
        "conforms_to": RECEIPT_PROFILE,
        "created": moment_of(created, UTC).replace(tzinfo=None).isoformat() + "Z",
        "id": f"urn:x-belbaar-receipt:{identifier}",
        "identifier": identifier,
        "language": language,
        "log": {"leaves": [_shown(opened) for opened in openings], "origin": _head(openings[0].proof).origin},
        "publisher": f"urn:x-kvk:{told.party.kvk}",
        "record": record,
        "type": "dpv:ConsentReceipt",
    }
    return sign(f"{_HEADER}\n{encode(data).decode()}\n", signer)


def read_receipt(text: str | bytes) -> Receipt:
    """Read a receipt; proves nothing.

    Raises:
        InputError: when it is none.
    """
    note = parse(text)
    header, _, rest = note.text.partition("\n")
    if header != _HEADER or rest.count("\n") != 1:
        raise InputError("this is no receipt.", todo=f'It begins with "{_HEADER}".')
    data = decode(rest[:-1].encode())
    if not isinstance(data, dict) or not isinstance(data.get("record"), dict) or data.get("language") not in LANGUAGES:
        raise InputError("this receipt has no record.")
    return Receipt(note, data)


def check_receipt(
    receipt: Receipt, *, receipt_keys: Sequence[VerifierKey], log_keys: Sequence[VerifierKey], number: int | None = None
) -> None:
    """Check a receipt: who signed it, that the log has what it opens, that it says what was logged, and of whom it is.

    Args:
        receipt: as read.
        receipt_keys: keys that may sign receipts, from elsewhere than the receipt.
        log_keys: keys of the log, from elsewhere too.
        number: of the person who shows it; a receipt of another person fails.

    Raises:
        ProofError: says what does not hold.
    """
    check(receipt.note, receipt_keys)
    try:
        log = receipt.data["log"]
        bodies = [_checked(leaf, log["origin"], log_keys) for leaf in log["leaves"]]
        holds = agrees(receipt.record, bodies)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, InputError) as error:
        raise ProofError(f"a part of the receipt is missing or malformed: {_words(error)}") from error
    if not holds:
        raise ProofError("the receipt says something else than what was logged.", code="receipt-forged")
    if number is not None and receipt.record["data_subject"]["identifier"] != e164(number):
        raise ProofError("this is the receipt of another person.", code="another-person")


def log_keys(trust: Trust, origin: str) -> list[VerifierKey]:
    """Give the keys of a log that are trusted, whenever they signed."""
    return [dated.key for log in trust.logs if log.origin == origin for dated in log.keys]


def as_json_ld(receipt: Receipt) -> dict[str, Any]:
    """Give a receipt as JSON-LD: what was signed, with the context that says what its words mean."""
    return {"@context": CONTEXT, **receipt.data}


def _shown(opened: Opening) -> Value:
    return {
        "entry": opened.entry.decode(),
        "index": opened.index,
        "proof": opened.proof,
        "sections": dict(opened.sections),
    }


def _head(proof: str) -> Checkpoint:
    return Checkpoint.parse(parse_proof(proof).note.text)


def _checked(leaf: Mapping[str, Any], origin: str, keys: Sequence[VerifierKey]) -> Body:
    """Check that a leaf stands in the log where it says, and that what is opened of it is what it commits to."""
    entry, shown = str(leaf["entry"]).encode(), leaf["sections"]
    proof = parse_proof(str(leaf["proof"]))
    head = Checkpoint.parse(proof.note.text)
    if head.origin != origin or proof.index != leaf["index"]:
        raise ProofError("the proof is of another log, or of another leaf.")
    check(proof.note, [key for key in keys if key.name == origin])
    check_inclusion(proof.index, head.size, leaf_hash(entry), proof.hashes, head.root)
    opened = {name: shown[name]["body"] for name in _SECTIONS}
    check_opening(entry, *(section_hash(bytes.fromhex(shown[name]["key"]), opened[name]) for name in _SECTIONS))
    return Body(**opened)


def _words(error: Exception) -> str:
    if isinstance(error, BelbaarError):
        return error.what
    return f"{error} is missing." if isinstance(error, KeyError) else "it is of another form."
