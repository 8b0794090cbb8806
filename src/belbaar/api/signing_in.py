"""Signing in: what was asked of a person is checked here, between the ledger and the outer world."""

__all__ = ["SetUp", "SignIn", "SignedIn", "SigningIn", "Ticket"]

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from belbaar.api.access.accounts import (
    SESSION,
    Account,
    account_of_email,
    account_of_setup,
    account_of_subject,
    bind_subject,
    failed,
    set_up,
    sign_out,
    signed_in,
)
from belbaar.api.access.oidc import Said
from belbaar.api.access.passwords import SecondFactor, check_password, hashed, read_password
from belbaar.api.access.principal import Forbidden, Principal, Unauthorised
from belbaar.api.desk import Act, Desk, Readers
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store
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
    """For whom an invitation is, the URI of the one-time codes (to be shown as QR code), and a ticket to come back with."""

    email: str
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
        account = await self.readers.reads(lambda store: account_of_setup(store, invitation, now_us()))
        uri, sealed = self.codes.new(account.email)
        return Ticket(account.email, uri, sealed.hex())

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
        await self.desk.does(
            Act(_finish, partial(_finished, wanted.invitation, password=kept, codes=sealed, step=step))
        )

    async def sign_in(self, shown: SignIn) -> SignedIn:
        """Sign a person in.

        Raises:
            Unauthorised: whatever is wrong.
        """
        now = now_us()
        account = await self.readers.reads(lambda store: account_of_email(store, shown.email))
        known = await asyncio.to_thread(check_password, account.password if account else "", shown.password)
        step = None
        if account and account.codes:
            step = self.codes.step_of(account.codes, account.email, shown.code, now=now, after=account.last_code)
        return await self.desk.does(Act(_finish, partial(_entered, shown.email, known=known, step=step, now=now)))

    async def by_word(self, said: Said) -> SignedIn:
        """Sign a person in on somebody else's word.

        Raises:
            Unauthorised: when there is no account for that person.
        """
        return await self.desk.does(Act(_finish, partial(_vouched, said, now=now_us())))

    async def sign_out(self, principal: Principal) -> None:
        """End a session; its key is refused at once.

        Raises:
            Forbidden: when the key is a program's: only an administrator takes those back.
        """
        await self.desk.does(Act(_finish, lambda store: sign_out(store, principal.id, now=now_us())))


def _finish(store: Store, items: Sequence[Callable[[Store], Any]]) -> list[Any]:
    """Do each, in the write transaction; what one is refused for is its own answer."""
    answers: list[Any] = []
    for item in items:
        try:
            answers.append(item(store))
        except (Forbidden, InputError, Unauthorised) as error:
            answers.append(error)
    return answers


def _finished(invitation: str, store: Store, *, password: str, codes: bytes, step: int) -> None:
    account = account_of_setup(store, invitation, now_us())
    set_up(store, account, password=password, codes=codes, last_code=step, now=now_us())


def _entered(email: str, store: Store, *, known: bool, step: int | None, now: int) -> SignedIn | BelbaarError:
    """Look again, now that nobody else writes: a code is good once, and a lock holds."""
    account = account_of_email(store, email)
    if account is None or not account.open(now):
        return _nobody()
    if not known or step is None or step <= account.last_code:
        failed(store, account, now=now)
        return _nobody()
    return _session(store, account, step, now)


def _vouched(said: Said, store: Store, *, now: int) -> SignedIn:
    account = account_of_subject(store, said.subject)
    if account is None and said.email:
        account = account_of_email(store, said.email)
        if account and not account.subject:
            bind_subject(store, account, said.subject)
        elif account:
            account = None  # the address was given to somebody else there
    if account is None or not account.open(now):
        raise _nobody()
    return _session(store, account, account.last_code, now)


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
