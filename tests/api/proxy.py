"""A TCP proxy that can stop forwarding without closing anything: what a cut cable looks like to both ends."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BYTES = 65_536


class Proxy:
    """A running proxy on ``port``. What comes while it is ``cut`` is lost; new connections are accepted and go nowhere."""

    def __init__(self, listening: socket.socket, target: int) -> None:
        self.port = int(listening.getsockname()[1])
        self.cut = threading.Event()
        self._listening = listening
        self._target = target
        self._open: list[socket.socket] = []

    def mend(self) -> None:
        """Forward again; connections that were cut stay dead, for bytes of theirs are lost."""
        self.cut.clear()

    def run(self) -> None:
        """Accept until the listening socket is closed."""
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._target))
                self._open += [here, there]
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        """End everything."""
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        lost = False
        with suppress(OSError):
            while data := source.recv(_BYTES):
                lost = lost or self.cut.is_set()
                if not lost:
                    sink.sendall(data)
        if not lost:  # of a cable that is cut nobody hears the end either
            with suppress(OSError):
                sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """Run a proxy to a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Proxy(listening, target)
        threading.Thread(target=running.run, daemon=True).start()
        try:
            yield running
        finally:
            running.close()
