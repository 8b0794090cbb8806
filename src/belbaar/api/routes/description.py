"""What the service answers, described by itself: to programs, and to the people who write them."""

__all__ = ["ROUTES"]

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State

from belbaar.api.describing import described
from belbaar.api.pages import STYLE, description_page, problem_page
from belbaar.api.problem_codes import CODES
from belbaar.errors import InputError

AnyRequest = Request[object, object, State]
_PAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
}
"""A page may take its style from here, and nothing from anywhere else; there is no script to run."""


@get("/v1/openapi.json", include_in_schema=False)
async def openapi(request: AnyRequest) -> Response[bytes]:
    """Describe the end points, as OpenAPI 3.1 has it; made of the types that the code itself uses."""
    return Response(msgspec.json.encode(_description(request)), media_type="application/vnd.oai.openapi+json")


@get("/docs", include_in_schema=False)
async def docs(request: AnyRequest) -> Response[str]:
    """Show the description to people; nothing is fetched from elsewhere."""
    return Response(description_page(_description(request)), media_type="text/html; charset=utf-8", headers=_PAGE)


@get("/docs/style.css", include_in_schema=False)
async def style() -> Response[str]:
    """Give the style of the pages."""
    return Response(STYLE, media_type="text/css; charset=utf-8")


class ProblemMeaning(msgspec.Struct, frozen=True):
    """What a problem means, and what to do about it."""

    code: str
    meaning: str
    remedy: str


@get(
    "/v1/problems/{code:str}",
    operation_id="problemMeaning",
    tags=["Running it"],
    summary="What does a problem mean?",
)
async def problem(request: AnyRequest, code: str) -> Response[Any]:
    """Tell what a code means and what to do, as JSON; to browsers as a page."""
    if code not in CODES:
        raise InputError("there is no such problem.", todo="They are listed at /docs.", code="not-found")
    meaning = CODES[code]
    if "text/html" in request.headers.get("accept", ""):
        return Response(problem_page(code, *meaning), media_type="text/html; charset=utf-8", headers=_PAGE)
    return Response(ProblemMeaning(code, meaning.says, meaning.todo), media_type="application/json")


def _description(request: AnyRequest) -> dict[str, Any]:
    """Give the description; made once a process."""
    state = request.app.state
    if "description" not in state:
        state.description = described(request.app)
    made: dict[str, Any] = state.description
    return made


ROUTES = (openapi, docs, style, problem)
