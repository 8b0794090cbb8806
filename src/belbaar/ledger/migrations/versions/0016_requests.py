"""What called persons ask and complain about, sources of consents that are stopped, calls as figures count them, and
who is in My number: by a mark of the number, which is in no table.

A message may be of no caller: a code for My number. What people wrote stands in ``sealed``: its key is not in the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def _big(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False)


def _whose() -> "sa.Column[int]":
    return sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False)


def _key(name: str) -> "sa.Column[int]":
    """A key of the ledger's small tables, 0 where there is none."""
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Text, primary_key=True),
        _whose(),
        *(_text(name) for name in ("ref", "kind", "state")),
        _key("caller"),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        *(_big(name) for name in ("opened_at", "ended_at")),
        _key("due"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("organisation", "ref"),
    )
    op.create_index("request_open", "request", ["organisation", "state", "due"])
    op.create_table(
        "request_step",
        sa.Column("request", sa.Text, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        _whose(),
        _big("at"),
        *(_text(name) for name in ("step", "who")),
        _big("entry"),
    )
    op.create_table(
        "complaint",
        sa.Column("request", sa.Text, sa.ForeignKey("request.id"), primary_key=True),
        _whose(),
        *(_key(name) for name in ("caller", "agent", "month")),
        _text("supplier"),
        *(_big(name) for name in ("call", "called_at")),
    )
    op.create_index("complaint_month", "complaint", ["organisation", "month"])
    op.create_table(
        "stopped_source",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
        sa.Column("supplier", sa.Text, primary_key=True),
        *(_big(name) for name in ("at", "upto", "before", "frozen", "entry")),
        *(_text(name) for name in ("who", "reason")),
    )
    op.create_table(
        "call_count",
        *(sa.Column(name, sa.Integer, primary_key=True, autoincrement=False) for name in ("caller", "month", "agent")),
        sa.Column("supplier", sa.Text, primary_key=True),
        _big("calls"),
    )
    op.create_table("calls_counted", _big("upto"))
    op.execute("INSERT INTO calls_counted (upto) VALUES (0)")
    op.create_table(
        "portal_code",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("tag", "code")),
        *(_key(name) for name in ("tries", "codes")),
        *(_big(name) for name in ("code_at", "until")),
    )
    op.create_table(
        "portal_session",
        sa.Column("tag", sa.LargeBinary, primary_key=True),
        _text("id"),
        _big("until"),
    )
    with op.batch_alter_table("outgoing") as outgoing:
        for name in ("organisation", "caller"):
            outgoing.alter_column(name, existing_type=sa.Integer, nullable=True)
    for statement in _postgres() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


def _sqlite() -> list[str]:
    """A stop counts as a change of the small tables; that more was frozen by it does not."""
    return [
        f"CREATE TRIGGER stopped_source_{name}_counts AFTER {verb} ON stopped_source "
        f"BEGIN UPDATE revision SET number = number + 1; END"
        for name, verb in (("insert", "INSERT"), ("update", "UPDATE OF at"), ("delete", "DELETE"))
    ]


def _postgres() -> list[str]:
    """A stop counts as a change of the small tables; that more was frozen by it does not."""
    return [
        f"CREATE TRIGGER stopped_source_counts_{verb[0].lower()} AFTER {verb} ON stopped_source "
        f"FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        for verb in ("INSERT", "UPDATE OF at", "DELETE", "TRUNCATE")
    ]
