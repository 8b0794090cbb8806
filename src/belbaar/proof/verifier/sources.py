"""The verifier as files that stand alone: ``verify.py`` for Python, ``verify.html`` for a browser.

>>> b"belbaar.proof" in verifier_source(), compile(verifier_source(), "verify.py", "exec") is not None
(False, True)
>>> page = verifier_page()
>>> page.count(b"<script"), b"src=" in page, b"href=" in page
(1, False, False)

Both are kept in modules that can be read and tested by themselves, and are put together here: each import of another
module is replaced by its text, once. The page's policy names the hashes of its one script and its one style, and
allows nothing else: it asks nothing of the network.
"""

__all__ = ["page_script", "verifier_page", "verifier_source"]

import ast
import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from belbaar.proof.verifier.dutch import DUTCH

_FOLDER = Path(__file__).parent
_MODULES = ("reading", "checking", "heads", "claims")
_IMPORT = re.compile(r"^from belbaar\.proof\.verifier\.(\w+) import (?:\([^)]*\)|[^\n(]*)\n", re.MULTILINE)
_SCRIPTS = ("reading", "jcs", "zip", "tree", "ed25519", "heads", "claims", "verify", "words", "page")
"""Each after those that it needs."""
_SCRIPT_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_SCRIPT_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@cache
def verifier_source() -> bytes:
    """Give the verifier as one file for the standard library alone."""
    before, *_, after = _IMPORT.split(_source("verify.py"))
    pieces = [_IMPORT.sub("", _body(name)) for name in _MODULES]
    return "".join([before, *pieces, after]).encode()


@cache
def verifier_page() -> bytes:
    """Give the verifier as one page."""
    style, script = _source("page/page.css"), page_script()
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    page = _source("page/page.html")
    for name, content in (("policy", policy), ("style", style), ("script", script)):
        before, _, after = page.partition(f"{{{{{name}}}}}")
        page = before + content + after
    return page.encode()


def page_script(names: tuple[str, ...] = _SCRIPTS) -> str:
    """Put modules of the page together as one script, with the Dutch, and the verify.py that belongs to it."""
    data = {"dutch": dict(DUTCH), "verifier": sha256(verifier_source()).hexdigest()}
    told = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return "\n".join([f"const DATA = {told};\n", *map(_scope, names)])


def _scope(name: str) -> str:
    """Give a module of the page as a function's body, so that only what it exports is seen by others."""
    text = _source(f"page/{name}.js")
    given = ", ".join(found[2] for found in _SCRIPT_EXPORT.finditer(text))
    body = _SCRIPT_EXPORT.sub(r"\1", _SCRIPT_IMPORT.sub(r"const \1 = \2_js;", text))
    return f"const {name}_js = (() => {{\n{body}\nreturn {{ {given} }};\n}})();\n"


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _body(name: str) -> str:
    """Give a module's text after its docstring and the import that only a file's beginning may have."""
    source = _source(f"{name}.py")
    end = ast.parse(source).body[1].end_lineno
    return "\n".join(source.split("\n")[end:])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
