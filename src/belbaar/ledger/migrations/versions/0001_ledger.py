"""The ledger: callers, agents, products, sources, events; standing, which is derived; switches of rules."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

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
_WIDE = {"number", "since", "ended", "event", "closed", "verified_at", "contacted_at"}
_APPEND_ONLY = ("event", "source", "rule_switch")


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger if name in _WIDE else sa.Integer, nullable=False)


def upgrade() -> None:
    op.create_table(
        "caller",
        sa.Column("id", sa.Integer, primary_key=True),
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
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, index=True),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True),
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
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("off", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
