"""Campaigns: by which a gate in the path of calls knows on whose behalf they are made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("handle", sa.Text, primary_key=True),
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("presents", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
