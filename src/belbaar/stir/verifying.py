"""Whether the Identity headers of a call hold: each that says who calls must, or the call is not what it says."""

__all__ = ["Signed", "Verifier"]

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate
from cryptography.x509.verification import Store
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from belbaar.stir.authority import covers, read_chain, read_roots, trusted
from belbaar.stir.certificates import Certificates
from belbaar.stir.flaws import FALSE, NO_CERTIFICATE, UNTRUSTED, Flaw
from belbaar.stir.passport import ALGORITHM, Call, Passport, read_identity

_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
"""``ppt`` and others of RFC 8225 are not the library's own; which are understood was looked at before."""


class Signed(NamedTuple):
    """A signature that holds.

    Args:
        attest: ``A``, ``B`` or ``C`` (RFC 8588), the least of several; "": it has no such claim.
        by: whose certificate it is, as that says; of several the last.
    """

    attest: Literal["A", "B", "C", ""]
    by: str


@dataclass(frozen=True, slots=True, eq=False)
class Verifier:
    """Judges by authorities that are trusted, and certificates from where these may come."""

    roots: Store
    certificates: Certificates

    @classmethod
    def of(cls, roots: Path, prefixes: list[str], folder: Path | None) -> "Verifier":
        """Make one; the arguments are those of ``read_roots`` and ``Certificates``.

        Raises:
            InputError: when one of them cannot be used.
        """
        return cls(read_roots(roots), Certificates(prefixes, folder))

    async def says(self, identity: str, call: Call, patience: float) -> Signed | Flaw | None:
        """Say what the Identity headers of a call come to.

        Args:
            identity: the headers, joined by commas; "": none.
            call: what they came with.
            patience: seconds to wait for certificates, for all together.

        Returns:
            Who vouches how far; what is wrong; or None, where nothing says who calls.
        """
        passports = read_identity(identity, call) if identity else []
        if isinstance(passports, Flaw):
            return passports
        contents = await asyncio.gather(*(self.certificates.get(each.url, patience) for each in passports))
        signed = list[Signed]()
        for passport, content in zip(passports, contents, strict=True):
            if not content:
                return Flaw(
                    NO_CERTIFICATE, "The certificate is not to be had where the header says, or not from there."
                )
            came = _holds(passport, content, self.roots, call)  # a quarter of a millisecond: a thread costs as much
            if isinstance(came, Flaw):
                return came
            signed.append(came)
        return max(signed, key=lambda each: each.attest or "D") if signed else None


def _holds(passport: Passport, content: bytes, roots: Store, call: Call) -> Signed | Flaw:
    chain = read_chain(content)
    if isinstance(chain, Flaw):
        return chain
    if flaw := trusted(chain, roots, call.at):
        return flaw
    if not covers(chain[0], call.presented):
        return Flaw(UNTRUSTED, "The certificate is not for the number that is shown.")
    if not _signed_by(chain[0], passport.token):
        return Flaw(FALSE, "The signature is not that of the certificate.")
    return Signed(passport.attest, chain[0].subject.rfc4514_string())


def _signed_by(certificate: Certificate, token: str) -> bool:
    key = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        jws.deserialize_compact(token, ECKey.import_key(key), registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True
