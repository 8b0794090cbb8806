"""Who asks, and for which callers it may speak; remembered for as long as nothing changes in the store.

Whatever changes these tables moves the store's revision on. What is remembered is asked for again in the transaction
that answers, by that number: a key that was revoked, or a mandate that ended, counts no more from that instant on.
"""

__all__ = ["Access", "Forbidden", "Principal", "Unauthorised", "load"]

from collections.abc import Mapping
from dataclasses import dataclass

from belbaar.api.access.keys import NOBODY, AccessKey, all_keys, matches, read_token
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation, organisations


class Unauthorised(BelbaarError):
    """Nobody that belbaar knows asked."""

    default_code = "unauthorised"


class Forbidden(BelbaarError):
    """Who asked may not do this."""

    default_code = "forbidden"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Args:
        id: the id of its key or account.
        organisation: whose that is.
        role: see ``belbaar.api.access.roles``.
        rights: what it may do.
        callers: the keys of the callers that it may speak for, by their ids.
    """

    id: str
    organisation: Organisation
    role: str
    rights: frozenset[str]
    callers: Mapping[str, int]

    def needs(self, right: str) -> None:
        """Refuse what is not among the rights.

        Raises:
            Forbidden: when it is not.
        """
        if right not in self.rights:
            raise Forbidden(
                f'the key {self.id} has no right to "{right}".', todo="Ask an administrator for a key that has it."
            )

    def speaks_for(self, caller: str, where: str = "/caller") -> None:
        """Refuse a caller of somebody else just as one that there is not.

        Raises:
            InputError: when it may not speak for it.
        """
        if caller not in self.callers:
            raise InputError(
                f'"{caller}" is not a caller that you may speak for.',
                where=where,
                todo="Your callers are listed by GET /v1/callers.",
                code="unknown-caller",
            )


@dataclass(frozen=True)
class Access:
    """Keys, organisations and callers as they were at a revision of the store."""

    revision: int
    keys: Mapping[str, AccessKey]
    owners: Mapping[int, Organisation]
    callers: Mapping[int, Mapping[str, int]]
    """By organisation: those it owns, and those it has a mandate of."""

    def principal(self, token: str, now: int) -> Principal:
        """Tell whose a key is.

        Raises:
            Unauthorised: when it is no key, or good no more.
        """
        key_id, secret = read_token(token)
        key = self.keys.get(key_id)
        good = matches(key or NOBODY, secret)  # compared for unknown ids too: time must not tell which ids there are
        if key is None or not good or not key.good(now):
            raise Unauthorised(
                "this key is not known, or good no more.",
                where="Authorization",
                todo="Send a key as: Authorization: Bearer bel_… An administrator makes one: belbaar key create",
            )
        return self.of_key(key)

    def of_key(self, key: AccessKey) -> Principal:
        """Give who has a key."""
        callers = self.callers.get(key.organisation, {})
        if key.callers:
            callers = {name: place for name, place in callers.items() if name in key.callers}
        return Principal(key.id, self.owners[key.organisation], key.role, key.rights, callers)

    def again(self, principal: Principal, now: int) -> Principal:
        """Give a principal as it is at this revision.

        Raises:
            Unauthorised: when its key is good no more.
        """
        key = self.keys.get(principal.id)
        if key is None or not key.good(now):
            raise Unauthorised("this key is good no more.", where="Authorization", todo="Ask for a new one.")
        return self.of_key(key)


def load(store: Store) -> Access:
    """Read who may do what, as it is now."""
    with store.reading() as connection:
        revision = int(connection.execute("SELECT number FROM revision").fetchone()[0])
        owners = {each.key: each for each in organisations(store).values()}
        callers: dict[int, dict[str, int]] = {key: {} for key in owners}
        rows = connection.execute(
            "SELECT organisation, handle, id FROM caller WHERE organisation <> 0 UNION "
            "SELECT mandate.organisation, handle, id FROM mandate JOIN caller ON caller.id = mandate.caller"
        ).fetchall()
        for owner, handle, key in sorted(rows):
            callers[owner][handle] = key
        return Access(revision, all_keys(store), owners, callers)
