"""What is told of a list: how far it is, and what came of it."""

__all__ = ["Changed", "Counts", "ListTold", "told"]

import msgspec

from belbaar.api.lists.jobs import DONE, FAILED, NO_ENTRY, Job
from belbaar.api.problems import Problem
from belbaar.reading import written


class Changed(msgspec.Struct, frozen=True):
    """What another day or moment changes."""

    at: str
    allowed_now: int
    allowed_then: int
    lost: int
    gained: int
    lost_by_reason: dict[str, int]


class Counts(msgspec.Struct, frozen=True):
    """What was counted, by which law, on what knowledge: ``position`` is the place in the ledger up to which was read.

    ``problems`` tells of the first hundred rows that were not like the others.
    """

    caller: str
    product: str
    at: str
    channel: str
    rows: int
    allowed: int
    denied: int
    by_ground: dict[str, int]
    by_reason: dict[str, int]
    unreadable: dict[str, int]
    problems: list[str]
    notes: list[str]
    position: int
    evidence_demanded: int
    ruleset: str
    ruleset_hash: str
    compare: Changed | None


class ListTold(msgspec.Struct, frozen=True):
    """A list.

    Args:
        id: by which it is asked for.
        own_id: your own id of it.
        name: of the file as it was sent.
        caller: on whose behalf.
        product: what the calls are about.
        state: ``waiting``, ``running``, ``done``, ``failed``, ``cancelled``, or ``removed`` when its files are gone.
        made_at: when it was uploaded.
        started_at: when it was first begun.
        ended_at: when it ended.
        rows: how many are done; of a long list they are counted while it is judged.
        rate: how many a second.
        entry: its place in the log, by which ``POST /v1/dossiers`` proves it.
        counts: what came of it.
        problem: why it failed.
    """

    id: str
    own_id: str | None
    name: str
    caller: str
    product: str
    state: str
    made_at: str
    started_at: str | None
    ended_at: str | None
    rows: int
    rate: int
    entry: int | None = None
    counts: Counts | None = None
    problem: Problem | None = None


def told(job: Job) -> ListTold:
    """Tell of a list."""
    asked = job.asked
    return ListTold(
        id=job.id,
        own_id=asked.id or None,
        name=job.name,
        caller=job.caller,
        product=asked.product,
        state=job.state,
        made_at=written(job.made_at),
        started_at=written(job.started_at) if job.started_at else None,
        ended_at=written(job.ended_at) if job.ended_at else None,
        rows=job.rows,
        rate=job.rate,
        entry=None if job.entry == NO_ENTRY else job.entry,
        counts=msgspec.json.decode(job.result, type=Counts) if job.state == DONE else None,
        problem=msgspec.json.decode(job.result, type=Problem) if job.state == FAILED else None,
    )
