"""In the place of who publishes certificates: an HTTP server, and what it was asked."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Publisher:
    """Guards a server. ``pages``: what it answers, by path: a body, or what makes status, headers and body."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Callable[[], tuple[int, dict[str, str], bytes]]] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/certs/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                page = publisher.pages.get(self.path, lambda: (404, {}, b""))
                status, headers, body = (200, {}, page) if isinstance(page, bytes) else page()
                with suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def late(seconds: float, body: bytes) -> Callable[[], tuple[int, dict[str, str], bytes]]:
    """Answer after a while."""

    def answer() -> tuple[int, dict[str, str], bytes]:
        time.sleep(seconds)
        return 200, {}, body

    return answer


@contextmanager
def publishing() -> Iterator[Publisher]:
    """Run one until the block ends."""
    publisher = Publisher()
    try:
        yield publisher
    finally:
        publisher.stop()
