"""The command line with Spark: as a command, by spark-submit, and what is refused before Spark starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import belbaar, folder, recorded, store  # noqa: F401  fixtures

QUESTION = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00", "--json")


@pytest.fixture
def leads(recorded):  # noqa: F811
    path = recorded.parent / "leads.parquet"
    pq.write_table(pa.table({"Telefoon": ["0201000001", "020-1000002", "onbekend"]}), path)
    return path


@pytest.mark.slow
def test_spark_submit_runs_the_same_command(belbaar, leads):  # noqa: F811
    plain = json.loads(belbaar("screen", str(leads), *QUESTION).stdout)
    job = leads.with_name("job.py")
    job.write_text("from belbaar.cli import main\n\nmain()\n", encoding="utf-8")
    submit = Path(sys.executable).with_name("spark-submit")
    command = [submit, "--master", "local[1]", "--conf", "spark.ui.enabled=false", job, "screen", leads, *QUESTION]
    command += ["--engine", "spark", "--out", leads.with_name("out")]
    python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    done = subprocess.run(
        command, cwd=leads.parent, capture_output=True, text=True, check=False, env=os.environ | python
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    differs = {"out", "notes", "entry"}  # each screening is an entry of its own
    assert {key: told[key] for key in told if key not in differs} == {
        key: plain[key] for key in plain if key not in differs
    }
    assert pq.read_table(leads.with_name("out")).num_rows == 3
    words = ("dossier", "--screening", str(told["entry"]), "020-1000001", "--out", "list.zip")
    assert belbaar(*words).exit_code == 3
    assert "is in the list of 3 rows that" in belbaar("verify", "list.zip").stdout


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--master", "local[1]"), "--master"),
        (("--remote", "sc://localhost"), "--remote"),
        (("--e164",), "--e164"),
        (("--engine", "spark", "--sheet", "x"), "--sheet"),
        (("--engine", "spark", "--evidence", "2"), "--evidence"),
        (("--engine", "spark", "--master", "local[1]", "--remote", "sc://localhost"), "--master, --remote"),
    ],
)
def test_words_that_have_no_meaning_here_are_refused(belbaar, leads, words, where):  # noqa: F811
    result = belbaar("screen", str(leads), *QUESTION, *words)
    assert result.exit_code == 2
    assert json.loads(result.stdout)["where"] == where


def test_a_demand_of_the_caller_is_refused_too_and_says_what_to_do(belbaar, leads):  # noqa: F811
    belbaar("caller", "describe", "voltix", "--evidence", "1")
    result = belbaar("screen", str(leads), *QUESTION, "--engine", "spark")
    assert (result.exit_code, "without --engine spark" in json.loads(result.stdout)["todo"]) == (2, True)
