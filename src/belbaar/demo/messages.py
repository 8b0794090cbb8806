"""The post office of the demonstration: text messages go nowhere but into a file, where a page shows them."""

__all__ = ["messages"]

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_MOST_BYTES = 10_000


@contextmanager
def messages(kept: Path) -> Iterator[str]:
    """Take text messages while the block lasts; gives the URL to post them to. ``kept``: a file, JSON a line."""
    writing = threading.Lock()
    kept.touch()

    class Gateway(BaseHTTPRequestHandler):
        """Takes a message as any gateway for text messages does."""

        def do_POST(self) -> None:
            """Keep a message."""
            body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _MOST_BYTES))
            with writing, kept.open("ab") as file:
                file.write(body.replace(b"\n", b" ") + b"\n")
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *told: object) -> None:  # noqa: A002  the library's name
            """Say nothing: a message holds somebody's number."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=server.serve_forever, name="messages", daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
