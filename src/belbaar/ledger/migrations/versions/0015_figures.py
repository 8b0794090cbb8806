"""Figures of organisations, computed beside the ledger: counts, and nothing of any person."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("asked_at", "at", "claimed_at")),
        sa.Column("body", sa.Text, nullable=False),
    )
