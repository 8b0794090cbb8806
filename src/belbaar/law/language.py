"""The closed little language of rule cards: parsed once, checked before any engine sees it.

A condition is made of fact names, measure names, words, ``AND OR NOT``, ``= <> < <= > >= IN`` and brackets. Nothing
else gets through: no function, no literal, no clock, no NULL.

    >>> read("channel IN (VOICE, SMS) AND last_day >= today", card="example").sql()
    'channel IN (1, 3) AND last_day >= today'
    >>> read("last_day >= moment", card="example")
    Traceback (most recent call last):
    belbaar.errors.InternalError: example: "last_day >= moment" compares a day with an instant.
"""

__all__ = ["read"]

from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from belbaar.errors import InternalError, nearest
from belbaar.law.facts import FACTS, INSTANT, SET, WORD, Fact
from belbaar.law.words import NEVER

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_CLOSED = (*_COMPARISONS, exp.In, exp.And, exp.Or, exp.Not, exp.Paren, exp.Column, exp.Identifier)


def read(text: str, *, card: str, measures: Mapping[str, Fact] | None = None) -> exp.Expr:
    """Parse a condition and put integers for its words.

    Args:
        text: the card's ``when``.
        card: the card's name, for messages.
        measures: further names the condition may use.

    Raises:
        InternalError: when the text leaves the language; names the card and the nearest known word.
    """
    try:
        tree = sqlglot.parse_one(text)
    except SqlglotError as error:
        raise InternalError("the condition is not well formed.", where=card) from error
    vocabulary = {**FACTS, **(measures or {})}
    for node in tree.walk():
        if not isinstance(node, _CLOSED):
            raise InternalError(f'"{node.sql()}" is outside the card language.', where=card)
        if isinstance(node, exp.Column) and (node.table or not isinstance(node.parent, (*_COMPARISONS, exp.In))):
            raise InternalError(f'"{node.sql()}" is a name by itself, not a comparison.', where=card)
        if isinstance(node, exp.In) and not node.expressions:
            raise InternalError(f'"{node.sql()}": IN asks for words or one set.', where=card)
    for node in list(tree.find_all(*_COMPARISONS, exp.In)):
        _check_comparison(node, vocabulary, card)
    return tree


def _check_comparison(node: exp.Expr, vocabulary: Mapping[str, Fact], card: str) -> None:
    fact = _fact(node.this, vocabulary, card)
    if isinstance(node, exp.In):
        others: list[exp.Expr] = node.expressions
    else:
        others = [node.expression]
    for other in others:
        value = _word(other.name, fact)
        if value is not None:
            other.replace(exp.Literal.number(value))
            continue
        right = _fact(other, vocabulary, card)
        if right.unit != fact.unit:
            raise InternalError(
                f'"{node.sql()}" compares a {fact.unit} with a {right.unit}.'.replace(" a i", " an i"), where=card
            )
        if isinstance(node, exp.In) != (right.scope == SET):
            raise InternalError(f'"{node.sql()}": IN asks for words or one set.', where=card)


def _word(name: str, fact: Fact) -> int | None:
    if name == "NEVER" and fact.unit == INSTANT:
        return NEVER
    return fact.values.get(name)


def _fact(node: exp.Expr, vocabulary: Mapping[str, Fact], card: str) -> Fact:
    name = node.name
    if not isinstance(node, exp.Column) or name not in vocabulary:
        known = [*vocabulary, *(word for fact in vocabulary.values() for word in fact.values if fact.unit == WORD)]
        raise InternalError(f'"{node.sql()}" is no name of the card language.', where=card, todo=nearest(name, known))
    return vocabulary[name]
