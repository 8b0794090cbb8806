"""Pages that run: every ``console`` block is executed, and its output must be what the page shows.

A block whose fence names a file (as in "csv consents.csv") writes that file. ``BELBAAR_REWRITE_DOCS=1`` puts what really
came out in the place of what the page shows.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REWRITE = bool(os.environ.get("BELBAAR_REWRITE_DOCS"))

_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?P<command>.*(?:\\\n.*)*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
_HASH = re.compile(r"\b[0-9a-f]{12}\b|\b[0-9a-f]{64}\b")


def environment(**more: str) -> dict[str, str]:
    """The environment of a reader: belbaar on the path, no settings of the developer's own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BELBAAR_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    return {
        **own,
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "USER": "iris",
        "LOGNAME": "iris",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def said(command: str, folder: Path, **more: str) -> str:
    """What a command says, on both streams."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 2), done.stdout
    return tidy(done.stdout)


def tidy(text: str) -> str:
    """Without the blanks that pad tables."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def without_hashes(text: str) -> str:
    """Rulesets are named by a hash of all their texts; a comma in one of them is no news to a page."""
    return _HASH.sub("…", text)


def replayed(
    page: Path,
    answer: Callable[[str], str],
    folder: Path | None = None,
    masked: Callable[[str], str] = without_hashes,
) -> None:
    """Run the commands of a page and hold their output against it, but for what is masked."""
    shown = page.read_text(encoding="utf-8")

    def run(found: re.Match[str]) -> str:
        output = answer(found["command"])
        if not REWRITE:
            assert masked(output) == masked(found["output"]), f"{page.name}: $ {found['command']}"
        return f"$ {found['command']}\n{output}"

    def do(block: re.Match[str]) -> str:
        if block["kind"] == "console":
            return f"```console\n{_COMMAND.sub(run, block['text'])}```"
        if block["file"] and folder:
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
        return block[0]

    real = _BLOCK.sub(do, shown)
    if REWRITE and real != shown:
        page.write_text(real, encoding="utf-8")


@pytest.fixture(scope="session")
def replay() -> Callable[..., None]:
    return replayed


@pytest.fixture(scope="session")
def in_folder() -> Callable[..., Callable[[str], str]]:
    return lambda folder, **more: lambda command: said(command, folder, **more)


@pytest.fixture(scope="session")
def demo_says() -> dict[str, str]:
    """The demo's commands and what they say. It makes demo/out anew, as ``make story`` does."""
    done = subprocess.run(
        [sys.executable, "-m", "demo.run"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == os.EX_OK, done.stdout
    parts = re.split(r"^\$ (.*)\n", done.stdout, flags=re.MULTILINE)[1:]
    return {
        command: tidy(re.split(r"^(?:# |What to look at)", output, flags=re.MULTILINE)[0].rstrip())
        for command, output in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's files and a store in which they are recorded."""
    folder = tmp_path_factory.mktemp("demo")
    for file in (ROOT / "demo" / "data").iterdir():
        shutil.copy(file, folder)
    for command in (
        "init",
        "caller add voltix --name 'Voltix Energie B.V.' --sector commercial --number +31201990001",
        "caller add waterdruppel --name 'Stichting Waterdruppel' --sector charity --number +31301990002",
        "caller add dagpost --name 'Dagpost Uitgevers B.V.' --sector press --number +31101990003",
        "record toestemmingen.csv --event consent.given --caller voltix --product energy",
        "record verzet.txt --event objection.made --caller voltix --at 2026-09-01",
        "record klanten.jsonl",
    ):
        subprocess.run(
            ["belbaar", *shlex.split(command)], cwd=folder, env=environment(), check=True, capture_output=True
        )
    return folder
