"""Running the service: what it is told, how it stops, what is copied and put back."""

import asyncio
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import ASKED, CONSENT, furnish
from tests.api.service import environment, serving
from tests.loops import run as run_in_loop


def configured(folder, *words, **settings):
    return served(folder, "--print-config", *words, **settings)


def served(folder, *words, **settings):
    env = environment() | {f"BELBAAR_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "belbaar.cli", "serve", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env, check=False, timeout=60)


def test_the_configuration_in_force_is_printed_with_where_each_value_comes_from(folder):
    (folder / "belbaar.toml").write_text('workers = 3\nport = 8090\nlog = "text"\n', encoding="utf-8")
    config = str(folder / "belbaar.toml")
    told = configured(folder, "--port", "8100", "--json", config=config, log="none", seconds="1.5")
    values = json.loads(told.stdout)
    assert values["workers"] == {"value": 3, "from": "belbaar.toml"}
    assert values["port"] == {"value": 8100, "from": "command line"}
    assert values["log"] == {"value": "none", "from": "BELBAAR_LOG"}
    assert values["seconds"] == {"value": 1.5, "from": "BELBAAR_SECONDS"}
    assert values["host"] == {"value": "127.0.0.1", "from": "default"}
    people = configured(folder, config=config).stdout
    assert [line.split() for line in people.splitlines() if line.startswith("workers")] == [
        ["workers", "3", "belbaar.toml"]
    ]


def test_no_password_is_printed(folder):
    for store in ("postgresql://belbaar:zeer-geheim@db/belbaar", "postgresql://db/belbaar?password=zeer-geheim&x=1"):
        told = configured(folder, store=store)
        assert told.returncode == 0, told.stderr
        assert "zeer-geheim" not in told.stdout + told.stderr
        assert "postgresql://" in told.stdout


def test_a_setting_that_there_is_not_is_refused_before_anything_starts(folder):
    (folder / "belbaar.toml").write_text("wrokers = 3\n", encoding="utf-8")
    refused = configured(folder, config=str(folder / "belbaar.toml"))
    assert refused.returncode == 2
    assert 'Did you mean "workers"' in refused.stdout + refused.stderr


def test_a_spool_that_cannot_be_made_is_told_before_anything_starts(folder):
    (folder / "spool").write_text("no folder", encoding="utf-8")
    refused = served(folder, "--store", "belbaar.db", trace_spool="spool")
    assert refused.returncode == 2
    assert "trace_spool" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_told_to_stop_it_answers_all_that_it_took_on(service_here):
    """Stopped under load: who was connected gets an answer, and what was answered is in the ledger."""
    service = service_here
    answered, refused = run_in_loop(under_load(service))
    assert len(answered) > 8
    assert set(answered) == {"200"}
    assert refused == []
    assert service.process.wait(20) == 0
    service.command("export", "--out", "all.jsonl")
    kept = (service.folder / "all.jsonl").read_text(encoding="utf-8").count('"consent.given"')
    assert kept == len(answered) + 1


async def under_load(service) -> tuple[list[str], list[str]]:
    """Send events over connections of their own, one after the other, until nobody listens any more."""
    answered: list[str] = []
    refused: list[str] = []
    stopping = asyncio.Event()

    async def sender(place: int) -> None:
        async with httpx.AsyncClient(
            base_url=service.url, headers={"Authorization": f"Bearer {service.key}"}
        ) as client:
            for turn in range(400):
                body = {**CONSENT, "number": f"+3120{1100000 + place * 1000 + turn}"}
                try:
                    answer = await client.post("/v1/events", json=body, timeout=60)
                except httpx.ConnectError:
                    return  # nobody listens: it was not taken on
                except httpx.TransportError as error:
                    refused.append(f"{type(error).__name__} {stopping.is_set()}")
                    return
                answered.append("200" if answer.status_code == 200 else answer.text)
                if stopping.is_set() and answer.headers.get("connection") == "close":
                    return

    async def stop() -> None:
        await asyncio.sleep(3)
        stopping.set()
        service.process.send_signal(signal.SIGTERM)

    await asyncio.gather(stop(), *(sender(place) for place in range(8)))
    return answered, refused


@pytest.fixture
def service_here(store, folder):
    with serving(folder, store, seconds="20") as started:  # however slow the machine is
        furnish(started)
        yield started


def test_a_copy_made_while_it_runs_is_sound_and_serves_again(store, folder, request):
    """Backed up and put back: the log is as it was signed, and the same question gets the same answer."""
    copied = folder / "copied"
    copied.mkdir()
    if store.startswith("postgresql://"):  # of its own: the module's has an administrator already, whose key is gone
        server = request.getfixturevalue("postgres")
        store = str(server.url(server.database()))
    at = {"at": "2026-09-08T14:00:00+02:00"}
    with serving(folder, store, seconds="20") as service:
        furnish(service)
        answer = service.post("/v1/verdicts", {**ASKED, **at}).json()
        # The store first, then the keys: keys that are newer than the store would be right, older ones would not.
        target = copy_of(store, folder, copied, request)
        shutil.copytree(folder / "keys", copied / "keys")
    checked = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "log", "check", "--store", target],
        cwd=copied, capture_output=True, text=True, env=environment(service.at), check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with serving(copied, target, key=service.key, seconds="20") as restored:
        assert restored.post("/v1/verdicts", {**ASKED, **at}).json() == answer
        assert restored.post("/v1/events", {**CONSENT, "number": "+31201000099"}).json()["new"] == 1


def copy_of(store: str, folder: Path, copied: Path, request: pytest.FixtureRequest) -> str:
    """Copy a store that is in use, as docs/howto/back-up.md says, and put the copy in a place of its own."""
    if not store.startswith("postgresql://"):
        with closing(sqlite3.connect(folder / store)) as here, closing(sqlite3.connect(copied / store)) as there:
            here.backup(there)
        return store
    server = request.getfixturevalue("postgres")
    subprocess.run(["pg_dump", "--format=custom", "--file", copied / "dump", store], check=True)
    target = str(server.url(server.database()))
    subprocess.run(["pg_restore", "--exit-on-error", "--dbname", target, copied / "dump"], check=True)
    return target
