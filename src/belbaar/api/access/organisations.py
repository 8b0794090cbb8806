"""Organisations on one installation: each has callers of its own; an agent has mandates of others' callers too."""

__all__ = [
    "Organisation",
    "add_mandate",
    "add_organisation",
    "assign_caller",
    "end_mandate",
    "organisations",
]

from dataclasses import dataclass

from belbaar.errors import InputError, nearest
from belbaar.ledger import Store
from belbaar.ledger.callers import check_id


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody with keys of its own. ``id`` is the word people use, ``key`` the store's integer."""

    id: str
    name: str
    key: int


def organisations(store: Store) -> dict[str, Organisation]:
    """Give all organisations by id."""
    rows = store.connection.execute("SELECT handle, name, id FROM organisation ORDER BY id").fetchall()
    return {handle: Organisation(handle, name, key) for handle, name, key in rows}


def add_organisation(store: Store, name_id: str, *, name: str, now: int) -> Organisation:
    """Make an organisation; the first one gets the callers and sources of before there were any.

    Raises:
        InputError: for an ill-formed or taken id.
    """
    check_id(name_id)
    if not name.strip():
        raise InputError("an organisation needs a name.", where="name")
    with store.writing() as connection:
        known = organisations(store)
        if name_id in known:
            raise InputError(f'"{name_id}" is taken.', where="organisation", todo="Choose another id.", code="taken")
        row = connection.execute(
            "INSERT INTO organisation (handle, name, made_at) VALUES (?, ?, ?) RETURNING id", (name_id, name, now)
        ).fetchone()
        if not known:
            connection.execute("UPDATE caller SET organisation = ? WHERE organisation = 0", (int(row[0]),))
    return Organisation(name_id, name, int(row[0]))


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


def end_mandate(store: Store, agent: Organisation, caller: str) -> None:
    """Let an organisation work for a caller no longer."""
    with store.writing() as connection:
        connection.execute(
            "DELETE FROM mandate WHERE organisation = ? AND caller = ?", (agent.key, store.caller(caller).key)
        )
