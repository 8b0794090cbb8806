"""Accounts of before an address could have several: they and their sessions are there after the update."""

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from belbaar.api.access.accounts import account_of, add_account, sign_out
from belbaar.ledger import create_store, schema
from belbaar.ledger.organisations import add_organisation

BEFORE = "0023"
_ORGANISATION = "INSERT INTO organisation (id, handle, name, made_at, facts) VALUES (7, 'house', 'House', 1, 1)"
_KEY = (
    "INSERT INTO access_key (id, organisation, role, label, digest, rights, callers, made_at, expires_at, revoked_at) "
    "VALUES ('k', 7, 'officer', 'an', :bytes, '', '', 1, 9, 9)"
)
_ACCOUNT = (
    "INSERT INTO account (id, organisation, email, name, role, password, codes, last_code, subject, setup, setup_until, "
    "failures, locked_until, made_at, ended_at) "
    "VALUES (3, 7, 'an@x.example', 'An', 'officer', 'hash', :bytes, 5, '', :bytes, 0, 2, 0, 1, 9)"
)


def as_it_was(engine):
    """Make a store of before, with an organisation, an account and a session of it."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for statement in (_ORGANISATION, _KEY, _ACCOUNT):
            connection.execute(sa.text(statement), {"bytes": b"\1"} if ":bytes" in statement else {})
        connection.execute(sa.text("INSERT INTO account_key (key, account) VALUES ('k', 3)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path):
    if request.param == "sqlite":
        as_it_was(sa.create_engine(f"sqlite:///{tmp_path}/belbaar.db"))
        return tmp_path / "belbaar.db"
    name, server = request.getfixturevalue("empty_database"), request.getfixturevalue("postgres")
    url = str(server.url(name))
    as_it_was(sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url)))
    return url


def test_an_account_of_before_is_there_and_its_address_is_free_elsewhere(target):
    with create_store(target) as store:
        kept = account_of(store, 7, "an@x.example")
        assert (kept.id, kept.password, kept.last_code, kept.failures, kept.codes) == (3, "hash", 5, 2, b"\1")
        sign_out(store, "k", now=2)
        other = add_organisation(store, "other", name="Other", now=1)
        add_account(store, other, "an@x.example", name="An", role="agent", now=1)
        made = account_of(store, other.key, "an@x.example")
        assert made.id not in (0, 3)
        assert made.role == "agent"
