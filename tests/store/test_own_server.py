"""The tests' own PostgreSQL comes and goes by itself."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from belbaar.ledger import open_store
from tests.postgres import server

HOLD = """
import sys
from tests.postgres import server
with server() as postgres:
    print(postgres.folder, postgres.url("postgres"), flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


def test_a_ledger_for_one_test_is_empty_and_its_own(postgres, postgres_url):
    other = postgres.store()
    with open_store(postgres_url) as one, open_store(other) as two:
        one.connection.execute("INSERT INTO product (path) VALUES ('energy')")
        assert (one.position(), two.position()) == (0, 0)
        assert list(two.known().products) == ["*"]
    postgres.drop(urlsplit(other).path[1:])


def test_it_is_stopped_and_taken_away_when_the_block_fails():
    def broken():
        with server() as postgres:
            raise LookupError(postgres.folder, postgres.url("postgres"))

    with pytest.raises(LookupError) as raised:
        broken()
    folder, url = raised.value.args
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_it_stops_when_who_started_it_is_killed():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    folder, url = holder.stdout.readline().split()
    psycopg.connect(url).close()
    holder.kill()
    holder.communicate()
    assert gone(Path(folder) / "data" / "postmaster.pid")
    shutil.rmtree(folder)  # the one thing that nobody was left to do


def gone(path):
    for _ in range(100):
        if not path.exists():
            return True
        time.sleep(0.1)
    return False
