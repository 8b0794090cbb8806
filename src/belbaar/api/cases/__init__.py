"""Complaints and requests of called persons, as organisations work on them."""

__all__ = ["Cases", "tidy"]

from belbaar.api.cases.working import Cases, tidy
