"""A proxy of incoming calls of one's own: Kamailio with the configuration that `belbaar sip incoming` writes."""

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.service import free_port
from tests.sip.carrier import Carrier
from tests.sip.dialer import Dialer
from tests.sip.gate import _await

TRANSIT, ABROAD, SUBSCRIBERS = "127.0.0.7", "127.0.0.8", "127.0.0.30"
"""Addresses: of a provider of this country, of one that is not, of the exchange of the subscribers."""
ALARM = "+31201990112"
"""Who may call back without showing a number."""


@dataclass(frozen=True)
class Proxy:
    """A running proxy: who calls through it, the lines behind it, its folder and its log."""

    dialer: Dialer
    lines: Carrier
    spool: Path
    log: Path

    def written(self, call_id: str) -> list[tuple]:
        """Give what it wrote down of a call: what, code."""
        with closing(sqlite3.connect(self.spool / "calls.db")) as calls:
            return calls.execute("SELECT what, code FROM line WHERE call_id = ? ORDER BY id", (call_id,)).fetchall()

    def sends(self, text: str, source: str = TRANSIT) -> str:
        """Send a message as it stands, and give the last line of the final answer's head."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind((source, 0))
            line.settimeout(5)
            port = line.getsockname()[1]
            line.sendto(text.replace("{port}", str(port)).encode("latin-1"), ("127.0.0.1", self.dialer.port))
            while True:
                answer = line.recv(65535).decode("latin-1")
                if not answer.startswith("SIP/2.0 1"):
                    return answer


@contextmanager
def proxying(folder: Path, spool: Path, lines: Carrier, shows: str, more: str = "") -> Iterator[Proxy]:
    """Run a proxy in front of lines, which writes to a folder."""
    program = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if not program or not shutil.which("sipp"):
        pytest.skip("Kamailio or SIPp is not there: make system")
    port = free_port()
    (folder / "incoming.toml").write_text(
        f'listen = ["udp:127.0.0.1:{port}"]\nspool = "{spool}"\nlines = "sip:127.0.0.1:{lines.port}"\nrun = "{folder}"\n'
        f'line_sources = ["127.0.0.1", "{SUBSCRIBERS}"]\nexempt = ["{ALARM}"]\n{more}'
        f'[[peers]]\nname = "transit"\nsources = ["{TRANSIT}"]\ntrust = "national"\ncallbacks = true\n'
        f'[[peers]]\nname = "abroad"\nsources = ["{ABROAD}"]\n',
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "sip", "incoming", "incoming.toml", "--json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["checked"] is True
    log = folder / "kamailio.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [program, "-f", str(folder / "incoming.cfg"), "-DD", "-E", "-P", str(folder / "pid"), "-Y", str(folder),
             "-w", str(folder), "-m", "64", "-M", "8"],
            stdout=out, stderr=out, cwd=folder, start_new_session=True,
        )  # fmt: skip
    try:
        _await(process, folder / "ctl", log)
        yield Proxy(Dialer(folder, port, shows), lines, spool, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(claim, seconds: float = 5) -> None:
    """Wait until a claim holds."""
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.05)
