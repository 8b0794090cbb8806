"""Identity headers, right ones and wrong ones, written by hand: none of it is what is tested."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ORIGIN = "123e4567-e89b-12d3-a456-426655440000"


def identity(key: Path, url: str, presented: str, called: str, at: float, **more) -> str:
    """Write the value of a header.

    ``presented``, ``called``: digits, or ``+`` and these; ``at``: seconds since 1970; ``more``: ``ppt`` ("": none), ``head``
    and ``claims`` to be put over what is usual, ``info``, ``params``, ``compact``.
    """
    ppt = more.get("ppt", "shaken")
    head = {"alg": "ES256", "typ": "passport", "x5u": url} | ({"ppt": ppt} if ppt else {}) | more.get("head", {})
    claims = {"dest": {"tn": [called.lstrip("+")]}, "iat": int(at), "orig": {"tn": presented.lstrip("+")}}
    claims |= ({"attest": "A", "origid": ORIGIN} if ppt else {}) | more.get("claims", {})
    signing = f"{_part(head)}.{_part(claims)}"
    token = f"{signing}.{_signature(key, signing)}"
    if more.get("compact"):
        token = ".." + token.rpartition(".")[2]
    params = more.get("params", ";alg=ES256" + (f";ppt={ppt}" if ppt else ""))
    return f"{token};info=<{more.get('info', url)}>{params}"


def _signature(path: Path, signing: str) -> str:
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(key.sign(signing.encode(), ECDSA(hashes.SHA256())))
    return _base64(r.to_bytes(32) + s.to_bytes(32))


def _part(value: dict) -> str:
    return _base64(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
