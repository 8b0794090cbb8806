"""A witness over HTTP: the server that an outside party runs, and how a log asks it for its cosignature.

The server answers ``POST /add-checkpoint`` and nothing else; it listens on the loopback unless told otherwise, and is
meant to stand behind a proxy that speaks TLS. It authenticates nobody: only a checkpoint signed by the log counts.
"""

__all__ = ["WitnessServer", "cosigned", "serve_witness", "serving"]

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.proof.log.checkpoint import Checkpoint, parse_size
from belbaar.proof.log.note import Signature, add_lines, check, parse, parse_lines
from belbaar.proof.log.note_keys import SignerKey, VerifierKey
from belbaar.proof.outsiders.witness import BAD, CONFLICT, OK, UNKNOWN, UNPROVEN, Answer, Witness, submission

_MOST_BYTES = 128 * 1024
_WAIT = 10.0
_TOO_LARGE, _NEEDS_LENGTH = 413, 411

Prove = Callable[[int], Sequence[bytes]]
"""Gives the consistency proof from an older size to the checkpoint's."""


class WitnessServer(ThreadingHTTPServer):
    """A witness on a port; 0 takes a free one. At the end of the block the store is closed."""

    daemon_threads = True  # silent clients hold nobody up; the store itself waits for what is being stored
    block_on_close = False

    def __init__(self, host: str, port: int, witness: Witness) -> None:
        self.witness = witness
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            raise StoreUnavailable(f"the witness cannot listen: {error.strerror}.", where=f"{host}:{port}") from error

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Let a client that broke off go without a word."""

    def __exit__(self, *_: object) -> None:
        self.server_close()
        self.witness.close()

    def __enter__(self) -> Self:
        return self


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "belbaar-witness", ""
    timeout = _WAIT  # of a silent client, so that nobody holds a thread for long

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            return self._reply(Answer(_NEEDS_LENGTH, "Say how long the body is.\n"), close=True)
        if int(length) > _MOST_BYTES:
            return self._reply(Answer(_TOO_LARGE, "That is too long for a checkpoint.\n"), close=True)
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            return self._reply(Answer(UNKNOWN, "Only /add-checkpoint is here.\n"))
        if len(body) != int(length):
            return self._reply(Answer(BAD, "The body ended early.\n"), close=True)
        return self._reply(self.server.witness.answer(body))

    def log_message(self, *_: object) -> None:
        """Write no log: who asks when is nobody's business here."""

    def _reply(self, answer: Answer, *, close: bool = False) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(server: WitnessServer) -> Iterator[WitnessServer]:
    """Answer in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    with server:
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def serve_witness(
    host: str,
    port: int,
    store_path: Path,
    key: SignerKey,
    logs: Mapping[str, Sequence[VerifierKey]],
    *,
    clock: Callable[[], int],
    ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Run a witness until the process is told to end (SIGTERM, SIGINT); what it signed is durable whatever happens.

    Args:
        host: the address to listen on; 127.0.0.1 unless others should reach it without a proxy.
        port: 0 for a free one.
        store_path: of the witness's memory.
        key: its key.
        logs: the keys of each log, by origin.
        clock: gives POSIX seconds.
        ready: told the URL once it answers.
    """
    ended = threading.Event()
    before = {name: signal.signal(name, lambda *_: ended.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        with serving(WitnessServer(host, port, Witness(store_path, key, logs, clock=clock))) as server:
            ready(server.url)
            ended.wait()
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def cosigned(url: str, witness: VerifierKey, note: str, prove: Prove, *, known_size: int = 0) -> str:
    """Ask a witness to sign a checkpoint; give the note with its cosignature.

    Args:
        url: of the witness, without ``/add-checkpoint``.
        witness: whose signature must come back; any other line is left out.
        note: the signed checkpoint.
        prove: gives the consistency proof from a size.
        known_size: what the witness is thought to have signed last; it is asked where that is wrong.

    Raises:
        ProofError: when the witness refuses: it remembers another history (``log-forked``), or a longer one
            (``log-behind``, an older copy of the log was put back).
        StoreUnavailable: when it does not answer as a witness; ask again later.
    """
    size = Checkpoint.parse(parse(note).text).size
    asked = min(known_size, size)
    status, body = _post(url, submission(asked, prove(asked), note))
    if status == CONFLICT:
        remembered = _remembered(body, url)
        if remembered > size:
            raise ProofError(
                f"the witness has signed {remembered:,} leaves, the log has {size:,}.",
                where=url,
                todo="An older copy of the log was put back: restore the latest one.",
                code="log-behind",
            )
        if remembered != asked:
            status, body = _post(url, submission(remembered, prove(remembered), note))
    return _taken(status, body, witness, note, url)


def _taken(status: int, body: str, witness: VerifierKey, note: str, url: str) -> str:
    if status in {CONFLICT, UNPROVEN}:
        raise ProofError(
            "the witness remembers another history of this log.",
            where=url,
            todo="Stop writing, keep both, and look who changed the log with: belbaar log check",
            code="log-forked",
        )
    if status != OK:
        raise StoreUnavailable(f"the witness answers {status}: {body.strip()[:200]}", where=url)
    unsigned = parse(note)
    found = [line for line in _lines(body, url) if (line.name, line.key_id) == (witness.name, witness.key_id)]
    both = add_lines(unsigned, found)
    check(parse(both), [witness])
    return both


def _lines(body: str, url: str) -> Sequence[Signature]:
    try:
        return parse_lines(body)
    except InputError as error:
        raise StoreUnavailable("the witness answers no cosignature.", where=url) from error


def _remembered(body: str, url: str) -> int:
    try:
        return parse_size(body.removesuffix("\n"))
    except InputError as error:
        raise StoreUnavailable("the witness does not tell its size.", where=url) from error


def _post(url: str, body: bytes) -> tuple[int, str]:
    if not url.startswith(("http://", "https://")):
        raise InputError("a witness has an address that begins with https:// or http://.", where=url)
    request = Request(f"{url.rstrip('/')}/add-checkpoint", data=body, method="POST")  # noqa: S310  checked above
    request.add_header("Content-Type", "application/octet-stream")
    try:
        with urlopen(request, timeout=_WAIT) as response:  # noqa: S310
            return response.status, response.read(_MOST_BYTES).decode()
    except HTTPError as error:
        with suppress(OSError), error:
            return error.code, error.read(_MOST_BYTES).decode(errors="replace")
        return error.code, ""
    except (URLError, OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable("the witness does not answer.", where=url, todo="Ask again later.") from error
