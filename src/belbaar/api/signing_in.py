"""Signing in: what was asked of a person is checked here, between the ledger and the outer world."""

__all__ = ["SetUp", "SignIn", "SignedIn", "SigningIn", "Ticket"]

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import msgspec

from belbaar.api.access.accounts import (
    SESSION,
    Account,
    account_of_setup,
    accounts_of_email,
    accounts_of_subject,
    bind_subject,
    failed,
    set_up,
    sign_out,
    signed_in,
)
from belbaar.api.access.oidc import Said
from belbaar.api.access.passwords import SecondFactor, check_password, hashed, read_password
from belbaar.api.access.principal import Principal, Unauthorised
from belbaar.api.desk import Act, Desk, Readers
from belbaar.api.refusing import answered
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation, organisations
from belbaar.reading import written


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who a person says it is, and how that is shown: a password, and a code of the moment."""

    email: str
    password: str
    code: str


class SetUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account set up: the invitation's code, the ticket that came with it, a password, a code of the moment."""

    invitation: str
    ticket: str
    password: str
    code: str


class Ticket(msgspec.Struct, frozen=True):
    """For whom an invitation is, and of which organisation; the URI of one-time codes, and a ticket to come back with.

    The URI is to be shown as QR code.
    """

    email: str
    organisation: str
    uri: str
    ticket: str


class SignedIn(msgspec.Struct, frozen=True):
    """A key that stands for a person, and until when it is good."""

    key: str
    expires_at: str


@dataclass(frozen=True, slots=True, eq=False)
class SigningIn:
    """Signs people in. ``desk`` and ``readers`` are those of the service; ``codes`` checks one-time codes."""

    desk: Desk
    readers: Readers
    codes: SecondFactor

    async def begin(self, invitation: str) -> Ticket:
        """Begin to set up an account: with a secret that counts only when it comes back with a right code."""

        def read(store: Store) -> tuple[Account, str]:
            account = account_of_setup(store, invitation, now_us())
            return account, _names(store)[account.organisation].name

        account, organisation = await self.readers.reads(read)
        uri, sealed = self.codes.new(account.email, organisation)
        return Ticket(account.email, organisation, uri, sealed.hex())

    async def finish(self, wanted: SetUp) -> None:
        """Set an account up, once.

        Raises:
            InputError: when the invitation or the code is not good, or the password too weak.
        """
        account = await self.readers.reads(lambda store: account_of_setup(store, wanted.invitation, now_us()))
        read_password(wanted.password, account.email.partition("@")[0], account.name)
        sealed = _unhex(wanted.ticket)
        step = self.codes.step_of(sealed, account.email, wanted.code, now=now_us(), after=0)
        if step is None:
            raise InputError("this one-time code is wrong.", where="/code", todo="Look at the clock of your telephone.")
        kept = await asyncio.to_thread(hashed, wanted.password)
        await self.desk.does(Act(_done, partial(_finished, wanted.invitation, password=kept, codes=sealed, step=step)))

    async def sign_in(self, shown: SignIn) -> SignedIn:
        """Sign a person in, to the account of that address of which this is the code of the moment.

        One password is checked whatever is shown: how long it takes tells nothing of how many accounts there are.

        Raises:
            Unauthorised: whatever is wrong.
        """
        now = now_us()
        found = await self.readers.reads(lambda store: accounts_of_email(store, shown.email))
        steps = (self._step(account, shown.code, now) for account in found)
        meant = next(((account, step) for account, step in zip(found, steps, strict=True) if step), None)
        known = await asyncio.to_thread(check_password, meant[0].password if meant else "", shown.password)
        entering = _Entering(shown.email, meant[0].id if meant else None, known, meant[1] if meant else 0, now)
        return await self.desk.does(Act(_done, partial(_entered, entering)))

    def _step(self, account: Account, code: str, now: int) -> int | None:
        if not account.codes:
            return None
        return self.codes.step_of(account.codes, account.email, code, now=now, after=account.last_code)

    async def by_word(self, said: Said) -> SignedIn:
        """Sign a person in on somebody else's word.

        Raises:
            Unauthorised: when there is no account for that person; ``which-organisation`` when there are several, with
                the ids of their organisations.
        """
        return await self.desk.does(Act(_done, partial(_vouched, said, now=now_us())))

    async def sign_out(self, principal: Principal) -> None:
        """End a session; its key is refused at once.

        Raises:
            Forbidden: when the key is a program's: only an administrator takes those back.
        """
        await self.desk.does(Act(_done, lambda store: sign_out(store, principal.id, now=now_us())))


class _Entering(NamedTuple):
    """What a person showed: an address, which account's code, whether its password, the code's time step, when."""

    email: str
    account: int | None
    known: bool
    step: int
    now: int


def _done(store: Store, items: Sequence[Callable[[Store], Any]]) -> list[Any]:
    return answered(lambda store, item: item(store), store, items)


def _finished(invitation: str, store: Store, *, password: str, codes: bytes, step: int) -> None:
    account = account_of_setup(store, invitation, now_us())
    set_up(store, account, password=password, codes=codes, last_code=step, now=now_us())


def _entered(shown: _Entering, store: Store) -> SignedIn:
    """Look again, now that nobody else writes: a code is good once, and a lock holds.

    A code that is no account's is a wrong answer of each of them: whoever guesses is stopped wherever that leads.
    """
    found = [
        each
        for each in accounts_of_email(store, shown.email)
        if each.open(shown.now) and shown.account in (None, each.id)
    ]
    if shown.account and shown.known and found and shown.step > found[0].last_code:
        return _session(store, found[0], shown.step, shown.now)
    for each in found:
        failed(store, each, now=shown.now)
    raise _nobody()


def _vouched(said: Said, store: Store, *, now: int) -> SignedIn:
    bound, names = accounts_of_subject(store, said.subject), _names(store)
    named = accounts_of_email(store, said.email) if said.email else []
    found = [
        account
        for account in (*bound, *(each for each in named if not each.subject))  # else it was given to somebody else
        if account.open(now) and said.organisation in ("", names[account.organisation].id)
    ]
    if not found:
        raise _nobody()
    if len(found) > 1:
        raise Unauthorised(
            "you have accounts of several organisations.",
            todo="Say which: /v1/sign-in/elsewhere?organisation=…",
            code="which-organisation",
            details=[names[each.organisation].id for each in found],
        )
    bind_subject(store, found[0], said.subject)
    return _session(store, found[0], found[0].last_code, now)


def _names(store: Store) -> dict[int, Organisation]:
    return {each.key: each for each in organisations(store).values()}


def _session(store: Store, account: Account, step: int, now: int) -> SignedIn:
    return SignedIn(signed_in(store, account, code_step=step, now=now), written(now + SESSION))


def _nobody() -> Unauthorised:
    return Unauthorised(
        "you could not be signed in.",
        todo="Look at address, password and code. After five wrong answers wait a while, or ask your administrator.",
        code="sign-in-refused",
    )


def _unhex(ticket: str) -> bytes:
    try:
        return bytes.fromhex(ticket)
    except ValueError as error:
        raise InputError("this is not the ticket that came with the invitation.", where="/ticket") from error
