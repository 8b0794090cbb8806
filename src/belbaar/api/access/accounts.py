"""Accounts of persons: invited by an administrator, set up by the person, signed in for half a day at a time.

An account is one organisation's. Who works for two has two, under the same address if they like, each with a password
and codes of its own: so no administrator can reach another organisation by an invitation, or learns who works there.

Signing in makes a key like any program's, which ends by itself; so whatever holds for keys holds for persons. Five wrong
answers lock an account, for longer each time. Whoever tries learns nothing: of an account that there is not, that ended,
that is locked, or whose password is wrong the answer is the same.
"""

__all__ = [
    "Account",
    "account_of",
    "account_of_setup",
    "accounts",
    "accounts_of_email",
    "accounts_of_subject",
    "add_account",
    "bind_subject",
    "end_account",
    "failed",
    "invite_again",
    "set_up",
    "sign_out",
    "signed_in",
]

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from belbaar.api.access.keys import make_key, read_token, revoke_key
from belbaar.api.access.principal import Forbidden
from belbaar.api.access.roles import read_rights
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation

_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_COLUMNS = (
    "id, organisation, email, name, role, password, codes, last_code, subject, setup, setup_until, failures, "
    "locked_until, made_at, ended_at"
)
_MINUTE = 60_000_000
SESSION = 12 * 60 * _MINUTE
_INVITED = 3 * 24 * 60 * _MINUTE
_FREE_FAILURES = 5
_LONGEST_LOCK = 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in.

    Args:
        id: the store's integer.
        organisation: whose, the store's integer.
        email: by which the person is known; lower case.
        name: what people call the person.
        role: see ``belbaar.api.access.roles``.
        password: its Argon2 hash; "" while none is set.
        codes: the secret of one-time codes, sealed; empty while there is none.
        last_code: the time step of the code that was used last: each is good once.
        subject: issuer and subject of OpenID Connect, "" where there is none.
        setup: the SHA-256 of the code to set it up with.
        setup_until: until when that is good, UTC microseconds, as the instants below.
        failures: wrong answers since the last right one.
        locked_until: until when nobody can sign in.
        made_at: when it was made.
        ended_at: since when it is no good; FOREVER while it is.
    """

    id: int
    organisation: int
    email: str
    name: str
    role: str
    password: str
    codes: bytes
    last_code: int
    subject: str
    setup: bytes
    setup_until: int
    failures: int
    locked_until: int
    made_at: int
    ended_at: int

    def open(self, now: int) -> bool:
        """Tell whether somebody may sign in."""
        return self.locked_until <= now < self.ended_at


def add_account(store: Store, owner: Organisation, email: str, *, name: str, role: str, now: int) -> str:
    """Make an account, and give the code with which the person sets it up, once, within three days.

    Raises:
        InputError: for what is no address or no role, or an address that has an account of this organisation.
    """
    read_rights(role)
    email = _read_email(email)
    code = secrets.token_urlsafe(24)
    with store.writing() as connection:
        if account_of(store, owner.key, email):
            raise InputError("this address has an account.", where="/email", code="taken")
        connection.execute(
            f"INSERT INTO account ({_COLUMNS.removeprefix('id, ')}) "
            "VALUES (?, ?, ?, ?, '', ?, 0, '', ?, ?, 0, 0, ?, ?)",
            (owner.key, email, name, role, b"", _digest(code), now + _INVITED, now, FOREVER),
        )
    return code


def accounts(store: Store, organisation: int) -> list[Account]:
    """Give the accounts of an organisation."""
    return _found(store, "organisation = ? ORDER BY email", organisation)


def account_of(store: Store, organisation: int, email: str) -> Account | None:
    """Give the account that an address has of an organisation; None when there is none."""
    return next(iter(_found(store, "organisation = ? AND email = ?", organisation, email.strip().lower())), None)


def accounts_of_email(store: Store, email: str) -> list[Account]:
    """Give the accounts of an address, of all organisations."""
    return _found(store, "email = ? ORDER BY id", email.strip().lower())


def accounts_of_subject(store: Store, subject: str) -> list[Account]:
    """Give the accounts that somebody else's word is bound to, of all organisations."""
    return _found(store, "subject = ? ORDER BY id", subject) if subject else []


def account_of_setup(store: Store, code: str, now: int) -> Account:
    """Give the account that a code sets up.

    Raises:
        InputError: when it is not, or no more, good for any.
    """
    found = _found(store, "setup = ? AND setup_until > ?", _digest(code), now)
    if not found or not found[0].open(now):
        raise InputError(
            "this code is not good, or good no more.", where="/code", todo="Ask your administrator for another.",
            code="setup-invalid",
        )  # fmt: skip
    return found[0]


def set_up(store: Store, account: Account, *, password: str, codes: bytes, last_code: int, now: int) -> None:
    """Keep a password's hash and the sealed secret of one-time codes; the code of the invitation is used up.

    All earlier sessions end.
    """
    with store.writing() as connection:
        _end_sessions(store, account, now)
        connection.execute(
            "UPDATE account SET password = ?, codes = ?, last_code = ?, setup = ?, setup_until = 0, failures = 0, "
            "locked_until = 0 WHERE id = ?",
            (password, codes, last_code, b"", account.id),
        )


def invite_again(store: Store, account: Account, *, now: int) -> str:
    """Give a new code to set an account up with, for who lost the password or the telephone; sessions end."""
    code = secrets.token_urlsafe(24)
    with store.writing() as connection:
        _end_sessions(store, account, now)
        connection.execute(
            "UPDATE account SET setup = ?, setup_until = ? WHERE id = ?", (_digest(code), now + _INVITED, account.id)
        )
    return code


def failed(store: Store, account: Account, *, now: int) -> None:
    """Count a wrong answer; from the fifth on the account is locked, twice as long each time."""
    failures = account.failures + 1
    lock = min(_MINUTE * 2 ** (failures - _FREE_FAILURES), _LONGEST_LOCK) if failures >= _FREE_FAILURES else 0
    with store.writing() as connection:
        connection.execute(
            "UPDATE account SET failures = ?, locked_until = ? WHERE id = ?", (failures, now + lock, account.id)
        )


def signed_in(store: Store, account: Account, *, code_step: int, now: int) -> str:
    """Give a key for a person who has shown who it is.

    Args:
        store: the ledger.
        account: whose.
        code_step: the time step of the one-time code that was used; the account's own where none was.
        now: UTC microseconds.
    """
    with store.writing() as connection:
        name = {key: handle for handle, key in connection.execute("SELECT handle, id FROM organisation").fetchall()}
        owner = Organisation(name[account.organisation], "", account.organisation)
        token = make_key(store, owner, account.role, label=account.email, now=now, expires_at=now + SESSION)
        connection.execute("INSERT INTO account_key (key, account) VALUES (?, ?)", (read_token(token)[0], account.id))
        connection.execute(
            "UPDATE account SET failures = 0, locked_until = 0, last_code = ? WHERE id = ?", (code_step, account.id)
        )
    return token


def sign_out(store: Store, key: str, *, now: int) -> None:
    """End a session; its key is refused at once.

    Raises:
        Forbidden: when the key is a program's: only an administrator takes those back.
    """
    with store.writing() as connection:
        if connection.execute("SELECT 1 FROM account_key WHERE key = ?", (key,)).fetchone() is None:
            raise Forbidden(
                "this key is a program's, and no session.", todo="An administrator takes it back.", code="no-session"
            )
        revoke_key(store, key, now=now)


def bind_subject(store: Store, account: Account, subject: str) -> None:
    """Bind an account to who somebody else's word says it is: from then on that, not the address, counts."""
    with store.writing() as connection:
        connection.execute("UPDATE account SET subject = ? WHERE id = ?", (subject, account.id))


def end_account(store: Store, account: Account, *, now: int) -> None:
    """End an account: its sessions are refused at once."""
    with store.writing() as connection:
        _end_sessions(store, account, now)
        connection.execute("UPDATE account SET ended_at = ? WHERE id = ? AND ended_at > ?", (now, account.id, now))


def _end_sessions(store: Store, account: Account, now: int) -> None:
    for (key,) in store.connection.execute("SELECT key FROM account_key WHERE account = ?", (account.id,)).fetchall():
        revoke_key(store, key, now=now)


def _found(store: Store, where: str, *values: object) -> list[Account]:
    rows = store.connection.execute(f"SELECT {_COLUMNS} FROM account WHERE {where}", values).fetchall()
    return [_account(*row) for row in rows]


def _account(*row: Any) -> Account:  # noqa: ANN401  a row as the database gives it
    """Make an account of a row: PostgreSQL and SQLite each have their own bytes."""
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Account(**values | {name: bytes(values[name]) for name in ("codes", "setup")})


def _read_email(email: str) -> str:
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InputError(f'"{email}" is not a mail address.', where="/email")
    return email


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
