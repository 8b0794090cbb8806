"""The log: leaves, tiles and heads; texts in full; objections that outlive an erasure, and how one erases an event."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WIDE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _wide(name: str, **how: object) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, **how)  # type: ignore[arg-type]


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def upgrade() -> None:
    op.create_table(
        "leaf",
        sa.Column("ix", _WIDE, primary_key=True, autoincrement=False),
        _bytes("id"),
        _bytes("entry"),
        _bytes("sealed"),
        _wide("handle"),  # of the key that opens it, 0: none
        _wide("about"),  # the place in the ledger of the event it is of, 0: none
    )
    for name in ("handle", "about"):
        only = sa.text(f"{name} <> 0")
        op.create_index(f"leaf_{name}", "leaf", [name], sqlite_where=only, postgresql_where=only)
    clear = sa.text("handle = 0 AND about = 0")
    op.create_index("leaf_clear", "leaf", ["ix"], sqlite_where=clear, postgresql_where=clear)
    op.create_table(
        "tile",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
        _bytes("hashes"),
    )
    op.create_table(
        "head",
        sa.Column("size", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        _wide("at"),
        sa.Column("anchored", sa.SmallInteger, nullable=False),  # others signed or stamped it, so it stays
        _bytes("query"),
        _bytes("reply"),
        _wide("stamped_at"),
    )
    op.create_table(
        "logged_text",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        _wide("ix"),
    )
    op.create_table(
        "screening",
        sa.Column("ix", _WIDE, primary_key=True, autoincrement=False),
        _wide("key"),  # under which the key store keeps the list's key
        _wide("at"),
        _wide("rows"),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "suppression",
        sa.Column("tag", sa.LargeBinary(16), primary_key=True),
        sa.Column("caller", sa.Integer, primary_key=True, autoincrement=False),  # 0: all callers
        _wide("since"),
    )
    op.create_table(
        "retained",
        sa.Column("handle", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("until_day", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table("erasing", sa.Column("number", _WIDE, primary_key=True, autoincrement=False))
    statements = _postgres() if op.get_bind().dialect.name == "postgresql" else _sqlite()
    for statement in statements:
        op.execute(statement)


_ERASES = "NEW.kind = 'erased' AND NEW.number = 0 AND EXISTS (SELECT 1 FROM erasing WHERE number = OLD.number)"
"""What is written stays, but for the events of a number that is being erased: of those only the place stays."""


def _sqlite() -> Iterable[str]:
    yield "DROP TRIGGER event_no_update"
    yield (
        f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN NOT ({_ERASES}) "
        f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
    for table in ("leaf", "logged_text"):
        yield (
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    for verb in ("INSERT", "UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER suppression_{verb.lower()}_counts AFTER {verb} ON suppression "
            f"BEGIN UPDATE revision SET number = number + 1; END"
        )


def _postgres() -> Iterable[str]:
    yield "DROP TRIGGER event_append_only ON event"
    for table in ("event", "leaf", "logged_text"):
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    yield f"""
        CREATE FUNCTION erase_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF {_ERASES} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
        END $$
    """
    yield "CREATE TRIGGER event_erase_only BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION erase_only()"
    yield (
        "CREATE TRIGGER suppression_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON suppression "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
    )
