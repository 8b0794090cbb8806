"""What a form sends: a text for each field, or several."""

__all__ = ["Fields", "Form", "fields_of", "lines_of", "text_of"]

from collections.abc import Mapping, Sequence
from typing import Annotated

from litestar import Request
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""A form in which each field has one text."""
Fields = Mapping[str, Sequence[str]]
"""One in which a field may have several, such as boxes of one name."""


async def fields_of(request: Request[object, object, State]) -> Fields:
    """Read a form whose fields may have several texts."""
    sent = await request.form()
    return {name: [str(value) for value in sent.getall(name)] for name in sent}


def text_of(fields: Fields, name: str) -> str:
    """Give the first text of a field, without blanks around it; "" where there is none.

    >>> text_of({"a": [" x", "y"]}, "a"), text_of({}, "a")
    ('x', '')
    """
    return next(iter(fields.get(name, ())), "").strip()


def lines_of(fields: Fields, name: str) -> list[str]:
    """Give the lines of a field in which several things may stand, one a line."""
    return [line.strip() for line in text_of(fields, name).splitlines() if line.strip()]
