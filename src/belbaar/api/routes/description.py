"""What the service answers, described by itself."""

__all__ = ["ROUTES"]

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State


@get("/v1/openapi.json", include_in_schema=False)
async def openapi(request: Request[object, object, State]) -> Response[dict[str, Any]]:
    """Describe the end points, as OpenAPI 3.1 has it; made of the types that the code itself uses."""
    return Response(request.app.openapi_schema.to_schema(), media_type="application/vnd.oai.openapi+json")


ROUTES = (openapi,)
