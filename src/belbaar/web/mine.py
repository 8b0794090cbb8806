"""What a person takes home from My number, and by when an answer comes."""

__all__ = ["as_json", "due_of"]

import datetime as dt

import msgspec

from belbaar.api.my.seen import Mine
from belbaar.law.calendar import local_day
from belbaar.numbers import e164
from belbaar.reading import ZONE, written
from belbaar.requests.terms import KINDS, due


def as_json(mine: Mine, number: int) -> bytes:
    """Write all that is known of a number."""
    told = {
        "number": e164(number),
        "events": [
            {
                "event": event.kind,
                "at": written(event.at),
                "recorded_at": written(event.recorded_at),
                "caller": event.caller or None,
                "agent": event.agent or None,
                **event.fields,
            }
            for event in mine.events
        ],
        "callers": [{"caller": each.id, "name": each.name, "may_call": each.may} for each in mine.callers],
        "requests": [
            {
                "reference": each.ref,
                "kind": each.kind,
                "caller": each.caller or None,
                "asked_at": written(each.opened_at),
                "answered_at": written(each.ended_at) if each.ended_at else None,
                "wrote": each.papers.text if each.papers else "",
                "answer": each.papers.reply if each.papers else "",
            }
            for each in mine.requests
        ],
        "traces": [{"state": each.state, "asked_at": written(each.opened_at)} for each in mine.cases],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def due_of(now: int) -> dict[str, dt.date]:
    """Give the last day on which each kind of request that is made now is answered in time."""
    today = local_day(now, ZONE)
    return {kind: dt.date.fromordinal(due(kind, today)) for kind in KINDS}
