"""Run the service: Granian's processes, each with one application."""

__all__ = ["app", "serve"]

import os

import msgspec
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from litestar import Litestar

from belbaar.api.app import create_app
from belbaar.api.service import Service
from belbaar.api.settings import Settings

_HANDED_DOWN = "BELBAAR_SERVING"
"""The settings, as this process gives them to those that answer."""


def serve(settings: Settings) -> None:
    """Answer until told to stop: who waits is answered first. A process that dies is started anew.

    Raises:
        BelbaarError: when the keys or the store are such that no process could begin.
    """
    Service(settings)
    os.environ[_HANDED_DOWN] = msgspec.json.encode(settings).decode()
    Granian(
        "belbaar.api.serving:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        factory=True,
    ).serve()


def app() -> Litestar:
    """Make the application, in a process that answers."""
    return create_app(msgspec.json.decode(os.environ[_HANDED_DOWN], type=Settings))
