"""The front door: `belbaar` on the command line, where people ask and programs read.

    $ belbaar may-call +31201000007 --caller voltix --product energy

A command is one function that returns its exit status: 0 yes or fine, 1 no or failed, 2 a mistake in what was asked.
Here alone is the clock read, printed and exited. Only the module of the command that is asked is loaded.
"""

__all__ = ["main"]


def main() -> None:
    """Run `belbaar` with the words of the command line, and exit with its status."""
    from belbaar.cli.app import app  # noqa: PLC0415  importing belbaar.cli costs nothing

    app(prog_name="belbaar")
