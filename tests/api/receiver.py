"""A receiver of webhooks: a small server in a thread, that checks signatures with the library."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.api.service import free_port


class Receiver:
    """What came in: ``messages`` whose signature is good, ``bad`` those of which it is not; ``status`` is the answer."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.secrets: list[str] = []
        self.status = 204
        self.seconds = 0.0
        self.messages: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.signatures: list[str] = []
        self.bad = 0
        self.tries = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/belbaar"

    @property
    def numbers(self) -> list[str]:
        return [each["data"]["number"] for each in self.messages]

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        self.tries += 1
        time.sleep(self.seconds)
        if self.status >= 300:
            return self.status
        for secret in self.secrets:
            try:
                self.messages.append(Webhook(secret).verify(body, headers))
            except WebhookVerificationError:
                continue
            self.ids.append(headers["webhook-id"])
            self.signatures.append(headers["webhook-signature"])
            return self.status
        self.bad += 1
        return 400

    @contextmanager
    def up(self) -> Iterator["Receiver"]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                self.send_header("Content-Length", "0")
                if status == 302:
                    self.send_header("Location", receiver.url)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: object) -> None:
                """Let a client that broke off go."""

        server = Server(("127.0.0.1", self.port), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def until(true: Callable[[], object], seconds: float = 20) -> float:
    """Wait until something is true; give how long that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not come true in time"
        time.sleep(0.02)
    return time.monotonic() - begun
