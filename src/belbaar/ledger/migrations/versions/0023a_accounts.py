"""An account is one organisation's: who works for two has two, and neither organisation learns of the other's."""

import sqlalchemy as sa
from alembic import op

revision = "0023a"
down_revision = "0023"
_COLUMNS = (
    "id, organisation, email, name, role, password, codes, last_code, subject, setup, setup_until, failures, "
    "locked_until, made_at, ended_at"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("account_email_key", "account")
        op.create_unique_constraint("account_organisation_email_key", "account", ["organisation", "email"])
        return
    op.create_table(  # SQLite drops no constraint
        "account_new",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("email", "name", "role", "password")),
        sa.Column("codes", sa.LargeBinary, nullable=False),
        sa.Column("last_code", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("setup", sa.LargeBinary(32), nullable=False),
        sa.Column("setup_until", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("locked_until", "made_at", "ended_at")),
        sa.UniqueConstraint("organisation", "email"),
    )
    op.execute(f"INSERT INTO account_new ({_COLUMNS}) SELECT {_COLUMNS} FROM account")
    op.drop_table("account")
    op.rename_table("account_new", "account")
