"""Commands and how they are shown: a question in the field's words, an example that works, the exit status.

Groups know their commands by place only, so that a help screen loads none of them and a command loads nothing but
itself.
"""

__all__ = ["SETTINGS", "Command", "Group", "Place", "Shelf"]

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer._click.core import Command as AnyCommand
from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup
from typer.main import get_command

from belbaar.cli.errors import usage
from belbaar.errors import nearest

SETTINGS: Mapping[str, Any] = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


@dataclass(frozen=True)
class Command:
    """A command: a function that returns its exit status, examples that work, and what each status means.

    The first sentence of the function's docstring is its line in the help screens above it.
    """

    run: Callable[..., int]
    examples: tuple[str, ...]
    status: str

    @property
    def help(self) -> str:
        """The help screen's text; a paragraph that begins with a backspace keeps its lines."""
        examples = "\n".join(f"    {example}" for example in self.examples)
        return f"{inspect.cleandoc(self.run.__doc__ or '')}\n\n\b\n{examples}\n\nExit status: {self.status}."

    def build(self, name: str) -> AnyCommand:
        """Make the command that typer runs."""
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name, help=self.help, context_settings=dict(SETTINGS))(self.run)
        return get_command(app)


@dataclass(frozen=True)
class Place:
    """Where a command is, as ``module:name`` in this room, and its line in a help screen."""

    at: str
    help: str

    def load(self) -> Command:
        """Import the command."""
        module, _, name = self.at.partition(":")
        command: Command = getattr(import_module(f"belbaar.cli.{module}"), name)
        return command


@dataclass(frozen=True)
class Shelf:
    """Commands under one word, such as ``law show`` and ``law diff``."""

    help: str
    places: "Mapping[str, Place | Shelf]"


class Group(TyperGroup):
    """A word with commands under it, in sections; each is loaded when it is asked."""

    sections: Mapping[str, Mapping[str, Place | Shelf]]

    @property
    def places(self) -> dict[str, Place | Shelf]:
        """All commands of all sections, in order."""
        return {name: place for places in self.sections.values() for name, place in places.items()}

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  typer's signature
        """Name the commands, in the order of the help screen."""
        return list(self.places)

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:  # noqa: ARG002  typer's signature
        """Load a command."""
        place = self.places.get(cmd_name)
        if isinstance(place, Shelf):
            return shelved(cmd_name, place)
        return place.load().build(cmd_name) if place else None

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Show the help screen to who asks nothing."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Find the command, or name the nearest."""
        if args[0] not in self.places and not args[0].startswith("-"):
            raise usage(f'"{args[0]}" is not a command.', where=ctx.command_path, todo=nearest(args[0], self.places))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002  typer's signature
        """Write the commands section by section, names in one column throughout."""
        width = max(map(len, self.places))
        for title, places in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), place.help) for name, place in places.items()])


def shelved(name: str, shelf: Shelf) -> Group:
    """Make the group of a shelf."""
    group = Group(name=name, help=shelf.help, rich_markup_mode=None, context_settings=dict(SETTINGS))
    group.sections = {"Commands": shelf.places}
    return group
