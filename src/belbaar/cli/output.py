"""What is printed: JSON for programs, tables and colours for people, and no colours where nobody looks."""

__all__ = ["console", "count", "hint", "print_json", "print_json_line", "show", "table"]

import json
import sys
from collections.abc import Iterable, Sequence

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

_WIDE = 160
"""Columns where there is no terminal to measure: enough to keep a row on its line."""


def console(*, stderr: bool = False) -> Console:
    """Give a console on a stream; words are printed as they are."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def show(*parts: RenderableType) -> None:
    """Print tables and texts on standard output."""
    printer = console()
    with printer.capture() as captured:
        printer.print(*parts, sep="\n")
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def table(rows: Iterable[Iterable[str | Text]], *, header: Sequence[str] = (), right: Sequence[int] = ()) -> Table:
    """Make a table without lines; the columns named in ``right`` are numbers."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(header))
    for row in rows:
        made.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    for index, column in enumerate(made.columns):
        column.header = header[index] if header else ""
        column.justify = "right" if index in right else "left"
        column.overflow = "fold"
    return made


def print_json(data: object) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def print_json_line(data: object) -> None:
    """Print one line of JSON Lines."""
    typer.echo(json.dumps(data, ensure_ascii=False))


def hint(text: str) -> None:
    """Say something that is worth knowing and changes nothing, beside the answer."""
    typer.echo(f"belbaar: {text}", err=True)


def count(number: int) -> str:
    """Write a count as people read it.

    >>> count(12314)
    '12 314'
    """
    return f"{number:,}".replace(",", " ")
