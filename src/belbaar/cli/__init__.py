"""The front door: `belbaar` on the command line, where people ask and programs read.

    $ belbaar may-call +31201000007 --caller voltix --product energy

A command is one function that returns its exit status: 0 yes or fine, 1 no or failed, 2 a mistake in what was asked.
Here alone is the clock read, printed and exited. Only the module of the command that is asked is loaded.
"""

__all__ = ["main"]

import os
import sys


def main() -> None:
    """Run `belbaar` with the words of the command line, and exit with its status."""
    from belbaar.cli.app import app  # noqa: PLC0415  importing belbaar.cli costs nothing

    try:
        app(prog_name="belbaar")
    except SystemExit as end:
        _end(end.code)


def _end(status: str | int | None) -> None:
    """End at once. All is written and closed by now; taking Python apart would take a tenth of a verdict's time."""
    if not isinstance(status, int):
        sys.exit(status)
    sys.stderr.flush()
    os._exit(status)
