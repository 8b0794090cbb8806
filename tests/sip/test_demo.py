"""The demonstration, as it is run."""

import re
import subprocess
import sys

from tests.api.service import environment


def test_the_demonstration_calls_five_people_tells_what_became_of_it_and_finds_who_called_anonymously(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "sip", "demo", "--folder", "demo", "--at", "2026-09-08T14:00"],
        cwd=tmp_path, env=environment() | {"BELBAAR_KEYS": str(tmp_path / "keys")}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    outcomes = re.findall(r"^    (rings|refused, \d+)", run.stdout, re.MULTILINE)
    assert outcomes == ["rings", "refused, 608", "rings", "refused, 603", "refused, 433", "refused, 403"]
    assert re.search(r"\+31201000003 now: .*call\.made", run.stdout)
    assert re.search(r"\+31201000003 now: .*objection\.made", run.stdout)
    (letter,) = (tmp_path / "demo").glob("trace-*.pdf")
    assert letter.read_bytes().startswith(b"%PDF")
