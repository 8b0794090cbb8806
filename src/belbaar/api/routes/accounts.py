"""Accounts of persons, and signing in."""

__all__ = ["ROUTES"]

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.params import QueryParameter

from belbaar.api.access import Organisation, Principal
from belbaar.api.access.accounts import (
    Account,
    account_of,
    accounts,
    add_account,
    end_account,
    invite_again,
)
from belbaar.api.access.audit import Actor, note
from belbaar.api.access.oidc import Returned, SignInElsewhere
from belbaar.api.service import Service
from belbaar.api.signing_in import SetUp, SignedIn, SignIn, Ticket
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.reading import written

T = TypeVar("T")
_COOKIE = "belbaar-away"
_TAGS = ["People"]
Role = Literal["administrator", "officer", "supervisor", "agent", "integrator", "auditor"]


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person to invite."""

    email: str
    name: str
    role: Role


class ByEmail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account, by its address."""

    email: str


class Invited(msgspec.Struct, frozen=True):
    """What to give the person, by a road that reaches nobody else: it is shown once, and good for three days."""

    email: str
    invitation: str


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of an invitation."""

    invitation: str


class ToldAccount(msgspec.Struct, frozen=True):
    """An account as administrators see it."""

    email: str
    name: str
    role: str
    is_set_up: bool
    elsewhere: bool
    made_at: str
    ended_at: str | None


class Done(msgspec.Struct, frozen=True):
    """It is done."""

    done: bool = True


@get("/v1/accounts", operation_id="listAccounts", tags=_TAGS, summary="Who may sign in.")
async def list_accounts(principal: Principal, service: Service) -> list[ToldAccount]:
    """List the accounts of your organisation."""
    principal.needs("administer")

    def read(store: Store) -> list[ToldAccount]:
        who = service.remembered.again(store, principal)
        who.needs("administer")
        return [_told(each) for each in accounts(store, who.organisation.key)]

    return await service.readers.reads(read)


@post("/v1/accounts", operation_id="inviteAccount", tags=_TAGS, summary="Invite a person.")
async def invite(data: NewAccount, principal: Principal, service: Service) -> Invited:
    """Make an account in your organisation. The person sets it up with the code that this answers."""

    def act(store: Store, owner: Organisation) -> Invited:
        code = add_account(store, owner, data.email, name=data.name, role=data.role, now=now_us())
        return Invited(data.email.strip().lower(), code)

    return await _administers(service, principal, act)


@post("/v1/accounts/invite-again", status_code=200, operation_id="inviteAgain", tags=_TAGS, summary="Invite again.")
async def invite_once_more(data: ByEmail, principal: Principal, service: Service) -> Invited:
    """Give a new code, for who lost the password or the telephone; the person's sessions end."""

    def act(store: Store, owner: Organisation) -> Invited:
        account = _own(store, owner, data.email)
        return Invited(account.email, invite_again(store, account, now=now_us()))

    return await _administers(service, principal, act)


@post("/v1/accounts/end", status_code=200, operation_id="endAccount", tags=_TAGS, summary="End an account.")
async def end(data: ByEmail, principal: Principal, service: Service) -> Done:
    """End an account: its sessions are refused at once."""

    def act(store: Store, owner: Organisation) -> Done:
        end_account(store, _own(store, owner, data.email), now=now_us())
        return Done()

    return await _administers(service, principal, act)


@post(
    "/v1/set-up/begin",
    status_code=200,
    operation_id="beginSetUp",
    tags=_TAGS,
    summary="Begin to set up.",
    security=[{}],
)
async def begin(data: Invitation, service: Service) -> Ticket:
    """Give the secret of one-time codes, for an authenticator. It counts when it comes back with a right code."""
    return await service.signing_in.begin(data.invitation)


@post(
    "/v1/set-up", status_code=200, operation_id="finishSetUp", tags=_TAGS, summary="Set up an account.", security=[{}]
)
async def finish(data: SetUp, service: Service) -> Done:
    """Choose a password of at least twelve characters, and show that the one-time codes work."""
    await service.signing_in.finish(data)
    return Done()


@post("/v1/sign-in", status_code=200, operation_id="signIn", tags=_TAGS, summary="Sign in.", security=[{}])
async def sign_in(data: SignIn, service: Service) -> SignedIn:
    """Give a key for twelve hours to who shows password and one-time code. Five wrong answers lock the account a while."""
    return await service.signing_in.sign_in(data)


@post("/v1/sign-out", status_code=200, operation_id="signOut", tags=_TAGS, summary="Sign out.")
async def end_session(principal: Principal, service: Service) -> Done:
    """End the session whose key this is asked with; a program's key is none."""
    await service.signing_in.sign_out(principal)
    return Done()


@get("/v1/sign-in/elsewhere", operation_id="signInElsewhere", tags=_TAGS, summary="Sign in elsewhere.", security=[{}])
async def leave(service: Service, organisation: Annotated[str, QueryParameter(max_length=200)] = "") -> Response[None]:
    """Send a browser to where people sign in (OpenID Connect), if the installation has such a place.

    ``organisation``: the id of the one to work for; needed by who has accounts of several.
    """
    url, sealed = await _elsewhere(service).leave(now_us(), organisation)
    cookie = Cookie(_COOKIE, value=sealed, path="/v1/sign-in", httponly=True, samesite="lax", max_age=600)
    return Response(None, status_code=302, headers={"Location": url}, cookies=[cookie])


@get("/v1/sign-in/back", operation_id="signInBack", tags=_TAGS, summary="Come back from there.", security=[{}])
async def back(
    request: Request[Any, Any, State],
    service: Service,
    told: Annotated[str, QueryParameter(name="state")] = "",
    answer: Annotated[str, QueryParameter(name="code")] = "",
) -> Response[SignedIn]:
    """Give a key for twelve hours to who comes back with that place's word."""
    returned = Returned(answer, told, request.cookies.get(_COOKIE, ""))
    said = await _elsewhere(service).back(returned, now_us())
    return Response(
        await service.signing_in.by_word(said), cookies=[Cookie(_COOKIE, value="", path="/v1/sign-in", max_age=0)]
    )


async def _administers(service: Service, principal: Principal, act: Callable[[Store, Organisation], T]) -> T:
    """Do something for an administrator, for its own organisation only."""

    def noted(store: Store, who: Principal) -> T:
        answer = act(store, who.organisation)
        note(store, Actor.of(who), "account.change")
        return answer

    principal.needs("administer")
    answer: T = await service.desk.does(service.books.act(principal, "administer", noted))
    return answer


def _own(store: Store, owner: Organisation, email: str) -> Account:
    """Give an account of one's own organisation; another's is as one that there is not."""
    account = account_of(store, owner.key, email)
    if account is None:
        raise InputError("there is no such account.", where="/email", code="not-found")
    return account


def _elsewhere(service: Service) -> SignInElsewhere:
    if service.elsewhere is None:
        raise InputError("nobody signs in elsewhere here.", todo="Sign in with a password.", code="not-found")
    return service.elsewhere


def _told(account: Account) -> ToldAccount:
    ended = None if account.ended_at >= FOREVER else written(account.ended_at)
    return ToldAccount(
        account.email,
        account.name,
        account.role,
        bool(account.password),
        bool(account.subject),
        written(account.made_at),
        ended,
    )


ROUTES = (list_accounts, invite, invite_once_more, end, begin, finish, sign_in, end_session, leave, back)
