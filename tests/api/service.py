"""A service of one's own: `belbaar serve` in a process, on a free port, stopped when the block ends.

    with serving(folder, "belbaar.db", at="2026-09-08 14:00:00") as service:
        answer = service.post("/v1/verdicts", {...})

Its clock is set, and runs on: calling hours play a part in what is tested.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import httpx

from tests.clock import clock_at

_SECONDS = 30
PATIENT = "15"
"""Seconds for an answer, where nothing else is said: machines on which tests run may be busy."""
TUESDAY = "2026-09-08 14:00:00"
"""A day and an hour at which calls are made, local time."""


class Service:
    """A running service, and a client with its administrator's key."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, key: str, folder: Path, store: str, at: str) -> None:
        self.process = process
        self.url = url
        self.key = key
        self.folder = folder
        self.store = store
        self.at = at
        self.client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=20)

    def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> httpx.Response:
        """Send JSON, with another key where one is given."""
        more = {**({"Authorization": f"Bearer {key}"} if key else {}), **headers}
        return self.client.post(path, json=body, headers=more)

    def get(self, path: str, *, key: str = "", **query: Any) -> httpx.Response:
        """Ask."""
        return self.client.get(path, params=query, headers={"Authorization": f"Bearer {key}"} if key else {})

    def command(self, *words: str) -> dict[str, Any] | list[Any]:
        """Run a command of the same installation, and give what it tells programs."""
        run = subprocess.run(
            [sys.executable, "-m", "belbaar.cli", *words, "--store", self.store, "--json"],
            cwd=self.folder, capture_output=True, text=True, env=environment(self.at), check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        return json.loads(run.stdout)

    def make_key(self, role: str, organisation: str = "house", *words: str) -> str:
        """Make a key."""
        made = self.command("key", "create", "--organisation", organisation, "--role", role, *words)
        return str(made["key"])

    def now(self) -> float:
        """Tell the time as the service has it: seconds since 1970."""
        answer = self.client.get("/healthz")
        return parsedate_to_datetime(answer.headers["date"]).timestamp()

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stop it, and wait until it is gone."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(_SECONDS)


@contextmanager
def serving(
    folder: Path, store: str, *words: str, at: str = TUESDAY, key: str = "", **settings: str
) -> Iterator[Service]:
    """Run a service. ``at``: its clock, local time, "" for the true one; ``settings``: as BELBAAR_ has them."""
    port = free_port()
    told = {
        "seconds": PATIENT,
        "held": "off",
        **settings,
    }  # numbers are as they were registered, where a test is not about it
    env = environment(at) | {f"BELBAAR_{name.upper()}": value for name, value in told.items()}
    (folder / "serve.log").touch()
    with (folder / "serve.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "belbaar.cli", "serve", "--store", store, "--port", str(port), "--json", *words],
            cwd=folder, env=env, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
        )  # fmt: skip
    try:
        assert process.stdout
        told = "".join(takewhile(lambda line: line not in ("}\n", ""), iter(process.stdout.readline, None)))
        assert told, (folder / "serve.log").read_text(encoding="utf-8")[-3000:]
        made = json.loads(told + "}")["key"]
        service = Service(process, f"http://127.0.0.1:{port}", made or key, folder, store, at)
        _await(service)
        yield service
        service.client.close()
    finally:
        process.terminate()  # it tells its workers; told themselves as well, one may end first and be started anew
        try:
            process.wait(_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def environment(at: str = "") -> dict[str, str]:
    """Give the environment of a process of an installation."""
    named = ("BELBAAR_STORE", "BELBAAR_LANG", "BELBAAR_KEYS")
    env = {name: value for name, value in os.environ.items() if name not in named}
    env |= {"BELBAAR_KEYS": "keys", "TZ": "Europe/Amsterdam"}
    if at:
        env |= clock_at(at)
    return env


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _await(service: Service) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            if service.client.get("/readyz").status_code == httpx.codes.OK:
                return
        assert service.process.poll() is None, (service.folder / "serve.log").read_text(encoding="utf-8")[-3000:]
        time.sleep(0.05)
    raise AssertionError((service.folder / "serve.log").read_text(encoding="utf-8")[-3000:])
