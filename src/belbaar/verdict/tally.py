"""What a screening counts: callable by ground, denied by reason, unreadable by code, and what another day changes."""

__all__ = ["Comparison", "Screening", "count"]

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from belbaar.verdict.views import UNREADABLE, View


@dataclass(slots=True)
class Comparison:
    """What changes at another instant: rows callable now and then, lost and gained, and why they are lost."""

    at: int
    allowed_now: int = 0
    allowed_then: int = 0
    lost: int = 0
    gained: int = 0
    lost_by_reason: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Screening:
    """What a screening counted; ``position`` is the ledger position it saw."""

    out: Path
    position: int
    ruleset: str
    ruleset_hash: str
    rows: int = 0
    allowed: int = 0
    by_ground: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    compare: Comparison | None = None


def count(result: Screening, codes: Sequence[str], views: Sequence[View], ids: Sequence[list[int]]) -> None:
    """Count a batch: the refusal codes of its rows, and the answers of each view to them."""
    result.rows += len(codes)
    result.unreadable += Counter(code for code in codes if code)
    for identity, count in Counter(ids[0]).items():
        answer = views[0].answers[identity]
        result.allowed += count * answer.allowed
        if answer.error:
            result.unreadable[answer.error] += count
        elif answer.allowed:
            result.by_ground[answer.ground] += count
        elif identity != UNREADABLE:
            for reason in answer.why:
                result.by_reason[reason] += count
    if result.compare:
        _compare(result.compare, views, ids)


def _compare(comparison: Comparison, views: Sequence[View], ids: Sequence[list[int]]) -> None:
    for (now, then), count in Counter(zip(*ids, strict=True)).items():
        before, after = views[0].answers[now], views[1].answers[then]
        comparison.allowed_now += count * before.allowed
        comparison.allowed_then += count * after.allowed
        if before.allowed and not after.allowed:
            comparison.lost += count
            for reason in after.why:
                comparison.lost_by_reason[reason] += count
        elif after.allowed and not before.allowed:
            comparison.gained += count
