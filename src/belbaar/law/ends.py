"""How long a condition lasts, derived from the condition itself.

All facts frozen, the law unchanged, time can only break a ground: every comparison with the calendar has the form
``some day >= cut-off``, and a cut-off never goes back. So the last day on which a condition holds follows from its
tree: the least of an AND, the greatest of an OR, the day itself of a comparison, FOREVER of what knows no day.

    >>> from belbaar.law.language import read
    >>> end = last_day(read("opted_out = NO AND last_day >= today", card="example"), card="example")
    >>> end.cutoff, end.day.sql()
    ('today', 'last_day')
"""

__all__ = ["Lasting", "last_day"]

from dataclasses import dataclass
from functools import reduce

from sqlglot import exp

from belbaar.errors import InternalError
from belbaar.law.facts import DAY, FACTS, MOMENT
from belbaar.law.words import FOREVER_DAY, NEVER_DAY

_CUTOFFS = frozenset(name for name, fact in FACTS.items() if fact.scope == MOMENT and fact.unit == DAY)


@dataclass(frozen=True, slots=True)
class Lasting:
    """The day a condition lasts to, and by which cut-off the calendar must still lengthen it."""

    day: exp.Expr
    cutoff: str


def last_day(condition: exp.Expr, *, card: str) -> Lasting:
    """Derive the last day on which a condition that holds goes on holding.

    Raises:
        InternalError: when the card asks a calendar question of another form, or mixes two cut-offs.
    """
    cutoffs = {column.name for column in condition.find_all(exp.Column)} & _CUTOFFS
    if len(cutoffs) > 1:
        raise InternalError(f"one condition mixes the cut-offs {sorted(cutoffs)}.", where=card)
    return Lasting(_end(condition, card), cutoffs.pop() if cutoffs else "today")


def _end(node: exp.Expr, card: str) -> exp.Expr:
    if not {column.name for column in node.find_all(exp.Column)} & _CUTOFFS:
        return _day(FOREVER_DAY)
    if isinstance(node, exp.Paren):
        return _end(node.this, card)
    if isinstance(node, exp.And):
        ends = [_end(part, card) for part in node.flatten()]
        timed = [end for end in ends if end != _day(FOREVER_DAY)]
        return reduce(lambda a, b: exp.Least(this=a, expressions=[b]), timed)
    if isinstance(node, exp.Or):
        return reduce(
            lambda a, b: exp.Greatest(this=a, expressions=[b], ignore_nulls=True),
            [_alternative(part, card) for part in node.flatten()],
        )
    if isinstance(node, exp.GTE) and node.expression.name in _CUTOFFS:
        day: exp.Expr = node.this
        return day.copy()
    raise InternalError(f'"{node.sql()}" asks the calendar something else than "day >= cut-off".', where=card)


def _alternative(part: exp.Expr, card: str) -> exp.Expr:
    """One arm of an OR lasts only if it holds; a bare day comparison says so by itself."""
    bare = part.unnest()
    if isinstance(bare, exp.GTE) and bare.expression.name in _CUTOFFS:
        return _end(bare, card)
    return exp.Case(ifs=[exp.If(this=part.copy(), true=_end(part, card))], default=_day(NEVER_DAY))


def _day(ordinal: int) -> exp.Expr:
    return exp.Literal.number(ordinal)
