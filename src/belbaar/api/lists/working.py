"""A process that screens one list and ends: ``python -m belbaar.api.lists.working JOB CLAIM BYTES``.

It shares nothing with the process that answers but the store and the files, so live verdicts do not wait for it. It dies
with whoever started it, and when its claim is another's. Killed at any moment, another goes on: a long list where it was,
with the bytes it would have had.
"""

__all__ = ["main"]

import os
import re
import sys
import threading
import time
from contextlib import suppress

import msgspec

from belbaar.api.lists.files import holding, job_folder, result_of, upload_of
from belbaar.api.lists.jobs import DONE, FAILED, NO_ENTRY, Job, close, find, held, take_key
from belbaar.api.lists.questions import ListQuestion, call_of, compare_at, options_of
from belbaar.api.looking import STORE
from belbaar.api.problems import problem_of
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, InternalError, StoreUnavailable
from belbaar.ledger import Store, open_store
from belbaar.opening import lists_folder, opened
from belbaar.proof.dossier.logged import logged
from belbaar.proof.log.keeping import log_of
from belbaar.tables.hostile import refuse_swelling
from belbaar.verdict.screening import screen_file
from belbaar.verdict.tally import Screening, as_mapping

_BEAT_SECONDS = 1.0
_OPTION = re.compile(r"--([a-z]+)")
_PROBLEMS = 100
"""Rows that were not like the others, told of one list."""


class _Heart:
    """Guards the heartbeat: a thread that ends the process when nobody waits for it any more."""

    def __init__(self, store: str, job_id: str, holder: str) -> None:
        self.rows = 0
        self._target, self._job, self._holder = store, job_id, holder
        self._parent, self._begun = os.getppid(), time.monotonic()
        threading.Thread(target=self._run, name="heart", daemon=True).start()

    def at(self, rows: int) -> None:
        """Hear how many rows are done."""
        self.rows = rows

    @property
    def rate(self) -> int:
        """Rows a second since the beginning."""
        return int(self.rows / max(time.monotonic() - self._begun, 0.001))

    def _run(self) -> None:
        try:
            self._beat()
        finally:  # whoever cannot say that it lives is taken for dead, and must be
            os._exit(1)

    def _beat(self) -> None:
        store: Store | None = None
        pause = threading.Event()
        while not pause.wait(_BEAT_SECONDS):
            if os.getppid() != self._parent:
                return
            try:
                store = store or open_store(self._target)
                if not held(store, self._job, self._holder, self.rows, self.rate):
                    return
            except StoreUnavailable:  # it may be there again; until then nobody can take the list over either
                if store is not None:
                    with suppress(Exception):
                        store.close()
                store = None


def main(target: str, job_id: str, holder: str, in_memory: int) -> None:
    """Screen a list under a claim, and write what came of it.

    Raises:
        StoreUnavailable: when the store is away: the list is begun again later.
    """
    os.umask(0o077)
    folder = job_folder(target, job_id)
    with opened(target) as store:
        job = find(store, job_id)
        if job is None or job.claim != holder:
            return
        heart = _Heart(target, job_id, holder)
        try:
            with holding(folder):
                forget_rows(store, target, job)
                _screen(store, target, job, heart, in_memory)
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            _fail(store, job, error)
        except Exception as error:  # noqa: BLE001  told to who waits for the list, who cannot see this process
            print(f"list {job_id}: {type(error).__name__}", file=sys.stderr)  # noqa: T201  the operator's log
            _fail(store, job, InternalError("belbaar itself made a mistake.", todo="Do not call. Please report it."))


def forget_rows(store: Store, target: str, job: Job) -> None:
    """Leave nothing of rows that a process took and did not live to log."""
    query = "SELECT 1 FROM screening WHERE key = ?"
    if not job.rows_key or store.connection.execute(query, (job.rows_key,)).fetchone():
        return
    log_of(store).keyring.retention.shred(job.rows_key)
    for suffix in (".rows", ".part"):
        (lists_folder(target) / f"{job.rows_key}{suffix}").unlink(missing_ok=True)


def _screen(store: Store, target: str, job: Job, heart: _Heart, in_memory: int) -> None:
    folder = job_folder(target, job.id)
    path, out = upload_of(folder), result_of(folder, job)
    if path is None or out is None:
        raise InputError("the list is not there any more.", todo="Upload it again.", code="not-found")
    if path.suffix == ".parquet":
        refuse_swelling(path)
    question = job.asked
    call = call_of(question, job.at)
    preview = bool(question.law)
    with logged(store, lists_folder(target), path, call, preview=preview, name=job.name) as log:
        if log.key:
            take_key(store, job.id, job.claim, log.key)
        result = screen_file(
            store,
            path,
            call,
            out=out,
            options=options_of(question, in_memory),
            compare_at=compare_at(question, call.at),
            progress=heart.at,
            take=log.take,
        )

        def end(entry: int | None) -> None:
            told = {**as_mapping(result, call), "problems": result.problems[:_PROBLEMS]}
            told |= {"notes": [_in_fields(note) for note in result.notes]}
            del told["out"]
            ended = {
                "state": DONE,
                "entry": NO_ENTRY if entry is None else entry,
                "result": msgspec.json.encode(told).decode(),
                "rows": result.rows,
                "rate": _rate(heart, result),
            }
            if not close(store, job.id, job.claim, now_us(), **ended):
                raise InputError("the list was called off, or is another process's.", code="not-found")

        log.keep(result, end)


def _rate(heart: _Heart, result: Screening) -> int:
    heart.at(result.rows)
    return heart.rate


def _fail(store: Store, job: Job, error: BelbaarError) -> None:
    """Say what is wrong with a list; where it lies here is no matter of who sent it."""
    if error.where.removeprefix("/") not in ListQuestion.__struct_fields__:
        error.where = "/file"
    error.what, error.todo = _in_fields(error.what), _in_fields(error.todo)
    problem = problem_of(error)
    close(store, job.id, job.claim, now_us(), state=FAILED, result=msgspec.json.encode(problem).decode())


def _in_fields(text: str) -> str:
    """Have what the rooms say name the fields of the form, and not options of the command line."""
    return _OPTION.sub(r"\1", text)


if __name__ == "__main__":
    main(os.environ[STORE], sys.argv[1], sys.argv[2], int(sys.argv[3]))
