"""Whose word on a number alone counts for all; more small tables whose changes count.

Where there is one organisation, its word counts; of several, nobody's yet. What is known of callers beside their names,
agents, and which products were seen are read into memory whole, as callers are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
_SMALL = ("agent", "caller_detail", "product_seen")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("facts", sa.SmallInteger, nullable=False, server_default="0"))
    op.execute("UPDATE organisation SET facts = 1 WHERE (SELECT count(*) FROM organisation) = 1")
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in _SMALL:
        if postgres:
            op.execute(
                f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
            )
            continue
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()}_counts AFTER {verb} ON {table} "
                f"BEGIN UPDATE revision SET number = number + 1; END"
            )
