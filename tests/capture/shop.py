"""A web shop of somebody else: pages on another origin than the service, under a strict policy of their own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from tests.api.service import free_port

_PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Kassa</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/shop.css">
<script type="module" src="{service}/widget/optin.js"></script></head>
<body><main><h1>Kassa</h1>{body}</main></body></html>"""
_STYLE = "body{font:16px/1.5 Georgia,serif;margin:1rem;max-width:40rem}input{border:9px solid red}button{display:none}"
"""A style that would spoil what is not shut off from it."""


class Shop:
    """A running shop: ``pages`` are the bodies of its pages, ``got`` the forms that were sent to it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}
        self.got: list[dict[str, str]] = []
        self.service = ""


@contextmanager
def shop() -> Iterator[Shop]:
    """Run a shop."""
    port = free_port()
    kept = Shop(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            style = self.path == "/shop.css"
            body = _STYLE if style else _PAGE.format(service=kept.service, body=kept.pages.get(self.path, ""))
            self._answer(body, "text/css" if style else "text/html; charset=utf-8")

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            kept.got.append(dict(parse_qsl(sent, keep_blank_values=True)))
            self._answer(_PAGE.format(service=kept.service, body="<p>Dank u.</p>"), "text/html; charset=utf-8")

        def _answer(self, body: str, media_type: str) -> None:
            policy = (
                f"default-src 'none'; script-src {kept.service}; connect-src {kept.service}; style-src 'self'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
