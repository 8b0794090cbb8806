"""Every how-to page, done in a folder with the demo's files and store."""

import shutil
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "howto").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs_as_it_is_written(page, replay, in_folder, demo_folder, tmp_path):
    folder = tmp_path / "folder"
    shutil.copytree(demo_folder, folder)
    replay(page, in_folder(folder), folder)
