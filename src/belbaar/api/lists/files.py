"""Where the files of lists lie: a folder for each, beside the rows that the log keeps, for this user's eyes only."""

__all__ = [
    "alive",
    "forget",
    "holding",
    "job_folder",
    "left_behind",
    "make_folder",
    "result_of",
    "upload_of",
]

import fcntl
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from belbaar.api.lists.jobs import Job
from belbaar.errors import StoreUnavailable
from belbaar.opening import jobs_folder

_LOCK = "lock"


def job_folder(store: str, job_id: str) -> Path:
    """Tell where the files of a list are kept."""
    return jobs_folder(store) / job_id


def make_folder(store: str, job_id: str) -> Path:
    """Make the folder of a list.

    Raises:
        StoreUnavailable: when it cannot be made.
    """
    folder = job_folder(store, job_id)
    try:
        for path in (folder.parent.parent, folder.parent, folder):
            path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the list cannot be kept: {error.strerror}.",
            where=str(folder.parent),
            todo="Make room, or mend its permissions.",
        ) from error
    return folder


def upload_of(folder: Path) -> Path | None:
    """Find the list as it was sent."""
    return next(iter(sorted(folder.glob("list.*"))), None)


def result_of(folder: Path, job: Job) -> Path | None:
    """Tell where the screened list is, or will be; None when the list itself is gone."""
    upload = upload_of(folder)
    return upload and folder / f"screened.{job.asked.format or upload.suffix[1:]}"


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Hold a list's lock; it goes with the process, whatever ends that."""
    with (folder / _LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def alive(folder: Path) -> bool:
    """Tell whether a process that shares these files holds a list's lock."""
    try:
        with (folder / _LOCK).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def left_behind(store: str, known: Collection[str], older_than: float) -> Iterator[Path]:
    """Give the folders of lists that are not known and not new: uploads that never ended. ``older_than``: st_mtime."""
    folder = jobs_folder(store)
    for each in sorted(folder.iterdir()) if folder.exists() else ():
        if each.name not in known and each.stat().st_mtime < older_than:
            yield each


def forget(folder: Path) -> None:
    """Leave nothing of a list's files."""
    shutil.rmtree(folder, ignore_errors=True)
