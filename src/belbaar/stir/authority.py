"""Whose certificate it is: its chain to an authority that is trusted, and the numbers that it may sign for (RFC 8226).

Revocation is not looked at: the lists are for who issues certificates to publish, and short-lived ones have none.
"""

__all__ = ["Entries", "covers", "read_chain", "read_roots", "trusted"]

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from belbaar.errors import InputError
from belbaar.stir.flaws import UNTRUSTED, Flaw

TN_AUTH_LIST = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.26")
_LONGEST_CHAIN = 8
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@asn1.sequence
class Range:
    """So many numbers, from one on."""

    start: asn1.IA5String
    count: int


Entry = (
    Annotated[asn1.Variant[asn1.IA5String, Literal["spc"]], asn1.Explicit(0)]
    | Annotated[asn1.Variant[Range, Literal["range"]], asn1.Explicit(1)]
    | Annotated[asn1.Variant[asn1.IA5String, Literal["one"]], asn1.Explicit(2)]
)
"""A provider's code, which stands for all numbers of that provider; a range; a number. The module's tags are explicit."""


@asn1.sequence
class Entries:
    """A TNAuthList, in a sequence of its own: the library reads sequences of which it knows the fields."""

    entries: list[Entry]


@asn1.sequence
class _Around:
    value: asn1.TLV


def read_roots(path: Path) -> Store:
    """Read the certificates of the authorities that are trusted: PEM, one after another.

    Raises:
        InputError: when there is none, or the file cannot be read.
    """
    try:
        return Store(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise InputError(
            "this is no list of authorities.",
            where=str(path),
            todo="Give their certificates, PEM, in one file: stir_roots.",
        ) from error


def read_chain(content: bytes) -> list[x509.Certificate] | Flaw:
    """Read a certificate and those between it and its authority: PEM, as it is published (RFC 8226, section 7)."""
    try:
        chain = x509.load_pem_x509_certificates(content)
    except ValueError:
        chain = []
    if not 0 < len(chain) <= _LONGEST_CHAIN:
        return Flaw(UNTRUSTED, "What stands where the certificate should be is none.")
    return chain


def trusted(chain: Sequence[x509.Certificate], roots: Store, at: int) -> Flaw | None:
    """Say why a certificate is not to be trusted at an instant, UTC microseconds; None where it is."""
    try:
        verifier = (
            PolicyBuilder()
            .store(roots)
            .time(_EPOCH + dt.timedelta(microseconds=at))
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_SIGNERS)
            .build_client_verifier()
        )
        verifier.verify(chain[0], list(chain[1:]))
    except VerificationError:
        return Flaw(UNTRUSTED, "The certificate is of no authority that is trusted, or its time is over.")
    return None


def covers(certificate: x509.Certificate, number: str) -> bool:
    """Tell whether a certificate is for a number: in digits, or by the code of a provider, which stands for all of its own."""
    try:
        value = certificate.extensions.get_extension_for_oid(TN_AUTH_LIST).value
        der = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
        around = asn1.encode_der(_Around(value=asn1.decode_der(asn1.TLV, der)))
        entries = asn1.decode_der(Entries, around).entries
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return any(_covers(entry, number) for entry in entries)


def _covers(entry: Entry, number: str) -> bool:
    if isinstance(entry.value, Range):
        start = entry.value.start.as_str()
        same_length = start.isdecimal() and len(start) == len(number)
        return same_length and 0 <= int(number) - int(start) < entry.value.count
    return entry.tag == "spc" or entry.value.as_str() == number


def _may_sign(_: Policy, __: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature:
        raise ValueError("its key is not for signing")


def _is_no_authority(_: Policy, __: x509.Certificate, basic: x509.BasicConstraints | None) -> None:
    if basic is not None and basic.ca:
        raise ValueError("an authority signs no calls")


_SIGNERS = (
    ExtensionPolicy.permit_all()
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)
    .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _is_no_authority)
)
"""What a certificate that signs calls must be; names and purposes are those of the web, and nothing here."""
