"""Days on which My number was open to the people who are called: what the third level of evidence rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "open_day",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER open_day_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON open_day "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        )
        return
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER open_day_{verb.lower()}_counts AFTER {verb} ON open_day "
            f"BEGIN UPDATE revision SET number = number + 1; END"
        )
