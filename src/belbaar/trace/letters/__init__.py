"""Letters of the trace desk, as PDF: to who asked, and to who is named; in Dutch and English, plain, the same bytes again."""

__all__ = ["KINDS", "letter"]

from belbaar.trace.letters.letter import KINDS, letter
