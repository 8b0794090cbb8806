"""The verifier: what checks a dossier, and travels in it as a program for the standard library and as a page.

>>> verify(b"a file of another kind")[0]
2

It is kept here in five modules, ``reading``, ``checking``, ``heads``, ``claims`` and ``verify``, so that each can be
read and tested by itself; none imports anything of belbaar but the others. ``page/`` has the same once more for
browsers, file by file. ``sources`` puts each together as one file; ``findings`` is for belbaar's own front doors.
"""

__all__ = [
    "SAFE_NAME",
    "Finding",
    "Findings",
    "findings",
    "findings_in_both",
    "verifier_page",
    "verifier_source",
    "verify",
    "zipped",
]

from belbaar.proof.verifier.findings import Finding, Findings, findings, findings_in_both
from belbaar.proof.verifier.reading import SAFE_NAME, zipped
from belbaar.proof.verifier.sources import verifier_page, verifier_source
from belbaar.proof.verifier.verify import verify
