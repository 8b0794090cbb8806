"""What the quarrel needs of others: pages that run, and a browser."""

from tests.docs.conftest import replay
from tests.proof.page.conftest import chromium

__all__ = ["chromium", "replay"]
