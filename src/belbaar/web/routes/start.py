"""The first page: for whom belbaar is, and where each goes; and what is said where there is no page."""

__all__ = ["ROUTES"]

from litestar import Response, get

from belbaar.errors import InputError
from belbaar.web.rendering import page
from belbaar.web.visits import Visit


@get("/")
async def start(visit: Visit) -> Response[str]:
    """Show the first page."""
    return page(visit, "start.html.j2")


@get("/{rest:path}")
async def nothing(rest: str) -> Response[str]:
    """Say that there is no such page.

    Raises:
        InputError: always.
    """
    del rest
    raise InputError("there is no such page.", code="not-found")


ROUTES = (start, nothing)
