"""What pages load: style, script, font; and the way in, in the language of who comes."""

__all__ = ["ROUTES"]

from pathlib import Path

from babel import negotiate_locale
from litestar import Request, Response, get
from litestar.datastructures import State

from belbaar.errors import InputError
from belbaar.law.plain import LANGUAGES

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FILES = {
    path.name: (path.read_bytes(), _TYPES[path.suffix])
    for path in sorted((Path(__file__).parent.parent / "static").iterdir())
    if path.suffix in _TYPES
}
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/static/{name:str}")
async def static(name: str) -> Response[bytes]:
    """Give a file of ours."""
    if name not in _FILES:
        raise InputError("there is no such file.", code="not-found")
    content, media_type = _FILES[name]
    return Response(content, media_type=media_type, headers=_KEPT)


@get("/")
async def root(request: Request[object, object, State]) -> Response[None]:
    """Send who comes to the pages in its own language; where that is neither, in English."""
    wanted = [
        each.partition(";")[0].strip()[:2].lower() for each in request.headers.get("accept-language", "").split(",")
    ]
    lang = negotiate_locale(wanted, LANGUAGES) or "en"
    return Response(None, status_code=302, headers={"Location": f"/{lang}", "Vary": "Accept-Language"})


ROUTES = (static, root)
