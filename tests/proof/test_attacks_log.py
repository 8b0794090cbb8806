"""Attacks on the log by whoever has the database, and the keys too: with real programs, as an auditor would see them.

A witness runs in a process of its own, with a memory that the attacker cannot reach. Everything else is the attacker's.
"""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest

from belbaar.errors import ProofError
from belbaar.ledger import create_store
from belbaar.proof.keys.trust import read_key
from belbaar.proof.log.checkpoint import Checkpoint, signed_checkpoint
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note import parse
from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.log.tiles import consistency, root
from belbaar.proof.outsiders.anchoring import anchor
from belbaar.proof.outsiders.witness_http import cosigned
from tests.proof.stores import NUMBER, consent, opened, with_caller, written

ROWS = "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(
    f"+3120100000{n};1-9-2026 10:0{n};Ja, Voltix mag mij bellen.;sms\n" for n in range(1, 6)
)
RECORD = ("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltix", "--product", "energy")


class House:
    """The caller's own machine: a folder with a store, its keys, and whoever may write there."""

    def __init__(self, folder):
        self.folder = folder
        self.database, self.keys = folder / "belbaar.db", folder / "belbaar.db.keys"

    def run(self, *words, status=0):
        command = [sys.executable, "-m", "belbaar.cli", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def record(self, rows):
        (self.folder / "opt-ins.csv").write_text(rows, encoding="utf-8")
        self.run(*RECORD)

    def do(self, *statements):
        """Do something to the database past belbaar."""
        with sqlite3.connect(self.database) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def copy(self):
        """Copy all there is, nobody being in it."""
        place = self.folder / "copy"
        place.mkdir()
        shutil.copy(self.database, place)
        shutil.copytree(self.keys, place / "keys")
        return place


@pytest.fixture(scope="module")
def first_house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("first"))
    made.run("init", "--origin", "voltix.example/log/2026")
    made.run("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
    made.record(ROWS)
    made.run(
        "may-call", "+31201000001", "--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00", "--keep"
    )
    return made


@pytest.fixture
def house(first_house, tmp_path):
    shutil.copytree(first_house.folder, tmp_path / "house")
    return House(tmp_path / "house")


@pytest.fixture
def witness(house, tmp_path):
    """A witness that has seen the log once; gives its URL and key."""
    vkey = json.loads(house.run("log", "trust"))["logs"][0]["keys"][0]["vkey"]
    place = tmp_path / "elsewhere"
    place.mkdir()
    command = [sys.executable, "-m", "belbaar.cli", "witness", "--log", vkey, "--name", "witness.example/w1"]
    process = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0", "--json"], cwd=place, stdout=subprocess.PIPE, text=True
    )
    try:
        told = json.loads(process.stdout.readline())
        assert "signed the head" in house.run("log", "anchor", "--witness", f"{told['url']}={told['key']}")
        yield told
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_log_that_nobody_touched_is_sound_and_the_witness_agrees(house, witness):
    assert "The log is sound" in house.run("log", "check")
    told = json.loads(house.run("log", "check", "--witness", "--json"))
    assert (told["sound"], told["witnesses"]) == (True, {"witness.example/w1": "agrees"})
    assert "has seen all there is" in house.run("log", "anchor")
    assert witness["key"] in house.run("log", "trust")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE event SET at = at - 86400000000 WHERE seq = 2", "event 2: it is not what entry 2 of the log says: at."),
        ("UPDATE event SET number = 31201000009 WHERE seq = 3", "event 3: it is not what entry 3"),
        ("DELETE FROM event WHERE seq = 4", "event 4: it is gone from the ledger; entry 4"),
        (
            ("INSERT INTO event SELECT 9, zeroblob(16), kind, number, caller, agent, at, recorded_at, fields, source, row "
            "FROM event WHERE seq = 1"),
            "event 9: the log has no entry of it",
        ),
        ("UPDATE leaf SET entry = (SELECT entry FROM leaf WHERE ix = 1) WHERE ix = 3", "leaf 3 is not what the log once held"),
        ("DELETE FROM leaf WHERE ix = 2", "leaf 2 is missing"),
        ("DELETE FROM leaf WHERE ix = 7", "an older copy of the store was put back, or its end cut off"),
        (
            "INSERT INTO leaf SELECT 8, id, entry, sealed, handle, 0 FROM leaf WHERE ix = 1",
            "the log has 9 entries, and the latest signed head 8",
        ),
        ("UPDATE logged_text SET content = 'Ja, iedereen mag mij bellen.' WHERE kind = 'text'", "the text of entry 0"),
        ("UPDATE leaf SET sealed = x'' WHERE ix = 7", "entry 7: its content or its key is gone, and no erasure names it"),
    ],
)  # fmt: skip
def test_what_is_done_past_belbaar_is_named(house, statement, named):
    house.do(statement)
    said = house.run("log", "check", status=1)
    assert named in said
    assert "NOT sound" in said
    assert "31201" not in said


def test_two_entries_that_changed_places_are_named(house):
    house.do(
        "UPDATE leaf SET ix = -1 WHERE ix = 1",
        "UPDATE leaf SET ix = 1 WHERE ix = 2",
        "UPDATE leaf SET ix = 2 WHERE ix = -1",
    )
    assert "leaf 1 is not what the log once held" in house.run("log", "check", status=1)


def test_an_older_copy_of_the_database_shows_and_is_not_written_to(house):
    copy = house.copy()
    house.record(ROWS.replace("100000", "100001"))
    shutil.copy(copy / "belbaar.db", house.database)
    assert "older copy" in house.run("log", "check", status=1)
    (house.folder / "opt-ins.csv").write_text(ROWS.replace("100000", "100002"), encoding="utf-8")
    assert "older copy" in house.run(*RECORD, status=2)


def test_an_older_copy_of_database_and_keys_the_witness_tells(house, witness):
    copy = house.copy()
    house.record(ROWS.replace("100000", "100001"))
    house.run("log", "anchor")
    shutil.copy(copy / "belbaar.db", house.database)
    shutil.rmtree(house.keys)
    shutil.copytree(copy / "keys", house.keys)
    assert "The log is sound" in house.run("log", "check")  # by itself nothing shows
    said = house.run("log", "check", "--witness", status=1)
    assert "the witness has signed 13 leaves, the log has 8" in said
    assert witness["url"] in said
    house.run("log", "anchor")  # nothing is new to this copy
    house.record(ROWS.replace("100000", "100003"))
    assert "another history" in house.run("log", "anchor", status=1)


def test_a_log_that_was_rewritten_and_signed_again_the_witness_refuses(house, witness):
    """The attacker has everything: makes the log anew without one consent, signed by the real key."""
    copy = house.copy()
    house.database.unlink()
    for end in ("-wal", "-shm"):
        house.database.with_name(house.database.name + end).unlink(missing_ok=True)
    shutil.rmtree(house.keys)
    house.run("init", "--origin", "voltix.example/log/2026")
    for name in ("log.key", "trust.json", "anchors.json"):
        shutil.copy(copy / "keys" / name, house.keys / name)
    house.run("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
    house.record("\n".join(ROWS.splitlines()[:-1]) + "\n")
    for _ in range(4):
        house.run(
            "may-call",
            "+31201000001",
            "--caller",
            "voltix",
            "--product",
            "energy",
            "--at",
            "2026-09-08T14:00",
            "--keep",
        )
    assert "The log is sound" in house.run("log", "check")  # by itself nothing shows
    said = house.run("log", "anchor", status=1)
    assert "the witness remembers another history of this log" in said
    assert witness["url"] in said
    assert "another history" in house.run("log", "check", "--witness", status=1)


def test_two_histories_cannot_be_shown_to_two_readers(house, witness, tmp_path):
    """One log has the consent, the other has not; both are signed by the real key, one witness signs only one."""
    key = VerifierKey.parse(witness["key"])
    create_store(tmp_path / "other.db").close()
    shutil.copytree(house.keys, tmp_path / "keys")
    (tmp_path / "keys" / "head.note").unlink()
    with opened(str(tmp_path / "other.db"), tmp_path / "keys") as other:
        with_caller(other)
        written(other, *(consent(NUMBER + n) for n in range(20)))
        log = log_of(other)
        signer = read_key(tmp_path / "keys" / "log.key")
        for size in (8, 12, 21):
            head = signed_checkpoint(Checkpoint(signer.name, size, root(log.connection, size)), signer)
            with pytest.raises(ProofError) as caught:
                cosigned(witness["url"], key, head, lambda old, size=size: consistency(log.connection, old, size))
            assert caught.value.code == "log-forked"
        done = anchor(log)
        assert done.failures["witness.example/w1"].code == "log-forked"
        note = other.connection.execute("SELECT note FROM head").fetchone()[0]
        assert key.name not in {line.name for line in parse(note).signatures}


def test_a_witness_that_was_killed_forgets_nothing(house, tmp_path):
    vkey = json.loads(house.run("log", "trust"))["logs"][0]["keys"][0]["vkey"]
    place = tmp_path / "elsewhere"
    place.mkdir()
    command = [sys.executable, "-m", "belbaar.cli", "witness", "--log", vkey, "--listen", "127.0.0.1:0", "--json"]
    keys = set()
    for copy in (None, house.copy()):
        process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True)
        try:
            told = json.loads(process.stdout.readline())
            keys.add(told["key"])
            if copy is None:
                house.record(ROWS.replace("100000", "100001"))
                house.run("log", "anchor", "--witness", f"{told['url']}={told['key']}")
            else:
                shutil.copy(copy / "belbaar.db", house.database)
                (house.keys / "head.note").unlink()
                words = ("log", "anchor", "--witness", f"{told['url']}={told['key']}")
                assert "older copy" in house.run(*words, status=1)
        finally:
            process.kill()
            process.communicate()
    assert len(keys) == 1
