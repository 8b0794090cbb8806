"""An organisation's callers, agents and products. A caller that a key registers is its organisation's."""

__all__ = [
    "AgentTold",
    "CallerTold",
    "Registered",
    "RegisteredAgent",
    "agents_of",
    "callers_of",
    "describe_caller",
    "one_caller",
    "register_agent",
    "register_caller",
]

from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec

from belbaar.api.access import Forbidden, Principal
from belbaar.api.access.audit import Actor, note
from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.ledger.callers import add_agent, add_caller, agents, check_id
from belbaar.ledger.details import describe_caller as describe
from belbaar.ledger.details import details_of, missing_details
from belbaar.ledger.organisations import organisations, owner_of
from belbaar.numbers import e164
from belbaar.reading import read_number

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_MOST = 1000
"""Numbers of one request."""


class Registered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A caller to register, or further numbers of one.

    Args:
        caller: a short word to name it by.
        name: of the legal entity.
        sector: ``commercial``, ``charity``, ``ideal``, ``political``, ``press`` or ``lottery``.
        numbers: those it shows when it calls.
        region: the country of numbers without a country code.
    """

    caller: _Id
    name: _Short
    sector: _Short
    numbers: Annotated[list[_Short], msgspec.Meta(max_length=_MOST)] = []
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"


class CallerTold(msgspec.Struct, frozen=True):
    """A caller as it is known.

    Args:
        caller: its id.
        name: of the legal entity.
        sector: which.
        numbers: those it shows, the first one where nothing else is said.
        own: whether it is your organisation's; otherwise you have a mandate.
        details: what else is known of it: ``kvk``, ``address`` and so on.
        missing: what a receipt still needs.
    """

    caller: str
    name: str
    sector: str
    numbers: list[str]
    own: bool
    details: dict[str, str]
    missing: list[str]


class RegisteredAgent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bureau that dials for callers: a short word to name it by, and its name."""

    agent: _Id
    name: _Short


class AgentTold(msgspec.Struct, frozen=True):
    """An agent as it is known."""

    agent: str
    name: str


def callers_of(store: Store, who: Principal) -> list[CallerTold]:
    """Give the callers that somebody may speak for."""
    return [_told(store, who, caller) for caller in sorted(who.callers)]


def one_caller(store: Store, who: Principal, caller: str) -> CallerTold:
    """Give one of them.

    Raises:
        InputError: when it is none of them.
    """
    _visible(who, caller)
    return _told(store, who, caller)


def register_caller(store: Store, who: Principal, asked: Registered) -> CallerTold:
    """Register a caller, or further numbers of one; the very same again changes nothing.

    Raises:
        InputError: for an id that may not be chosen, a number or sector that cannot be, another name for the same id.
    """
    numbers = [read_number(text, f"/numbers/{place}", region=asked.region) for place, text in enumerate(asked.numbers)]
    if asked.caller in who.callers:
        _own(store, who, asked.caller)
    else:
        _check_new(store, who, asked.caller, store.callers(), "caller")
    add_caller(
        store, asked.caller, name=asked.name, sector=asked.sector, numbers=numbers, organisation=who.organisation.key
    )
    note(store, Actor.of(who), "caller.register", {"caller": asked.caller})
    return _told(store, who, asked.caller)


def describe_caller(store: Store, who: Principal, caller: str, details: Mapping[str, str]) -> CallerTold:
    """Say more of a caller; an empty text takes a detail away.

    Raises:
        InputError: for an unknown caller, or a detail that is malformed.
    """
    _visible(who, caller)
    _own(store, who, caller)
    describe(store, caller, details)
    note(store, Actor.of(who), "caller.describe", {"caller": caller, "details": " ".join(sorted(details))})
    return _told(store, who, caller)


def agents_of(store: Store, who: Principal) -> list[AgentTold]:
    """Give an organisation's agents."""
    return [AgentTold(agent, name) for agent, name in agents(store, who.organisation.key).items()]


def register_agent(store: Store, who: Principal, asked: RegisteredAgent) -> AgentTold:
    """Register a bureau that dials; the same id again changes nothing.

    Raises:
        InputError: for an id that may not be chosen.
    """
    known = agents(store, who.organisation.key)
    if asked.agent not in known:
        _check_new(store, who, asked.agent, agents(store), "agent")
        if not asked.name.strip():
            raise InputError("an agent needs a name.", where="/name")
        add_agent(store, asked.agent, name=asked.name, organisation=who.organisation.key)
        note(store, Actor.of(who), "agent.register", {"agent": asked.agent})
    return AgentTold(asked.agent, agents(store, who.organisation.key)[asked.agent])


def _told(store: Store, who: Principal, caller: str) -> CallerTold:
    known, details = store.caller(caller), details_of(store, caller)
    own = owner_of(store, caller) == who.organisation.key
    numbers = [e164(number) for number in known.numbers]
    return CallerTold(caller, known.name, known.sector, numbers, own, details, missing_details(details))


def _visible(who: Principal, caller: str) -> None:
    if caller not in who.callers:
        raise InputError(
            "this is not a caller that you may speak for.",
            where="",
            todo="Your callers are listed by GET /v1/callers.",
            code="not-found",
        )


def _own(store: Store, who: Principal, caller: str) -> None:
    if owner_of(store, caller) != who.organisation.key:
        raise Forbidden("your organisation only works for this caller.", todo="Ask its own organisation to do this.")


def _check_new(store: Store, who: Principal, name_id: str, taken: Collection[str], what: str) -> None:
    """Keep the ids of organisations apart, so that nobody hears by trying which are another's."""
    check_id(name_id)
    own = who.organisation.id
    alone = len(organisations(store)) == 1 and "." not in name_id
    if not alone and not name_id.startswith(f"{own}."):
        raise InputError(
            f"a new {what} of yours cannot have this id.",
            where=f"/{what}",
            todo=f'Begin it with the id of your organisation and a dot: "{own}.…".',
            code="not-your-id",
        )
    if name_id in taken:
        raise InputError("this id is taken.", where=f"/{what}", todo="Choose another one.", code="taken")
