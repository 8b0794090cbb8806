"""An organisation's keys and mandates, for its administrator."""

__all__ = [
    "KeyMade",
    "KeyTold",
    "KeyWanted",
    "MandateTold",
    "MandateWanted",
    "OrganisationTold",
    "end",
    "give",
    "keys_of",
    "make",
    "mandates_of",
    "revoke",
    "rotate",
]

from collections.abc import Callable, Collection
from typing import Annotated, TypeVar

import msgspec

from belbaar.api.access import Forbidden, Principal
from belbaar.api.access.audit import Actor, note
from belbaar.api.access.keys import (
    AccessKey,
    all_keys,
    key_of,
    last_used,
    make_key,
    read_token,
    revoke_key,
    rotate_key,
)
from belbaar.api.access.roles import read_rights
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.organisations import (
    Organisation,
    add_mandate,
    end_mandate,
    mandates,
    organisations,
    owner_of,
)
from belbaar.reading import read_instant, written

T = TypeVar("T")
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_MINUTE = 60_000_000


class OrganisationTold(msgspec.Struct, frozen=True):
    """Who asks: the organisation, the role and rights of the key, and the callers that it speaks for."""

    organisation: str
    name: str
    key: str
    role: str
    rights: list[str]
    callers: list[str]


class KeyWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key to make.

    Args:
        role: ``administrator``, ``officer``, ``supervisor``, ``agent``, ``integrator`` or ``auditor``.
        label: what you call it.
        rights: only these of the role; left out: all of them.
        callers: only for these of your callers; left out: all of them, also those to come.
        expires_at: from when on it is no good; ISO 8601. Left out: never.
    """

    role: _Short
    label: _Short = ""
    rights: Annotated[list[_Short], msgspec.Meta(max_length=100)] = []
    callers: Annotated[list[_Short], msgspec.Meta(max_length=1000)] = []
    expires_at: _Short | None = None


class KeyMade(msgspec.Struct, frozen=True):
    """A key that was made: this is the only time it is shown. ``replaces`` is the id of the one that now expires."""

    id: str
    key: str
    replaces: str | None = None


class KeyTold(msgspec.Struct, frozen=True):
    """A key as it is known. ``last_used_at`` is right to about a minute."""

    id: str
    role: str
    label: str
    rights: list[str]
    callers: list[str]
    made_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


class MandateWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which organisation may work for which of your callers."""

    caller: _Short
    organisation: _Short


class MandateTold(msgspec.Struct, frozen=True):
    """An organisation works for a caller. ``given``: the caller is yours; otherwise the mandate is."""

    caller: str
    organisation: str
    given: bool
    since: str


def keys_of(store: Store, who: Principal) -> list[KeyTold]:
    """Give an organisation's keys."""
    used = last_used(store)
    found = (key for key in all_keys(store).values() if key.organisation == who.organisation.key)
    return [_told(key, used.get(key.id, FOREVER)) for key in found]


def make(store: Store, who: Principal, wanted: KeyWanted) -> KeyMade:
    """Make a key that may do no more than the one that asks.

    Raises:
        InputError: for a role, right or caller that there is not.
        Forbidden: when it could do more.
    """
    rights = read_rights(wanted.role, wanted.rights)
    for place, caller in enumerate(wanted.callers):
        who.speaks_for(caller, f"/callers/{place}")
    _check_not_more(store, who, rights, wanted.callers)
    until = read_instant(wanted.expires_at, "/expires_at") if wanted.expires_at else FOREVER
    made = make_key(
        store,
        who.organisation,
        wanted.role,
        label=wanted.label,
        now=now_us(),
        rights=wanted.rights,
        callers=wanted.callers,
        expires_at=until,
    )
    key_id, _ = read_token(made)
    note(store, Actor.of(who), "key.make", {"key": key_id, "role": wanted.role})
    return KeyMade(key_id, made)


def revoke(store: Store, who: Principal, key_id: str) -> None:
    """Take a key back.

    Raises:
        InputError: when the organisation has no such key.
    """
    _of_path(lambda: revoke_key(store, key_id, now=now_us(), owner=who.organisation))
    note(store, Actor.of(who), "key.revoke", {"key": key_id})


def rotate(store: Store, who: Principal, key_id: str, minutes: int) -> KeyMade:
    """Make a key in place of another, which expires after some minutes.

    Raises:
        InputError: when the organisation has no such key, or it is good no more.
        Forbidden: when it may do more than the one that asks.
    """
    old = _of_path(lambda: key_of(store, key_id, who.organisation))
    if old.id != who.id:
        _check_not_more(store, who, old.rights, old.callers)
    made = _of_path(lambda: rotate_key(store, key_id, now=now_us(), grace=minutes * _MINUTE, owner=who.organisation))
    new, _ = read_token(made)
    note(store, Actor.of(who), "key.rotate", {"key": new, "replaces": key_id})
    return KeyMade(new, made, key_id)


def mandates_of(store: Store, who: Principal) -> list[MandateTold]:
    """Give the mandates that concern the callers of somebody."""
    return [
        MandateTold(each.caller, each.agent, each.given, written(each.since))
        for each in mandates(store, who.organisation)
        if each.caller in who.callers
    ]


def give(store: Store, who: Principal, wanted: MandateWanted) -> MandateTold:
    """Let an organisation work for a caller; again changes nothing.

    Raises:
        InputError: for a caller that is not the organisation's own, an organisation that there is not.
    """
    agent = _agent(store, who, wanted)
    add_mandate(store, agent, wanted.caller, now=now_us())
    note(store, Actor.of(who), "mandate.give", {"caller": wanted.caller, "organisation": agent.id})
    (since,) = (
        each.since
        for each in mandates(store, who.organisation)
        if (each.caller, each.agent) == (wanted.caller, agent.id)
    )
    return MandateTold(wanted.caller, agent.id, given=True, since=written(since))


def end(store: Store, who: Principal, wanted: MandateWanted) -> None:
    """Let an organisation work for a caller no longer; again changes nothing.

    Raises:
        InputError: as ``give``.
    """
    agent = _agent(store, who, wanted)
    end_mandate(store, agent, wanted.caller)
    note(store, Actor.of(who), "mandate.end", {"caller": wanted.caller, "organisation": agent.id})


def _agent(store: Store, who: Principal, wanted: MandateWanted) -> Organisation:
    who.speaks_for(wanted.caller)
    if owner_of(store, wanted.caller) != who.organisation.key:
        raise Forbidden("your organisation only works for this caller.", todo="Ask its own organisation to do this.")
    agent = organisations(store).get(wanted.organisation)
    if agent is None or agent.key == who.organisation.key:
        raise InputError(
            "this is not another organisation.",
            where="/organisation",
            todo="Ask the bureau for its id on this installation.",
            code="unknown-organisation",
        )
    return agent


def _check_not_more(store: Store, who: Principal, rights: Collection[str], callers: Collection[str]) -> None:
    """Refuse a key that could do more than who asks."""
    if more := set(rights) - who.rights:
        raise Forbidden(
            f"whoever asks has no right to {' or '.join(sorted(more))}.",
            todo="Ask for fewer rights, or have somebody ask who has them.",
        )
    asking = all_keys(store).get(who.id)
    if asking and asking.callers and not (callers and set(callers) <= asking.callers):
        raise Forbidden(
            "the key that asks is for some callers only.",
            todo=f"Name callers among these: {', '.join(sorted(asking.callers))}.",
        )


def _of_path(does: Callable[[], T]) -> T:
    """Have a mistake in the path point nowhere in the body."""
    try:
        return does()
    except InputError as error:
        if error.code == "not-found":
            error.todo = "Your keys are listed by GET /v1/keys."
        error.where = ""
        raise


def _told(key: AccessKey, used: int) -> KeyTold:
    return KeyTold(
        id=key.id,
        role=key.role,
        label=key.label,
        rights=sorted(key.rights),
        callers=sorted(key.callers),
        made_at=written(key.made_at),
        expires_at=_when(key.expires_at),
        revoked_at=_when(key.revoked_at),
        last_used_at=_when(used),
    )


def _when(at: int) -> str | None:
    return None if at >= FOREVER else written(at)
