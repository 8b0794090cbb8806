"""The house keeps its rules: small files, short functions, no stray clocks, rooms that say what they are."""

import ast
import importlib
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "belbaar"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "versions" not in path.parts)  # migrations are frozen
SCRIPTS = sorted(path for path in SOURCE.rglob("*.js") if ".min." not in path.name)  # what others wrote is as they did
LOOSE = re.compile(r"\bvar \w|[^=!]==[^=]|!=[^=]|\bconsole\.|\bdebugger\b|\t")
SHARP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\bimport\(|\bfetch\b|XMLHttpRequest|"
    r"WebSocket|EventSource|sendBeacon|localStorage|sessionStorage|indexedDB|\bcookie\b|setTimeout|https?:"
)
HTML = re.compile(SHARP.pattern.partition(r"|\bimport")[0] + r"|\bimport\(|\bcookie\b|XMLHttpRequest|WebSocket")
ASKING = {"optin.js", "belbaar.js"}
"""Scripts that ask the service and keep what it did not take yet, or wait for a time."""
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60
ROOMS = (
    "tables",
    "numbers",
    "ledger",
    "law",
    "verdict",
    "proof",
    "trace",
    "capture",
    "requests",
    "complaints",
    "api",
    "sip",
    "client",
    "mcp",
    "cli",
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_are_small_and_functions_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body  # a command's options and help are no code
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small_and_keep_away_from_what_is_dangerous(path):
    """No text becomes code or HTML, nothing is asked of the network or kept, nothing is compared loosely."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 120 or path.name == "words.js"  # its sentences are not broken
    assert lines[0].startswith("// ")
    assert not LOOSE.search(text)
    assert not (HTML if path.name in ASKING else SHARP).search(text)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for_and_names_what_others_may_use(room):
    module = importlib.import_module(f"belbaar.{room}")
    assert module.__doc__
    assert all(hasattr(module, name) for name in module.__all__)
