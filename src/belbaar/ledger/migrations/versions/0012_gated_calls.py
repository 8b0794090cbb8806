"""What became of calls that passed a gate; numbers that callers have shown to hold; when an administrator broke the glass.

No number of a called person is in here: a call is known by its permit, and its number stands in the events.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "gated_call",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),  # the permit's; without one, made of the call's id
        sa.Column("organisation", sa.Integer, nullable=False),
        sa.Column("caller", sa.Integer, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("event", sa.BigInteger, nullable=False),
        sa.Column("trunk", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("code", sa.Integer, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("offered_at", sa.BigInteger, nullable=False),
        sa.Column("objected_at", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False, index=True),
    )
    op.create_index("ix_permit_entry", "permit", ["entry"])
    op.create_table(
        "broken_glass",
        sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("organisation", sa.Integer, nullable=False, index=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "number_held",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), primary_key=True, autoincrement=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("code", sa.LargeBinary(32), nullable=False),
        sa.Column("code_until", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("held_at", sa.BigInteger, nullable=False),
    )
    # What was registered before anybody was asked to show it goes on.
    bind = op.get_bind()
    held = "SELECT number, caller, 'before', '', :code, 0, 0, 1 FROM caller_number"
    bind.execute(sa.text(f"INSERT INTO number_held {held}"), {"code": b""})
    for statement in _postgres() if bind.dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


def _sqlite() -> Iterable[str]:
    """What is held is remembered, so a change of it counts."""
    for verb in ("INSERT", "UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER number_held_{verb.lower()}_counts AFTER {verb} ON number_held "
            f"BEGIN UPDATE revision SET number = number + 1; END"
        )


def _postgres() -> Iterable[str]:
    """What is held is remembered, so a change of it counts."""
    yield (
        "CREATE TRIGGER number_held_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON number_held "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
    )
