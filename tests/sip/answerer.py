"""In the place of the service: answers a gate whatever a test says, after as long as it says."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

YES = b'{"allow":1,"permit":"0f.ab","ref":"v-7"}'


class Answerer:
    """Guards a server, and what it is to answer.

    Args:
        port: to listen on.
    """

    def __init__(self, port: int = 0) -> None:
        self.status = 200
        self.body = YES
        self.seconds = 0.0
        self.deaf = False
        """Whether it answers nothing but what gates ask about new calls."""
        self.more: dict[str, str] = {}
        self.questions: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def says(self, body: bytes = YES, *, status: int = 200, seconds: float = 0, **more: str) -> None:
        """Answer so from now on."""
        self.body, self.status, self.seconds, self.more = body, status, seconds, more
        self.questions.clear()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answerer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = {**json.loads(body), "authorization": self.headers["Authorization"]}
                answerer.questions.append(told | ({} if self.path == "/v1/gate" else {"path": self.path}))
                answer, status, more = answerer.body, answerer.status, answerer.more
                if answerer.deaf and self.path != "/v1/gate":
                    answer, status = b"{}", 503
                time.sleep(answerer.seconds)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(BrokenPipeError):  # who asked did not wait
                    self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def answering(port: int = 0) -> Iterator[Answerer]:
    """Answer until the block ends."""
    made = Answerer(port)
    try:
        yield made
    finally:
        made.stop()
