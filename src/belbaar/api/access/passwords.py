"""What a person knows and has: a password (Argon2id, RFC 9106) and one-time codes (TOTP, RFC 6238).

The secret of the codes has to be read again, so it is sealed with a key that is not in the database.
"""

__all__ = ["SecondFactor", "check_password", "hashed", "read_password"]

import hmac
import secrets
from functools import cache
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.keys.keyring import shared_secret
from belbaar.proof.keys.sealed import sealed, unsealed

_HASHER = PasswordHasher()
_SHORTEST, _LONGEST = 12, 200
_STEP = 30


def read_password(password: str, *known: str) -> str:
    """Return a password that is long enough and is nothing that others know of the person.

    Raises:
        InputError: when it is not.
    """
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise InputError(
            f"a password has {_SHORTEST} to {_LONGEST} characters.", where="/password", todo="Use a sentence."
        )
    if len(set(password)) < _SHORTEST // 2 or any(word and word.lower() in password.lower() for word in known):
        raise InputError("this password is easily guessed.", where="/password", todo="Use a sentence of your own.")
    return password


def hashed(password: str) -> str:
    """Give the hash to keep; takes a twentieth of a second, by design."""
    return _HASHER.hash(password)


def check_password(kept: str, password: str) -> bool:
    """Tell whether a password is the one whose hash was kept; "" is nobody's, and takes as long."""
    nobodys = _nobodys()  # made for whoever comes first, so that its time tells nothing
    try:
        _HASHER.verify(kept or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


@cache
def _nobodys() -> str:
    """Give what a password is held against where there is no account: it takes as long."""
    return hashed(secrets.token_urlsafe(16))


class SecondFactor:
    """One-time codes. Guards the key that seals their secrets.

    Args:
        folder: that of the store's keys; ``codes.key`` is made there when it is missing.
        issuer: what a person's authenticator shows.
    """

    def __init__(self, folder: Path, issuer: str) -> None:
        self._key = shared_secret(folder, "codes")
        self._issuer = issuer

    def new(self, email: str, organisation: str) -> tuple[str, bytes]:
        """Give the URI of a new secret, to be shown once as text or QR code, and the secret, sealed for that address.

        ``organisation``: by name; who works for two has two secrets, and must see which is which.
        """
        secret = pyotp.random_base32()
        uri = pyotp.TOTP(secret).provisioning_uri(name=f"{email} ({organisation})", issuer_name=self._issuer)
        return uri, sealed(self._key, secret.encode(), email)

    def step_of(self, kept: bytes, email: str, code: str, *, now: int, after: int) -> int | None:
        """Give the time step of a code that is right now, one before or one later; None where it is wrong or was used.

        Args:
            kept: what ``new`` gave.
            email: whose.
            code: six digits.
            now: UTC microseconds.
            after: the step of the code that was used last.

        Raises:
            StoreUnavailable: when the secret was sealed by another key.
        """
        try:
            secret = unsealed(self._key, kept, email).decode()
        except InvalidTag as error:
            raise StoreUnavailable(
                "one-time codes cannot be checked: codes.key is another one.", todo="Put the store's key folder back."
            ) from error
        current, totp = now // 1_000_000 // _STEP, pyotp.TOTP(secret)
        steps = [step for step in (current - 1, current, current + 1) if step > after]
        return next((step for step in steps if hmac.compare_digest(totp.at(step * _STEP), code)), None)
