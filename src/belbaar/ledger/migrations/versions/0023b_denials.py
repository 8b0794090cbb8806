"""Denials of single questions, counted by week and reason: no number and no question stands in it."""

import sqlalchemy as sa
from alembic import op

revision = "0023b"
down_revision = "0023a"


def upgrade() -> None:
    op.create_table(
        "denial_count",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("denials", sa.BigInteger, nullable=False),
    )
