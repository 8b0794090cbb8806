"""Keys of notes: a name, a type and an Ed25519 key, in the text forms that everybody's tools read.

>>> key = SignerKey.generate("belbaar.example/demo/2026", seed=bytes(32))
>>> str(key.verifier())
'belbaar.example/demo/2026+dca48f2d+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
>>> VerifierKey.parse(str(key.verifier())) == key.verifier(), SignerKey.parse(key.secret_text()) == key
(True, True)
"""

__all__ = ["COSIGNER", "ID_BYTES", "LOG", "TIME_BYTES", "SignerKey", "VerifierKey", "check_name", "timed", "unbase64"]

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from belbaar.errors import InputError

LOG, COSIGNER = 0x01, 0x04
"""Types of keys: Ed25519 over the text; Ed25519 over the text with a time, by a witness."""

ID_BYTES, TIME_BYTES = 4, 8
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_VKEY = re.compile(r"(?P<name>[^+\s]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")
_SKEY = re.compile(r"PRIVATE\+KEY\+" + _VKEY.pattern)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that checks notes: its name, its type, its 32 bytes."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.kind not in {LOG, COSIGNER} or len(self.public) != _KEY_BYTES:
            raise InputError(f"{self.name}: only Ed25519 keys of logs (1) and cosigners (4) are known.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``name+id+key``.

        Raises:
            InputError: when it is no key, or its id is another key's.
        """
        found = _VKEY.fullmatch(text)
        key = unbase64(found["key"]) if found else b""
        if not found or not key:
            raise InputError("this is no verifier key.", todo="It is written: name+8 hex digits+base64.")
        parsed = cls(found["name"], key[0], key[1:])
        if parsed.key_id.hex() != found["id"]:
            raise InputError(f"{parsed.name}: the id of this verifier key belongs to another key.")
        return parsed

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line says whose it is."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def time_of(self, text: str, signature: bytes) -> int | None:
        """Check a signature over a text; give a cosigner's time in POSIX seconds, 0 for a log's.

        Returns:
            None when the signature does not fit.
        """
        time, message = 0, text.encode()
        if self.kind == COSIGNER:
            time, signature = int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]
            message = timed(time, text)
        if len(signature) != _SIGNATURE_BYTES or time >= 1 << 63:
            return None
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return None
        return time


@dataclass(frozen=True, slots=True, repr=False)
class SignerKey:
    """A private key that signs notes. Its text form is a secret; nothing prints it by accident."""

    name: str
    kind: int
    seed: bytes

    @classmethod
    def generate(cls, name: str, kind: int = LOG, *, seed: bytes = b"") -> Self:
        """Make a new key, or the one that belongs to a seed."""
        key = cls(name, kind, seed or Ed25519PrivateKey.generate().private_bytes_raw())
        key.verifier()
        return key

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``PRIVATE+KEY+name+id+key``; no message repeats any of it."""
        found = _SKEY.fullmatch(text.strip())
        key = unbase64(found["key"]) if found else b""
        if not found or len(key) != 1 + _KEY_BYTES:
            raise InputError("this is no signer key.", todo="It is written: PRIVATE+KEY+name+8 hex digits+base64.")
        parsed = cls(found["name"], key[0], key[1:])
        if parsed.verifier().key_id.hex() != found["id"]:
            raise InputError("the id of this signer key belongs to another key.")
        return parsed

    def verifier(self) -> VerifierKey:
        """Give the public half."""
        return VerifierKey(self.name, self.kind, _private(self.seed)[1])

    def secret_text(self) -> str:
        """Write the key for its file."""
        key = b64encode(bytes([self.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier().key_id.hex()}+{key}"

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r}, {self.kind}, …)"

    def signed(self, message: bytes) -> bytes:
        """Sign bytes."""
        return _private(self.seed)[0].sign(message)


@lru_cache(maxsize=16)
def _private(seed: bytes) -> tuple[Ed25519PrivateKey, bytes]:
    """Give the key of a seed, and its public half: making them takes longer than signing."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, key.public_key().public_bytes_raw()


def timed(time: int, text: str) -> bytes:
    """Give the bytes that a cosigner signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def check_name(name: str) -> None:
    """Refuse a name that would not come back from a signature line as it went in."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise InputError("the name of a key is not empty, and has no blanks and no plus.")


def unbase64(text: str) -> bytes:
    """Read base64 in its one spelling; nothing for any other."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return b""
    return raw if b64encode(raw).decode() == text else b""
