"""All parts of pages on one page, as they look in each state."""

__all__ = ["ROUTES"]

from litestar import Response, get

from belbaar.web.rendering import page
from belbaar.web.visits import Visit


@get("/parts")
async def parts(visit: Visit) -> Response[str]:
    """Show every part."""
    return page(visit, "parts.html.j2")


ROUTES = (parts,)
