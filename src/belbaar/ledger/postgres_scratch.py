"""Empty ledgers on a PostgreSQL server, for checks: in a schema of their own, so that nobody's data is touched."""

__all__ = ["scratch_ledgers"]

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from belbaar.ledger import postgres_store
from belbaar.ledger.postgres_errors import translated
from belbaar.ledger.postgres_store import PostgresStore

_PREFIX = "belbaar_check_"


@contextmanager
def scratch_ledgers(url: str) -> Iterator[Callable[[], AbstractContextManager[PostgresStore]]]:
    """Make a ledger in a new schema, dropped at the end; gives a function that lends it, empty each time.

    Whatever is done with it while it is lent is undone afterwards.

    Raises:
        StoreUnavailable: when the server cannot be reached, or the user may not make a schema.
    """
    name = f"{_PREFIX}{secrets.token_hex(6)}"
    target = postgres_store.named(url)
    with postgres_store.connected(url) as owner, translated(target):
        owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        try:
            with postgres_store.create(_inside(url, name)) as store:
                yield store.undone
        finally:
            owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def _inside(url: str, schema: str) -> str:
    """Name the same database with a schema to look in first and only."""
    options = f"{conninfo_to_dict(url).get('options') or ''} -c search_path={schema}".strip()
    return make_conninfo(url, options=options)
