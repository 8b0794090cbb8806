"""Who may do what, remembered between requests and looked at again in every transaction that answers one."""

__all__ = ["Remembered"]

import threading
from dataclasses import dataclass, field

from belbaar.api.access.principal import Access, Principal, load
from belbaar.clock import now_us
from belbaar.ledger import Store


@dataclass(slots=True)
class Remembered:
    """Guards the latest ``Access`` that was read, and notes which keys were used."""

    access: Access | None = None
    used: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, store: Store) -> Access:
        """Give who may do what as it is in this transaction."""
        revision = store.known().revision
        with self._lock:
            access = self.access
        if access is None or access.revision != revision:
            access = load(store)
            with self._lock:
                if self.access is None or self.access.revision <= access.revision:
                    self.access = access
        return access

    def again(self, store: Store, principal: Principal) -> Principal:
        """Look at a principal again, in the transaction that answers it, which reads on its behalf from then on.

        Raises:
            Unauthorised: when its key is good no more.
        """
        who = self.of(store).again(principal, now_us())
        store.narrow(who.organisation.key, who.callers.values())
        return who

    def taken(self) -> dict[str, int]:
        """Give which keys were used, and when, since this was last asked."""
        used, self.used = self.used, {}
        return used
