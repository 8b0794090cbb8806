"""One number: its verdict by primary key, from the store that serves live calls.

How a store's engine folds the rows is in ``on_sqlite`` and ``on_postgres``; both run the same program. A denied call is
an answer, not an error.
"""

__all__ = ["may_call"]

from belbaar.errors import BelbaarError
from belbaar.law import Law
from belbaar.ledger import Store
from belbaar.verdict.alike import Group, judge_alike
from belbaar.verdict.question import Call, Verdict


def may_call(store: Store, call: Call, *, law: Law | None = None, without: frozenset[int] = frozenset()) -> Verdict:
    """Judge one call by the law in force at its moment.

    Args:
        store: the ledger.
        call: the question.
        law: another law than the installation's own, for what-if questions.
        without: places in the ledger of events of this number that do not count.

    Raises:
        LawUnknown: the number's country has no law pack, or the call lies before the law that is known.
        InputError: the question is malformed, or the caller is not registered.
        StoreUnavailable: the ledger cannot be read.
    """
    (came,) = judge_alike(store, [Group(call, [call.number], law, without)])
    verdict = came.verdict(0)
    if isinstance(verdict, BelbaarError):
        raise verdict
    return verdict
