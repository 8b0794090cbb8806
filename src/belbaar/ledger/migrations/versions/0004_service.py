"""The service: organisations, whose callers are whose, agents' mandates, keys, permits, requests already answered."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SMALL = ("organisation", "mandate", "access_key")


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    for table in ("caller", "source"):  # 0: of no organisation, as from before there were any
        op.add_column(table, sa.Column("organisation", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_table(
        "mandate",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), primary_key=True, autoincrement=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "access_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("rights", sa.Text, nullable=False),
        sa.Column("callers", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "access_key_use",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("last_used_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "permit",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("organisation", sa.Integer, nullable=False),
        sa.Column("caller", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "answered_request",
        sa.Column("organisation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
    )
    for statement in _postgres() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


def _sqlite() -> Iterable[str]:
    """A change of a small table counts."""
    for table in _SMALL:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_{verb.lower()}_counts AFTER {verb} ON {table} "
                f"BEGIN UPDATE revision SET number = number + 1; END"
            )


def _postgres() -> Iterable[str]:
    """A change of a small table counts."""
    for table in _SMALL:
        yield (
            f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        )
