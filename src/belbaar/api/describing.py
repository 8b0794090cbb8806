"""The description of the end points: OpenAPI 3.1 out of the types that the code itself uses, and what they do not tell.

Litestar describes routes, bodies and answers. Added here, from what there is already: the meaning of fields, out of the
docstrings of their structs; the problems that every operation may answer with; which operations need a key; examples.
"""

__all__ = ["described"]

import inspect
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from belbaar.api.examples import EXAMPLES
from belbaar.api.problem_codes import CODES
from belbaar.api.problems import Problem

_METHODS = ("get", "post", "put", "patch", "delete")
_FIELD = re.compile(r"^ {4,8}(\w+): ", re.MULTILINE)
_ANY = {
    "404": ("There is no such thing, or it is not yours to see.", "not-found"),
    "408": ("What was sent came too slowly.", "too-slow"),
    "500": ("Belbaar made a mistake. Do not call.", "internal"),
    "503": ("The ledger does not answer in time. Do not call; ask again.", "store-unavailable"),
}
_BODY = {
    "400": ("What was sent cannot be read.", "malformed"),
    "409": ("It clashes with what is there already.", "key-reused"),
    "413": ("It is larger than may be.", "too-large"),
    "422": ("It can be read, and cannot be used.", "bad-input"),
}
_KEY = {
    "401": ("No good key came along.", "unauthorised"),
    "403": ("The key has no right to this.", "forbidden"),
    "429": ("The key asks more often than it may; Retry-After says when to ask again.", "too-many"),
}


def described(app: Litestar) -> dict[str, Any]:
    """Describe an application."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    handlers = {handler.operation_id: handler for handler in _handlers(app)}
    for item in schema["paths"].values():
        for method in _METHODS:
            if operation := item.get(method):
                _complete(operation, handlers[operation["operationId"]])
    components = schema["components"]
    components["responses"] = {
        f"problem-{status}": _problem(HTTPStatus(int(status)), *told) for status, told in (_ANY | _BODY | _KEY).items()
    }
    for name, struct in _structs().items():
        if name in components["schemas"]:
            _explain(components["schemas"][name], struct)
    schema["tags"] = [
        {"name": tag} for tag in dict.fromkeys(tag for each in _operations(schema) for tag in each["tags"])
    ]
    return schema


def _handlers(app: Litestar) -> Iterator[HTTPRouteHandler]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                yield handler


def _operations(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (item[method] for item in schema["paths"].values() for method in _METHODS if method in item)


def _complete(operation: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """Tell of an operation what its types do not."""
    needs_key = "principal" in handler.parsed_fn_signature.parameters or any(operation.get("security", ()))
    if not needs_key:
        operation["security"] = []
    has_input = "requestBody" in operation or "parameters" in operation
    told = _ANY | (_BODY if has_input else {}) | (_KEY if needs_key or has_input else {})
    good = {status: answer for status, answer in operation["responses"].items() if status < "400"}
    if gives := handler.opt.get("gives"):  # what is no JSON, by its media types
        good["200"]["content"] = {media_type: {"schema": {}} for media_type in gives}
    problems = {status: {"$ref": f"#/components/responses/problem-{status}"} for status in sorted(told)}
    operation["responses"] = good | problems
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and (examples := EXAMPLES.get(operation["operationId"])):
        body["examples"] = {
            re.sub(r"\W+", "-", name).lower(): {"summary": name, "value": value} for name, value in examples.items()
        }


def _problem(status: HTTPStatus, says: str, code: str) -> dict[str, Any]:
    example = Problem(f"/v1/problems/{code}", status.phrase, status.value, says, code, remedy=CODES[code].todo)
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": msgspec.to_builtins(example)}
    return {"description": says, "content": {"application/problem+json": content}}


def _structs() -> dict[str, type[msgspec.Struct]]:
    return {
        each.__name__: each for each in msgspec.Struct.__subclasses__() if each.__module__.startswith("belbaar.api")
    }


def _explain(schema: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Put the docstring of a struct with its schema, and what is said of each field with that field."""
    text = inspect.getdoc(struct) or ""
    head, _, fields = text.partition("\nArgs:\n")
    schema["description"] = " ".join(head.split())
    parts = _FIELD.split(fields)[1:]
    for name, said in zip(parts[::2], parts[1::2], strict=True):
        if name in schema["properties"]:
            schema["properties"][name]["description"] = " ".join(said.split())
    if struct.__struct_config__.forbid_unknown_fields:
        schema["additionalProperties"] = False
