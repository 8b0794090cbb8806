"""A real HTTP gateway for text messages and a real SMTP server, each in a thread, with what they got."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.api.service import free_port

_SECONDS = 15


class Gateway:
    """What a gateway got: bodies and headers; ``answers`` are the statuses it gives next, then 200."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/send"
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []
        self.tried = 0

    def to(self, number: str) -> list[str]:
        """The texts that a number got."""
        return [each["text"] for each in self.got if each["to"] == number]

    def wait_for(self, number: str, count: int = 1) -> str:
        """The newest text to a number, when it has so many."""
        return waited(lambda: self.to(number)[-1] if len(self.to(number)) >= count else "")

    def code(self, number: str, count: int = 1) -> str:
        """The newest code to a number."""
        return re.findall(r"\d{6}", self.wait_for(number, count))[0]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run a gateway."""
    port = free_port()
    kept = Gateway(port)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.tried += 1
            status = kept.answers.pop(0) if kept.answers else 200
            if status == 0:  # takes it, and says nothing
                kept.got.append(json.loads(body))
                self.connection.close()
                return
            if status == 200:
                kept.got.append(json.loads(body))
                kept.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


class Mailbox:
    """What a mail server got; ``refuses`` are the answers to RCPT that it gives next."""

    def __init__(self, port: int) -> None:
        self.server = f"127.0.0.1:{port}"
        self.got: list[EmailMessage] = []
        self.refuses: list[str] = []

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that an address got."""
        return [each for each in self.got if each["To"] == address]

    def wait_for(self, address: str, count: int = 1) -> EmailMessage:
        """The newest mail to an address, when it has so many."""
        return waited(lambda: self.to(address)[-1] if len(self.to(address)) >= count else None)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802  aiosmtpd's name
        if self.refuses:
            return self.refuses.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.got.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server."""
    port = free_port()
    kept = Mailbox(port)
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def waited(look: Any) -> Any:
    """Look until there is something."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came")
