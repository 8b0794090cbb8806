"""Proof: a log in which nothing can be added, changed or removed unseen, and a dossier that shows it offline.

From the inside out: ``entries`` canonical bytes, commitments and sealed bodies; ``keys`` those whose deletion erases,
and those that sign; ``log`` the tree, its signed heads, and keeping it while a ledger is written; ``outsiders`` other
people's memories and clocks; ``erasure`` what goes and what stays; ``receipt`` what a person gets; ``dossier`` the file
that is handed over; and ``verifier``, which needs nothing of belbaar.

Its names (``belbaar.proof.public``) are loaded when one is asked for: whoever only keeps a log needs no certificates, no
web and no receipts, which take longer to load than the log itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from belbaar.proof.public import *  # noqa: F403


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever goes by that name
    return getattr(import_module("belbaar.proof.public"), name)
