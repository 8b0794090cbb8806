"""The second wall on PostgreSQL: a reader sees rows of the callers it reads for and no others, whatever it asks.

Row-level security for a role of its own, which a reading connection takes on in every transaction. Without a word on whose
behalf it reads, it sees what concerns everybody and nothing else: a query that forgets its WHERE, or a route that
forgets who asks, shows nothing. Writers keep the owner's role: a place in the ledger, an entry of the log and a fold
need all rows.
"""

__all__ = ["OPEN", "ROLE", "WALLED", "make_wall", "narrowing"]

from collections.abc import Collection
from hashlib import sha256

from belbaar.errors import StoreUnavailable
from belbaar.ledger.store import Connection

ROLE = "belbaar_reader"
"""The role that readers take on; it cannot sign in."""
_CALLERS, _OWNER = "belbaar.callers", "belbaar.organisation"
_MINE = f"ANY ((SELECT coalesce(nullif(current_setting('{_CALLERS}', true), ''), '{{}}')::int4[])::int4[])"
_OWN = f"(SELECT coalesce(nullif(current_setting('{_OWNER}', true), ''), '-1')::int4)"
_TO_ALL = "(kind = 'objection.made' AND fields LIKE '%\"scope\":\"all\"%')"

WALLED = {
    "event": f"caller = 0 OR caller = {_MINE} OR {_TO_ALL}",
    "standing": f"caller = 0 OR caller = {_MINE}",
    "suppression": f"caller = 0 OR caller = {_MINE}",
    "caller_detail": f"caller = {_MINE}",
    "product_seen": f"caller = {_MINE}",
    "permit": f"caller = {_MINE}",
    "campaign": f"organisation = {_OWN}",
    "list_job": f"organisation = {_OWN}",
    "gated_call": f"organisation = {_OWN}",
    "broken_glass": f"organisation = {_OWN}",
    "audit": f"organisation = {_OWN}",
    "answered_request": f"organisation = {_OWN}",
    "incoming_call": f"organisation = {_OWN}",
    "trace_case": f"organisation = {_OWN}",
    "trace_case_call": f"organisation = {_OWN}",
    "trace_step": f"organisation = {_OWN}",
    "subscriber_line": f"organisation = {_OWN}",
    "trace_provider": f"organisation = {_OWN}",
    "form": f"organisation = {_OWN}",
    "form_version": f"organisation = {_OWN}",
    "asked": f"organisation = {_OWN}",
    "outgoing": f"organisation = {_OWN}",
    "receipt_link": f"organisation = {_OWN}",
    "request": f"organisation = {_OWN}",
    "request_step": f"organisation = {_OWN}",
    "complaint": f"organisation = {_OWN}",
    "call_count": f"caller = {_MINE}",
    "denial_count": f"organisation = {_OWN}",
    "figure": f"organisation = {_OWN}",
    "portal_code": "false",
    "portal_session": "false",
}
"""Which rows of a table a reader sees."""

OPEN = {
    "access_key": "who asks is found among all keys",
    "access_key_use": "only when a key was last used",
    "account": "who signs in is found among all accounts",
    "account_key": "as above",
    "agent": "names the agents of events, which are walled",
    "alembic_version": "nobody's",
    "calls_counted": "how far events were counted, and nothing of them",
    "caller": "read into memory whole, with their numbers, when any of them changes",
    "caller_number": "as above",
    "code_sent": "tags of numbers, which say nothing without their key",
    "confirmation": "an organisation asks what its agents' systems have confirmed",
    "erasing": "empty but for the moment of an erasure",
    "follower": "as confirmation",
    "head": "the log's, for everybody",
    "incoming_spool": "how far a file was read, and nothing of what stood in it",
    "leaf": "the log's: what is sealed says nothing without its key",
    "logged_text": "texts that were shown, found by their hash",
    "mandate": "as caller",
    "number_held": "as caller",
    "open_day": "days, and nothing of anybody",
    "organisation": "as access_key",
    "product": "as caller",
    "retained": "handles of keys, which say nothing",
    "revision": "nobody's",
    "rule_switch": "the installation's",
    "screening": "entries of the log, by the key of their rows",
    "source": "whether an event was recorded long ago is asked of others' events too",
    "stopped_source": "read into memory whole: consents are recorded by others too, under a mandate",
    "tile": "the log's, for everybody",
    "webhook": "as confirmation",
    "webhook_delivery": "as confirmation",
}
"""The tables that a reader sees whole, and why: there the only wall is the query's own."""

_MAKE_ROLE = f"""
    DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
      IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN EXECUTE format('GRANT {ROLE} TO %I', current_user); END IF;
    END $$
"""
_GRANT = f"""
    DO $$ BEGIN
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema());
      EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {ROLE}', current_schema());
    END $$
"""
_SAID = (
    "SELECT obj_description(pg_policy.oid, 'pg_policy') FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid "
    "WHERE polname = 'belbaar_wall' AND relname = ? AND relnamespace = current_schema()::regnamespace"
)


def make_wall(connection: Connection, target: str) -> None:
    """Make the role and the policies, where they are not there yet as they should be; in a write transaction.

    Raises:
        StoreUnavailable: when the database's user may not; says what to do.
    """
    connection.execute("SAVEPOINT wall")
    try:
        connection.execute(_MAKE_ROLE)
        connection.execute(f"SET LOCAL ROLE {ROLE}")
        connection.execute("SET LOCAL ROLE NONE")
        connection.execute(_GRANT)
        for table, condition in WALLED.items():
            _make_policy(connection, table, condition)
    except StoreUnavailable as error:
        connection.execute("ROLLBACK TO wall")
        raise StoreUnavailable(
            f"the second wall between organisations cannot be made: {error.what}",
            where=target,
            todo=(
                f"Have a superuser of the database run: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO … (the user that "
                "belbaar signs in as). Or run without that wall: BELBAAR_WALL=off"
            ),
            code="wall-missing",
        ) from error
    connection.execute("RELEASE wall")


def _make_policy(connection: Connection, table: str, condition: str) -> None:
    said = sha256(condition.encode()).hexdigest()
    if connection.execute(_SAID, (table,)).fetchone() == (said,):
        return
    connection.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    connection.execute(f"DROP POLICY IF EXISTS belbaar_wall ON {table}")
    connection.execute(f"CREATE POLICY belbaar_wall ON {table} FOR SELECT TO {ROLE} USING ({condition})")
    connection.execute(f"COMMENT ON POLICY belbaar_wall ON {table} IS '{said}'")


def narrowing(organisation: int, callers: Collection[int]) -> tuple[str, tuple[str, str]]:
    """Give the statement that says on whose behalf a transaction reads, and its values."""
    query = f"SELECT set_config('{_OWNER}', ?, true), set_config('{_CALLERS}', ?, true)"
    return query, (str(organisation), f"{{{','.join(map(str, sorted(callers)))}}}")
