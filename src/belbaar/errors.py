"""Every error belbaar raises, and what it tells.

    BelbaarError
    ├── InputError         the sender can mend it
    ├── LawUnknown         no rules for this place or day; code ``law-unknown``
    ├── StoreUnavailable   the ledger cannot be reached, locked, full, or of a newer version
    ├── ProofError         evidence does not verify; code ``not-proven``
    └── InternalError      belbaar's own mistake, such as a rule card that does not compile

Each says *what* was wrong, *where*, and what *todo*; ``code`` is stable and meant for programs. No message carries a
full telephone number. Only front doors exit, print or choose a status; a denied call is an answer, not an error.
"""

__all__ = ["BelbaarError", "InputError", "InternalError", "LawUnknown", "ProofError", "StoreUnavailable", "nearest"]

import difflib
from collections.abc import Iterable


class BelbaarError(Exception):
    """What went wrong, where, and what to do about it.

    Args:
        what: one sentence on what is wrong.
        where: file, row, field, case: as near as can be said.
        todo: the remedy, an order to the reader.
        code: a stable word for programs.
        details: further lines, one problem each, when a batch has several.
    """

    default_code = "error"

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", code: str = "", details: Iterable[str] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo
        self.code = code or self.default_code
        self.details = tuple(details)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return "\n  ".join([head, *self.details, *([self.todo] if self.todo else [])])


class InputError(BelbaarError):
    """What was sent cannot be used as it is."""

    default_code = "bad-input"


class LawUnknown(BelbaarError):
    """Belbaar has no rules for the called number's country, or for the day of the call."""

    default_code = "law-unknown"


class StoreUnavailable(BelbaarError):
    """The ledger cannot be opened, read or written."""

    default_code = "store-unavailable"


class ProofError(BelbaarError):
    """Evidence does not verify: a signature, a proof, a commitment or a timestamp is not what it has to be."""

    default_code = "not-proven"


class InternalError(BelbaarError):
    """A mistake of belbaar itself; worth a report."""

    default_code = "internal"


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant.

    >>> nearest("consent.gven", ["consent.given", "call.made"])
    'Did you mean "consent.given"?'
    >>> nearest("x", ["consent.given", "call.made"])
    'Known: call.made, consent.given.'
    """
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    return f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(words)}."
