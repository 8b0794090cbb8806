"""What goes wrong around belbaar: a clear message, the right exit status, never a traceback, never a number."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from belbaar.cli import errors
from belbaar.errors import InputError, InternalError, ProofError

BELBAAR = (sys.executable, "-m", "belbaar.cli")
ENERGY = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00")
ASK = ("may-call", "020-1000001", *ENERGY)
RECORD = ("record", "klanten.jsonl")


def real(*words, **more):
    """Run belbaar as people do."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BELBAAR_")}
    done = subprocess.run(
        [*BELBAAR, *words], capture_output=True, text=True, check=False, env=environment | more.pop("env", {}), **more
    )
    assert "Traceback" not in done.stderr
    return done


def test_an_error_reads_where_what_what_to_do():
    error = InputError("it is odd", where="a.csv", todo="Mend it.", details=["row 2: odd", "row 3: odder"])
    assert errors.told(error) == "belbaar: a.csv:\n  it is odd.\n  row 2: odd\n  row 3: odder\n  Mend it."


def test_an_error_without_a_place_begins_with_what():
    assert errors.told(InputError("it is odd", todo="Mend it.")) == "belbaar: it is odd.\n  Mend it."


@pytest.mark.usefixtures("store")
def test_programs_get_the_same_on_standard_output(belbaar):
    result = belbaar("may-call", "020-1000001", "--caller", "x", "--product", "energy", "--json")
    assert set(json.loads(result.stdout)) == {"error", "what", "where", "todo", "details"}
    assert json.loads(result.stdout)["what"] in result.stderr


def test_a_locked_store_is_waited_for_and_then_told(belbaar, store, monkeypatch):
    monkeypatch.setattr("belbaar.ledger.sqlite_store._WAIT_SECONDS", 0.1)
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    result = belbaar(*RECORD)
    other.execute("ROLLBACK")
    other.close()
    assert result.exit_code == 2
    assert "locked by another process" in result.stderr
    assert "consent" not in belbaar("export").stdout


def test_a_newer_store_is_left_alone(belbaar, store):
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = store.read_bytes()
    for words in (ASK, RECORD, ("export",), ("init",), ("screen", "leads.csv", *ENERGY)):
        result = belbaar(*words)
        assert result.exit_code == 2, words
        assert "newer belbaar" in result.stderr
    assert store.read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_what_is_no_store_is_named(belbaar):
    content = b"no database at all, but quite long enough to be taken for one" * 20
    Path("belbaar.db").write_bytes(content)
    for words in (ASK, ("init",)):
        result = belbaar(*words)
        assert result.exit_code == 2
        assert result.stderr.startswith("belbaar: belbaar.db:")
    assert Path("belbaar.db").read_bytes() == content


@pytest.mark.usefixtures("folder")
def test_another_database_is_no_store(belbaar):
    with sqlite3.connect("belbaar.db") as connection:
        connection.execute("CREATE TABLE mine (x)")
    result = belbaar("init")
    assert result.exit_code == 2
    assert "not a belbaar store" in result.stderr


@pytest.mark.usefixtures("folder")
def test_a_missing_store_says_how_to_make_one(belbaar):
    result = belbaar(*ASK)
    assert result.exit_code == 2
    assert "belbaar init" in result.stderr
    assert not Path("belbaar.db").exists()


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_permissions_are_told(belbaar):
    Path("opt-ins.csv").chmod(0)
    result = belbaar("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltix")
    assert result.exit_code == 2
    assert "ermission" in result.stderr


@pytest.mark.usefixtures("recorded")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_full_disk_is_told(monkeypatch, unbuffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)  # empty is as not set: what users have
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run([*BELBAAR, "export"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.usefixtures("recorded")
def test_a_reader_that_goes_away_is_no_matter():
    asked = ["bash", "-c", f"{sys.executable} -m belbaar.cli law show | head -1"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("nl/")


@pytest.mark.usefixtures("store")
def test_an_interruption_is_quiet(belbaar, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("belbaar.cli.judging.judged", interrupted)
    result = belbaar(*ASK)
    assert result.exit_code == 130
    assert result.output == ""


@pytest.mark.usefixtures("recorded")
def test_a_terminal_that_knows_no_utf8_gets_an_answer():
    done = real("law", "show", "--lang", "nl", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0


@pytest.mark.usefixtures("store")
def test_belbaars_own_mistake_tells_nothing_of_anybody(belbaar, monkeypatch):
    def broken(*_: object) -> None:
        raise KeyError("+31201000001")

    monkeypatch.setattr("belbaar.cli.judging.judged", broken)
    result = belbaar(*ASK, "--json")
    assert result.exit_code == 70
    assert json.loads(result.stdout)["error"] == "internal"
    assert "KeyError" in result.stderr
    assert "+31201000001" not in result.output


def test_internal_errors_have_a_status_of_their_own():
    assert (errors.status(InputError("x")), errors.status(InternalError("x"))) == (2, 70)


def test_what_is_not_proven_has_the_status_of_a_no():
    assert errors.status(ProofError("x")) == 1


def test_from_an_empty_folder_to_a_verdict(folder):
    def done(*words):
        result = real(*words, cwd=folder)
        assert result.returncode == 0, result.stderr
        return result.stdout

    done("init")
    done("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
    done("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltix", "--product", "energy")
    assert done(*ASK).startswith("Allowed: ")
    assert "may be called" in done("screen", "leads.csv", *ENERGY)
    assert (folder / "leads.belbaar.csv").is_file()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told_before_anything_is_made(tmp_path, command):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = real(command, "--port", port, *(("--no-browser",) if command == "demo" else ()), cwd=tmp_path)
    assert done.returncode == 2
    assert f"127.0.0.1:{port}:\n  something listens there already.\n  Choose another" in done.stderr
    assert (done.stdout, list(tmp_path.iterdir())) == ("", []), "no key is shown that nobody can use"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--host", "192.0.2.1"), "this is no address of this machine"),
        (("--host", "nobody.invalid"), "this is no address of this machine"),
        (("--port", "80999"), "port:\n  this setting cannot be used"),
    ],
)
def test_where_nobody_can_listen_is_told_with_what_to_do(tmp_path, said, told):
    done = real("serve", *said, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []
