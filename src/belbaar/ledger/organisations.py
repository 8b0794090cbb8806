"""Organisations on one installation: each has callers of its own; an agent has mandates of others' callers too."""

__all__ = [
    "Mandate",
    "Organisation",
    "add_mandate",
    "add_organisation",
    "assign_caller",
    "end_mandate",
    "every_mandate",
    "mandates",
    "organisation",
    "organisations",
    "owned",
    "owner_of",
    "trust",
]

from dataclasses import dataclass
from typing import Literal

from belbaar.errors import InputError, nearest
from belbaar.ledger.callers import check_id
from belbaar.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody with keys of its own. ``id`` is the word people use, ``key`` the store's integer.

    ``facts``: what it says of a number alone counts for all organisations, also where that helps a call.
    """

    id: str
    name: str
    key: int
    facts: bool = False


@dataclass(frozen=True, slots=True)
class Mandate:
    """An organisation works for another's caller, since an instant (UTC microseconds); ``given``: by whoever asks."""

    caller: str
    agent: str
    given: bool
    since: int


def organisations(store: Store) -> dict[str, Organisation]:
    """Give all organisations by id."""
    rows = store.connection.execute("SELECT handle, name, id, facts FROM organisation ORDER BY id").fetchall()
    return {handle: Organisation(handle, name, key, bool(facts)) for handle, name, key, facts in rows}


def add_organisation(store: Store, name_id: str, *, name: str, now: int) -> Organisation:
    """Make an organisation; the first one gets the callers and sources of before there were any, and is trusted.

    Raises:
        InputError: for an ill-formed or taken id.
    """
    check_id(name_id)
    if "." in name_id:
        raise InputError(
            f'"{name_id}" cannot be the id of an organisation.',
            where="organisation",
            todo="Leave out the dot: it parts an organisation from the callers that it names.",
        )
    if not name.strip():
        raise InputError("an organisation needs a name.", where="name")
    with store.writing() as connection:
        known = organisations(store)
        if name_id in known:
            raise InputError(f'"{name_id}" is taken.', where="organisation", todo="Choose another id.", code="taken")
        row = connection.execute(
            "INSERT INTO organisation (handle, name, made_at, facts) VALUES (?, ?, ?, ?) RETURNING id",
            (name_id, name, now, int(not known)),
        ).fetchone()
        if not known:
            for table in ("caller", "agent"):
                connection.execute(f"UPDATE {table} SET organisation = ? WHERE organisation = 0", (int(row[0]),))
    return Organisation(name_id, name, int(row[0]), not known)


def trust(store: Store, who: Organisation, *, trusted: bool) -> None:
    """Have what an organisation says of a number alone count for all of them, also where that helps a call; or not."""
    with store.writing() as connection:
        connection.execute("UPDATE organisation SET facts = ? WHERE id = ?", (int(trusted), who.key))


def organisation(store: Store, name_id: str) -> Organisation:
    """Give an organisation.

    Raises:
        InputError: when there is none of that id; names the nearest.
    """
    known = organisations(store)
    if name_id not in known:
        hint = nearest(name_id, known) if known else "There is none yet: belbaar serve makes the first."
        raise InputError(f'"{name_id}" is not an organisation.', where="organisation", todo=hint)
    return known[name_id]


def assign_caller(store: Store, caller: str, owner: Organisation) -> None:
    """Say whose a caller is."""
    with store.writing() as connection:
        key = store.caller(caller).key
        connection.execute("UPDATE caller SET organisation = ? WHERE id = ?", (owner.key, key))


def add_mandate(store: Store, agent: Organisation, caller: str, *, now: int) -> None:
    """Let an organisation work for another's caller; again changes nothing."""
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO mandate (organisation, caller, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (agent.key, store.caller(caller).key, now),
        )


def owner_of(store: Store, caller: str) -> int:
    """Give the key of the organisation that owns a caller; 0: nobody does."""
    key = store.caller(caller).key
    return int(store.connection.execute("SELECT organisation FROM caller WHERE id = ?", (key,)).fetchone()[0])


def mandates(store: Store, who: Organisation) -> list[Mandate]:
    """Give the mandates that an organisation gave of its callers, and those it has of others' callers."""
    rows = store.connection.execute(
        "SELECT caller.handle, agent.handle, caller.organisation = ?, since FROM mandate "
        "JOIN caller ON caller.id = mandate.caller JOIN organisation AS agent ON agent.id = mandate.organisation "
        "WHERE caller.organisation = ? OR mandate.organisation = ? ORDER BY caller.handle, agent.handle",
        (who.key, who.key, who.key),
    ).fetchall()
    return [Mandate(caller, agent, bool(given), since) for caller, agent, given, since in rows]


def every_mandate(store: Store) -> list[tuple[str, str, int]]:
    """Give all mandates: the ids of an organisation and of the caller it works for, and since when."""
    rows = store.connection.execute(
        "SELECT organisation.handle, caller.handle, since FROM mandate JOIN caller ON caller.id = mandate.caller "
        "JOIN organisation ON organisation.id = mandate.organisation ORDER BY organisation.handle, caller.handle"
    )
    return [(organisation, caller, int(since)) for organisation, caller, since in rows.fetchall()]


def owned(store: Store, table: Literal["caller", "agent"]) -> dict[str, dict[str, str]]:
    """Say of callers, or of agents, by their ids, whose they are: ``{"organisation": …}``; of nobody's nothing."""
    rows = store.connection.execute(
        f"SELECT {table}.handle, organisation.handle FROM {table} "
        f"JOIN organisation ON organisation.id = {table}.organisation"
    )
    return {handle: {"organisation": owner} for handle, owner in rows.fetchall()}


def end_mandate(store: Store, agent: Organisation, caller: str) -> None:
    """Let an organisation work for a caller no longer."""
    with store.writing() as connection:
        connection.execute(
            "DELETE FROM mandate WHERE organisation = ? AND caller = ?", (agent.key, store.caller(caller).key)
        )
