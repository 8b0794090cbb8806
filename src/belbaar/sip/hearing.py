"""Keys that travel in the sound of a call (RFC 4733): rtpengine hears them, and says so; they are put in the record of calls.

What was heard is written down before anything else, beside what Kamailio writes, and sent on as that is. Whose key it was
stands in the name of the call that ``gate.cfg`` gave it: permit, trunk, and what tells the dialer's side.
"""

__all__ = ["heard", "hearing"]

import hashlib
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import msgspec

from belbaar.clock import now_us
from belbaar.errors import StoreUnavailable
from belbaar.sip.control import command
from belbaar.sip.record import Line
from belbaar.sip.settings import Gate, Media

_SECONDS, _HOLDS = 2, 7
"""Kamailio is told that keys are heard every so many seconds, and believes it for so many."""
_LONGEST = 8192
_PATIENCE = 0.5
_EVENTS = {10: "*", 11: "#"}
_DIGITS = 9


class _Key(msgspec.Struct, frozen=True):
    """What rtpengine says of a key, of which this is needed: whose, in which call, and the event of RFC 4733."""

    callid: str
    source_tag: str
    event: int


def heard(gate: Gate, said: bytes) -> str:
    """Give the line of the record of calls that a key makes; "" where it means nothing.

    The called person's objection key is an objection, the dialer's own is none; that the right to object was offered is
    the dialer's to say.

    Args:
        gate: says which keys mean something.
        said: by rtpengine, JSON.
    """
    try:
        key = msgspec.json.decode(said, type=_Key)
    except msgspec.MsgspecError:
        return ""
    parts = key.callid.split(".")
    if len(parts) != 3 or parts[1] not in {trunk.name for trunk in gate.trunks}:  # noqa: PLR2004  permit, trunk, dialer
        return ""
    permit, trunk, dialer = parts
    own = hashlib.sha256(key.source_tag.encode()).hexdigest()[:32] == dialer
    means, what = (gate.offered_key, "offered") if own else (gate.objection_key, "key")
    pressed = str(key.event) if 0 <= key.event <= _DIGITS else _EVENTS.get(key.event, "")
    if not pressed or pressed != means:
        return ""
    line = Line(*[""] * len(Line._fields))._replace(method="KEY", code="0", trunk=trunk, permit=permit, said=what)
    return "|".join(line) + "\n"


@contextmanager
def hearing(gate: Gate, folder: Path) -> Iterator[Callable[[], None]]:
    """Write down the keys that are heard, and tell Kamailio that they are, until the block ends; without media nothing.

    What it gives raises ``StoreUnavailable`` once a key could not be written down.

    Args:
        gate: says where rtpengine is.
        folder: of the record of calls.

    Raises:
        StoreUnavailable: when nobody can be heard there.
    """
    if gate.media is None:
        yield lambda: None
        return
    ended = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        try:
            ear.bind(_address(gate.media.keys))
        except OSError as error:
            raise StoreUnavailable(
                f"keys cannot be heard: {error.strerror}.", where=gate.media.keys, todo="Does it run already?"
            ) from error
        ear.settimeout(_PATIENCE)
        listening = threading.Thread(target=_listen, args=(gate, folder / "keys.log", ear, ended))
        assuring = threading.Thread(target=_assure, args=(gate.run, gate.media, listening.is_alive, ended))
        listening.start()
        assuring.start()
        try:
            yield partial(_still, listening, folder)
        finally:
            ended.set()
            listening.join()
            assuring.join()


def _still(listening: threading.Thread, folder: Path) -> None:
    if not listening.is_alive():
        raise StoreUnavailable("keys that were pressed cannot be written down.", where=str(folder))


def _listen(gate: Gate, path: Path, ear: socket.socket, ended: threading.Event) -> None:
    """Listen until it is ended, or until a key cannot be written down: then Kamailio is told nothing any more."""
    while not ended.is_set():
        with suppress(TimeoutError):
            line = heard(gate, ear.recv(_LONGEST))
            if line and not _written(path, line):
                return


def _written(path: Path, line: str) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def _assure(run: str, media: Media, listens: Callable[[], bool], ended: threading.Event) -> None:
    """Tell Kamailio that keys are heard, while that is so; it lets no call begin where it is not told."""
    while listens():
        if _answers(media):
            with suppress(StoreUnavailable):  # it does not run: it is told when it does
                command(run, "htable.seti", "ears", "until", str(now_us() // 1_000_000 + _HOLDS))
        if ended.wait(_SECONDS):
            return


def _answers(media: Media) -> bool:
    """Ask rtpengine whether it is there, in its own protocol."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_PATIENCE)
        try:
            asking.sendto(secrets.token_hex(4).encode() + b" d7:command4:pinge", _address(media.rtpengine))
            return b"pong" in asking.recv(_LONGEST)
        except OSError:
            return False


def _address(udp: str) -> tuple[str, int]:
    _, host, port = udp.split(":")
    return host, int(port)
