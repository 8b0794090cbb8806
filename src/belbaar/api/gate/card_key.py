"""The key that signs jCards, and the certificate by which it is known: ES256 and X.509, as RFC 8688 has it.

Both lie in the folder of keys: ``jcard.key``, readable by its owner only, and ``jcard.pem``. They are made when they are
not there, with a certificate that only speaks for itself. Who has one from an authority puts both in their place.
"""

__all__ = ["CardKey", "card_key"]

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from belbaar.clock import now_us
from belbaar.errors import StoreUnavailable
from belbaar.files import write_whole
from belbaar.proof.keys.keyring import alone
from belbaar.proof.keys.secret_files import read_private, write_private

_DAY, _YEARS = dt.timedelta(days=1), dt.timedelta(days=3652)


class CardKey(NamedTuple):
    """What signs: the key, PEM; and what others check with, a certificate, and those that vouch for it, PEM."""

    secret: bytes
    certificates: bytes


@lru_cache(maxsize=4)
def card_key(folder: Path, name: str) -> CardKey:
    """Give the key and its certificate.

    Args:
        folder: of keys.
        name: the installation's, for a certificate that is made now. It is good for ten years.

    Raises:
        StoreUnavailable: when they cannot be read, or do not belong together.
    """
    path, shown = folder / "jcard.key", folder / "jcard.pem"
    with alone(folder / "jcard.lock"):
        if not path.exists():
            made = generate_private_key(SECP256R1())
            write_private(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
        secret = read_private(path).encode()
        key = _key(secret, path)
        if not shown.exists():
            write_whole(shown, _for_itself(key, name), synced=True)
    try:
        certificates = shown.read_bytes()
        (first, *_) = x509.load_pem_x509_certificates(certificates)
    except (OSError, ValueError) as error:
        raise _unusable(shown) from error
    if first.public_key() != key.public_key():
        raise _unusable(shown)
    return CardKey(secret, certificates)


def _key(secret: bytes, path: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(secret, password=None)
    except (ValueError, TypeError) as error:
        raise _unusable(path) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise _unusable(path)
    return key


def _for_itself(key: EllipticCurvePrivateKey, name: str) -> bytes:
    at, own = (
        dt.datetime.fromtimestamp(now_us() // 1_000_000, dt.UTC),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _DAY)
        .not_valid_after(at + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def _unusable(path: Path) -> StoreUnavailable:
    return StoreUnavailable(
        "the key of jCards and its certificate cannot be used: a key of P-256, and the certificate of that key, are wanted.",
        where=str(path),
        todo="Put both back, as PEM, or take both away: then new ones are made.",
        code="key-mismatch",
    )
