"""The small tables of a ledger, read whole and remembered while nobody changes them."""

__all__ = ["Caller", "Connection", "Cursor", "Known", "load_known"]

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from belbaar.errors import InputError, nearest
from belbaar.law.products import ALL, ProductSets, product_sets

_DEMANDED = "SELECT caller, value FROM caller_detail WHERE name = 'evidence'"
_STOPPED = (
    "SELECT handle, supplier, at FROM stopped_source JOIN caller ON caller.organisation = stopped_source.organisation"
)


class Cursor(Protocol):
    """What came of a statement."""

    def fetchone(self) -> Any: ...  # noqa: ANN401, D102  a row of whatever was asked
    def fetchall(self) -> list[Any]: ...  # noqa: D102
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What sqlite3's and psycopg's connections have in common."""

    def execute(self, query: str, values: Any = ..., /) -> Cursor: ...  # noqa: ANN401, D102  a sequence or, for SQLite, names
    def close(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Caller:
    """A legal entity on whose behalf calls are made.

    ``id`` is the word people use, ``key`` the store's integer; ``numbers`` are E.164 integers in the order registered.
    """

    id: str
    name: str
    sector: str
    numbers: tuple[int, ...] = ()
    key: int = 0


@dataclass(frozen=True, eq=False)
class Known:
    """The small tables of a ledger: callers, products and their ids (``*`` is 0), rules switched off.

    ``agents`` by their keys, nobody by 0; ``demanded`` the level of evidence that callers demand of a consent, and
    ``seen`` the products they were seen with, by the callers' keys. ``suppressing`` says that objections of erased
    persons are kept; ``stopped`` since when (UTC microseconds) consents of a supplier count no more, by the caller's id
    and the supplier; ``open_days`` on which days (ordinals) My number was open to people.
    ``revision`` counts the changes of these tables in the database: while it is the same, so are they.
    """

    revision: int
    callers: Mapping[str, Caller]
    products: dict[str, int]
    switched_off: frozenset[str]
    suppressing: bool
    stopped: Mapping[tuple[str, str], int]
    agents: Mapping[int, str]
    demanded: Mapping[int, int]
    seen: Mapping[int, Collection[str]]
    open_days: Collection[int]
    _sets: dict[str, ProductSets] = field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        """Give a caller.

        Raises:
            InputError: when nobody registered it; names the nearest.
        """
        if name not in self.callers:
            hint = nearest(name, self.callers) if self.callers else "No caller is registered yet."
            raise InputError(
                f'"{name}" is not a registered caller.',
                todo=f"{hint} Register one with: belbaar caller add {name} --name … --sector … --number …",
                code="unknown-caller",
            )
        return self.callers[name]

    def product_sets(self, product: str) -> ProductSets:
        """Give the ids that matter to a product asked; the product itself need not be known."""
        if product not in self._sets:
            self._sets[product] = product_sets(product, self.products)
        return self._sets[product]


def load_known(connection: Connection, revision: int) -> Known:
    """Read the small tables. What is newer than ``revision`` makes them be read again, so that is harmless."""
    query = connection.execute
    numbers: dict[int, list[int]] = {}
    for caller, number in query("SELECT caller, number FROM caller_number ORDER BY caller, place"):
        numbers.setdefault(caller, []).append(number)
    callers = {
        handle: Caller(handle, name, sector, tuple(numbers.get(key, ())), key)
        for key, handle, name, sector in query("SELECT id, handle, name, sector FROM caller ORDER BY handle")
    }
    latest = dict(query("SELECT rule, off FROM rule_switch ORDER BY id").fetchall())
    seen: dict[int, set[str]] = {}
    for caller, path in query("SELECT caller, path FROM product_seen JOIN product ON product.id = product"):
        seen.setdefault(caller, set()).add(path)
    return Known(
        revision=revision,
        callers=callers,
        products={ALL: 0, **dict(query("SELECT path, id FROM product").fetchall())},
        switched_off=frozenset(rule for rule, off in latest.items() if off),
        suppressing=query("SELECT 1 FROM suppression LIMIT 1").fetchone() is not None,
        stopped={(handle, supplier): at for handle, supplier, at in query(_STOPPED).fetchall()},
        agents={0: "", **dict(query("SELECT id, handle FROM agent").fetchall())},
        demanded={key: int(level) for key, level in query(_DEMANDED).fetchall()},
        seen=seen,
        open_days=frozenset(day for (day,) in query("SELECT day FROM open_day").fetchall()),
    )
