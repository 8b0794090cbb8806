"""Putting lists in the queue, looking at them, calling them off: as any front door asks it."""

__all__ = ["Queueing", "new_job", "refuse_unusable", "unready"]

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.lists.jobs import DONE, FAILED, Job, add_job, call_off, job_of
from belbaar.api.lists.questions import ListQuestion, check_question
from belbaar.api.problems import Problem
from belbaar.api.refusing import answered
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store
from belbaar.tables.hostile import refuse_hostile
from belbaar.tables.sniff import sniff


@dataclass(frozen=True, slots=True)
class Queueing:
    """Reads and writes the table of lists by the ledger. ``remembered``: who may do what."""

    remembered: Remembered

    def adds(self, store: Store, items: Sequence[tuple[Principal, Job]]) -> list[Job | BelbaarError]:
        """Put lists in the queue; inside the write transaction."""
        return answered(self._added, store, items)

    def calls_off(self, store: Store, items: Sequence[tuple[Principal, str]]) -> list[Job | BelbaarError]:
        """Call lists off; inside the write transaction."""
        return answered(self._called_off, store, items)

    def one(self, store: Store, principal: Principal, job_id: str) -> Job:
        """Give a list.

        Raises:
            InputError: there is none that is the principal's to see.
        """
        who = self.remembered.again(store, principal)
        who.needs("lists")
        return job_of(store, who, job_id)

    def _added(self, store: Store, item: tuple[Principal, Job]) -> Job:
        principal, job = item
        who = self.remembered.again(store, principal)
        who.needs("lists")
        who.speaks_for(job.caller)
        check_question(job.asked, store.caller(job.caller), store.known().switched_off)
        add_job(store, job)
        return job

    def _called_off(self, store: Store, item: tuple[Principal, str]) -> Job:
        principal, job_id = item
        call_off(store, self.one(store, principal, job_id), now_us())
        return self.one(store, principal, job_id)


def new_job(job_id: str, principal: Principal, question: ListQuestion, name: str) -> Job:
    """Make a list that is to be screened, of now. ``name``: of its file, as it was sent."""
    now = now_us()
    return Job(
        id=job_id,
        organisation=principal.organisation.key,
        made_by=principal.id,
        question=msgspec.json.encode(question).decode(),
        name=name,
        caller=question.caller,
        at=now,
        made_at=now,
    )


def refuse_unusable(path: Path) -> None:
    """Look what was uploaded, before anything reads or unpacks it.

    Raises:
        InputError: it is nothing that belbaar reads, or was made to do harm.
    """
    try:
        refuse_hostile(path, sniff(path))
    except InputError as error:
        error.where = "/file"
        raise


def unready(job: Job) -> InputError:
    """Give why the result of a list cannot be had: it failed, is not done, or its files are gone."""
    if job.state == FAILED:
        problem = msgspec.json.decode(job.result, type=Problem)
        return InputError(
            problem.detail, where=problem.pointer, todo=problem.remedy, code=problem.code, details=problem.details
        )
    if job.state != DONE:
        return InputError(
            f"the list is {job.state}.", todo="Fetch it when it is done: GET /v1/lists/{id} tells.", code="not-ready"
        )
    return InputError("the files of this list were removed.", todo="Upload it again.", code="not-found")
