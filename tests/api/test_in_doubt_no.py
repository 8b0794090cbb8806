"""In doubt, no: with the real fault, on the real parts. Whoever asks is refused in time; the service comes back itself.

No call is ever allowed by a verdict that is not in the log afterwards.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.api.conftest import ASKED, furnish
from tests.api.load import Load, asking, consented
from tests.api.proxy import proxy
from tests.api.service import TUESDAY, Service, serving
from tests.postgres import PASSWORD, Server, server

REFUSED = 503


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """A PostgreSQL of these tests' own, as durable as any in production."""
    with server(durable=True) as started:
        yield started


def _some_refused(load: Load, since: float, *, seconds: float = 20.0) -> None:
    """Wait until somebody who asked after an instant was refused."""
    end = time.monotonic() + seconds
    while not any(each.status == REFUSED and each.asked >= since for each in load.told):
        assert time.monotonic() < end, load.told[-3:]
        time.sleep(0.05)


def _workers(service: Service) -> list[int]:
    """Give the processes that answer, children of the one that was started."""
    tasks = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    children = [pid for task in tasks for pid in task.read_text(encoding="ascii").split()]
    workers = [int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert workers
    return workers


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarts", "crashes"])
def test_postgresql_goes_away_under_load_and_comes_back(own: Server, tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path, own.url(own.database()), "--workers", "2", seconds="2") as service:
        furnish(service)
        numbers = consented(service, 4)
        with asking(service, numbers) as load:
            load.await_allowed(0.0)
            own.stop(how)
            gone = time.monotonic()
            try:
                _some_refused(load, gone)
                assert service.get("/readyz").status_code == REFUSED
                assert service.get("/healthz").status_code == 200
            finally:
                own.start()
            load.await_allowed(time.monotonic())
        assert load.refusals_are_clear()
        assert load.every_entry_is_there(service)


def test_postgresql_restarts_again_and_again_under_load(own: Server, tmp_path: Path) -> None:
    with serving(tmp_path, own.url(own.database()), seconds="2") as service:
        furnish(service)
        with asking(service, consented(service, 4)) as load:
            for _ in range(3):
                load.await_allowed(time.monotonic())
                own.stop()
                own.start()
            load.await_allowed(time.monotonic())
        load.refusals_are_clear()
        assert load.every_entry_is_there(service)


def test_a_connection_of_which_the_other_end_is_gone(own: Server, tmp_path: Path) -> None:
    database = own.database()
    own.execute(f"ALTER ROLE belbaar PASSWORD '{PASSWORD}'")
    with proxy(own.port) as between:
        store = f"postgresql://belbaar:{PASSWORD}@127.0.0.1:{between.port}/{database}"
        with serving(tmp_path, store, seconds="2") as service:
            furnish(service)
            with asking(service, consented(service, 4)) as load:
                load.await_allowed(0.0)
                between.cut.set()
                cut = time.monotonic()
                _some_refused(load, cut)
                assert service.get("/readyz").status_code == REFUSED
                time.sleep(2)
                between.mend()
                load.await_allowed(time.monotonic())
            assert load.refusals_are_clear()
            assert load.every_entry_is_there(service)


def test_a_lock_that_somebody_holds(own: Server, tmp_path: Path) -> None:
    store = own.url(own.database())
    with serving(tmp_path, store, seconds="2") as service:
        furnish(service)
        with asking(service, consented(service, 4)) as load:
            load.await_allowed(0.0)
            with psycopg.connect(store) as holding:
                holding.execute("SELECT pg_advisory_xact_lock(hashtextextended('belbaar.ledger.public', 0))")
                _some_refused(load, time.monotonic())
            load.await_allowed(time.monotonic())
        assert load.refusals_are_clear()
        assert load.every_entry_is_there(service)


def test_a_worker_that_stands_still_holds_up_nobody_for_long(own: Server, tmp_path: Path) -> None:
    with serving(tmp_path, own.url(own.database()), "--workers", "2", seconds="2") as service:
        furnish(service)
        number, *others = consented(service, 4)
        with asking(service, [number, *others], clients=6) as load:
            load.await_allowed(0.0)
            still = _workers(service)[0]
            os.kill(still, signal.SIGSTOP)
            stopped = time.monotonic()
            try:
                load.await_allowed(stopped + 1.0)  # the other goes on
                objected = _objected(service, number)
            finally:
                os.kill(still, signal.SIGCONT)
            time.sleep(1.0)
            load.await_allowed(time.monotonic())
        assert not [each for each in load.told if each.number == number and each.allowed and each.answered > objected]
        assert load.every_entry_is_there(service)


def _objected(service: Service, number: str) -> float:
    """Have an objection recorded, over connections until one reaches a process that answers; give when it was."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            answer = httpx.post(
                f"{service.url}/v1/events",
                json={"event": "objection.made", "number": number, "caller": "voltix"},
                headers={"Authorization": f"Bearer {service.key}"},
                timeout=3,
            )
        except httpx.TransportError:
            continue
        if answer.status_code == httpx.codes.OK:
            return time.monotonic()
    raise AssertionError("nobody recorded the objection")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_process_that_is_killed_is_started_anew(own: Server, tmp_path: Path, kind: str) -> None:
    # by the true clock: under libfaketime a process that waits for no time at all, as Granian does, is refused that
    store = "belbaar.db" if kind == "sqlite" else own.url(own.database())
    with serving(tmp_path, store, at="", seconds="2") as service:
        furnish(service)
        with asking(service, consented(service, 4)) as load:
            load.await_verdict(0.0)
            for worker in _workers(service):
                os.kill(worker, signal.SIGKILL)
            load.await_verdict(time.monotonic())
        load.refusals_are_clear()
        assert load.every_entry_is_there(service)


def test_the_whole_service_is_killed_with_its_database(tmp_path: Path) -> None:
    with server(durable=True) as postgres:
        store = postgres.url(postgres.database())
        with serving(tmp_path, store, "--workers", "2", seconds="2") as service:
            furnish(service)
            key = service.key
            with asking(service, consented(service, 4)) as load:
                load.await_allowed(0.0)
                time.sleep(1.0)
                os.killpg(service.process.pid, signal.SIGKILL)
                postgres.stop(signal.SIGQUIT)
            postgres.start()
            assert load.every_entry_is_there(service)
        with serving(tmp_path, store, key=key) as again:
            assert again.post("/v1/verdicts", {**ASKED, "number": "+31201000100"}).json()["allowed"] is True


def test_a_full_file_system(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        with serving(small, "belbaar.db", seconds="2") as service:
            furnish(service)
            with asking(service, consented(service, 4)) as load:
                load.await_allowed(0.0)
                _fill(small / "filling")
                _some_refused(load, time.monotonic())
                refused = service.post(
                    "/v1/events", {"event": "objection.made", "number": "+31201000103", "caller": "voltix"}
                )
                assert refused.status_code == REFUSED, refused.text
                (small / "filling").unlink()
                load.await_allowed(time.monotonic())
            assert load.refusals_are_clear()
            assert load.every_entry_is_there(service)
    finally:
        subprocess.run(["umount", "-l", small], check=False)


def _fill(path: Path) -> None:
    """Fill a file system to the last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


@pytest.mark.parametrize("jump", ["2026-09-08 17:00:00", "2026-09-08 09:30:00"], ids=["ahead", "back"])
def test_a_clock_that_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: str) -> None:
    told = tmp_path / "time"
    told.write_text(f"@{TUESDAY}\n", encoding="ascii")
    for name, value in {
        "LD_PRELOAD": faketime(),
        "FAKETIME_TIMESTAMP_FILE": str(told),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with serving(tmp_path, "belbaar.db", at="", seconds="2") as service:
        furnish(service)
        with asking(service, consented(service, 4)) as load:
            load.await_allowed(0.0)
            told.write_text(f"@{jump}\n", encoding="ascii")
            jumped = time.monotonic()
            _some_refused(load, jumped)
            load.await_allowed(time.monotonic())
        refused = load.refusals_are_clear()
        assert {each.body["code"] for each in refused if each.asked > jumped} >= {"clock-jumped"}
        assert service.get("/readyz").status_code == 200
        assert load.every_entry_is_there(service)


def faketime() -> str:
    """Find libfaketime, which sets a clock anew while a process runs."""
    if not shutil.which("faketime"):
        pytest.skip("faketime is not on the path: make system")
    (found,) = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found)
