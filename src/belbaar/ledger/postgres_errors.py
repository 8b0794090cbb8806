"""PostgreSQL's errors in plain words, each with a remedy. Nothing that could hold a password is repeated."""

__all__ = ["translated", "unavailable"]

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import psycopg_pool

from belbaar.errors import StoreUnavailable

_START = "Start it, or mend host and port in the URL."
_BY_STATE = {
    "28P01": ("user name or password are not accepted.", "Mend them in the URL, in PGPASSWORD or in ~/.pgpass."),
    "28000": ("this user may not connect.", "Let it in by pg_hba.conf, or name another in the URL."),
    "3D000": ("there is no such database.", "Make it with: createdb NAME"),
    "3F000": ("there is no such schema.", "Make it, or mend search_path in the URL."),
    "42501": ("this user lacks the right to do so.", "Make the store as the owner of the database, and grant rights."),
    "53100": ("the server's disk is full.", "Make room and try again; nothing was changed."),
    "53200": ("the server is out of memory.", "Try again; nothing was changed."),
    "53300": ("the server has no connection left.", "Raise max_connections, or make the pools smaller."),
    "55P03": ("another process holds the ledger's write lock.", "Try again when that has finished."),
    "57014": ("the server cancelled it, for it took too long.", "Try again; nothing was changed."),
    "57P01": ("the server ended the connection.", "Try again when it is back; nothing was changed."),
    "57P03": ("the server is starting or shutting down.", "Try again in a moment."),
    "25P03": ("the server ended a transaction that stood still.", "Try again; nothing was changed."),
    "25006": ("this is a read-only copy.", "Name the primary server in the URL."),
    "23001": ("the ledger is append-only.", "Record what happened as a new event."),
    "42P01": ("a table of the store is missing.", "Make the store with: belbaar init"),
}
_BY_WORD = (
    ("password", *_BY_STATE["28P01"]),
    ("no pg_hba.conf entry", *_BY_STATE["28000"]),
    ("authentication failed", *_BY_STATE["28000"]),
    ("too many", *_BY_STATE["53300"]),
    ("remaining connection slots", *_BY_STATE["53300"]),
    ("starting up", *_BY_STATE["57P03"]),
    ("shutting down", *_BY_STATE["57P03"]),
    ("no space left", *_BY_STATE["53100"]),
    ('database "', *_BY_STATE["3D000"]),
    ('role "', *_BY_STATE["28000"]),
    ("refused", "the server does not answer.", _START),
    ("no such file", "the server does not answer.", _START),
    ("timeout", "the server does not answer in time.", _START),
    ("timed out", "the server does not answer in time.", _START),
    ("resolve", "the server's name is not known.", "Mend the host in the URL."),
    ("closed", "the connection is lost.", "Try again; what was not confirmed was not written."),
    ("lost", "the connection is lost.", "Try again; what was not confirmed was not written."),
    ("terminating", "the connection is lost.", "Try again; what was not confirmed was not written."),
)


@contextmanager
def translated(target: str) -> Iterator[None]:
    """Let no foreign exception out. What it said is not shown with ours: it may repeat pieces of a URL."""
    try:
        yield
    except psycopg.Error as error:
        raise unavailable(error, target) from None
    except psycopg_pool.PoolTimeout:
        raise StoreUnavailable("no connection came free in time.", where=target, todo=_START) from None


def unavailable(error: Exception, target: str) -> StoreUnavailable:
    """Find the words for an error: by its code, or where a connection gives none, by what it says."""
    state = getattr(error, "sqlstate", None)
    if state in _BY_STATE:
        what, todo = _BY_STATE[state]
        return StoreUnavailable(what, where=target, todo=todo)
    if state:
        message = str(getattr(getattr(error, "diag", None), "message_primary", "") or "")
        return StoreUnavailable(
            f"the store cannot be used: {message} ({state}).", where=target, todo="Look in the server's log; try again."
        )
    said = str(error).lower()
    for word, what, todo in _BY_WORD:
        if word in said:
            return StoreUnavailable(what, where=target, todo=todo)
    return StoreUnavailable("the store cannot be used.", where=target, todo=_START)
