"""What has lists screened, one after another.

It takes the list whose turn it is, or one whose process has died: whose heartbeat stood still for a while, and whose lock
nobody holds. Afterwards it clears what such a process left.
"""

__all__ = ["Runner"]

import secrets
import time
from collections.abc import Callable

import msgspec

from belbaar.api.lists.files import alive, forget, job_folder, left_behind
from belbaar.api.lists.jobs import (
    FAILED,
    GONE,
    MOST_STARTS,
    Job,
    beats,
    claim,
    close,
    find,
    next_job,
    old_jobs,
    release,
    remove,
)
from belbaar.api.looking import Looking
from belbaar.api.problems import problem_of
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.opening import jobs_folder

_LOOK_SECONDS = 0.5
_STILL_SECONDS = 5.0
"""How long a heartbeat stands still before its process is taken for dead; it beats once a second."""
_TIDY_SECONDS = 600.0
_DAY_SECONDS = 86_400
_DAY = 86_400_000_000


class Runner:
    """Guards what looks, and the heartbeats that it saw.

    Args:
        store: the store's name.
        opened: opens it.
        days: for which the files of a list that was screened are kept.
        in_memory: bytes of a list up to which its rows are held.
    """

    def __init__(self, store: str, opened: Callable[[], Store], *, days: int, in_memory: int) -> None:
        self._target, self._days, self._in_memory = store, days, in_memory
        self._looking = Looking("lists", store, opened, self._look, seconds=_LOOK_SECONDS)
        self._seen: dict[str, tuple[tuple[str, int], float]] = {}
        self._tidied = float("-inf")

    def start(self) -> None:
        """Begin to look for lists."""
        self._looking.start()

    def stop(self) -> None:
        """End the process that screens; its list is taken up by whoever comes next."""
        self._looking.stop()

    def _look(self, store: Store) -> None:
        if time.monotonic() - self._tidied > _TIDY_SECONDS:
            self._tidy(store)
            self._tidied = time.monotonic()
        job = self._dead(store) or next_job(store)
        if job is None:
            return
        holder = secrets.token_hex(8)
        if job.starts >= MOST_STARTS:
            if claim(store, job, holder, now_us()):
                self._give_up(store, job, holder)
        elif claim(store, job, holder, now_us()):
            self._screen(store, job, holder)

    def _dead(self, store: Store) -> Job | None:
        """Find a list whose heartbeat has stood still, and whose lock nobody holds."""
        now, running = time.monotonic(), beats(store)
        self._seen = {
            job_id: self._seen[job_id] if job_id in self._seen and self._seen[job_id][0] == beat else (beat, now)
            for job_id, beat in running.items()
        }
        for job_id, (beat, since) in self._seen.items():
            if now - since > _STILL_SECONDS and not alive(job_folder(self._target, job_id)):
                job = find(store, job_id)
                if job is not None and (job.claim, job.beat) == beat:
                    return job
        return None

    def _screen(self, store: Store, job: Job, holder: str) -> None:
        """Have a list screened, and wait for that."""
        came = self._looking.has_done("belbaar.api.lists.working", job.id, holder, str(self._in_memory))
        self._clear(store, job.id)
        release(store, job.id, holder, begun=came is not None)

    def _give_up(self, store: Store, job: Job, holder: str) -> None:
        error = InputError(
            f"the process that screened this list died {MOST_STARTS} times.",
            todo="Send it in parts, or as CSV; should that not help, ask the operator, whose log may tell why.",
            code="list-too-heavy",
        )
        close(store, job.id, holder, now_us(), state=FAILED, result=msgspec.json.encode(problem_of(error)).decode())
        self._clear(store, job.id)

    def _clear(self, store: Store, job_id: str) -> None:
        """Leave no files of a list that failed or was called off, and no rows that were not logged."""
        from belbaar.api.lists.working import forget_rows  # noqa: PLC0415  what screens loads slowly

        job = find(store, job_id)
        if job is not None and job.state in GONE:
            forget(job_folder(self._target, job_id))
            forget_rows(store, self._target, job)

    def _tidy(self, store: Store) -> None:
        """Leave no files of lists that ended days ago, were called off, or never came in whole."""
        old = old_jobs(store, now_us() - self._days * _DAY)
        for job in old:
            forget(job_folder(self._target, job.id))
        if old:
            remove(store, [job.id for job in old])
        folder = jobs_folder(self._target)
        known = {each.name for each in folder.iterdir()} if folder.exists() else set[str]()
        for job_id in sorted(known):
            self._clear(store, job_id)
        jobs = {job_id for job_id in known if find(store, job_id)}
        for each in left_behind(self._target, jobs, time.time() - _DAY_SECONDS):  # noqa: TID251  beside st_mtime
            forget(each)
