"""What the law makes of many questions at once, in one view of the ledger, each by who asks it.

What was recorded has happened, even where this machine's clock has not come that far: an objection that another machine,
whose clock is ahead, recorded a moment ago is in force here too.
"""

__all__ = ["heard_until", "judged"]

from collections.abc import Sequence
from dataclasses import replace

from belbaar.api.access import Principal
from belbaar.api.questions import Asked
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.verdict import Call, Verdict, may_calls, with_evidences
from belbaar.verdict.levels import check_level


def judged(store: Store, requests: Sequence[tuple[Principal, Asked]]) -> list[Verdict | BelbaarError]:
    """Judge questions; what is wrong with one is no matter of the others. Inside a transaction, within ``still``.

    Raises:
        StoreUnavailable: when the ledger cannot be read.
    """
    now, heard = now_us(), heard_until(store)
    read = [_call(who, asked, now, heard) for who, asked in requests]
    verdicts = iter(may_calls(store, [call for call in read if isinstance(call, Call)]))
    came = [next(verdicts) if isinstance(call, Call) else call for call in read]
    reached = [
        (verdict, asked.question.evidence)
        for verdict, (_, asked) in zip(came, requests, strict=True)
        if isinstance(verdict, Verdict)
    ]
    weighed = iter(with_evidences(store, reached))
    return [next(weighed) if isinstance(each, Verdict) else _pointing(each) for each in came]


def heard_until(store: Store) -> int:
    """Give the latest instant at which anything was recorded, by whatever clock; UTC microseconds."""
    row = store.connection.execute("SELECT at FROM head ORDER BY size DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def _call(who: Principal, asked: Asked, now: int, heard: int) -> Call | BelbaarError:
    try:
        who.needs("ask")
        who.speaks_for(asked.call.caller)
        check_level(asked.question.evidence, "/evidence")
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return error
    return asked.call if asked.call.at else replace(asked.call, at=now, heard=heard)


def _pointing(error: BelbaarError) -> BelbaarError:
    """Have an error of the rooms point to the field of the question."""
    if error.where and not error.where.startswith("/"):
        error.where = f"/{error.where}" if error.where in ("channel", "kind", "purpose", "presents") else ""
    if not error.where and error.code == "unknown-caller":
        error.where = "/caller"
    return error
