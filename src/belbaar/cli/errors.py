"""What goes wrong, told: one function for people, one for programs, one for the exit status.

Errors of other libraries and of the system become belbaar's own here, at the last border; nothing gets out as a
traceback.
"""

__all__ = ["as_mapping", "guarded", "status", "told", "translated", "usage"]

import errno
import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from belbaar.errors import BelbaarError, InputError, InternalError, LawUnknown, ProofError, StoreUnavailable
from belbaar.numbers import masked

NOT_PROVEN, BAD_INPUT, INTERNAL, INTERRUPTED, PIPE_CLOSED = 1, 2, 70, 130, 141

_DIGITS = re.compile(r"\+?\d(?:[ ()./-]*\d){6,}")


def guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    """Run a command and give its exit status; whatever goes wrong is told on stderr, and with ``--json`` on stdout."""
    try:
        result = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_quietly()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last border
        exit_status = _tell(translated(error), as_json=as_json)
        _flush_or_drop()
        return exit_status
    return result if isinstance(result, int) else 0


def status(error: BelbaarError) -> int:
    """Give the exit status of an error."""
    if isinstance(error, ProofError):
        return NOT_PROVEN
    return INTERNAL if isinstance(error, InternalError) else BAD_INPUT


def told(error: BelbaarError) -> str:
    """Tell an error to a person: where, what, what to do."""
    lines = [_ended(error.what), *error.details, error.todo]
    head = ["belbaar: " + error.where + ":"] if error.where else ["belbaar: " + lines.pop(0)]
    return "\n".join(head + [f"  {line}" for text in lines for line in text.splitlines()])


def as_mapping(error: BelbaarError) -> dict[str, Any]:
    """Tell an error to a program."""
    denied = {"allowed": False} if isinstance(error, LawUnknown) else {}
    return denied | {
        "error": error.code,
        "what": _ended(error.what),
        "where": error.where,
        "todo": error.todo,
        "details": list(error.details),
    }


def usage(what: str, *, where: str, todo: str) -> InputError:
    """Give the error for words on the command line that belbaar does not know; they may be telephone numbers."""
    return InputError(_scrubbed(what), where=where.removeprefix("belbaar").strip(), todo=todo, code="usage")


def _tell(error: BelbaarError, *, as_json: bool) -> int:
    try:
        if as_json:
            typer.echo(json.dumps(as_mapping(error), ensure_ascii=False))
        typer.echo(told(error), err=True)
    except OSError:
        _leave_quietly()
    return status(error)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!", "…", ":")) else f"{sentence}."


def _scrubbed(text: str) -> str:
    return _DIGITS.sub(lambda match: masked(match[0]), text)


def translated(error: Exception) -> BelbaarError:
    """Make any exception one of belbaar's own, with a remedy."""
    if isinstance(error, BelbaarError):
        return error
    if isinstance(error, typer.TyperException):
        return _from_usage(error)
    if isinstance(error, OSError):
        return _from_system(error)
    sqlite3 = sys.modules.get("sqlite3")
    if sqlite3 and isinstance(error, sqlite3.DatabaseError):
        return StoreUnavailable(f"the store cannot be used: {error}.")
    return _own_mistake(error)


def _from_usage(error: typer.TyperException) -> InputError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else ""
    todo = f"See: {path} --help" if path else ""
    what = error.format_message().replace("Value error, ", "")
    if similar := getattr(error, "possibilities", None):
        what, todo = error.message, f'Did you mean "{similar[0]}"?'
    elif "extra argument" in what:
        todo = f"Put what has spaces in quotes. {todo}"
    return usage(what, where=path, todo=todo)


_SYSTEM: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full.", "Make room and try again."),
    errno.EDQUOT: ("the disk quota is used up.", "Make room and try again."),
    errno.ENOENT: ("there is no such file or folder.", "Check the name."),
    errno.EISDIR: ("this is a folder.", "Name a file."),
    errno.ENOTDIR: ("a part of this path is no folder.", "Check the name."),
    errno.EACCES: ("the permissions forbid it.", "Mend the permissions of the file and its folder."),
    errno.EPERM: ("the permissions forbid it.", "Mend the permissions of the file and its folder."),
    errno.EROFS: ("this place can only be read.", "Name another place."),
    errno.ENAMETOOLONG: ("the name is too long.", "Choose a shorter one."),
}


def _from_system(error: OSError) -> InputError:
    what, todo = _SYSTEM.get(error.errno or 0, (f"the system refused: {error.strerror or error}.", ""))
    return InputError(what, where=str(error.filename or ""), todo=todo, code="system")


def _own_mistake(error: Exception) -> InternalError:
    """Say where belbaar failed, and nothing of what it was working on: that may be somebody's number."""
    if os.environ.get("BELBAAR_DEBUG"):
        traceback.print_exception(error)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "belbaar" in frame.filename]
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return InternalError(
        f"belbaar itself made a mistake ({type(error).__name__}).",
        where=where,
        todo="Please report it, with what you asked. BELBAAR_DEBUG=1 shows the whole trace.",
    )


def _flush_or_drop() -> None:
    """Write what is still buffered; where that cannot be written, the interpreter must not try again as it exits."""
    try:
        sys.stdout.flush()
    except OSError:
        _leave_quietly()


def _leave_quietly() -> None:
    """Our output goes nowhere any more; let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
