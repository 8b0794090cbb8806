"""Somebody else's word on who a person is: OpenID Connect 1.0, the code flow with PKCE (RFC 7636).

What has to be remembered between leaving and coming back travels with the browser, sealed, for ten minutes: no process
needs to know of another's.
"""

__all__ = ["Returned", "Said", "SignInElsewhere"]

import secrets
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from cryptography.exceptions import InvalidTag
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.proof.keys.sealed import sealed, unsealed

_SCOPE = "openid email"
_MINUTES = 10
_LEEWAY_SECONDS = 60
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]


class _Away(msgspec.Struct, frozen=True):
    """What is remembered of a person who is away to sign in elsewhere."""

    state: str
    nonce: str
    verifier: str
    until: int
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a browser brings back: the code, the state, and what was sealed when it left."""

    code: str
    state: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Said:
    """Who the other says it is, and which organisation the person named when leaving, by its id; "": none.

    ``email`` is "" where it does not vouch for the address.
    """

    subject: str
    email: str
    organisation: str = ""


class SignInElsewhere:
    """Signs in by OpenID Connect. Guards the key that seals, of this process and start.

    Args:
        issuer: whose word is taken, an https URL.
        client_id: by which it knows this installation.
        client_secret: by which that is shown.
        redirect: where it sends people back to.
        key: 32 bytes that all processes of the installation share.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, *, redirect: str, key: bytes) -> None:
        self._issuer = issuer.rstrip("/")
        self._client = (client_id, client_secret)
        self._redirect = redirect
        self._key = key
        self._metadata: dict[str, Any] = {}

    async def leave(self, now: int, organisation: str = "") -> tuple[str, str]:
        """Give the URL to send a person to, and what its browser must bring back; ``organisation``: to work for."""
        metadata = await self._known()
        away = _Away(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            until=now + _MINUTES * 60_000_000,
            organisation=organisation,
        )
        async with self._session() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=away.state, nonce=away.nonce, code_verifier=away.verifier
            )
        return str(url), sealed(self._key, msgspec.json.encode(away), "").hex()

    async def back(self, returned: Returned, now: int) -> Said:
        """Find out who came back.

        Raises:
            InputError: when what came back was not asked for, is too late, or is not signed by the issuer.
            StoreUnavailable: when the issuer does not answer.
        """
        away = self._away(returned, now)
        metadata = await self._known()
        try:
            async with self._session() as client:
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=returned.code, code_verifier=away.verifier
                )
                about = await self._about(client)
                keys = KeySet.import_key_set(
                    (await client.request("GET", metadata["jwks_uri"], withhold_token=True)).json()
                )
            claims = CodeIDToken(
                jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims,
                {"alg": "RS256"},
                options={
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._client[0]},
                },
                params={"nonce": away.nonce, "client_id": self._client[0]},
            )
            claims.validate(now // 1_000_000, _LEEWAY_SECONDS)
        except (OAuthError, JoseError, KeyError, ValueError) as error:
            raise _refused(f"what the issuer says does not hold ({type(error).__name__}).") from error
        except httpx2.HTTPError as error:
            raise self._away_itself() from error
        about = about if about.get("sub") == claims["sub"] else {}
        vouched = next((told for told in (claims, about) if told.get("email_verified") is True), {})
        email = str(vouched.get("email", "")).lower()
        return Said(f"{metadata['issuer']}|{claims['sub']}", email, away.organisation)

    async def _about(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        """Ask what the issuer knows of the person: some put the address there, and not in the token."""
        where = self._metadata.get("userinfo_endpoint")
        told = (await client.get(where)).json() if where else {}
        return told if isinstance(told, dict) else {}

    def _session(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            *self._client, scope=_SCOPE, redirect_uri=self._redirect, code_challenge_method="S256", timeout=10
        )

    def _away(self, returned: Returned, now: int) -> _Away:
        try:
            away = msgspec.json.decode(unsealed(self._key, bytes.fromhex(returned.sealed), ""), type=_Away)
        except (InvalidTag, ValueError) as error:
            raise _refused("this browser did not leave from here.") from error
        if now > away.until or not secrets.compare_digest(away.state, returned.state):
            raise _refused("this came back too late, or from somebody else.")
        return away

    async def _known(self) -> dict[str, Any]:
        """Ask the issuer where its end points are, once."""
        if not self._metadata:
            try:
                async with httpx2.AsyncClient(timeout=10) as client:
                    answer = await client.get(f"{self._issuer}/.well-known/openid-configuration")
                    metadata = answer.raise_for_status().json()
            except (httpx2.HTTPError, ValueError) as error:
                raise self._away_itself() from error
            if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
                raise _refused("the issuer calls itself by another name.")
            self._metadata = metadata
        return self._metadata

    def _away_itself(self) -> BelbaarError:
        return StoreUnavailable(
            "the place where people sign in does not answer.", todo="Try again; or sign in with a password.",
            code="issuer-unavailable",
        )  # fmt: skip


def _refused(what: str) -> InputError:
    return InputError(what, todo="Begin again.", code="sign-in-refused")
