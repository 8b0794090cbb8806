"""Signed callers' numbers: what an Identity header says, and whether that holds (RFC 8224, 8225, 8226, 8588).

    header ──► passport ──► the call it is for ──► certificate ──► chain and numbers ──► signature ──► who vouches

What does not hold is a lie until shown otherwise, and has a word for programs and a sentence for people (``flaws``).
"""

__all__ = ["Call", "Flaw", "Signed", "Signer", "Verifier", "read_signer"]

from belbaar.stir.flaws import Flaw
from belbaar.stir.passport import Call
from belbaar.stir.signing import Signer, read_signer
from belbaar.stir.verifying import Signed, Verifier
