"""The ledger: callers, agents, products, sources, events; standing, which is derived; switches of rules."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANTS = ("since", "ended", "closed", "verified_at", "contacted_at")
_IDS = ("caller", "product", "segment")
_DAYS = ("last_day", "contact_by")
_KEY = ("number", "caller", "fact", "since", "event")
_REST = (
    "ended",
    "product",
    "segment",
    "relation_kind",
    "closed",
    "last_day",
    "verified_at",
    "contact_by",
    "contacted_at",
    "wording_kept",
    "affirmative",
    "bundled",
    "by_voice",
    "by_robocall",
    "by_sms",
    "opt_out_offered",
    "opted_out",
    "subscriber",
    "minor",
)
_WIDE = {"number", "event", *_INSTANTS}
_NARROW = {*_KEY, *_REST} - {*_WIDE, *_IDS, *_DAYS}
_APPEND_ONLY = ("event", "source", "rule_switch")
_SMALL = ("caller", "caller_number", "product", "rule_switch")


def _integer(name: str) -> sa.Column[int]:
    wide, narrow = sa.BigInteger(), sa.SmallInteger()
    return sa.Column(name, wide if name in _WIDE else narrow if name in _NARROW else sa.Integer(), nullable=False)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "caller",
        _key(),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
    )
    op.create_table(
        "caller_number",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_table(
        "agent",
        _key(),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table("product", _key(), sa.Column("path", sa.Text, nullable=False, unique=True))
    op.create_table(
        "source",
        _key(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, index=True),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        # SQLite counts by itself in a key that is an INTEGER; in PostgreSQL the writer gives places without gaps
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        sa.Column("caller", sa.Integer, nullable=False),
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
    )
    op.create_table(
        "standing",
        *(_integer(name) for name in _KEY + _REST),
        sa.PrimaryKeyConstraint(*_KEY),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rule_switch",
        _key(),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("off", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_table("revision", sa.Column("number", sa.BigInteger, nullable=False))
    op.execute("INSERT INTO revision (number) VALUES (1)")
    statements = _postgres() if op.get_bind().dialect.name == "postgresql" else _sqlite()
    for statement in statements:
        op.execute(statement)


def _sqlite() -> Iterable[str]:
    """What is written stays; a change of a small table counts."""
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
    for table in _SMALL:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_{verb.lower()}_counts AFTER {verb} ON {table} "
                f"BEGIN UPDATE revision SET number = number + 1; END"
            )


def _postgres() -> Iterable[str]:
    """What is written stays; a change of a small table counts."""
    yield """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$
    """
    yield """
        CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN UPDATE revision SET number = number + 1; RETURN NULL; END $$
    """
    for table in _APPEND_ONLY:
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in _SMALL:
        yield (
            f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        )
