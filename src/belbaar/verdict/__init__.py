"""Verdicts: may this number be called, by the same rules for one and for a hundred million.

``may_call`` answers for one, ``may_calls`` for some in one view, ``screen_file`` for a list, ``with_evidence`` adds how well a consent is proven and what is
demanded of that, ``explain`` tells it in plain words.
"""

__all__ = ["Call", "Verdict", "explain", "may_call", "may_calls", "with_evidence", "with_evidences"]

from belbaar.verdict.evidence import with_evidence, with_evidences
from belbaar.verdict.explain import explain
from belbaar.verdict.one import may_call, may_calls
from belbaar.verdict.question import Call, Verdict
