"""Calls through the gate at a rate: what asking about each costs, beside those that are only relayed, in the same run.

    python -m benchmarks.gate --rate 300 --seconds 10
    python -m benchmarks.gate --rate 150 --minutes 30     # does anything grow?

Every second call goes to 112, which is relayed unasked; the others are judged, kept and permitted by a service of its own
on SQLite. Time is from INVITE to 200, at the dialer; Kamailio, SIPp as the carrier, service and dialer share the machine.
"""

import argparse
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from belbaar.sip import Gate, Trunk
from belbaar.sip.running import HOST, awaited, finished, free_port, program, running
from belbaar.sip.scenarios import ANSWERED, scenario
from belbaar.sip.writing import written as configured

_DIALER, _OWN, _PEOPLE = "127.0.0.2", "+31201990001", 200
_CARRIER = scenario('<recv request="INVITE"/>', ANSWERED)
_INVITE = """INVITE sip:{called}@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKb{n}
From: <sip:{shows}@dialer.example>;tag=b{n}
To: <sip:{called}@127.0.0.1:{port}>
Call-ID: bench{n}
CSeq: 1 INVITE
Contact: <sip:dialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0

"""
_ACK = """ACK {contact} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKa{n}
Route: {route}
From: <sip:{shows}@dialer.example>;tag=b{n}
To: {to}
Call-ID: bench{n}
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

"""


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=300, help="calls a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--minutes", type=float, default=0, help="in the place of seconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        url, key = _service(folder, stack)
        _consents(url, key)
        port = _gate(folder, stack, url, key)
        before = _memory(folder)
        _measure(port, rate=50, count=50)  # all processes have their connections
        plain, judged, refused = _measure(
            port, rate=asked.rate, count=int(asked.rate * (asked.minutes * 60 or asked.seconds))
        )
        _tell(asked.rate, plain, judged, refused)
        print(f"memory of Kamailio: {before:.0f} MB before, {_memory(folder):.0f} MB after")


def _tell(rate: int, plain: list[float], judged: list[float], refused: int) -> None:
    for name, times in (("only relayed", plain), ("judged", judged)):
        ranked = sorted(times) or [float("nan")]
        print(
            f"{name}: {len(times)} at {rate}/s, median {statistics.median(ranked):.2f} ms, p99 {ranked[int(len(ranked) * 0.99)]:.1f} ms"
        )
    if plain and judged:
        print(
            f"added: median {statistics.median(judged) - statistics.median(plain):.2f} ms; refused or unanswered: {refused}"
        )


def _measure(port: int, *, rate: int, count: int) -> tuple[list[float], list[float], int]:
    """Place calls at a rate; give the milliseconds of those that were relayed, of those that were judged, and who failed."""
    times, sent = dict[int, float](), dict[int, float]()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dialer:
        dialer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        dialer.bind((_DIALER, 0))
        dialer.settimeout(0.0005)
        here, base, start = f"{_DIALER}:{dialer.getsockname()[1]}", time.monotonic_ns() // 1000, time.perf_counter()
        while len(sent) < count or time.perf_counter() < start + count / rate + 3:
            now = time.perf_counter()
            while len(sent) < count and now >= start + len(sent) / rate:
                n = len(sent)
                called = "112" if n % 2 else f"+3120100{n // 2 % _PEOPLE:04}"
                text = _INVITE.format(called=called, shows=_OWN, here=here, n=f"{base}.{n}", port=port)
                sent[n] = time.perf_counter()
                dialer.sendto(text.replace("\n", "\r\n").encode(), (HOST, port))
            try:
                answer = dialer.recv(65535).decode()
            except TimeoutError:
                continue
            found = re.search(r"^Call-ID: bench\d+\.(\d+)", answer, re.MULTILINE)
            if found and answer.startswith("SIP/2.0 200"):
                n = int(found[1])
                times.setdefault(n, (time.perf_counter() - sent[n]) * 1000)
                dialer.sendto(_acknowledged(answer, here, f"{base}.{n}"), (HOST, port))
    plain, judged = ([each for n, each in times.items() if n % 2 == odd] for odd in (1, 0))
    return plain, judged, count - len(times)


def _acknowledged(answer: str, here: str, n: str) -> bytes:
    told = {name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*?)\r?$", answer, re.MULTILINE)}
    contact = told["contact"].strip("<>")
    text = _ACK.format(contact=contact, here=here, n=n, route=told["record-route"], shows=_OWN, to=told["to"])
    return text.replace("\n", "\r\n").encode()


def _service(folder: Path, stack: ExitStack) -> tuple[str, str]:
    from belbaar.api.starting import prepare  # noqa: PLC0415  loads slowly

    store, port = str(folder / "belbaar.db"), free_port()
    new = prepare(store)
    key = new.key if new else ""
    belbaar, at = [sys.executable, "-m", "belbaar.cli"], ["--store", store]
    caller = ["--name", "Voltix Energie B.V.", "--sector", "commercial", "--number", _OWN]
    finished([*belbaar, "caller", "add", "voltix", *caller, *at], folder)
    any_hour = ["nl.hours", "off", "--reason", "Nobody is called: a benchmark, by the true clock."]
    finished([*belbaar, "law", "switch", *any_hour, *at], folder)
    environment = {
        "PATH": "/usr/bin:/bin",
        "TZ": "Europe/Amsterdam",
        "BELBAAR_HELD": "off",
        "BELBAAR_LOG": "none",
    }
    process = stack.enter_context(running([*belbaar, "serve", "--port", str(port), *at], folder, environment))
    url = f"http://{HOST}:{port}"

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/readyz").is_success
        except httpx.TransportError:
            return False

    awaited(ready, process, folder / "python3.log")
    return url, key


def _consents(url: str, key: str) -> None:
    consent = {"event": "consent.given", "caller": "voltix", "product": "energy", "wording": "Ja.", "verified": "sms"}
    events = [{**consent, "number": f"+3120100{n:04}", "at": "2026-09-01T10:00:00+02:00"} for n in range(_PEOPLE)]
    httpx.post(
        f"{url}/v1/events", json=events, headers={"Authorization": f"Bearer {key}"}, timeout=60
    ).raise_for_status()


def _gate(folder: Path, stack: ExitStack, url: str, key: str) -> int:
    carrier, port, calls, config = free_port(), free_port(), folder / "calls", folder / "gate.cfg"
    (folder / "carrier.xml").write_text(_CARRIER, encoding="utf-8")
    stack.enter_context(
        running(
            [program("sipp"), "-sf", "carrier.xml", "-i", HOST, "-p", str(carrier), "-nostdin", "-l", "100000"], folder
        )
    )
    calls.mkdir()
    trunk = Trunk(name="bureau", sources=[_DIALER], key=key, product="energy", per_second=100_000)
    gate = Gate(
        listen=[f"udp:{HOST}:{port}"], gate=f"{url}/v1/gate", carrier=f"sip:{HOST}:{carrier}",
        jcard="https://voltix.example/jcard", trunks=[trunk], run=str(folder), calls=str(calls),
    )  # fmt: skip
    config.write_text(configured(gate), encoding="utf-8")
    words = [
        program("kamailio"),
        "-f",
        str(config),
        "-DD",
        "-E",
        "-P",
        str(folder / "pid"),
        "-Y",
        str(folder),
        "-m",
        "256",
    ]
    process = stack.enter_context(running(words, folder))
    awaited((folder / "ctl").exists, process, folder / "kamailio.log")
    return port


def _memory(folder: Path) -> float:
    """Give the megabytes that the processes of Kamailio have, what they share counted once."""
    own = (folder / "pid").read_text(encoding="utf-8").strip()
    found = subprocess.run(["pgrep", "-g", own], capture_output=True, text=True, check=False).stdout.split()
    total = 0
    for each in found:
        text = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8")
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]  # it is always there
    return total / 1024


if __name__ == "__main__":
    main()
