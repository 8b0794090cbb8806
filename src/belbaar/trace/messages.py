"""What providers send each other: a request and its reply, each signed (JWS, RFC 7515, Ed25519) by the installation.

The road between them is the providers' own: mail, a portal, or HTTP. What arrives is believed by its signature alone.

====================  ===============================================================================================
``iss``, ``aud``      who sends it and to whom, as providers register each other
``jti``               the sender's case; a reply names that of the request
``iat``               when it was signed, seconds since 1970
``legal``             on what ground: article 11.11 Tw
``calls``             request: the numbers of the other provider's subscriber, when they called, their Call-IDs
``request``           reply: the SHA-256 of the request, as it was sent
``party``, ``why``    reply: who it is, or why that is not said
====================  ===============================================================================================
"""

__all__ = [
    "Asked",
    "AskedCall",
    "Reply",
    "Signer",
    "check_keys",
    "digest",
    "public_keys",
    "read_message",
    "signed",
    "signing_key",
]

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from belbaar.errors import InputError, ProofError
from belbaar.proof.keys.keyring import shared_secret
from belbaar.trace.cases import Party

_ALGORITHM = "Ed25519"
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM])
LEGAL = "Tw 11.11"


class AskedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call that is asked about: the number it came from, whom it was to, when it arrived (UTC microseconds), its Call-ID."""

    number: str
    called: str
    at: int
    call_id: str


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request to another provider."""

    iss: str
    aud: str
    jti: str
    iat: int
    calls: tuple[AskedCall, ...]
    legal: str = LEGAL


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its reply: the party, or why there is none."""

    iss: str
    aud: str
    jti: str
    iat: int
    request: str
    party: Party | None = None
    why: str = ""


_TYPES: Mapping[type[msgspec.Struct], str] = {
    Asked: "belbaar-trace-request+jws",
    Reply: "belbaar-trace-reply+jws",
}
M = TypeVar("M", Asked, Reply)


@dataclass(frozen=True, slots=True)
class Signer:
    """In whose name an installation signs, and its key."""

    issuer: str
    key: OKPKey


def signing_key(folder: Path) -> OKPKey:
    """Give the key that signs what is sent to other providers; made when it is not there."""
    secret = shared_secret(folder, "trace-signing")
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _base64(secret), "x": _base64(public)})
    key.ensure_kid()
    return key


def public_keys(key: OKPKey) -> dict[str, Any]:
    """Publish a key, as RFC 7517 has it."""
    return {"keys": [{**key.as_dict(private=False), "alg": _ALGORITHM, "use": "sig"}]}


def signed(message: Asked | Reply, signer: Signer) -> str:
    """Sign a message."""
    header = {"alg": _ALGORITHM, "kid": signer.key.kid, "typ": _TYPES[type(message)]}
    return jws.serialize_compact(header, msgspec.json.encode(message), signer.key, registry=_REGISTRY)


def read_message(kind: type[M], token: str, keys: Mapping[str, Any]) -> M:
    """Read a message that one of these keys signed, a JWK set.

    Raises:
        ProofError: when none of them did, or it is another kind of message.
    """
    try:
        found = jws.deserialize_compact(token, KeySet.import_key_set(cast(Any, keys)), registry=_REGISTRY)
        message = msgspec.json.decode(found.payload, type=kind)
    except (JoseError, ValueError, msgspec.MsgspecError) as error:
        raise _not_theirs() from error
    if found.protected.get("typ") != _TYPES[kind]:
        raise _not_theirs()
    return message


def check_keys(keys: Mapping[str, Any]) -> None:
    """Look whether a JWK set holds public Ed25519 keys, and no private one.

    Raises:
        InputError: when it does not.
    """
    listed = keys.get("keys")
    good = (
        isinstance(listed, list)
        and listed
        and all(isinstance(each, dict) and each.get("crv") == "Ed25519" and "d" not in each for each in listed)
    )
    try:
        if good:
            KeySet.import_key_set(cast(Any, keys))
            return
    except (JoseError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        "this is no set of public Ed25519 keys.", where="/keys", todo="Take it from their GET /v1/trace/keys."
    )


def digest(token: str) -> str:
    """Give the SHA-256 of a message as it was sent, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _not_theirs() -> ProofError:
    return ProofError(
        "this was not signed by that provider, or was changed.",
        todo="Ask them to send it again, and look whether their keys have changed: their GET /v1/trace/keys.",
        code="bad-signature",
    )
