"""The verifier: what checks a dossier, and travels in it as one file for the standard library alone.

>>> program = verifier_source()
>>> "belbaar.proof" in program.decode(), compile(program, "verify.py", "exec") is not None
(False, True)

It is kept here in five modules, ``reading``, ``checking``, ``heads``, ``claims`` and ``verify``, so that each can be
read and tested by itself; ``verifier_source`` puts them together. None imports anything of belbaar but the others.
"""

__all__ = ["SAFE_NAME", "Finding", "Findings", "findings", "verifier_source", "verify", "zipped"]

import ast
import re
from functools import cache
from pathlib import Path

from belbaar.proof.verifier.findings import Finding, Findings, findings
from belbaar.proof.verifier.reading import SAFE_NAME, zipped
from belbaar.proof.verifier.verify import verify

_MODULES = ("reading", "checking", "heads", "claims")
_IMPORT = re.compile(r"^from belbaar\.proof\.verifier\.(\w+) import (?:\([^)]*\)|[^\n(]*)\n", re.MULTILINE)


@cache
def verifier_source() -> bytes:
    """Give the verifier as one file: each import of a module of this room is replaced by its text, once."""
    before, *_, after = _IMPORT.split(_source("verify"))
    pieces = [_IMPORT.sub("", _body(name)) for name in _MODULES]
    return "".join([before, *pieces, after]).encode()


def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")


def _body(name: str) -> str:
    """Give a module's text after its docstring and the import that only a file's beginning may have."""
    source = _source(name)
    end = ast.parse(source).body[1].end_lineno
    return "\n".join(source.split("\n")[end:])
