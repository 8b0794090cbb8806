"""A permit as it travels: a signed token (JWS, RFC 7515, Ed25519) that anybody can check offline.

Its claims are those of RFC 7519 where there is one; ``sub`` is the called number, and the rest says for which call:
``caller``, ``presents`` (the number shown), ``campaign``, ``product``, and ``entry``, the verdict's place in the log.
"""

__all__ = ["ALGORITHM", "Permit", "jwks", "no_permit", "permit_keys", "read_permit", "signed_permit"]

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.keys.keyring import alone
from belbaar.proof.keys.secret_files import read_private, write_private

ALGORITHM = "Ed25519"
_TYPE = "belbaar-permit+jws"
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])


class Permit(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a permit allows: one call, by one caller, to one number, showing one number, until ``exp``.

    ``iat`` and ``exp`` are seconds since 1970, as RFC 7519 wants them.
    """

    iss: str
    jti: str
    iat: int
    exp: int
    sub: str
    caller: str
    presents: str
    product: str
    entry: int
    campaign: str = ""
    channel: str = "voice"


def permit_keys(folder: Path) -> list[OKPKey]:
    """Give the keys of permits, from files beside the store's other keys, the one that signs now first.

    The first is made when there is none. ``permit.<n>.key`` are those that it followed: what they signed is still good.
    """
    path = folder / "permit.key"
    with alone(folder / "permit.lock"):
        if not path.exists():
            write_private(path, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)) + "\n")
    return [_key(each) for each in (path, *sorted(folder.glob("permit.*.key"), reverse=True))]


def _key(path: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(read_private(path)))
    except (JoseError, ValueError, KeyError) as error:
        raise StoreUnavailable(
            "this is no key for permits.", where=str(path), todo="Put it back from its backup, or take it away."
        ) from error
    key.ensure_kid()
    return key


def signed_permit(permit: Permit, key: OKPKey) -> str:
    """Sign a permit. What comes of it is what ``joserfc`` would write, which takes three times as long as the signature."""
    signing = b".".join((_head(str(key.kid)), _base64(msgspec.json.encode(permit))))
    return b".".join((signing, _base64(cast("Ed25519PrivateKey", key.private_key).sign(signing)))).decode()


@lru_cache(maxsize=8)
def _head(kid: str) -> bytes:
    return _base64(msgspec.json.encode({"alg": ALGORITHM, "kid": kid, "typ": _TYPE}))


def _base64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def read_permit(token: str, keys: Sequence[OKPKey]) -> Permit:
    """Read a permit; whether its time has come or gone is for who asks to say.

    Raises:
        InputError: when none of these keys signed it.
    """
    try:
        found = jws.deserialize_compact(token, KeySet(list(keys)), registry=_REGISTRY)
        permit = msgspec.json.decode(found.payload, type=Permit)
    except (JoseError, ValueError, msgspec.MsgspecError) as error:
        raise no_permit() from error
    if found.protected.get("typ") != _TYPE:
        raise no_permit()
    return permit


def no_permit() -> InputError:
    """Refuse a permit that is none, or another organisation's, which is the same to whoever shows it."""
    return InputError(
        "this is no permit of this installation.",
        where="/permit",
        todo="Ask for a verdict, and show the permit that comes with it.",
        code="permit-invalid",
    )


def jwks(keys: Sequence[OKPKey]) -> dict[str, Any]:
    """Publish keys, as RFC 7517 has it: who has them checks permits offline."""
    return {"keys": [{**key.as_dict(private=False), "alg": ALGORITHM, "use": "sig"} for key in keys]}
