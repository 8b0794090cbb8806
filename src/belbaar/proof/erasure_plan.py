"""What goes and what stays when a person asks to be erased: by caller and class, until when, and why.

    >>> from belbaar.law import PACKS
    >>> from belbaar.proof.retention import may_go_on
    >>> asked = 1_788_249_600_000_000  # 2026-09-01
    >>> call = Event("call.made", 31201000007, asked - 1, asked, "voltix", seq=1)
    >>> objection = Event("objection.made", 31201000007, asked - 1, asked, "voltix", seq=2)
    >>> [(part.caller, part.retention, may_go_on(part.last)) for part in plan([call, objection], asked, PACKS["NL"])]
    [('voltix', 'cdr', datetime.date(2031, 9, 2)), ('voltix', 'standing', None)]

Keys are one per number, caller and class, so a class goes as a whole, after the last day of the last of its events.
Whoever asks to be erased gives up every ground: from then on none holds, and the terms begin to run.
"""

__all__ = ["Part", "plan"]

from collections.abc import Iterable
from dataclasses import dataclass

from belbaar.errors import InternalError
from belbaar.law import Pack
from belbaar.ledger import Event
from belbaar.proof.retention import AT_ONCE, ROW_OF, Row, last_day_kept


@dataclass(frozen=True, slots=True)
class Part:
    """What one key opens: the events of one caller and class.

    Args:
        caller: whose; "" for what is about the number alone.
        retention: the class.
        last: the last local day on which it is kept, an ordinal; None: it goes at once.
        rows: the lines of the table that say why, each once.
        kinds: how many events of each kind.
    """

    caller: str
    retention: str
    last: int | None
    rows: tuple[Row, ...]
    kinds: dict[str, int]


def plan(history: Iterable[Event], asked_at: int, pack: Pack) -> list[Part]:
    """Say what goes and what stays of a number.

    Args:
        history: all its events, of all callers.
        asked_at: when erasure was asked, UTC microseconds.
        pack: the law by which grounds end.

    Returns:
        A part for each caller and class, in that order.
    """
    events = list(history)
    if not events:
        return []
    end = max(asked_at, *(event.at for event in events))
    ending = Event("number.reassigned", events[0].number, end, end)  # ends every ground, as an erasure does
    parts: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        parts.setdefault((event.caller, ROW_OF[event.kind].retention), []).append(event)
    return [_part(caller, kind, those, [*events, ending], pack) for (caller, kind), those in sorted(parts.items())]


def _part(caller: str, retention: str, those: list[Event], events: list[Event], pack: Pack) -> Part:
    rows = tuple(dict.fromkeys(ROW_OF[event.kind] for event in those))
    kinds = {kind: sum(event.kind == kind for event in those) for kind in sorted({event.kind for event in those})}
    if retention == AT_ONCE:
        return Part(caller, retention, None, rows, kinds)
    days = [last_day_kept(event, events, pack) for event in those]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        raise InternalError("a ground outlives an erasure.", where=f"{caller}, {retention}")
    return Part(caller, retention, max(known), rows, kinds)
