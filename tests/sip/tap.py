"""A tap between Asterisk and FastAGI: what either says goes on to the other, and is kept byte for byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Tap:
    """Guards a port, and what went over each connection to it: who spoke, and a line."""

    def __init__(self, to: int) -> None:
        self.heard: list[list[tuple[str, bytes]]] = []
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._between, args=(near,), daemon=True).start()

    def _between(self, near: socket.socket) -> None:
        heard: list[tuple[str, bytes]] = []
        self.heard.append(heard)
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            back = threading.Thread(target=_carry, args=("belbaar", far, near, heard), daemon=True)
            back.start()
            _carry("asterisk", near, far, heard)
            back.join()


def _carry(who: str, one: socket.socket, other: socket.socket, heard: list[tuple[str, bytes]]) -> None:
    with one.makefile("rb") as lines, suppress(OSError):
        for line in lines:
            heard.append((who, line))
            other.sendall(line)
        other.shutdown(socket.SHUT_WR)


@contextmanager
def tapped(to: int) -> Iterator[Tap]:
    """Tap a port until the block ends."""
    made = Tap(to)
    try:
        yield made
    finally:
        made.stop()


def written(heard: list[tuple[str, bytes]]) -> str:
    """Write an exchange as it is kept: who spoke, and what."""
    return "".join(f"{who}: {line.decode()}" for who, line in heard)


def read(text: str) -> list[tuple[str, bytes]]:
    """Read it again."""
    parts = (line.partition(": ") for line in text.splitlines(keepends=True))
    return [(who, said.encode()) for who, _, said in parts]
