"""Letters: a page of text that says who writes what to whom, and the same as PDF/A, the same bytes again.

``belbaar.letters.pdf`` sets one; it is imported where it is needed, for what makes PDF loads slowly.
"""

__all__ = ["Page"]

from belbaar.letters.page import Page
