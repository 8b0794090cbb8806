"""The pages beside the service's end points: each in both languages, with what every answer of them carries."""

__all__ = ["create_app"]

from collections.abc import Sequence

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from belbaar.api.app import create_app as create_service
from belbaar.api.settings import Settings
from belbaar.errors import BelbaarError
from belbaar.law.plain import LANGUAGES
from belbaar.web.problems import failed, not_found, refused
from belbaar.web.routes import (
    admin,
    assets,
    card,
    complaints,
    consent,
    demo,
    entering,
    forms,
    impact,
    law,
    lists,
    my,
    numbers,
    parts,
    start,
    today,
    traces,
)
from belbaar.web.security import HEADERS, check_origin, no_store
from belbaar.web.visits import provide_person, provide_visit

_PAGES = (
    *admin.ROUTES,
    *start.ROUTES,
    *law.ROUTES,
    *entering.ROUTES,
    *today.ROUTES,
    *impact.ROUTES,
    *lists.ROUTES,
    *numbers.ROUTES,
    *card.ROUTES,
    *complaints.ROUTES,
    *consent.ROUTES,
    *forms.ROUTES,
    *my.ROUTES,
    *parts.ROUTES,
    *traces.ROUTES,
)
"""Those that are there in each language."""


def create_app(settings: Settings) -> Litestar:
    """Make the application of one process: the service, and the pages."""
    pages = (*_PAGES, *demo.ROUTES) if settings.demo else _PAGES
    return create_service(
        settings,
        *(_router(f"/{lang}", pages) for lang in LANGUAGES),
        _router("/", (*assets.ROUTES, *entering.ROOT, *consent.ROOT)),
    )


def _router(path: str, handlers: Sequence[ControllerRouterHandler]) -> Router:
    return Router(
        path=path,
        route_handlers=handlers,
        include_in_schema=False,
        before_request=check_origin,
        after_request=no_store,
        response_headers=HEADERS,
        dependencies={
            "visit": Provide(provide_visit),
            "person": Provide(provide_person, sync_to_thread=False),
        },
        exception_handlers={BelbaarError: refused, HTTPException: not_found, Exception: failed},
    )
