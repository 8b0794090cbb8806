"""All objections of an erased person are kept, not the latest alone: a call between two of them is judged as before."""

from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE suppression DROP CONSTRAINT suppression_pkey")
        op.execute("ALTER TABLE suppression ADD PRIMARY KEY (tag, caller, since)")
        return
    op.execute("ALTER TABLE suppression RENAME TO suppression_before")
    op.execute(
        "CREATE TABLE suppression (tag BLOB NOT NULL, caller INTEGER NOT NULL, since BIGINT NOT NULL, "
        "PRIMARY KEY (tag, caller, since))"
    )
    op.execute("INSERT INTO suppression SELECT tag, caller, since FROM suppression_before")
    op.execute("DROP TABLE suppression_before")
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER suppression_{verb.lower()}_counts AFTER {verb} ON suppression "
            f"BEGIN UPDATE revision SET number = number + 1; END"
        )
