"""What keeps a page from being misused: what it may load, who may show it in a frame, which forms count.

A form counts when the browser says that it stood on a page of ours (``Sec-Fetch-Site``; where it says nothing, ``Origin``):
browsers have said so for years, pages cannot make them say otherwise, and no secret has to travel with each form. Cookies
are ``SameSite`` besides.
"""

__all__ = ["HEADERS", "CrossOrigin", "check_origin", "no_store"]

from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.datastructures import ResponseHeader, State

from belbaar.api.access import Forbidden

AnyRequest = Request[object, object, State]

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ResponseHeader(name="Content-Security-Policy", value=_CSP),
    ResponseHeader(name="X-Content-Type-Options", value="nosniff"),
    ResponseHeader(name="X-Frame-Options", value="DENY"),
    ResponseHeader(name="Referrer-Policy", value="same-origin"),
    ResponseHeader(name="Cross-Origin-Opener-Policy", value="same-origin"),
    ResponseHeader(name="Permissions-Policy", value="camera=(), geolocation=(), microphone=()"),
]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossOrigin(Forbidden):
    """A form was sent from a page that is not ours."""

    default_code = "cross-origin"


def check_origin(request: AnyRequest) -> None:
    """Refuse what another site's page has a browser send.

    Raises:
        CrossOrigin: when it would change something.
    """
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    ours = site in {"same-origin", "none"} if site else _same(origin, request.headers.get("host", ""))
    if not ours:
        raise CrossOrigin(
            "this form was not sent from a page of belbaar.", todo="Open the page again, and send it there."
        )


def _same(origin: str, host: str) -> bool:
    """Tell whether an origin is this host; none is: what is no browser sends none."""
    return not origin or urlsplit(origin).netloc == host


def no_store(response: Response[object]) -> Response[object]:
    """Keep pages out of caches: they are about persons. What may be kept says so itself."""
    if "cache-control" not in {name.lower() for name in response.headers}:
        response.headers["Cache-Control"] = "no-store"
    return response
