"""An authority of the tests' own, and certificates that it signs: of servers, of dialers, of who signs calls."""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from belbaar.clock import now_us

_TN_AUTH_LIST = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.26")


Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


class Authority:
    """Guards a key that signs certificates; ``folder`` is where these are put. ``under``: the authority above it."""

    def __init__(self, folder: Path, name: str = "authority", under: "Authority | None" = None) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.certificate = (under or self)._signed(self._name, self._key, is_authority=True)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(pem(self.certificate))
        self._above = pem(self.certificate) if under else b""

    def issue(
        self, name: str, *, days: int = 30, tn: bytes = b"", own: bool = False, key: Key | None = None
    ) -> tuple[Path, Path]:
        """Make a certificate; give its file, with those up to the root in it, and that of its key.

        ``days``: for which it is good; ``tn``: its TNAuthList, DER; ``own``: whether it signs itself in the end; ``key``: of
        another kind than P-256.
        """
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(_name(name), key, days=days, tn=tn, is_authority=own)
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(pem(certificate) + self._above)
        form = serialization.PrivateFormat.PKCS8
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        paths[1].chmod(0o600)
        return paths

    def _signed(
        self,
        subject: x509.Name,
        key: Key,
        *,
        days: int = 30,
        tn: bytes = b"",
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = dt.datetime.fromtimestamp(now_us() / 1_000_000, dt.UTC)
        own, above = x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=400))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(_usage(is_authority=is_authority), critical=True)
            .add_extension(own.from_public_key(key.public_key()), critical=False)
            .add_extension(above.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if tn:
            builder = builder.add_extension(x509.UnrecognizedExtension(_TN_AUTH_LIST, tn), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    """Write a certificate."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def one(number: str) -> bytes:
    """Write a TNAuthList of one number, by hand: the tests do not write it with what they test."""
    return _list(2, _string(number))


def spc(code: str) -> bytes:
    """Write a TNAuthList of a provider's code."""
    return _list(0, _string(code))


def span(start: str, count: int) -> bytes:
    """Write a TNAuthList of a range of numbers."""
    return _list(1, _der(0x30, _string(start) + _der(2, count.to_bytes(count.bit_length() // 8 + 1))))


def _list(tag: int, content: bytes) -> bytes:
    return _der(0x30, _der(0xA0 + tag, content))


def _string(text: str) -> bytes:
    return _der(0x16, text.encode())


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content
