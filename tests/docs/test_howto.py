"""Every how-to page, done in a folder with the demo's files and store."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.postgres import OWNER

PAGES = sorted((Path(__file__).parents[2] / "docs" / "howto").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs_as_it_is_written(page, replay, in_folder, demo_folder, tmp_path, request):
    folder = tmp_path / "folder"
    shutil.copytree(demo_folder, folder)
    server = request.getfixturevalue("server_in_the_environment") if page.stem == "use-postgresql" else {}
    try:
        replay(page, in_folder(folder, **server), folder)
    finally:
        for pid in folder.glob("*.pid"):  # what a page started and did not come to end
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGTERM)


@pytest.fixture
def server_in_the_environment(postgres):
    """A server with an empty database belbaar, as libpq's own variables name it."""
    postgres.execute("CREATE DATABASE belbaar")
    yield {"PGHOST": str(postgres.folder), "PGPORT": str(postgres.port), "PGUSER": OWNER}
    postgres.drop("belbaar")
