"""What goes wrong, as problem+json (RFC 9457): a stable type, the field it is about, and what to do.

A type is ``/v1/problems/<code>``, where the service tells of it. ``pointer`` is a JSON pointer (RFC 6901) into what was
sent, "" where it is about no field. A problem always says ``allowed: false``: whoever reads only that does not call.
"""

__all__ = ["Problem", "problem_of", "retry_after", "status_of"]

from http import HTTPStatus

import msgspec

from belbaar.api.access import Forbidden, Unauthorised
from belbaar.api.rate import TooMany
from belbaar.api.steady import ClockJumped
from belbaar.errors import BelbaarError, InputError, LawUnknown, ProofError, StoreUnavailable

_STATUS: tuple[tuple[type[BelbaarError], HTTPStatus], ...] = (
    (Unauthorised, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (LawUnknown, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ProofError, HTTPStatus.CONFLICT),
    (StoreUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)
_BY_CODE = {
    "malformed": HTTPStatus.BAD_REQUEST,
    "not-found": HTTPStatus.NOT_FOUND,
    "method-not-allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "taken": HTTPStatus.CONFLICT,
    "key-reused": HTTPStatus.CONFLICT,
    "not-ready": HTTPStatus.CONFLICT,
    "permit-spent": HTTPStatus.CONFLICT,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too-slow": HTTPStatus.REQUEST_TIMEOUT,
    "too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-codes": HTTPStatus.TOO_MANY_REQUESTS,
    "too-soon": HTTPStatus.TOO_MANY_REQUESTS,
}
_RETRY_SECONDS = 1


class Problem(msgspec.Struct, frozen=True, omit_defaults=False):
    """What was wrong with a request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    pointer: str = ""
    remedy: str = ""
    details: tuple[str, ...] = ()
    allowed: bool = False


def problem_of(error: BelbaarError) -> Problem:
    """Tell an error to a program."""
    status = status_of(error)
    return Problem(
        type=f"/v1/problems/{error.code}",
        title=status.phrase,
        status=status.value,
        detail=error.what if error.what.endswith((".", "?", "!", "…", ":")) else f"{error.what}.",
        code=error.code,
        pointer=error.where if error.where.startswith("/") else "",
        remedy=error.todo,
        details=error.details,
    )


def status_of(error: BelbaarError) -> HTTPStatus:
    """Give the HTTP status of an error."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def retry_after(error: BelbaarError) -> int | None:
    """Give after how many seconds it is worth to ask again; None where it is not."""
    if isinstance(error, TooMany | ClockJumped):
        return error.seconds
    return _RETRY_SECONDS if status_of(error) is HTTPStatus.SERVICE_UNAVAILABLE else None
