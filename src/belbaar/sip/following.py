"""Following the files of the record of calls: what was appended is sent, and only then passed over.

How far each file was sent stands in ``sent.json`` beside them, written after the service has answered; so a line is sent
once more rather than not at all, and the service knows what it was told already. What the service refuses, or what is no
line, goes to ``refused.jsonl`` with the reason: it is not lost, and it does not hold up what comes after it.

The record names called persons where nobody could be asked (``break-glass``). So it goes when it was sent, and what was
refused goes after thirty days.
"""

__all__ = ["Sender", "Sent", "send_new", "tidy"]

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from belbaar.clock import now_us
from belbaar.errors import InputError, StoreUnavailable
from belbaar.sip.control import command
from belbaar.sip.record import Line, Request, line_of, requests

_AT_ONCE = 500
_LARGE, _DAY, _ASIDE = 16_000_000, 86_400, 3600
"""Bytes of a file that is put aside, or seconds since it was begun; and seconds after which it goes: a process may still
write a last line to it. So a number that stands in the record, of a call that passed unasked, is there for a day."""
_REFUSED = 30 * _DAY
"""Seconds for which what was refused is kept, to be mended: no longer than an erasure may take (GDPR article 12(3))."""
Sender = Callable[[str, Sequence[Request]], Sequence[str]]
"""Sends requests on behalf of a trunk; gives for each why it was refused, "" where it was not."""


class _Refused(msgspec.Struct):
    """A line that was refused: why, and when, seconds since 1970."""

    line: str
    why: str
    at: int


class Sent(NamedTuple):
    """How much was sent: lines, and how many of them were refused."""

    lines: int = 0
    refused: int = 0


def send_new(folder: Path, send: Sender) -> Sent:
    """Send what was appended since the last time.

    Args:
        folder: of the record.
        send: raises ``StoreUnavailable`` when nobody answers: then nothing of it is passed over.

    Raises:
        StoreUnavailable: when it cannot be sent, or not noted that it was.
    """
    done, total, refused = _sent(folder), 0, 0
    for file in sorted((*folder.glob("*.log"), *folder.glob("glass.jsonl"))):
        name = f"{file.name}:{file.stat().st_ino}"
        for end, lines in _appended(file, done.get(name, 0)):
            bad = list(_refusals(lines, send, now_us() // 1_000_000))
            _keep(folder, bad)
            done[name] = end
            _note(folder, done)
            total, refused = total + len(lines), refused + len(bad)
    return Sent(total, refused)


def tidy(folder: Path, run: str, now: int) -> None:
    """Put files aside that have grown large, and take those away that were sent and have been aside for an hour.

    Kamailio is told to open new ones; ``run`` is the folder of its control socket; ``now`` is UTC microseconds.
    """
    done = _sent(folder)
    for file in folder.glob("*.log"):
        facts = file.stat()
        sent = done.get(f"{file.name}:{facts.st_ino}", 0) >= facts.st_size
        aside = file.name.count(".") > 1
        if aside and sent and now // 1_000_000 - facts.st_mtime > _ASIDE:
            file.unlink()
        elif not aside and (facts.st_size > _LARGE or _begun(file, now) < now // 1_000_000 - _DAY):
            target = file.with_name(f"{file.stem}.{now}.log")
            done[f"{target.name}:{facts.st_ino}"] = done.pop(f"{file.name}:{facts.st_ino}", 0)
            _note(folder, done)
            file.rename(target)
            command(run, "flatstore.k_rotate")
    _forget_refused(folder / "refused.jsonl", now // 1_000_000)


def _begun(file: Path, now: int) -> float:
    """Give when the first line was written that says so, seconds since 1970; now, where none of the first does."""
    with file.open(encoding="utf-8", errors="replace") as opened:
        for text in islice(opened, _AT_ONCE):
            with suppress(InputError, ValueError):
                return float(line_of(text).at)
    return now / 1_000_000


def _forget_refused(path: Path, now: int) -> None:
    """Forget what was refused long ago; lines are in the order in which they came."""
    if not path.exists():
        return
    with path.open("rb") as opened:
        if _refused_at(opened.readline(), now) >= now - _REFUSED:
            return
        opened.seek(0)
        _write(path, b"".join(each for each in opened if _refused_at(each, now) >= now - _REFUSED), again=True)


def _refused_at(text: bytes, now: int) -> int:
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(text, type=_Refused).at
    return now


def _appended(file: Path, start: int) -> Iterator[tuple[int, list[str]]]:
    """Give whole lines behind a place, some hundred at a time, each time with the place behind them."""
    with file.open("rb") as opened:
        opened.seek(start)
        lines, end = list[str](), start
        for raw in opened:
            if not raw.endswith(b"\n"):
                break  # it is still being written
            end += len(raw)
            if raw.strip():
                lines.append(raw.decode("utf-8", "replace"))
            if len(lines) == _AT_ONCE:
                yield end, lines
                lines = []
        if lines:
            yield end, lines


def _refusals(lines: Sequence[str], send: Sender, now: int) -> Iterator[_Refused]:
    by_trunk = dict[str, list[tuple[str, Request]]]()
    for text in lines:
        try:
            trunk, told = _read(text)
        except InputError as error:
            yield _Refused(text.rstrip("\n"), error.what, now)
            continue
        by_trunk.setdefault(trunk, []).extend((text, request) for request in told)
    for trunk, sending in by_trunk.items():
        answers = send(trunk, [request for _, request in sending])
        yield from (
            _Refused(text.rstrip("\n"), why, now) for (text, _), why in zip(sending, answers, strict=True) if why
        )


def _read(text: str) -> tuple[str, list[Request]]:
    """Give a line's trunk, and what it tells; the glass of a gate is no trunk's: the first tells of it."""
    if text.startswith("{"):
        return "", [Request("/v1/gate/broken-glass/told", msgspec.json.decode(text, type=dict[str, object]))]
    line: Line = line_of(text)
    return line.trunk, list(requests(line))


def _sent(folder: Path) -> dict[str, int]:
    path = folder / "sent.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int]) if path.exists() else {}
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreUnavailable(
            "what was sent cannot be read.",
            where=str(path),
            todo="Take it away: all is sent again, which does no harm.",
        ) from error


def _note(folder: Path, done: Mapping[str, int]) -> None:
    _write(folder / "sent.json", msgspec.json.encode(done), again=True)


def _keep(folder: Path, bad: Iterable[_Refused]) -> None:
    text = b"".join(msgspec.json.encode(each) + b"\n" for each in bad)
    if text:
        _write(folder / "refused.jsonl", text, again=False)


def _write(path: Path, text: bytes, *, again: bool) -> None:
    """Write durably: a file anew, or at the end of one."""
    target = path.with_suffix(".new") if again else path
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if again else os.O_APPEND), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if again:
            target.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"it cannot be written: {error.strerror}.", where=str(path)) from error
