"""The table of figures: which are wanted, and what they came to.

A figure is known by its organisation and a name: ``today``, or ``impact/<day>/<months>``. It is wanted when it was asked
for after it was computed. Whoever computes it makes a claim, which is good for a while; a process that dies loses it.
It holds counts only, and nothing of any person.
"""

__all__ = ["IMPACTS", "TODAY", "Kept", "claim", "keep", "kept", "want", "want_everywhere"]

from dataclasses import dataclass

from belbaar.ledger import Store

TODAY, IMPACTS = "today", "impact/"
_CLAIM = 30 * 60 * 1_000_000
"""Microseconds after which a claim is good no more."""
_MOST_IMPACTS = 20
"""What-if figures of one organisation that are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure. ``asked_at`` and ``at``: when it was asked for and computed (UTC microseconds, 0: never); ``body``: JSON."""

    asked_at: int
    at: int
    body: str

    @property
    def waits(self) -> bool:
        """Whether it is being computed, or will be."""
        return self.asked_at > self.at


def want(store: Store, organisation: int, name: str, now: int) -> None:
    """Ask for a figure; inside the write transaction. One that is being computed already is not asked for twice."""
    store.connection.execute(
        "INSERT INTO figure (organisation, name, asked_at, at, claimed_at, body) VALUES (?, ?, ?, 0, 0, '') "
        "ON CONFLICT (organisation, name) DO UPDATE SET asked_at = excluded.asked_at WHERE figure.asked_at <= figure.at",
        (organisation, name, now),
    )
    store.connection.execute(
        "DELETE FROM figure WHERE organisation = ? AND name LIKE ? AND name NOT IN "
        "(SELECT name FROM figure WHERE organisation = ? AND name LIKE ? ORDER BY asked_at DESC LIMIT ?)",
        (organisation, f"{IMPACTS}%", organisation, f"{IMPACTS}%", _MOST_IMPACTS),
    )


def want_everywhere(store: Store, now: int) -> None:
    """Ask for the figures of the day for every organisation that has callers."""
    with store.writing() as connection:
        rows = connection.execute("SELECT DISTINCT organisation FROM caller WHERE organisation <> 0").fetchall()
        for (organisation,) in rows:
            want(store, organisation, TODAY, now)


def claim(store: Store, now: int) -> tuple[int, str] | None:
    """Claim the figure that has waited longest; None when none is wanted."""
    wanted = "asked_at > at AND claimed_at < ?"
    query = f"SELECT organisation, name FROM figure WHERE {wanted} ORDER BY asked_at LIMIT 1"
    found = store.connection.execute(query, (now - _CLAIM,)).fetchone()
    if found is None:
        return None
    with store.writing() as connection:
        row = connection.execute(
            f"UPDATE figure SET claimed_at = ? WHERE organisation = ? AND name = ? AND {wanted} RETURNING organisation, name",
            (now, *found, now - _CLAIM),
        ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def keep(store: Store, organisation: int, name: str, *, at: int, body: str) -> None:
    """Write down what a figure came to. ``at``: by the clock of who computed it, which may be behind that of who asked."""
    with store.writing() as connection:
        connection.execute(
            "UPDATE figure SET at = CASE WHEN asked_at > ? THEN asked_at ELSE ? END, body = ?, claimed_at = 0 "
            "WHERE organisation = ? AND name = ?",
            (at, at, body, organisation, name),
        )


def kept(store: Store, organisation: int, name: str) -> Kept | None:
    """Give a figure; None where nobody ever asked for it."""
    row = store.connection.execute(
        "SELECT asked_at, at, body FROM figure WHERE organisation = ? AND name = ?", (organisation, name)
    ).fetchone()
    return Kept(*row) if row else None
