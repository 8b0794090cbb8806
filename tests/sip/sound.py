"""The sound of a call: an end point that sends and hears RTP, and rtpengine between two of them."""

import re
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.api.service import free_port

_EVENTS = 101
_EVENT_OF = {"*": 10, "#": 11}
_SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
)


class Ear:
    """Guards a socket that RTP comes to and goes from."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        self.heard: list[bytes] = []
        """Packets that came, RTP."""
        self.whence = ("", 0)
        """The address that the last of them came from."""
        self._sequence = self._stamp = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def sdp(self) -> str:
        """What it says of itself."""
        return _SDP.format(port=self.port)

    def press(self, key: str, address: tuple[str, int], *, milliseconds: int = 160) -> None:
        """Press a key: events of RFC 4733, the last one said three times."""
        event = int(_EVENT_OF.get(key, key))
        steps = max(milliseconds // 20, 2)
        self._stamp += 8000
        for step in range(steps + 2):
            ended = step >= steps - 1
            payload = struct.pack("!BBH", event, 0x80 * ended | 10, min(step + 1, steps) * 160)
            self._send(address, payload, marked=step == 0)
            time.sleep(0.02)

    def stop(self) -> None:
        """Hear no more."""
        self._stopped.set()
        self._thread.join(5)
        self._socket.close()

    def _send(self, address: tuple[str, int], payload: bytes, *, marked: bool = False) -> None:
        self._sequence += 1
        head = struct.pack("!BBHII", 0x80, 0x80 * marked | _EVENTS, self._sequence, self._stamp, 0xBE1BAA)
        self._socket.sendto(head + payload, address)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                packet, self.whence = self._socket.recvfrom(2048)
                self.heard.append(packet)
            except TimeoutError:
                continue


def at(message: str) -> tuple[str, int]:
    """Give where a message's SDP wants the sound."""
    host = re.search(r"^c=IN IP4 (\S+)", message, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", message, re.MULTILINE)
    assert host, message
    assert port, message
    return host[1], int(port[1])


@contextmanager
def ear() -> Iterator[Ear]:
    """Hear until the block ends."""
    made = Ear()
    try:
        yield made
    finally:
        made.stop()


class Engine(NamedTuple):
    """A running rtpengine: its process, and what a gate is told of it."""

    process: "subprocess.Popen[bytes]"
    told: str

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run rtpengine until the block ends."""
    program = shutil.which("rtpengine", path="/usr/sbin:/usr/bin")
    if not program:
        pytest.skip("rtpengine is not there: make system")
    orders, keys = free_port(), free_port()
    with (folder / "rtpengine.log").open("ab") as log:
        process = subprocess.Popen(
            [program, "--config-file=none", "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{orders}", f"--dtmf-log-dest=127.0.0.1:{keys}",
             "--table=-1", "--num-threads=2", "--foreground", "--log-stderr", "--log-level=6"],
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    running = Engine(process, f'[media]\nrtpengine = "udp:127.0.0.1:{orders}"\nkeys = "udp:127.0.0.1:{keys}"\n')
    try:
        _answers(orders)
        yield running
    finally:
        running.stop()


def _answers(orders: int) -> None:
    """Wait until it answers a ping, in its own protocol."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.1)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            asking.sendto(b"1 d7:command4:pinge", ("127.0.0.1", orders))
            try:
                if b"pong" in asking.recv(200):
                    return
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.02)
    raise AssertionError("rtpengine does not answer")
