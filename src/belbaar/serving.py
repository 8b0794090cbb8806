"""Run the service: Granian's processes, each with one application."""

__all__ = ["address_of", "app", "serve"]

import errno
import logging.config
import os
import socket
import tempfile

import msgspec
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from belbaar.api.service import Service
from belbaar.api.settings import Settings
from belbaar.api.short_way import with_short_way
from belbaar.api.watch import log_config, traced, watched
from belbaar.api.watch.metrics import SHARED
from belbaar.api.watch.seen import App
from belbaar.errors import InputError
from belbaar.web import create_app

_HANDED_DOWN = "BELBAAR_SERVING"
"""The settings, as this process gives them to those that answer."""
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_HEADER_MS, _HEADER_BYTES = 10_000, 64 * 1024
"""How long the head of a request may take, and how long it may be."""


_CANNOT_LISTEN = {
    errno.EADDRINUSE: ("something listens there already.", "Choose another: --port 8090, or stop what listens."),
    errno.EACCES: ("this port is for who runs the machine.", "Choose one from 1024 on, such as --port 8080."),
    errno.EADDRNOTAVAIL: ("this is no address of this machine.", "Leave --host out, or say --host 0.0.0.0 for all."),
}


def address_of(settings: Settings) -> str:
    """Give the address to listen on, as numbers; look whether the port is free, before anything is made.

    Raises:
        InputError: ``cannot-listen``, with what is in the way.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, _, _, place = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # who just left the port is no obstacle
            trying.bind(place)
    except OSError as error:
        known = _CANNOT_LISTEN[errno.EADDRNOTAVAIL] if isinstance(error, socket.gaierror) else None
        what, todo = known or _CANNOT_LISTEN.get(error.errno or 0, (f"{error.strerror}.", "Choose another."))
        raise InputError(what, where=where, todo=todo, code="cannot-listen") from error
    return str(place[0])


def serve(settings: Settings) -> None:
    """Answer until told to stop: who waits is answered first. A process that dies is started anew.

    Raises:
        InputError: when a demonstration would be open to other machines, or the port is taken.
        BelbaarError: when the keys or the store are such that no process could begin.
    """
    if settings.demo and settings.host not in _THIS_MACHINE:
        raise InputError("a demonstration listens on this machine only.", where="host", todo="Leave host out, or demo.")
    Service(settings).tracing.make_spool()
    os.environ[_HANDED_DOWN] = msgspec.json.encode(settings).decode()
    with tempfile.TemporaryDirectory(prefix="belbaar-") as counted:
        os.environ[SHARED] = counted
        _server(settings).serve()


def _server(settings: Settings) -> MPServer:
    return MPServer(
        "belbaar.serving:app",
        address=address_of(settings),
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=log_config(settings.log),
        log_enabled=settings.log != "none",
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MS, max_buffer_size=_HEADER_BYTES),
        websockets=False,
        factory=True,
    )


def app() -> App:
    """Make the application, in a process that answers."""
    settings = msgspec.json.decode(os.environ[_HANDED_DOWN], type=Settings)
    logging.config.dictConfig(log_config(settings.log))
    return watched(traced(with_short_way(create_app(settings)), settings.telemetry))
