"""Organisations apart: whose an agent is, which products a caller has been seen with, the audit trail's entries."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("agent", sa.Column("organisation", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.execute(
        "UPDATE agent SET organisation = (SELECT min(id) FROM organisation) WHERE EXISTS (SELECT 1 FROM organisation)"
    )
    op.create_table(
        "product_seen",
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), primary_key=True, autoincrement=False),
        sa.Column("product", sa.Integer, sa.ForeignKey("product.id"), primary_key=True, autoincrement=False),
    )
    op.execute(
        "INSERT INTO product_seen (caller, product) "
        "SELECT DISTINCT caller, product FROM standing WHERE caller <> 0 AND product <> 0"
    )
    op.create_table(
        "audit",
        sa.Column("entry", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("organisation", sa.Integer, nullable=False),
    )
    op.create_index("audit_of", "audit", ["organisation", "entry"])
