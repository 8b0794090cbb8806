"""Where consent begins: forms and their versions, what was filled in and not confirmed yet, what is to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _whose() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("caller", sa.Integer, sa.ForeignKey("caller.id"), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("id", sa.Text, primary_key=True),
        *_whose(),
        *(_text(name) for name in ("name", "draft")),
        _bytes("secret"),
        *(_big(name) for name in ("made_at", "changed_at", "ended_at")),
    )
    op.create_table(
        "form_version",
        sa.Column("form", sa.Text, sa.ForeignKey("form.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("organisation", sa.Integer, nullable=False),
        _text("content"),
        _big("published_at"),
        _big("entry"),
    )
    op.create_table(
        "asked",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("form", sa.Text, sa.ForeignKey("form.id"), nullable=False),
        _small("version"),
        *_whose(),
        *(_text(name) for name in ("way", "language", "channel", "address")),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        _text("told"),
        _big("at"),
        _text("sent_under"),
        *(_bytes(name) for name in ("code", "link")),
        *(_small(name) for name in ("state", "tries", "codes")),
        *(_big(name) for name in ("code_at", "until")),
        sa.UniqueConstraint("form", "sent_under"),
    )
    op.create_index("asked_link", "asked", ["link"])
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Text, primary_key=True),
        *_whose(),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        *(_text(name) for name in ("kind", "channel", "recipient", "language")),
        _bytes("told"),
        *(_small(name) for name in ("state", "tries")),
        *(_big(name) for name in ("made_at", "due_at", "until")),
        _text("error"),
    )
    op.create_index("outgoing_due", "outgoing", ["state", "due_at"])
    op.create_table(
        "code_sent",
        sa.Column("tag", sa.LargeBinary, nullable=False),
        _big("at"),
    )
    op.create_index("code_sent_tag", "code_sent", ["tag", "at"])
    op.create_table(
        "receipt_link",
        sa.Column("token", sa.LargeBinary, primary_key=True),
        sa.Column("form", sa.Text, sa.ForeignKey("form.id"), nullable=False),
        _small("version"),
        *_whose(),
        sa.Column("number", sa.BigInteger, nullable=False, index=True),
        *(_text(name) for name in ("products", "language", "channel", "address")),
        *(_big(name) for name in ("given_at", "confirmed_at", "until")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _postgres() if postgres else _sqlite():
        op.execute(statement)


def _sqlite() -> list[str]:
    """A version that was published does not change."""
    return [
        f"CREATE TRIGGER form_version_no_{verb.lower()} BEFORE {verb} ON form_version "
        f"BEGIN SELECT RAISE(ABORT, 'a published version does not change'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _postgres() -> list[str]:
    """A version that was published does not change."""
    return [
        (
            "CREATE TRIGGER form_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON form_version "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    ]
