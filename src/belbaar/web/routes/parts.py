"""All parts of pages on one page, as they look in each state."""

__all__ = ["ROUTES"]

from litestar import Response, get

from belbaar.web.charts import Chart, bars
from belbaar.web.rendering import page
from belbaar.web.visits import Visit


@get("/parts")
async def parts(visit: Visit) -> Response[str]:
    """Show every part."""
    columns, rows = ["", "n"], [("nl.consent", (41,)), ("nl.customer", (21,)), ("nl.legal-person", (0,))]
    drawn = Chart("bars", "nl.*", "41, 21, 0", columns, rows, bars(rows, str))
    return page(visit, "parts.html.j2", chart=drawn)


ROUTES = (parts,)
