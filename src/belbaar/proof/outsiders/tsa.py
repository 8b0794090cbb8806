"""Timestamps: a clock that is neither ours nor the caller's (RFC 3161), over the text of a checkpoint.

``stamped`` asks an authority over HTTP and checks what it gives; ``check_stamp`` checks it again, years later: the
certificates are judged at the time of the stamp, not of the check. In production the authority is a qualified one, so
that its time is presumed right (eIDAS, art. 41(2)); the hash of the text is all that it ever sees.

Authorities that put their chain in unsorted (OpenSSL 3.0 with ``-chain``) are refused; they need no chain in the
answer where their root, and any intermediates, are given here.
"""

__all__ = ["Stamp", "check_roots", "check_stamp", "stamped"]

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from belbaar.errors import InputError, ProofError, StoreUnavailable

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MOST_BYTES = 256 * 1024
_WAIT = 20.0
_GIVE = "Give the authority's root certificate, in PEM: --tsa-root FILE."


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp: what was asked and answered (DER), and when, in UTC microseconds."""

    query: bytes
    reply: bytes
    at: int


def stamped(url: str, text: bytes, roots: Sequence[str]) -> Stamp:
    """Ask an authority to stamp a text.

    Args:
        url: of the authority.
        text: what is stamped; only its SHA-256 leaves the house.
        roots: the certificates to trust, PEM; the authority's root, and intermediates where it sends none.

    Raises:
        StoreUnavailable: when it does not answer, or refuses.
        ProofError: when what it answers does not stand.
    """
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    query = request.as_bytes()
    reply = _post(url, query)
    return Stamp(query, reply, check_stamp(reply, text, roots, nonce=request.nonce))


def check_stamp(reply: bytes, text: bytes, roots: Sequence[str], *, nonce: int | None = None) -> int:
    """Check a timestamp over a text; give its time in UTC microseconds.

    Raises:
        ProofError: when it is none, is over another text, or is not signed by an authority under one of the roots.
    """
    response = _read(reply)
    builder = VerifierBuilder() if nonce is None else VerifierBuilder(nonce=nonce)
    for certificate in _certificates(roots):
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        fits = builder.build().verify_message(response, text)
    except (VerificationError, ValueError) as error:
        raise ProofError(f"the timestamp does not stand: {error}.", code="bad-timestamp") from error
    if not fits:
        raise ProofError("the timestamp does not stand.", code="bad-timestamp")
    return (response.tst_info.gen_time - _EPOCH) // timedelta(microseconds=1)


def check_roots(roots: Sequence[str]) -> None:
    """Look whether certificates can be trusted as roots.

    Raises:
        InputError: when one is no certificate, or none of them is a root.
    """
    try:
        _certificates(roots)
    except ProofError as error:
        raise InputError(error.what, todo=_GIVE, code=error.code) from error


def _read(reply: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(reply)
    except ValueError as error:
        raise ProofError(f"this is no timestamp: {error}.", code="bad-timestamp") from error


def _certificates(roots: Sequence[str]) -> list[Certificate]:
    """Read the certificates, each once."""
    found: dict[Certificate, None] = {}
    for pem in roots:
        try:
            found.update(dict.fromkeys(load_pem_x509_certificates(pem.encode())))
        except ValueError as error:
            raise InputError("a root of a timestamp authority is no certificate in PEM.", todo=_GIVE) from error
    if not any(certificate.issuer == certificate.subject for certificate in found):
        raise ProofError("no root of a timestamp authority is trusted.", code="no-tsa-root")
    return list(found)


def _post(url: str, query: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise InputError("a timestamp authority has an address that begins with https:// or http://.", where=url)
    request = Request(url, data=query, method="POST")  # noqa: S310  checked above
    request.add_header("Content-Type", "application/timestamp-query")
    try:
        with urlopen(request, timeout=_WAIT) as response:  # noqa: S310
            return bytes(response.read(_MOST_BYTES))
    except (URLError, OSError) as error:
        raise StoreUnavailable(
            "the timestamp authority does not answer.", where=url, todo="Ask again later, or another one."
        ) from error
