"""Whose word on a number alone counts for all: where there is one organisation, its own; of several, nobody's yet."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("organisation", sa.Column("facts", sa.SmallInteger, nullable=False, server_default="0"))
    op.execute("UPDATE organisation SET facts = 1 WHERE (SELECT count(*) FROM organisation) = 1")
