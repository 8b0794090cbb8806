"""Verdicts: may this number be called, by the same rules for one and for a hundred million.

``may_call`` answers for one, ``judge_alike`` for some that are asked alike, ``screen_file`` for a list; ``with_evidence`` and
``weigh_alike`` add how well a consent is proven and what is demanded of that, ``explain`` tells it in plain words.
"""

__all__ = ["Alike", "Call", "Group", "Verdict", "explain", "judge_alike", "may_call", "weigh_alike", "with_evidence"]

from belbaar.verdict.alike import Alike, Group, judge_alike
from belbaar.verdict.evidence import weigh_alike, with_evidence
from belbaar.verdict.explain import explain
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call, Verdict
