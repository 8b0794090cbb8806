"""What is known of callers beside their names, for receipts: one row a detail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "caller_detail",
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
