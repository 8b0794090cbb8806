"""The books of an organisation as pages: what each shows, and what can be done there. Data, not code: one page shows them.

A deed is an operation of the service's own (``belbaar.api.routes``), done on behalf of the person: what it refuses to a
program it refuses to a page, with the same entries of the audit trail.
"""

__all__ = ["BOOKS", "Book", "Deed", "Field"]

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.roles import ROLES
from belbaar.api.books.callers import Registered, RegisteredAgent
from belbaar.api.books.keys import KeyWanted, MandateWanted
from belbaar.api.feed.webhooks import NewWebhook, Rotate
from belbaar.api.gate.campaigns import NewCampaign
from belbaar.api.routes import accounts, callers, gate, keys, webhooks
from belbaar.api.service import Service
from belbaar.law.words import SECTORS
from belbaar.ledger.details import DETAILS

Filled = Mapping[str, Any]


def N_(text: str) -> str:  # noqa: N802  the name by which texts that are data are found
    """Mark a text of a page that stands here."""
    return text


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    Args:
        name: as the operation has it.
        label: what people call it.
        hint: how to fill it in.
        options: what can be chosen; none: it is a text.
        many: whether it holds several, one a line.
    """

    name: str
    label: str
    hint: str = ""
    options: Sequence[str] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done.

    Args:
        name: its word in the address.
        title: what it is, on the button too.
        does: does it, with what was filled in; what it gives is told once.
        right: what it asks of a person.
        fields: what has to be filled in.
        row: which column of a row it is about; "": of none, it makes something new.
        secret: which part of the answer is a secret that is shown once.
        hard: whether it takes something away.
    """

    name: str
    title: str
    does: Callable[[Service, Principal, Filled], Awaitable[Any]]
    right: str
    fields: tuple[Field, ...] = ()
    row: str = ""
    secret: str = ""
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A page.

    Args:
        name: its word in the address.
        title: its heading.
        says: what it is for.
        columns: the fields of a row that are shown, and what people call them.
        rows: gives the rows.
        deeds: what can be done.
        right: what seeing it asks of a person.
    """

    name: str
    title: str
    says: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[Service, Principal], Awaitable[Any]]
    deeds: tuple[Deed, ...] = ()
    right: str = "books"


def _listed(handler: Any, name: str = "") -> Callable[[Service, Principal], Awaitable[Any]]:  # noqa: ANN401  Litestar's own
    """Give the rows that an operation lists; ``name``: where in its answer they stand."""

    async def rows(service: Service, principal: Principal) -> Any:  # noqa: ANN401
        answer = await handler.fn(principal=principal, service=service)
        return getattr(answer, name) if name else answer

    return rows


def _with(handler: Any, kind: type[msgspec.Struct]) -> Callable[[Service, Principal, Filled], Awaitable[Any]]:  # noqa: ANN401
    """Do an operation that takes a body of a kind."""

    async def does(service: Service, principal: Principal, filled: Filled) -> Any:  # noqa: ANN401  whatever it answers
        return await handler.fn(data=msgspec.convert(filled, kind), principal=principal, service=service)

    return does


async def _describe(service: Service, principal: Principal, filled: Filled) -> Any:  # noqa: ANN401
    told = {filled["detail"]: filled["value"]}
    return await callers.describe_caller.fn(caller=filled["caller"], data=told, principal=principal, service=service)


async def _revoke(service: Service, principal: Principal, filled: Filled) -> None:
    await keys.revoke_key.fn(key_id=filled["id"], principal=principal, service=service)


async def _rotate(service: Service, principal: Principal, filled: Filled) -> Any:  # noqa: ANN401
    return await keys.rotate_key.fn(key_id=filled["id"], data=keys.Grace(), principal=principal, service=service)


async def _end_webhook(service: Service, principal: Principal, filled: Filled) -> None:
    await webhooks.end.fn(webhook=filled["id"], principal=principal, service=service)


async def _new_secret(service: Service, principal: Principal, filled: Filled) -> Any:  # noqa: ANN401
    return await webhooks.rotate.fn(webhook=filled["id"], data=Rotate(), principal=principal, service=service)


_CALLER = Field("caller", N_("Caller"), N_("A short word, such as voltix."))
_NAME = Field("name", N_("Name"))
_ROLE = Field("role", N_("Role"), options=tuple(ROLES))
_LABEL = Field("label", N_("What you call it"))

BOOKS: tuple[Book, ...] = (
    Book(
        "callers",
        N_("Callers"),
        N_("On whose behalf calls are made. A caller answers for its calls."),
        (
            ("caller", N_("Caller")),
            ("name", N_("Name")),
            ("sector", N_("Sector")),
            ("numbers", N_("Numbers it shows")),
            ("missing", N_("Missing for a receipt")),
        ),
        _listed(callers.list_callers, "callers"),
        (
            Deed(
                "register",
                N_("Register a caller"),
                _with(callers.register_caller, Registered),
                "register",
                (
                    _CALLER,
                    _NAME,
                    Field("sector", N_("Sector"), options=tuple(SECTORS)),
                    Field("numbers", N_("Numbers it shows"), N_("One a line."), many=True),
                ),
            ),
            Deed(
                "describe",
                N_("Say more of it"),
                _describe,
                "register",
                (Field("detail", N_("What"), options=tuple(DETAILS)), Field("value", N_("Text"))),
                row="caller",
            ),
        ),
    ),
    Book(
        "agents",
        N_("Agents"),
        N_("The bureaus that dial for your callers."),
        (("agent", N_("Agent")), ("name", N_("Name"))),
        _listed(callers.list_agents, "agents"),
        (
            Deed(
                "register",
                N_("Register an agent"),
                _with(callers.register_agent, RegisteredAgent),
                "register",
                (Field("agent", N_("Agent"), N_("A short word, such as belbureau.")), _NAME),
            ),
        ),
    ),
    Book(
        "campaigns",
        N_("Campaigns"),
        N_("A caller, a product and a number that is shown, under one word that a dialer names."),
        (
            ("campaign", N_("Campaign")),
            ("caller", N_("Caller")),
            ("product", N_("Product")),
            ("presents", N_("Number shown")),
        ),
        _listed(gate.registered, "campaigns"),
        (
            Deed(
                "register",
                N_("Register a campaign"),
                _with(gate.add, NewCampaign),
                "register",
                (
                    Field("campaign", N_("Campaign"), N_("A short word.")),
                    _CALLER,
                    Field("product", N_("Product"), N_("Such as energy.electricity.")),
                    Field("presents", N_("Number shown"), N_("One of the caller's own.")),
                ),
            ),
        ),
    ),
    Book(
        "users",
        N_("People"),
        N_("Who may sign in, and in which role."),
        (
            ("name", N_("Name")),
            ("email", N_("Mail address")),
            ("role", N_("Role")),
            ("is_set_up", N_("Set up")),
            ("ended_at", N_("Ended")),
        ),
        _listed(accounts.list_accounts),
        (
            Deed(
                "invite",
                N_("Invite a person"),
                _with(accounts.invite, accounts.NewAccount),
                "administer",
                (Field("email", N_("Mail address")), _NAME, _ROLE),
                secret="invitation",  # noqa: S106  a name
            ),
            Deed(
                "again",
                N_("Invite again"),
                _with(accounts.invite_once_more, accounts.ByEmail),
                "administer",
                row="email",
                secret="invitation",  # noqa: S106
            ),
            Deed(
                "end",
                N_("End this account"),
                _with(accounts.end, accounts.ByEmail),
                "administer",
                row="email",
                hard=True,
            ),
        ),
        right="administer",
    ),
    Book(
        "keys",
        N_("Keys"),
        N_("Keys of programs. A key is shown once, when it is made."),
        (
            ("id", N_("Key")),
            ("label", N_("What you call it")),
            ("role", N_("Role")),
            ("callers", N_("Only for")),
            ("expires_at", N_("Good until")),
            ("last_used_at", N_("Last used")),
            ("revoked_at", N_("Taken back")),
        ),
        _listed(keys.list_keys, "keys"),
        (
            Deed(
                "make",
                N_("Make a key"),
                _with(keys.make_key, KeyWanted),
                "administer",
                (_LABEL, _ROLE, Field("callers", N_("Only for"), N_("One caller a line; empty: all."), many=True)),
                secret="key",  # noqa: S106
            ),
            Deed("rotate", N_("Renew"), _rotate, "administer", row="id", secret="key"),  # noqa: S106
            Deed("revoke", N_("Take it back"), _revoke, "administer", row="id", hard=True),
        ),
    ),
    Book(
        "mandates",
        N_("Mandates"),
        N_("Which organisation may work for which caller."),
        (
            ("caller", N_("Caller")),
            ("organisation", N_("Organisation")),
            ("given", N_("Given by you")),
            ("since", N_("Since")),
        ),
        _listed(keys.list_mandates, "mandates"),
        (
            Deed(
                "give",
                N_("Give a mandate"),
                _with(keys.give_mandate, MandateWanted),
                "administer",
                (_CALLER, Field("organisation", N_("Organisation"))),
            ),
            Deed(
                "end",
                N_("End a mandate"),
                _with(keys.end_mandate, MandateWanted),
                "administer",
                (_CALLER, Field("organisation", N_("Organisation"))),
                hard=True,
            ),
        ),
    ),
    Book(
        "webhooks",
        N_("Webhooks"),
        N_("Where changes are sent, so that an objection reaches every system at once."),
        (
            ("label", N_("What you call it")),
            ("url", N_("Address")),
            ("kinds", N_("Only these events")),
            ("failures", N_("Tries without an answer")),
            ("retry_at", N_("Tried again")),
        ),
        _listed(webhooks.list_all),
        (
            Deed(
                "make",
                N_("Have changes sent"),
                _with(webhooks.make, NewWebhook),
                "feed",
                (
                    Field("url", N_("Address"), N_("Begins with https://")),
                    _LABEL,
                    Field("kinds", N_("Only these events"), N_("One a line; empty: all."), many=True),
                ),
                secret="secret",  # noqa: S106
            ),
            Deed("rotate", N_("New secret"), _new_secret, "feed", row="id", secret="secret"),  # noqa: S106
            Deed("end", N_("Send nothing more"), _end_webhook, "feed", row="id", hard=True),
        ),
        right="feed",
    ),
)
"""All of them, in the order of the menu."""
