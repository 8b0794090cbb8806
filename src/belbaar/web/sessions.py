"""Who is signed in, in a cookie: the person's key and when it was last seen, sealed, so that only this house reads it.

Twenty minutes without a page, and a person signs in again; on a shared machine the next one finds nothing. The key itself
ends by itself after half a day (``belbaar.api.access.accounts``), and counts no more once it was taken back.
"""

__all__ = ["IDLE", "STAFF", "Cookies"]

import base64
import binascii
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from litestar import Request
from litestar.datastructures import Cookie, State

from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.proof.keys.sealed import sealed, unsealed

AnyRequest = Request[object, object, State]
IDLE = 20 * 60 * 1_000_000
"""Microseconds after which a cookie is good no more, unless a page was asked for."""
STAFF = "belbaar"
"""The cookie of who works with belbaar."""


@dataclass(slots=True)
class Cookies:
    """Guards the cookies of one request: what came, and what goes back.

    Args:
        key: what they are sealed with; shared by all processes of an installation.
        secure: whether the browser sends them over TLS only.
        came: as the browser sent them.
        going: those that the answer sets.
    """

    key: bytes
    secure: bool
    came: dict[str, str]
    going: dict[str, Cookie] = field(default_factory=dict)

    @classmethod
    def of(cls, request: AnyRequest, service: Service) -> "Cookies":
        """Give the cookies of a request."""
        secure = service.settings.public_url.startswith("https:") or request.url.scheme == "https"
        return cls(service.web_key, secure, dict(request.cookies))

    def read(self, name: str, *, idle: int = IDLE) -> str:
        """Give what a cookie holds; "" where there is none, it is not ours, or too old."""
        try:
            opened = unsealed(self.key, base64.urlsafe_b64decode(self.came.get(self._called(name), "")), name).decode()
        except (InvalidTag, ValueError, binascii.Error):
            return ""
        seen, _, value = opened.partition(" ")
        return value if now_us() - int(seen) < idle else ""

    def set(self, name: str, value: str, *, idle: int = IDLE) -> None:
        """Keep something with who visits, for as long as pages are asked for."""
        shut = base64.urlsafe_b64encode(sealed(self.key, f"{now_us()} {value}".encode(), name)).decode()
        self._send(name, shut, idle // 1_000_000)

    def end(self, name: str) -> None:
        """Take it away again."""
        self._send(name, "", 0)

    def _send(self, name: str, value: str, seconds: int) -> None:
        called = self._called(name)
        self.going[called] = Cookie(
            called, value=value, path="/", max_age=seconds, httponly=True, secure=self.secure, samesite="lax"
        )

    def _called(self, name: str) -> str:
        """Name a cookie so that, over TLS, no neighbouring host can have set it."""
        return f"__Host-{name}" if self.secure else name
