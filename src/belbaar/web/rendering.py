"""From a template and values to a page."""

__all__ = ["drawn", "page", "redirect"]

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

from belbaar.trace.deciding import told as why_refused
from belbaar.web import formats
from belbaar.web.texts import texts
from belbaar.web.visits import Visit

_HTML = "text/html; charset=utf-8"
_STATIC = Path(__file__).parent / "static"


def page(visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response[str]:  # noqa: ANN401  a template takes anything
    """Make a page.

    Args:
        visit: for whom.
        template: its name in ``pages/``.
        status: the HTTP status.
        values: what the template shows.
    """
    person = visit.person
    shared = {
        "visit": visit,
        "lang": visit.lang,
        "person": person,
        "rights": person.principal.rights if person else frozenset(),
    }
    text = _environment(visit.lang).get_template(f"pages/{template}").render(shared | values)
    return Response(text, status_code=status, media_type=_HTML, cookies=list(visit.cookies.going.values()))


def drawn(lang: str, chart: object) -> str:
    """Draw a chart as a file of its own, wide."""
    parts = _environment(lang).get_template("parts/charts.html.j2").make_module({"lang": lang})
    return str(parts.svg(chart, chart.drawings[0], chart.name, True))  # type: ignore[attr-defined]


def redirect(visit: Visit, path: str) -> Response[None]:
    """Send the browser on to a page, to be asked for with GET. ``path``: without the language."""
    return Response(
        None, status_code=303, headers={"Location": visit.to(path)}, cookies=list(visit.cookies.going.values())
    )


@lru_cache
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("belbaar.web", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = texts(lang)
    environment.install_gettext_callables(known.gettext, known.ngettext, newstyle=True)  # type: ignore[attr-defined]
    for name in ("day", "day_of", "iso_day", "ordinal_day", "short_day", "time", "instant", "count"):
        environment.filters[name] = _in(lang, getattr(formats, name))
    environment.filters["day_in"] = formats.day
    environment.filters["masked"] = formats.masked
    environment.filters["refusal"] = _in(lang, why_refused)
    environment.filters["local_number"] = formats.local_number
    environment.globals["asset"] = _asset
    return environment


def _in(lang: str, function: Any) -> Any:  # noqa: ANN401  what Jinja calls a filter
    return lambda value: function(value, lang)


@lru_cache
def _asset(name: str) -> str:
    """Give the address of a file of ours: with a digest of what it holds, so that it may be kept for ever."""
    return f"/static/{name}?v={hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]}"
