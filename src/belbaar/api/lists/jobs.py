"""The table of lists that are to be screened, are being screened, or were.

A list is ``waiting``, ``running``, then ``done`` or ``failed``; ``cancelled`` when it was called off, ``removed`` when its
files are gone. Whoever screens it has made a claim, and counts a heartbeat up; whoever sees the count stand still for a
while makes a claim of its own. So no clock is compared with another's. What a screening ends with is written in the
transaction that logs it, under its claim: a list is logged once, whoever began it how often.
"""

__all__ = [
    "ENDED",
    "GONE",
    "Job",
    "add_job",
    "beats",
    "call_off",
    "claim",
    "close",
    "find",
    "held",
    "job_of",
    "jobs_of",
    "next_job",
    "old_jobs",
    "release",
    "remove",
    "take_key",
]

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from belbaar.api.access import Principal
from belbaar.api.lists.questions import ListQuestion
from belbaar.errors import InputError
from belbaar.ledger import Store

WAITING, RUNNING, DONE, FAILED, CANCELLED, REMOVED = "waiting", "running", "done", "failed", "cancelled", "removed"
ENDED = frozenset({DONE, FAILED, CANCELLED, REMOVED})
GONE = frozenset({FAILED, CANCELLED, REMOVED})
"""States in which no files are kept."""
MOST_WAITING = 50
"""Lists of one organisation that may wait."""
MOST_STARTS = 3
"""How often a list is begun whose process dies."""
NO_ENTRY = -1


@dataclass(frozen=True, slots=True)
class Job:
    """A list, as its row is kept; instants are UTC microseconds, 0 where there is none yet.

    Args:
        id: sixteen random bytes, hexadecimal.
        organisation: whose it is, the store's integer.
        made_by: the id of the key that uploaded it.
        question: a ``ListQuestion`` in JSON.
        name: of the file as it was sent.
        caller: the caller's id.
        at: the moment of the calls where the question names none.
        made_at: when it was uploaded.
        started_at: when it was first begun.
        ended_at: when it ended.
        state: see above.
        starts: how often it was begun.
        claim: who screens it now, a random text; "": nobody.
        beat: counts up while somebody does.
        rows: how many are done; ``rate``: how many a second.
        rate: rows a second.
        rows_key: what the log keeps its rows under; 0: nothing yet.
        entry: its place in the log; -1: none.
        result: what was counted, or what was wrong, in JSON.
    """

    id: str
    organisation: int
    made_by: str
    question: str
    name: str
    caller: str
    at: int
    made_at: int
    started_at: int = 0
    ended_at: int = 0
    state: str = WAITING
    starts: int = 0
    claim: str = ""
    beat: int = 0
    rows: int = 0
    rate: int = 0
    rows_key: int = 0
    entry: int = NO_ENTRY
    result: str = ""

    @property
    def asked(self) -> ListQuestion:
        """What is asked of it."""
        return msgspec.json.decode(self.question, type=ListQuestion)


_NAMES = tuple(each.name for each in fields(Job))
_SELECT = f"SELECT {', '.join(_NAMES)} FROM list_job"
_NEXT = f"""
{_SELECT} WHERE state = '{WAITING}' ORDER BY
  (SELECT count(*) FROM list_job AS other WHERE other.organisation = list_job.organisation AND state = '{RUNNING}'),
  (SELECT coalesce(max(started_at), 0) FROM list_job AS other WHERE other.organisation = list_job.organisation),
  made_at, id LIMIT 1
"""
"""Of the organisation that has least running, then of the one that has waited longest since its last; then by age."""


def add_job(store: Store, job: Job) -> None:
    """Put a list in the queue; inside the write transaction.

    Raises:
        InputError: when too many of the organisation wait.
    """
    row = store.connection.execute(
        f"SELECT count(*) FROM list_job WHERE organisation = ? AND state = '{WAITING}'", (job.organisation,)
    ).fetchone()
    if row[0] >= MOST_WAITING:
        raise InputError(
            f"{MOST_WAITING} lists of yours are waiting already.",
            todo="Wait until some are done, or delete one.",
            code="too-many",
        )
    marks = ", ".join("?" * len(_NAMES))
    values = [getattr(job, name) for name in _NAMES]
    store.connection.execute(f"INSERT INTO list_job ({', '.join(_NAMES)}) VALUES ({marks})", values)


def find(store: Store, job_id: str) -> Job | None:
    """Give a list by its id."""
    return next(iter(_jobs(store, "WHERE id = ?", job_id)), None)


def job_of(store: Store, who: Principal, job_id: str) -> Job:
    """Give a list that is who's to see.

    Raises:
        InputError: when there is none.
    """
    job = find(store, job_id)
    if job is None or job.organisation != who.organisation.key or job.caller not in who.callers:
        raise InputError(
            "there is no such list.", todo="Your lists are listed by GET /v1/lists.", code="not-found", where=""
        )
    return job


def jobs_of(store: Store, who: Principal, limit: int) -> list[Job]:
    """Give an organisation's lists, latest first: those for callers that who may speak for."""
    found = _jobs(store, "WHERE organisation = ? ORDER BY made_at DESC, id", who.organisation.key)
    return [job for job in found if job.caller in who.callers][:limit]


def next_job(store: Store) -> Job | None:
    """Give the list whose turn it is."""
    rows = store.connection.execute(_NEXT).fetchall()
    return Job(*rows[0]) if rows else None


def beats(store: Store) -> Mapping[str, tuple[str, int]]:
    """Give the heartbeat of every list that is being screened: its claim and its count."""
    rows = store.connection.execute(f"SELECT id, claim, beat FROM list_job WHERE state = '{RUNNING}'").fetchall()
    return {job_id: (holder, beat) for job_id, holder, beat in rows}


def old_jobs(store: Store, before: int) -> list[Job]:
    """Give the lists that ended before an instant and whose files are still kept."""
    return _jobs(store, f"WHERE state = '{DONE}' AND ended_at < ?", before)


def claim(store: Store, job: Job, holder: str, now: int) -> bool:
    """Claim a list as it was seen; False when somebody else was first, or it lives."""
    with store.writing() as connection:
        row = connection.execute(
            f"UPDATE list_job SET state = '{RUNNING}', claim = ?, beat = beat + 1, starts = starts + 1, "
            "started_at = CASE WHEN started_at = 0 THEN ? ELSE started_at END "
            f"WHERE id = ? AND state IN ('{WAITING}', '{RUNNING}') AND claim = ? AND beat = ? RETURNING id",
            (holder, now, job.id, job.claim, job.beat),
        ).fetchone()
    return row is not None


def held(store: Store, job_id: str, holder: str, rows: int, rate: int) -> bool:
    """Count the heartbeat up, and tell whether the claim still holds."""
    with store.writing() as connection:
        row = connection.execute(
            f"UPDATE list_job SET beat = beat + 1, rows = ?, rate = ? WHERE id = ? AND claim = ? AND state = '{RUNNING}' "
            "RETURNING id",
            (rows, rate, job_id, holder),
        ).fetchone()
    return row is not None


def take_key(store: Store, job_id: str, holder: str, rows_key: int) -> None:
    """Note under which key the log keeps the rows, so that they can be forgotten should the process die."""
    with store.writing() as connection:
        connection.execute("UPDATE list_job SET rows_key = ? WHERE id = ? AND claim = ?", (rows_key, job_id, holder))


def close(store: Store, job_id: str, holder: str, now: int, **ended: Any) -> bool:  # noqa: ANN401  values of columns
    """End a list under its claim; False when the claim is another's by now. Inside a transaction, or in its own."""
    columns = ", ".join(f"{name} = ?" for name in ended)
    with store.writing() as connection:
        row = connection.execute(
            f"UPDATE list_job SET {columns}, claim = '', ended_at = ? WHERE id = ? AND claim = ? AND state = '{RUNNING}' "
            "RETURNING id",
            (*ended.values(), now, job_id, holder),
        ).fetchone()
    return row is not None


def release(store: Store, job_id: str, holder: str, *, begun: bool) -> None:
    """Put a list back in the queue, its process having ended; ``begun``: that counts as a start."""
    with store.writing() as connection:
        connection.execute(
            f"UPDATE list_job SET state = '{WAITING}', claim = '', starts = starts - ? WHERE id = ? AND claim = ?",
            (0 if begun else 1, job_id, holder),
        )


def call_off(store: Store, job: Job, now: int) -> None:
    """Call a list off, or say that the files of one that ended are gone; inside the write transaction."""
    state = REMOVED if job.state in ENDED else CANCELLED
    store.connection.execute(
        "UPDATE list_job SET state = ?, ended_at = CASE WHEN ended_at = 0 THEN ? ELSE ended_at END, claim = '' WHERE id = ?",
        (state, now, job.id),
    )


def remove(store: Store, ids: Collection[str]) -> None:
    """Say that the files of some lists that were done are gone."""
    with store.writing() as connection:
        for job_id in ids:
            connection.execute(f"UPDATE list_job SET state = '{REMOVED}' WHERE id = ? AND state = '{DONE}'", (job_id,))


def _jobs(store: Store, where: str, *values: object) -> list[Job]:
    return [Job(*row) for row in store.connection.execute(f"{_SELECT} {where}", values).fetchall()]
