"""Signing who calls: an Identity header for a call that is let through (RFC 8224, 8588)."""

__all__ = ["Signer", "read_signer"]

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from belbaar.errors import InputError
from belbaar.proof.keys.secret_files import read_private
from belbaar.stir.authority import covers
from belbaar.stir.certificates import address_of
from belbaar.stir.passport import ALGORITHM, SHAKEN, TYPE, encoded

_SECOND, _HALF = 1_000_000, 32


@dataclass(frozen=True, slots=True, eq=False)
class Signer:
    """Signs.

    Args:
        key: its own, P-256.
        certificate: of that key.
        url: where others get the certificate.
    """

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate
    url: str

    def signs(self, presented: str, called: str, attest: Literal["A", "B"], origin: UUID, at: int) -> str:
        """Write the value of an Identity header; "" for a number, or a time, that the certificate is not for.

        Args:
            presented: the number shown, E.164, without ``+``; ``called``: likewise.
            called: the called one.
            attest: how far it is vouched: ``A`` for the right to the number, ``B`` for who calls.
            origin: by which a call can be asked about later.
            at: when, UTC microseconds.
        """
        now = at // _SECOND
        valid = (
            self.certificate.not_valid_before_utc.timestamp() <= now <= self.certificate.not_valid_after_utc.timestamp()
        )
        if not valid or not covers(self.certificate, presented):
            return ""
        head = encoded({"alg": ALGORITHM, "ppt": SHAKEN, "typ": TYPE, "x5u": self.url})
        claims = {"tn": presented}, {"tn": [called]}
        said = {"attest": attest, "dest": claims[1], "iat": now, "orig": claims[0], "origid": str(origin)}
        signing = f"{head}.{encoded(said)}"
        r, s = decode_dss_signature(self.key.sign(signing.encode(), ECDSA(hashes.SHA256())))
        signature = urlsafe_b64encode(r.to_bytes(_HALF) + s.to_bytes(_HALF)).rstrip(b"=").decode()
        return f"{signing}.{signature};info=<{self.url}>;alg={ALGORITHM};ppt={SHAKEN}"


def read_signer(certificate: Path, key: Path, url: str) -> Signer:
    """Read what signs: PEM files, the key readable by its owner only.

    Raises:
        InputError: when they do not go together, or cannot sign calls.
        StoreUnavailable: when the key is not there, or others can read it.
    """
    try:
        shown = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        secret = load_pem_private_key(read_private(key).encode(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise InputError("this certificate or its key cannot be read.", where=str(certificate), todo=_TODO) from error
    if not isinstance(secret, EllipticCurvePrivateKey) or not isinstance(secret.curve, SECP256R1):
        raise InputError("this key signs no calls: it is not of the kind P-256.", where=str(key), todo=_TODO)
    if secret.public_key() != shown.public_key():
        raise InputError("this key is not that of the certificate.", where=str(key), todo=_TODO)
    if not address_of(url):
        raise InputError(
            f'"{url}" is no address of a certificate.', where="stir_url", todo="Such as https://voltix.example/stir.pem"
        )
    return Signer(secret, shown, url)


_TODO = "Give both as PEM: stir_certificate and stir_key."
