"""How the books are changed: who asks is looked at again, the act is done or undone whole, and it is audited."""

__all__ = ["Asked", "Books"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.desk import Act
from belbaar.api.refusing import whole
from belbaar.errors import BelbaarError
from belbaar.ledger import Store


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A change that is asked for.

    Args:
        principal: by whom.
        right: what it needs.
        does: does it, given who asks as it is now, and tells what came of it.
    """

    principal: Principal
    right: str
    does: Callable[[Store, Principal], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """Changes books by the ledger. ``remembered``: who may do what."""

    remembered: Remembered

    def act(self, principal: Principal, right: str, does: Callable[[Store, Principal], Any]) -> Act[Any]:
        """Give the act for the desk; before verdicts, as it may end somebody's say."""
        return Act(self.changes, Asked(principal, right, does), first=True)

    def changes(self, store: Store, asked: Sequence[Asked]) -> list[Any]:
        """Do what is asked; inside the write transaction. What is refused leaves nothing behind."""
        return [self._changed(store, each) for each in asked]

    def _changed(self, store: Store, asked: Asked) -> Any:  # noqa: ANN401  whatever the act tells
        answer = whole(store, partial(self._done, store, asked))
        if isinstance(answer, BelbaarError) and answer.where and not answer.where.startswith("/"):
            answer.where = f"/{answer.where}" if answer.where.isidentifier() else ""
        return answer

    def _done(self, store: Store, asked: Asked) -> Any:  # noqa: ANN401  as above
        who = self.remembered.again(store, asked.principal)
        who.needs(asked.right)
        return asked.does(store, who)
