"""A gate of one's own: Kamailio with the configuration that `belbaar sip config` writes, stopped when the block ends."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from belbaar.sip.record import Line, line_of
from tests.api.service import free_port
from tests.sip.carrier import Carrier
from tests.sip.dialer import BUREAU, PLAIN, Dialer

_SECONDS = 10
_PATH = "/usr/sbin:/usr/bin:/usr/local/sbin"


@dataclass(frozen=True)
class Gate:
    """A running gate: its dialer's side, its carrier's side, and what it wrote down."""

    dialer: Dialer
    carrier: Carrier
    log: Path
    processes: "list[subprocess.Popen[bytes]]"

    def restart(self) -> None:
        """Stop Kamailio, and start it anew."""
        _end(self.processes[-1])
        self.processes.append(_started(self.folder, self.folder / "gate.cfg"))

    @property
    def folder(self) -> Path:
        """Where it runs."""
        return self.log.parent

    def record(self, call_id: str) -> Line:
        """Give what the record of calls says of a call, its last word on the INVITE."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            texts = [file.read_text(errors="replace") for file in (self.folder / "calls").glob("*.log")]
            found = [line_of(line) for text in texts for line in text.splitlines() if f"|{call_id}|" in line]
            if invites := [each for each in found if each.method == "INVITE"]:
                return invites[-1]
            time.sleep(0.05)
        raise AssertionError(self.log.read_text(errors="replace")[-3000:])

    def command(self, *words: str) -> None:
        """Run a command on what this gate is told."""
        run = subprocess.run(
            [sys.executable, "-m", "belbaar.cli", "sip", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr

    @contextmanager
    def told(self) -> Iterator[None]:
        """Have the record of calls sent to the service as it grows, and keys heard, until the block ends."""
        with (self.folder / "calls.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "belbaar.cli", "sip", "calls", "gate.toml"],
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            yield
        finally:
            _end(process)

    def tell(self, *, status: int = 0) -> dict[str, int]:
        """Have the record of calls sent to the service, by the command."""
        run = subprocess.run(
            [sys.executable, "-m", "belbaar.cli", "sip", "calls", "gate.toml", "--once", "--json"],
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == status, run.stdout + run.stderr + _refused(self.folder / "calls" / "refused.jsonl")
        return json.loads(run.stdout) if status == 0 else {}


def _refused(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def configuration(
    folder: Path,
    *,
    url: str,
    key: str,
    carrier: int,
    port: int,
    trunks: str = "",
    tables: str = "",
    secure: int = 0,
) -> Path:
    """Have a gate's configuration written, by the command."""
    told = folder / "gate.toml"
    (folder / "calls").mkdir(exist_ok=True)
    over_tls = f', "tls:127.0.0.1:{secure}"' if secure else ""
    told.write_text(
        f'listen = ["udp:127.0.0.1:{port}", "tcp:127.0.0.1:{port}"{over_tls}]\ngate = "{url}/v1/gate"\ncarrier = "sip:127.0.0.1:{carrier}"\n'
        f'jcard = "https://voltix.example/jcard.jws"\nrun = "{folder}"\ncalls = "{folder}/calls"\n'
        'objection_key = "9"\noffered_key = "8"\n'
        f'[[trunks]]\nname = "bureau"\nsources = ["{BUREAU}"]\nkey = "{key}"\nproduct = "energy"\n'
        f'[[trunks]]\nname = "plain"\nsources = ["{PLAIN}"]\nkey = "{key}"\nplain = true\ncampaign = "herfst"\n'
        f"{trunks}{tables}",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "sip", "config", "gate.toml", "--json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["checked"] is True
    return folder / "gate.cfg"


@contextmanager
def gating(folder: Path, carrier: Carrier, *, url: str, key: str, shows: str, **more: Any) -> Iterator[Gate]:
    """Run a gate that asks at a URL."""
    if not shutil.which("kamailio", path=_PATH) or not shutil.which("sipp"):
        pytest.skip("Kamailio or SIPp is not there: make system")
    port = free_port()
    path = configuration(folder, url=url, key=key, carrier=carrier.port, port=port, **more)
    gate = Gate(Dialer(folder, port, shows), carrier, folder / "kamailio.log", [_started(folder, path)])
    try:
        yield gate
    finally:
        _end(gate.processes[-1])


def _started(folder: Path, path: Path) -> "subprocess.Popen[bytes]":
    """Start Kamailio, and wait until it runs."""
    program = shutil.which("kamailio", path=_PATH)
    assert program
    (folder / "ctl").unlink(missing_ok=True)
    log = folder / "kamailio.log"
    with log.open("a") as out:
        process = subprocess.Popen(
            [program, "-f", str(path), "-DD", "-E", "-P", str(folder / "pid"), "-Y", str(folder), "-w", str(folder),
             "-m", "64", "-M", "8"],
            stdout=out, stderr=out, cwd=folder, start_new_session=True,
        )  # fmt: skip
    try:
        _await(process, folder / "ctl", log)
    except BaseException:
        _end(process)
        raise
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", socket: Path, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while not socket.exists():
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.05)
    time.sleep(0.2)
