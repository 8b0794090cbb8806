"""Switch a supervisor's or the code's version of a rule off or on: written in the ledger, printed on every verdict."""

__all__ = ["switch", "switches"]

from belbaar.errors import InputError, nearest
from belbaar.law import PACKS
from belbaar.law.rulesets import switchable
from belbaar.ledger.store import Store


def switch(store: Store, rule: str, *, off: bool, reason: str, at: int, by: str) -> None:
    """Switch a rule, by id.

    Raises:
        InputError: statute and decree cannot be switched off; a switch needs a reason.
    """
    allowed = {name for pack in PACKS.values() for name in switchable(pack)}
    rules = {item.id for pack in PACKS.values() for item in pack.rules}
    known = rules | {item.id for pack in PACKS.values() for item in pack.parameters}
    if rule not in known:
        raise InputError(f'"{rule}" is not a rule.', where="rule", todo=nearest(rule, known))
    if rule not in allowed:
        raise InputError(
            f"{rule} is statute: it cannot be switched off.",
            where="rule",
            todo="Rules of the supervisor and the code can: " + ", ".join(sorted(allowed)) + ".",
        )
    if not reason.strip():
        raise InputError("a switch needs a reason.", where="reason", todo="Say why, for whoever reads the verdicts.")
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO rule_switch (rule, off, reason, at, by) VALUES (?, ?, ?, ?, ?)",
            (rule, int(off), reason, at, by),
        )


def switches(store: Store) -> list[tuple[str, bool, str, int, str]]:
    """List every switch ever made: rule, off, reason, at (UTC microseconds), by whom."""
    rows = store.connection.execute("SELECT rule, off, reason, at, by FROM rule_switch ORDER BY id").fetchall()
    return [(rule, bool(off), reason, at, by) for rule, off, reason, at, by in rows]
