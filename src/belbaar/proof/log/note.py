r"""Signed notes: text with signatures that anybody can check with a published key (C2SP signed-note, tlog-cosignature).

    >>> log = SignerKey.generate("belbaar.example/demo/2026", seed=bytes(32))
    >>> signed = sign("Goedemorgen.\n", log)
    >>> print(signed, end="")
    Goedemorgen.
    <BLANKLINE>
    — belbaar.example/demo/2026 3KSPLfTPeFy8Jr80XfUtG+ywlsgwTeQfZqVZ00663zRpSNTcuvlfPDGfQTbK9nnZtVH2ZEgvL9JWHUWvLKkHzdzvDQU=
    >>> [key.name for key in check(parse(signed), [log.verifier()]).keys]
    ['belbaar.example/demo/2026']

A note is worth nothing until ``check`` has seen it. Signatures by unknown keys are passed over, as the specification
demands; one by a known key that does not fit spoils the note. Base64 is read strictly, so that a note has one spelling.
"""

__all__ = [
    "COSIGNER",
    "LOG",
    "Checked",
    "Note",
    "Signature",
    "SignerKey",
    "VerifierKey",
    "add_lines",
    "check",
    "cosign",
    "lines_of",
    "parse",
    "parse_lines",
    "sign",
]

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from belbaar.errors import InputError, ProofError
from belbaar.proof.log.note_keys import (
    COSIGNER,
    ID_BYTES,
    LOG,
    TIME_BYTES,
    SignerKey,
    VerifierKey,
    check_name,
    timed,
    unbase64,
)

_MOST_BYTES, _MOST_SIGNATURES = 1_000_000, 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")


class Signature(NamedTuple):
    """One line under a note: who says to have signed, and the bytes."""

    name: str
    key_id: bytes
    raw: bytes


class Note(NamedTuple):
    """A text, with its last newline, and its signatures; nothing of it is checked yet."""

    text: str
    signatures: tuple[Signature, ...]


class Checked(NamedTuple):
    """Which known keys signed a note, and when, where they say so: POSIX seconds, 0 for logs."""

    keys: tuple[VerifierKey, ...]
    times: tuple[int, ...]


def sign(text: str, *signers: SignerKey) -> str:
    """Sign a text with the keys of logs."""
    note = Note(text, ())
    for signer in signers:
        if signer.kind != LOG:
            raise InputError(f"{signer.name} is the key of a cosigner.", todo="Use cosign, which tells the time.")
        signature = Signature(signer.name, signer.verifier().key_id, signer.signed(text.encode()))
        note = Note(text, (*note.signatures, signature))
    return _written(note)


def cosign(text: str, signer: SignerKey, time: int) -> Signature:
    """Sign a checkpoint's text as a witness, at a time in POSIX seconds; the caller has checked what it vouches for."""
    if signer.kind != COSIGNER:
        raise InputError(f"{signer.name} is no key of a cosigner.")
    stamped = time.to_bytes(TIME_BYTES, "big") + signer.signed(timed(time, text))
    return Signature(signer.name, signer.verifier().key_id, stamped)


def add_lines(note: Note, signatures: Iterable[Signature]) -> str:
    """Write a note with more signatures; of a key that signed before, the new one stays."""
    kept = {(line.name, line.key_id): line for line in (*note.signatures, *signatures)}
    return _written(Note(note.text, tuple(kept.values())))


def lines_of(signatures: Iterable[Signature]) -> str:
    """Write signature lines."""
    return "".join(f"— {line.name} {b64encode(line.key_id + line.raw).decode()}\n" for line in signatures)


def parse(data: str | bytes) -> Note:
    """Read a note; says nothing about its signatures.

    Raises:
        InputError: when it is no note: too large, control characters, no signatures, lines of another form.
    """
    text = _decoded(data)
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not text.endswith("\n"):
        raise InputError("this is no signed note: a blank line and signatures are missing.")
    return Note(body + "\n", parse_lines(lines))


def parse_lines(lines: str) -> tuple[Signature, ...]:
    """Read signature lines."""
    pieces = _decoded(lines).split("\n")
    if pieces.pop() or not pieces or len(pieces) > _MOST_SIGNATURES:
        raise InputError(f"a note has 1 to {_MOST_SIGNATURES} signature lines, each with a newline.")
    return tuple(_parse_line(line) for line in pieces)


def check(note: Note, known: Sequence[VerifierKey]) -> Checked:
    """Tell which of the known keys signed a note.

    Raises:
        ProofError: when none did, or the signature of one does not fit.
    """
    by_id = {(key.name, key.key_id): key for key in known}
    found: dict[VerifierKey, int] = {}
    for line in note.signatures:
        key = by_id.get((line.name, line.key_id))
        if key is None or key in found:
            continue
        time = key.time_of(note.text, line.raw)
        if time is None:
            raise ProofError(f"the signature of {key.name} does not fit the text.", code="bad-signature")
        found[key] = time
    if not found:
        raise ProofError("no known key signed this note.", code="unknown-key")
    return Checked(tuple(found), tuple(found.values()))


def _written(note: Note) -> str:
    text = f"{note.text}\n{lines_of(note.signatures)}"
    if parse(text) != note:
        raise InputError("this text cannot be signed: it has to end with a newline, without control characters.")
    return text


def _parse_line(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    raw = unbase64(found[2]) if found else b""
    if not found or len(raw) <= ID_BYTES:
        raise InputError("a signature line is of another form.", todo="It is written: — name base64.")
    check_name(found[1])
    return Signature(found[1], raw[:ID_BYTES], raw[ID_BYTES:])


def _decoded(data: str | bytes) -> str:
    if len(data) > _MOST_BYTES:
        raise InputError(f"a note has at most {_MOST_BYTES:,} bytes.")
    try:
        text = data.decode() if isinstance(data, bytes) else data
        text.encode()
    except UnicodeError as error:
        raise InputError("a note is text in UTF-8.") from error
    if _CONTROL.search(text):
        raise InputError("a note has no control characters but newlines.")
    return text
