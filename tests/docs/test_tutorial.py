"""The tutorial, done from its first line to its last in an empty folder."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_the_tutorial_runs_as_it_is_written(replay, in_folder, tmp_path):
    replay(PAGE, in_folder(tmp_path), tmp_path)
