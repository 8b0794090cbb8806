"""A screening and its entry in the log: rows are taken while they are judged, and logged when all went well."""

__all__ = ["ScreeningLog", "logged"]

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from belbaar.ledger import Store
from belbaar.proof.dossier.lists import ListRows, keep_list
from belbaar.proof.dossier.parts import rows_of_parts
from belbaar.proof.log.keeping import log_of
from belbaar.verdict import Call
from belbaar.verdict.screening import Take
from belbaar.verdict.tally import Screening


class Keep(Protocol):
    """Logs a screening; gives its entry, None when it is not logged."""

    def __call__(self, result: Screening, also: Callable[[int | None], None] | None = None, /) -> int | None:
        """Log it; ``also`` is called with the entry in the same transaction, so both are durable or neither is."""


@dataclass(frozen=True, slots=True)
class ScreeningLog:
    """What takes the rows of a screening, what logs it, and under which key its rows are kept (0: none are)."""

    take: Take | None
    keep: Keep
    key: int = 0

    def keep_parts(self, result: Screening) -> int | None:
        """Log a screening whose rows were written as parts of Parquet."""
        if self.take:
            for rows in rows_of_parts(result.out):
                self.take(*rows)
        return self.keep(result)


@contextmanager
def logged(
    ledger: Store, folder: Path, path: Path, call: Call, *, preview: bool, name: str = ""
) -> Iterator[ScreeningLog]:
    """Keep what proves a screening; nothing of a preview by a law that is only announced.

    Args:
        ledger: with its log.
        folder: where the rows of lists are kept.
        path: the list.
        call: the question.
        preview: whether it is one.
        name: what the list is called; "": as its file.
    """
    if preview:
        yield ScreeningLog(None, lambda _, also=None: _unlogged(ledger, also))
        return
    log = log_of(ledger)
    rows = ListRows(log, folder)

    def keep(result: Screening, also: Callable[[int | None], None] | None = None, /) -> int:
        return keep_list(log, rows, call, result, path, name=name, also=also)

    try:
        yield ScreeningLog(rows.add, keep, rows.key)
    except BaseException:
        rows.forget()
        raise


def _unlogged(ledger: Store, also: Callable[[int | None], None] | None) -> None:
    if also:
        with ledger.writing():
            also(None)
