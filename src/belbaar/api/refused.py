"""A refusal as it is sent to a program; it is noted for the request's line in the log, and counted."""

__all__ = ["refusal_of"]

from http import HTTPStatus

import msgspec

from belbaar.api.problems import problem_of, retry_after
from belbaar.api.watch.metrics import counted
from belbaar.api.watch.seen import seen
from belbaar.errors import BelbaarError


def refusal_of(error: BelbaarError) -> tuple[int, dict[str, str], bytes]:
    """Give the answer that tells a program of an error: status, headers, body."""
    problem = problem_of(error)
    seen().code = error.code
    counted().refusals.labels(error.code).inc()
    headers = {"content-type": "application/problem+json"}
    if seconds := retry_after(error):
        headers["Retry-After"] = str(seconds)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="belbaar"'
    return problem.status, headers, msgspec.json.encode(problem)
