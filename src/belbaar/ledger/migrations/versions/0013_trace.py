"""The trace desk: calls that came in, cases by article 11.11 Tw, what subscribers refuse, other providers.

Who called, and what people wrote, stands in the columns ``sealed``: the key is not in the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _whose() -> "sa.Column[int]":
    return sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "incoming_call",
        sa.Column("ref", sa.Text, primary_key=True),
        _whose(),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("dialog", sa.LargeBinary(32), nullable=False),
        sa.Column("called", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("hidden", sa.SmallInteger, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("trust", sa.Text, nullable=False),
        sa.Column("result", sa.Integer, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("marked_at", sa.BigInteger, nullable=False),
        sa.Column("tag", sa.LargeBinary(16), nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("incoming_call_called", "incoming_call", ["called", "received_at"])
    op.create_table(
        "incoming_spool",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("taken", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "trace_case",
        sa.Column("id", sa.Text, primary_key=True),
        _whose(),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "trace_case_call",
        sa.Column("case_id", sa.Text, sa.ForeignKey("trace_case.id"), primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True, index=True),
        _whose(),
        sa.Column("looked_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "trace_step",
        sa.Column("case_id", sa.Text, sa.ForeignKey("trace_case.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        _whose(),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "subscriber_line",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("anonymous", sa.SmallInteger, nullable=False),
        sa.Column("unavailable", sa.SmallInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "trace_provider",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("handle", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("keys", sa.Text, nullable=False),
    )
