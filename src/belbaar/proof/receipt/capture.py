"""Attested capture: whoever captures a consent, and gains nothing by it, signs for what was shown and done.

    >>> from dataclasses import replace
    >>> host = SignerKey.generate("vastleggers.example/2026", seed=bytes(32))
    >>> consent = Event("consent.given", 31201000007, 0, 0, "voltix", fields={"product": "energy", "wording": "Ja."})
    >>> signed = replace(consent, fields={**consent.fields, "attestation": attest(consent, host)})
    >>> attested_by(signed, [host.verifier()])
    'vastleggers.example/2026'
    >>> attested_by(replace(signed, number=31201000008), [host.verifier()])
    ''

The note is a C2SP signed note over ``belbaar/capture/1`` and the SHA-256 of the canonical JSON of caller, number,
instant and fields; see docs/reference/receipts.md.
"""

__all__ = ["attest", "attested_by", "capture_text", "plain_fields"]

from collections.abc import Mapping, Sequence
from hashlib import sha256

from belbaar.errors import InputError, ProofError
from belbaar.ledger import Event
from belbaar.proof.entries.jcs import Value, encode
from belbaar.proof.log.note import check, parse, sign
from belbaar.proof.log.note_keys import SignerKey, VerifierKey

_HEADER = "belbaar/capture/1"


def capture_text(event: Event) -> str:
    """Give the text that whoever captured a consent signs: when, by whom, for whom, and all that was kept of it."""
    fields = plain_fields(event.fields)
    fields.pop("attestation", None)
    content: dict[str, Value] = {"at": event.at, "caller": event.caller, "fields": fields, "number": event.number}
    return f"{_HEADER}\n{sha256(encode(content)).hexdigest()}\n"


def attest(event: Event, signer: SignerKey) -> str:
    """Sign for the capture of a consent: the field ``attestation``."""
    return sign(capture_text(event), signer)


def attested_by(event: Event, known: Sequence[VerifierKey]) -> str:
    """Name who attested the capture of a consent; "" when no known key did, or it attested something else."""
    text = event.fields.get("attestation")
    if not isinstance(text, str) or not text:
        return ""
    try:
        note = parse(text)
        signers = check(note, known).keys
    except (InputError, ProofError):  # an attestation that does not hold is none: the level says so
        return ""
    return signers[0].name if note.text == capture_text(event) else ""


def plain_fields(fields: Mapping[str, object]) -> dict[str, Value]:
    """Give the fields of an event as canonical JSON has them: lists for tuples, objects for mappings."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: object) -> Value:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, bool | int | str):
        return value
    raise InputError(f"{type(value).__name__} cannot be written canonically.")
