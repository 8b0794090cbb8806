"""A list whose process is killed with -9, alone or with the whole service, is screened by the next; never by two."""

import hashlib
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.api.conftest import furnish
from tests.api.service import serving
from tests.api.test_lists import ended, result, upload

ROWS = 300_000
AT = "2026-09-08T14:00:00+02:00"
_SECONDS = 60


@pytest.fixture(scope="module")
def leads():
    """A list that takes three batches."""
    return "naam;telefoon\n" + "".join(f"Jansen {n};+31201{n:06}\n" for n in range(ROWS))


def processes(list_id):
    """The processes that screen a list now."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if list_id.encode() in (each / "cmdline").read_bytes():
                found.append(int(each.name))
    return found


def awaited(true, seconds=_SECONDS):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError(true)


def parts_of(service, list_id):
    """The parts of a list that are done."""
    return list((service.folder / "keys.lists" / "jobs" / list_id).glob("*.progress/part-*.parquet"))


def digest(service, told):
    """The hash of a list that is done."""
    return hashlib.sha256(result(service, told).content).hexdigest()


@pytest.mark.parametrize("store", ["postgres"], indirect=True)  # what is claimed and taken over is alike in SQLite
def test_killed_alone_or_with_the_service_it_goes_on_and_ends_with_the_same_bytes(store, leads, tmp_path):
    settings = {"list_memory_bytes": "0"}
    with serving(tmp_path, store, **settings) as service:
        furnish(service)
        key = service.key
        whole = ended(service, upload(service, leads, at=AT))
        sent = upload(service, leads, at=AT)
        awaited(lambda: parts_of(service, sent.json()["id"]))
        (screening,) = processes(sent.json()["id"])
        os.kill(screening, signal.SIGKILL)
        alone = ended(service, sent)
        assert "went on where an earlier start had stopped" in alone["counts"]["notes"]
        assert digest(service, alone) == digest(service, whole)

        last = upload(service, leads, at=AT).json()["id"]
        awaited(lambda: parts_of(service, last))
        os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
        awaited(lambda: not processes(last), 15)
    with serving(tmp_path, store, key=key, **settings) as service:
        killed = ended(service, type(sent)(202, json={"id": last}))
        assert digest(service, killed) == hashlib.sha256(result(service, whole).content).hexdigest()
        assert killed["counts"]["position"] == whole["counts"]["position"]
        assert len({told["entry"] for told in (whole, alone, killed)}) == 3
        rows = service.folder / "keys.lists"
        assert len(list(rows.glob("*.rows"))) == 3
        assert not list(rows.glob("*.part"))
        assert service.command("log", "check")["sound"] is True


def test_a_list_whose_process_always_dies_is_given_up(leads, tmp_path):
    with serving(tmp_path, "belbaar.db") as service:
        furnish(service)
        sent = upload(service, leads, at=AT)
        list_id = sent.json()["id"]
        for _ in range(3):
            (screening,) = awaited(lambda: processes(list_id))
            os.kill(screening, signal.SIGKILL)
            awaited(lambda gone=screening: gone not in processes(list_id))
        told = ended(service, sent)
        assert (told["state"], told["problem"]["code"]) == ("failed", "list-too-heavy")


@pytest.mark.slow
def test_several_processes_screen_each_list_once_and_organisations_take_turns(postgres, tmp_path):
    with serving(tmp_path, str(postgres.url(postgres.database())), "--workers", "2") as service:
        furnish(service)
        service.command("organisation", "add", "water", "--name", "Water")
        service.command("organisation", "caller", "voltix", "--organisation", "water", "--mandate")
        other = service.make_key("administrator", "water")
        small = "telefoon\n+31201000007\n"
        many = [upload(service, small, at=AT) for _ in range(5)]
        theirs = upload(service, small, at=AT, key=other)
        told = [ended(service, each) for each in many]
        their_list = ended(service, theirs, key=other)
        assert {each["state"] for each in (*told, their_list)} == {"done"}
        assert len({each["entry"] for each in (*told, their_list)}) == 6
        assert len(list((tmp_path / "keys.lists").glob("*.rows"))) == 6
        assert their_list["started_at"] < max(each["started_at"] for each in told)
