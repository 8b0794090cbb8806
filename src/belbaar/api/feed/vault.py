"""Secrets of webhooks: sealed with a key from the folder of keys, so that a copy of the database signs nothing.

>>> vault = Vault(bytes(32))
>>> vault.opened("wh_1", vault.sealed("wh_1", "whsec_x"))
'whsec_x'
"""

__all__ = ["Vault", "new_webhook_secret", "webhook_vault"]

import base64
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag

from belbaar.errors import StoreUnavailable
from belbaar.proof.keys.keyring import shared_secret
from belbaar.proof.keys.sealed import sealed, unsealed

_SECRET = 32
"""Bytes."""


class Vault:
    """Guards the key that seals. ``key`` has 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sealed(self, webhook: str, secret: str) -> bytes:
        """Seal the secret of a webhook."""
        return sealed(self._key, secret.encode(), webhook)

    def opened(self, webhook: str, kept: bytes) -> str:
        """Open what was sealed for a webhook.

        Raises:
            StoreUnavailable: when it was sealed with another key, or for another webhook.
        """
        try:
            return unsealed(self._key, kept, webhook).decode()
        except InvalidTag as error:
            raise StoreUnavailable(
                "the secret of a webhook was sealed with another key.",
                where=webhook,
                todo="Put webhooks.key back into the folder of keys, or rotate the secret.",
                code="key-mismatch",
            ) from error


def webhook_vault(folder: Path) -> Vault:
    """Open the vault, with the key in its file beside the store's other keys; made when it is not there."""
    return Vault(shared_secret(folder, "webhooks"))


def new_webhook_secret() -> str:
    """Make a secret, as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET)).decode()}"
