"""Lines of the log: one a request, and what went wrong; for programs (JSON) or for people.

No line carries a telephone number, a key, or what was sent. Of an exception its kind and its place are told, never its
message: that may quote what it failed on. Messages of others' libraries are masked, as a second wall.
"""

__all__ = ["Lines", "log_config", "masked"]

import logging
import re
import traceback
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from belbaar.clock import now_us
from belbaar.law.calendar import iso

UTC = ZoneInfo("UTC")
_FIELDS = ("method", "route", "status", "ms", "key", "organisation", "code", "request_id", "trace_id")
_SECRETS = re.compile(r"bel_[0-9a-f]+_[\w-]+|eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=:)[^:@/\s]+(?=@)")
_NUMBERS = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")


def masked(text: str) -> str:
    """Take out whatever may be a key, a password or a telephone number.

    >>> masked("key bel_0f3a_geheim of +31 20 100 0007 at postgresql://belbaar:geheim@db/belbaar")
    'key … of … at postgresql://belbaar:…@db/belbaar'
    """
    return _NUMBERS.sub("…", _SECRETS.sub("…", text))


class Lines(logging.Formatter):
    """Writes a record as one line. ``style``: ``json``, or ``text`` for people."""

    def __init__(self, kind: str = "json") -> None:
        super().__init__()
        self._text = kind == "text"

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; only fields that are known, and no exception's message."""
        line: dict[str, Any] = {
            "at": iso(now_us(), UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {name: value for name in _FIELDS if (value := record.__dict__.get(name)) not in (None, "")}
        if record.exc_info and record.exc_info[1]:
            line |= _told(record.exc_info[1])
        return _for_people(line) if self._text else msgspec.json.encode(line).decode()


def log_config(kind: str) -> dict[str, Any]:
    """Give Python's logging configuration: all loggers, Granian's and libraries' too, in one form on standard error."""
    level = "CRITICAL" if kind == "none" else "INFO"
    quiet = {"level": "WARNING" if kind != "none" else "CRITICAL"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "belbaar.api.watch.logs.Lines", "kind": kind}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "lines"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["nowhere" if kind == "none" else "stderr"], **quiet},
        "loggers": {
            "belbaar": {"level": level},
            "_granian": {"handlers": [], "propagate": True, **quiet},
            "granian.access": {"handlers": [], "propagate": True, **quiet},
        },
    }


def _told(error: BaseException) -> dict[str, Any]:
    """Tell what kind of mistake it was, and where: our own code's frames, innermost last."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "belbaar" in each.filename]
    places = [f"{each.filename.rpartition('/belbaar/')[2]}:{each.lineno} {each.name}" for each in frames[-4:]]
    return {"error": type(error).__name__, "places": places}


def _for_people(line: Mapping[str, Any]) -> str:
    head = f"{line['at']} {line['level']:<7} {line['message']}"
    rest = [f"{name}={value}" for name, value in line.items() if name not in ("at", "level", "logger", "message")]
    return " ".join([head, *rest])
