"""What goes wrong, as a page: what, and what to do about it; who is not signed in is sent there."""

__all__ = ["failed", "not_found", "refused"]

import logging
from typing import Any, cast
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from belbaar.api.problems import retry_after, status_of
from belbaar.api.watch.seen import route_of, seen
from belbaar.errors import BelbaarError, InputError, InternalError
from belbaar.web.rendering import page, redirect
from belbaar.web.security import HEADERS
from belbaar.web.visits import NotSignedIn, visit_of

_LOG = logging.getLogger("belbaar.web")
AnyRequest = Request[Any, Any, State]


def refused(request: AnyRequest, error: BelbaarError) -> Response[Any]:
    """Tell an error to a person."""
    visit = visit_of(request, request.app.state.service)
    seen().code = error.code
    if isinstance(error, NotSignedIn):
        return redirect(visit, f"/sign-in?next={quote(error.wanted)}")
    status = status_of(error).value
    answer = page(visit, "problem.html.j2", status=status, error=error, code=status)
    if seconds := retry_after(error):
        answer.headers["Retry-After"] = str(seconds)
    for header in HEADERS:
        answer.headers[str(header.name)] = str(header.value)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def not_found(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Tell what Litestar refused: a page that there is not, a form that is too large."""
    codes = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    return refused(request, InputError(f"{error.detail}.", code=codes.get(error.status_code, "malformed")))


def failed(request: AnyRequest, error: Exception) -> Response[Any]:
    """Tell that belbaar made a mistake, and nothing of what it was working on: that may be somebody's number."""
    extra = {"route": route_of(cast("dict[str, Any]", request.scope)), "request_id": seen().id}
    _LOG.error("failed", exc_info=error, extra=extra)
    return refused(request, InternalError("belbaar itself made a mistake.", todo="Do not call. Please report it."))
