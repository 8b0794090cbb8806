"""The pages of the service: its description and its problems, as plain HTML; no script, nothing from elsewhere."""

__all__ = ["STYLE", "description_page", "problem_page"]

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from belbaar.api.problem_codes import CODES

STYLE = (Path(__file__).parent / "pages.css").read_text(encoding="utf-8")
_CODE = re.compile(r"``?([^`]+)``?")
_METHODS = ("get", "post", "put", "patch", "delete")


def description_page(described: Mapping[str, Any]) -> str:
    """Make the page of a description in OpenAPI."""
    operations = [
        (method, path, item[method])
        for path, item in described["paths"].items()
        for method in _METHODS
        if method in item
    ]
    tags = list(dict.fromkeys(tag for *_, operation in operations for tag in operation["tags"]))
    links = "".join(f'<li><a href="#{_anchor(tag)}">{escape(tag)}</a></li>' for tag in (*tags, "Fields", "Problems"))
    parts = [_INTRODUCTION]
    for tag in tags:
        parts.append(f'<h2 id="{_anchor(tag)}">{escape(tag)}</h2>')
        parts += [_operation(*each) for each in operations if tag in each[2]["tags"]]
    parts.append('<h2 id="fields">Fields</h2>')
    parts += [_schema(name, schema) for name, schema in sorted(described["components"]["schemas"].items())]
    parts.append('<h2 id="problems">Problems</h2><dl class="problems">')
    parts += [
        f'<dt id="{code}"><a href="/v1/problems/{code}"><code>{code}</code></a></dt>'
        f"<dd>{_words(meaning.says)} <em>{_words(meaning.todo)}</em></dd>"
        for code, meaning in sorted(CODES.items())
    ]
    parts.append("</dl>")
    info = described["info"]
    return _page(f"{info['title']} {info['version']}", info["summary"], f"<nav><ul>{links}</ul></nav>", "".join(parts))


def problem_page(code: str, says: str, todo: str) -> str:
    """Make the page of a problem."""
    body = (
        f'<p>{_words(says)}</p><p><strong>{_words(todo)}</strong></p><p><a href="/docs#problems">All problems</a></p>'
    )
    return _page(code, "What this problem means, and what to do.", "", body)


_INTRODUCTION = """
<p>Send your key with every request, and nowhere but in this header:</p>
<pre>Authorization: Bearer bel_…</pre>
<p>A call that may not be made is an answer (<code>"allowed": false</code>), not an error.
Errors are <code>application/problem+json</code> and say <code>"allowed": false</code> too: in doubt, the answer is no.
Numbers go in bodies, never in URLs. This description for programs: <a href="/v1/openapi.json">openapi.json</a>.</p>
"""


def _page(title: str, says: str, nav: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/docs/style.css"></head><body>'
        f"<header><h1>{escape(title)}</h1><p>{_words(says)}</p></header>{nav}<main>{body}</main></body></html>"
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    """Write one operation: what it is for, what it takes, what it gives."""
    shown = path.replace("/", "/<wbr>")
    parts = [
        (
            f'<section id="{escape(operation["operationId"])}"><h3><span class="{method}">{method.upper()}</span> '
            f"<code>{shown}</code></h3><p><strong>{_words(operation.get('summary', ''))}</strong></p>"
        ),
        *(f"<p>{_words(each)}</p>" for each in operation.get("description", "").split("\n\n") if each),
    ]
    if operation.get("security") == []:
        parts.append("<p>Needs no key.</p>")
    if rows := [_row(each["name"], each["schema"], each) for each in operation.get("parameters", ())]:
        parts.append(f"<table><tbody>{''.join(rows)}</tbody></table>")
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<p>Takes {_type(body['schema'])} as <code>{escape(media_type)}</code>.</p>")
        for example in body.get("examples", {}).values():
            written = json.dumps(example["value"], indent=2, ensure_ascii=False)
            parts.append(
                f"<details><summary>{_words(example['summary'])}</summary><pre>{escape(written)}</pre></details>"
            )
    parts += [f"<p>Gives {each}.</p>" for each in _answers(operation)]
    return "".join([*parts, "</section>"])


def _answers(operation: Mapping[str, Any]) -> Iterator[str]:
    problems = []
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            problems.append(status)
            continue
        kinds = [
            f"{_type(each.get('schema', {}))} as <code>{escape(media)}</code>"
            for media, each in answer.get("content", {}).items()
        ]
        yield f"{status}: {' or '.join(kinds) or 'nothing'}"
    yield f'{", ".join(problems)}: <a href="#problems">a problem</a>'


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = [_row(field, each, {"required": field in needed}) for field, each in schema.get("properties", {}).items()]
    says = f"<p>{_words(schema.get('description', ''))}</p>"
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3>{says}<table><tbody>{"".join(rows)}</tbody></table></section>'


def _row(name: str, schema: Mapping[str, Any], more: Mapping[str, Any]) -> str:
    says = _words(schema.get("description", more.get("description", "")))
    default = f" Left out: <code>{escape(json.dumps(schema['default']))}</code>." if "default" in schema else ""
    need = " <b>needed</b>" if more.get("required") else ""
    return f"<tr><th><code>{escape(name)}</code></th><td>{_type(schema)}{need}</td><td>{says}{default}</td></tr>"


def _type(schema: Mapping[str, Any]) -> str:
    """Say in a few words what a schema takes."""
    if ref := schema.get("$ref"):
        name = escape(ref.rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(_type(each) for each in choices)
    if "enum" in schema:
        return " · ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"array of {_type(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    return escape(kinds if isinstance(kinds, str) else " or ".join(kinds))


def _words(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _anchor(text: str) -> str:
    return re.sub(r"\W+", "-", text).lower()
