"""What can be wrong with an Identity header: a word for programs, and a sentence for people, with nobody's number in it.

The words are those of RFC 8224, section 6.2.2, each with a code of its own there; the sentence says which check it was.
"""

__all__ = [
    "ELSEWHERE", "FALSE", "NO_CERTIFICATE", "NO_IDENTITY", "STALE", "UNTRUSTED", "Flaw",
]  # fmt: skip

from typing import NamedTuple

NO_IDENTITY, STALE, NO_CERTIFICATE = "no identity", "stale identity", "no certificate"
UNTRUSTED, FALSE = "untrusted certificate", "false identity"


class Flaw(NamedTuple):
    """What is wrong. ``cause``: one of the words above; ``text``: which check failed; letters, digits and ``,.:;-`` only."""

    cause: str
    text: str


ELSEWHERE = Flaw(FALSE, "It was signed for a call to another number.")
"""Of a call that was forwarded that is no lie (RFC 8946): it was signed for the number that it was forwarded from."""
