"""The service that clients ask: the same as in tests/api."""

from tests.api.conftest import service, store

__all__ = ["service", "store"]
