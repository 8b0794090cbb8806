"""What the quarrel needs of others: pages that run."""

from tests.docs.conftest import replay

__all__ = ["replay"]
