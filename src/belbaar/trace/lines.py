"""What subscribers refuse: calls whose caller withholds the number, and calls that have none, as from abroad.

The right is that of article 11.9(1)(b)(2) Tw: refusing calls whose number the caller withholds. A call without a number
that nobody withheld, as some from abroad are, is another matter and has a switch of its own.
"""

__all__ = ["Line", "line_of", "refuse", "refusing", "state_of"]

from dataclasses import dataclass

from belbaar.ledger import Store
from belbaar.trace.hand import Hand


@dataclass(frozen=True, slots=True)
class Line:
    """What a subscriber refuses; ``changed_at``: UTC microseconds, 0: never."""

    number: int
    anonymous: bool
    unavailable: bool
    changed_at: int = 0


def line_of(store: Store, organisation: int, number: int) -> Line:
    """Give what a subscriber refuses; nothing, where nothing was said."""
    row = store.connection.execute(
        "SELECT anonymous, unavailable, changed_at FROM subscriber_line WHERE organisation = ? AND number = ?",
        (organisation, number),
    ).fetchone()
    return Line(number, bool(row[0]), bool(row[1]), row[2]) if row else Line(number, anonymous=False, unavailable=False)


def refuse(store: Store, hand: Hand, number: int, *, anonymous: bool, unavailable: bool) -> Line:
    """Set what a subscriber refuses; the same again changes nothing. Inside the write transaction."""
    known = line_of(store, hand.organisation, number)
    if (known.anonymous, known.unavailable) == (anonymous, unavailable):
        return known
    store.connection.execute(
        "INSERT INTO subscriber_line (organisation, number, anonymous, unavailable, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (organisation, number) DO UPDATE SET anonymous = excluded.anonymous, "
        "unavailable = excluded.unavailable, changed_at = excluded.changed_at",
        (hand.organisation, number, int(anonymous), int(unavailable), hand.now),
    )
    hand.notes("trace.line", {"anonymous": _word(anonymous), "unavailable": _word(unavailable)}, number)
    return Line(number, anonymous, unavailable, hand.now)


def state_of(store: Store, organisation: int) -> str:
    """Give a word for what the subscribers of an organisation refuse: another one whenever that changed."""
    query = "SELECT count(*), coalesce(max(changed_at), 0) FROM subscriber_line WHERE organisation = ?"
    count, changed_at = store.connection.execute(query, (organisation,)).fetchone()
    return f"{count}.{changed_at}"


def refusing(store: Store, organisation: int) -> list[tuple[str, int, int]]:
    """Give who refuses anything: the number's digits, and which of the two."""
    rows = store.connection.execute(
        "SELECT number, anonymous, unavailable FROM subscriber_line WHERE organisation = ? AND anonymous + unavailable > 0",
        (organisation,),
    ).fetchall()
    return [(str(number), anonymous, unavailable) for number, anonymous, unavailable in rows]


def _word(value: bool) -> str:
    return "refused" if value else "let through"
