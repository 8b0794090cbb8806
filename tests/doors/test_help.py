"""Help screens: a question, an example that works, the exit status; and they come at once."""

import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from belbaar import __version__
from belbaar.cli.app import SECTIONS
from belbaar.cli.commands import Command, Place, Shelf

A_SERVER = "postgresql://localhost/belbaar"
"""What examples call the database of a server; the tests have another."""
HEAVY = ("duckdb", "pyarrow", "alembic", "sqlalchemy", "openpyxl", "adbc_driver_sqlite", "psycopg", "pyspark", "py4j")


WITH_OTHERS = {
    ("log", "anchor"),
    ("witness",),
    ("serve",),
    ("mcp",),
    ("key", "revoke"),
    ("sip", "config"),
    ("sip", "incoming"),
    ("form", "paper"),
    ("demo",),
    ("sip", "demo"),
    ("sip", "agi"),
    ("sip", "speak"),
    ("sip", "calls"),
    ("sip", "break-glass"),
}
"""Commands whose examples need somebody else: tests/proof/test_attacks_log.py and tests/api run them as processes."""
SHOWN = {("demo",), ("sip", "demo"), ("sip", "agi"), ("sip", "speak")}
"""Commands that tell a program nothing: they are looked at, or spoken to by another road."""
_ACCOUNT = ("add", "end", "invite", "list")
NEEDING_ORGANISATIONS = {
    ("organisation", "caller"),
    ("key", "create"),
    ("campaign", "add"),
    ("trace", "list"),
    ("campaign", "list"),
    ("caller", "held"),
    ("caller", "code"),
    ("agent", "add"),
    ("organisation", "trust"),
    ("sip", "missing"),
    *(("account", word) for word in _ACCOUNT),
}


def _places() -> Iterator[tuple[tuple[str, ...], Place]]:
    for places in SECTIONS.values():
        yield from _under((), places)


def _under(words: tuple[str, ...], places: Mapping[str, Place | Shelf]) -> Iterator[tuple[tuple[str, ...], Place]]:
    for name, place in places.items():
        if isinstance(place, Shelf):
            yield from _under((*words, name), place.places)
        else:
            yield (*words, name), place


def _commands() -> list[tuple[tuple[str, ...], Command]]:
    return [(words, place.load()) for words, place in _places()]


EVERY = pytest.mark.parametrize(
    ("words", "command"), [pytest.param(*item, id=" ".join(item[0])) for item in _commands()]
)


@EVERY
def test_every_command_shows_an_example_and_its_exit_status(belbaar, words, command):
    shown = belbaar(*words, "--help")
    assert shown.exit_code == 0
    assert all(example in shown.stdout for example in command.examples)
    assert all(example.startswith(f"belbaar {' '.join(words)}") for example in command.examples)
    assert "Exit status: 0" in shown.stdout
    assert "--json" in shown.stdout or words in SHOWN


@pytest.mark.parametrize("place", [place for _, place in _places()], ids=lambda place: place.at)
def test_a_command_says_the_same_of_itself_as_the_screen_above_it(place):
    told = " ".join((place.load().run.__doc__ or "").split())
    assert told.startswith(place.help)


@EVERY
def test_every_example_works(belbaar, recorded, words, command, request):
    if words == ("init",):
        recorded.unlink()
        shutil.rmtree(f"{recorded}.keys")
    for organisation in ("house", "bureau") if words in NEEDING_ORGANISATIONS else ():
        belbaar("organisation", "add", organisation, "--name", organisation)
    if words in (("account", "end"), ("account", "invite")):
        belbaar("account", "add", "an@voltix.example", "--organisation", "house", "--role", "officer")
    if words == ("dossier",):
        belbaar("screen", "leads.csv", "--caller", "voltix", "--product", "energy")
    for example in command.examples if words not in WITH_OTHERS else ():
        if A_SERVER in example:
            example = example.replace(A_SERVER, request.getfixturevalue("postgres_url"))  # noqa: PLW2901
        parts = shlex.split(example.partition("|")[0])[1:]
        found = [name for part in parts for name in (sorted(map(str, Path().glob(part))) if "*" in part else [part])]
        result = belbaar(*found)
        assert result.exit_code in (0, 1, 3), f"{example}: {result.output}"


def test_help_lists_all_commands_in_sections(belbaar):
    shown = belbaar("--help").stdout
    for title, places in SECTIONS.items():
        assert f"\n{title}:\n" in shown
        assert all(f"  {name} " in shown for name in places)


def test_version(belbaar):
    assert belbaar("--version").stdout == f"belbaar {__version__}\n"


@pytest.mark.parametrize("words", [(), ("law",), ("caller",)])
def test_who_asks_nothing_gets_the_help_screen(belbaar, words):
    result = belbaar(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: belbaar")
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (("may-cal",), '"may-call"'),
        (("law", "shw"), '"show"'),
        (("may-call", "1", "--produc", "x"), '"--product"'),
        (("screen", "x", "--compar", "x"), '"--compare"'),
    ],
)
def test_a_slip_of_the_pen_gets_the_nearest_word(belbaar, words, nearest):
    result = belbaar(*words)
    assert result.exit_code == 2
    assert f"Did you mean {nearest}?" in result.stderr


def _loaded(folder: Path, *words: str) -> set[str]:
    program = (
        "import os, sys\n"
        "from belbaar.cli import main\n"
        "os._exit = lambda status: print(*sys.modules, file=sys.stderr)\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_no_engine_and_no_drawing(folder):
    assert not _loaded(folder, "--help") & {*HEAVY, "rich", "sqlglot", "sqlite3"}


def test_one_verdict_loads_no_list_engine(recorded):
    asked = ("may-call", "020-1000001", "--caller", "voltix", "--product", "energy")
    loaded = _loaded(recorded.parent, *asked)
    assert "sqlglot" in loaded
    assert not loaded & {*HEAVY, "cryptography", "belbaar.proof"}


@pytest.mark.parametrize(
    ("words", "seconds"),
    [(("--help",), 0.3), (("may-call", "020-1000001", "--caller", "voltix", "--product", "energy"), 0.6)],
)
def test_the_first_answer_comes_at_once(recorded, words, seconds):
    command = [sys.executable, "-m", "belbaar.cli", *words]

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=recorded.parent, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(3)) < seconds
