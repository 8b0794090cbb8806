"""What a screening counts: callable by ground, denied by reason, unreadable by code, and what another day changes."""

__all__ = ["Comparison", "Screening", "as_mapping", "count", "count_groups", "hours_note"]

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.verdict.lookup import Places
from belbaar.verdict.question import Call
from belbaar.verdict.views import Answer, View

_ZONE = PACKS["NL"].zone


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
    """What a screening counted; ``position`` is the ledger position it saw, ``demanded`` the level of evidence."""

    out: Path
    position: int
    ruleset: str
    ruleset_hash: str
    demanded: int = 0
    rows: int = 0
    allowed: int = 0
    by_ground: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    compare: Comparison | None = None


def count(result: Screening, views: Sequence[View], places: Sequence[Places]) -> None:
    """Count a batch: for each view, the places of the answers to its rows."""
    keys = places[0].astype(np.int64)
    if result.compare:
        keys = keys * len(views[1].answers) + places[1]
    found, rows = np.unique(keys, return_counts=True)
    for key, number in zip(found.tolist(), rows.tolist(), strict=True):
        ids = divmod(key, len(views[1].answers)) if result.compare else (key,)
        count_groups(result, views, [(("", *ids), number)])


def count_groups(result: Screening, views: Sequence[View], groups: Iterable[tuple[tuple[Any, ...], int]]) -> None:
    """Count rows that were grouped already: by refusal code and each view's answer, and how many there are."""
    for (code, *ids), rows in groups:
        answer = views[0].answers[ids[0]]
        result.rows += rows
        result.allowed += rows * answer.allowed
        if code or answer.error:
            result.unreadable[code or answer.error] += rows
        elif answer.allowed:
            result.by_ground[answer.ground] += rows
        else:
            for reason in answer.why:
                result.by_reason[reason] += rows
        if result.compare:
            _compare(result.compare, answer, views[1].answers[ids[1]], rows)


def hours_note(result: Screening) -> tuple[str, ...]:
    """Say so when every row was denied because of the hour: it is seldom what was meant."""
    if result.rows and not result.allowed and result.by_reason["nl.hours"]:
        return ("the moment asked lies outside calling hours; say --at for the moment you mean to call",)
    return ()


def _compare(comparison: Comparison, before: Answer, after: Answer, rows: int) -> None:
    comparison.allowed_now += rows * before.allowed
    comparison.allowed_then += rows * after.allowed
    if before.allowed and not after.allowed:
        comparison.lost += rows
        for reason in after.why:
            comparison.lost_by_reason[reason] += rows
    elif after.allowed and not before.allowed:
        comparison.gained += rows


def as_mapping(result: Screening, call: Call) -> dict[str, Any]:
    """Give all counts as plain values."""
    unreadable = sum(result.unreadable.values())
    return {
        "out": str(result.out),
        "caller": call.caller,
        "product": call.product,
        "at": iso(call.at, _ZONE),
        "channel": call.channel,
        "rows": result.rows,
        "allowed": result.allowed,
        "denied": result.rows - result.allowed - unreadable,
        "by_ground": dict(result.by_ground),
        "by_reason": dict(result.by_reason),
        "unreadable": dict(result.unreadable),
        "problems": result.problems,
        "notes": list(result.notes),
        "position": result.position,
        "evidence_demanded": result.demanded,
        "ruleset": result.ruleset,
        "ruleset_hash": result.ruleset_hash,
        "compare": _compared(result.compare) if result.compare else None,
    }


def _compared(compare: Comparison) -> dict[str, Any]:
    return {
        "at": iso(compare.at, _ZONE),
        "allowed_now": compare.allowed_now,
        "allowed_then": compare.allowed_then,
        "lost": compare.lost,
        "gained": compare.gained,
        "lost_by_reason": dict(compare.lost_by_reason),
    }
