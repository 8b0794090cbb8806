"""Access: organisations apart from each other, the keys of their programs, the callers each may speak for."""

__all__ = ["Access", "Forbidden", "Organisation", "Principal", "Unauthorised", "load"]

from belbaar.api.access.principal import Access, Forbidden, Principal, Unauthorised, load
from belbaar.ledger.organisations import Organisation
