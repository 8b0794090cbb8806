"""Every how-to page, done in a folder with the demo's files and store."""

import os
import shlex
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.api.service import TUESDAY
from tests.clock import clock_at
from tests.postgres import OWNER

PAGES = sorted((Path(__file__).parents[2] / "docs" / "howto").glob("*.md"))

AT = {"put-belbaar-in-front-of-your-dialer": TUESDAY, "find-an-anonymous-caller": TUESDAY}
"""Pages on which the hour plays a part, and what their clock shows."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs_as_it_is_written(page, replay, in_folder, demo_folder, tmp_path, request):
    folder = tmp_path / "folder"
    shutil.copytree(demo_folder, folder)
    more = request.getfixturevalue("server_in_the_environment") if page.stem == "use-postgresql" else {}
    more |= _belbaar_at(AT[page.stem], tmp_path) if page.stem in AT else {}
    try:
        replay(page, in_folder(folder, **more), folder)
    finally:
        for pid in folder.glob("*.pid"):  # what a page started and did not come to end
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGTERM)


def _belbaar_at(at: str, folder: Path) -> dict[str, str]:
    """A path on which there is a `belbaar` whose clock is set, and runs on; other programs have the true one."""
    variables = (f"{name}={shlex.quote(value)}" for name, value in clock_at(at).items())
    own = folder / "bin" / "belbaar"
    own.parent.mkdir()
    own.write_text(
        f'#!/bin/sh\n{" ".join(variables)} exec {Path(sys.executable).parent}/belbaar "$@"\n', encoding="utf-8"
    )
    own.chmod(0o755)
    return {"PATH": os.pathsep.join(map(str, (own.parent, Path(sys.executable).parent, os.environ["PATH"])))}


@pytest.fixture
def server_in_the_environment(postgres):
    """A server with an empty database belbaar, as libpq's own variables name it."""
    postgres.execute("CREATE DATABASE belbaar")
    yield {"PGHOST": str(postgres.folder), "PGPORT": str(postgres.port), "PGUSER": OWNER}
    postgres.drop("belbaar")
