"""The change feed: who follows it and what they confirmed, webhooks and what was delivered. No table holds a number."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BIG = ("since", "made_at", "ended_at", "former_until", "fanned", "replayed_at", "retry_at", "lease_until")


def upgrade() -> None:
    op.create_table(
        "follower",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("since_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "confirmation",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("upto", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("callers", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("former_secret", sa.LargeBinary, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _BIG),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("lease", sa.Text, nullable=False),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook", sa.Text, sa.ForeignKey("webhook.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("urgent", sa.Integer, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("tried_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("webhook_delivery_due", "webhook_delivery", ["webhook", "state", "urgent", "due_at"])
