"""Verdicts: may this number be called, by the same rules for one and for a hundred million.

``may_call`` answers for one, ``screen`` for a list, ``explain`` tells it in plain words.
"""

__all__ = ["Call", "Verdict", "explain", "may_call"]

from belbaar.verdict.explain import explain
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call, Verdict
