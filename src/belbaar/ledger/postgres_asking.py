"""A connection that asks prepared statements straight through libpq, one or many, and has patience for so long.

Values are integers, and arrays of them. Psycopg's cursors cost as much again as a server needs for a small statement, and
write an array element by element. Whoever waits for a server that says nothing
waits no longer than ``patience``: a connection of which the other end is gone would never tell.
"""

__all__ = ["PREPARED", "Asking"]

import select
from collections.abc import Sequence
from itertools import count
from typing import Any, Never, cast

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from belbaar.ledger.postgres_arrays import int8, int8_array
from belbaar.ledger.store import Store

PREPARED = 500
"""Statements that a connection keeps prepared."""
_AT_ONCE = 100
_INT8_OID, _INT8_ARRAY_OID = 20, 1016
Values = Sequence[int | Sequence[int]]
Rows = list[tuple[Any, ...]]


class Asking(psycopg.Connection[tuple[Any, ...]]):
    """A connection with a store that guards it."""

    store: Store
    patience: float | None = None
    """Seconds that the server may say nothing; None: for ever."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  psycopg's own
        super().__init__(*args, **more)
        self._asked: dict[str, bytes] = {}
        self._names = (f"belbaar_{place}".encode() for place in count())
        self._loader = Transformer(self)

    def ask(self, text: str, values: Values) -> Rows:
        """Give the rows of a statement with integers, or arrays of them, for ``$1``, ``$2`` …, prepared once.

        All goes and comes in binary.
        """
        try:
            try:
                return self._ask(text, values)
            except psycopg.errors.InvalidSqlStatementName:  # somebody between here and the server dropped it
                self._asked.clear()
                return self._ask(text, values)
        except psycopg.Error as error:
            raise self.store.unavailable(error) from None

    def _ask(self, text: str, values: Values) -> Rows:
        name = self._asked.get(text) or self._name_of(text, values)
        self.pgconn.send_query_prepared(name, [_written(value) for value in values], [1] * len(values), 1)
        return self._rows(self._heard())

    def _rows(self, result: PGresult | None) -> Rows:
        self._loader.set_pgresult(_sound(cast("PGresult", result)))
        return self._loader.load_rows(0, cast("PGresult", result).ntuples, tuple)

    def _heard(self) -> PGresult:
        """Wait for what the server says to what was sent last, no longer than there is patience."""
        result = self._next_result()
        while (after := self.pgconn.get_result()) is not None:
            result = after  # what came before is made void by it
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        return result

    def _give_up(self) -> Never:
        """Leave a server that says nothing; it may be half gone, and would never tell."""
        self.pgconn.finish()
        raise psycopg.OperationalError("timeout: the server says nothing")

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the server as psycopg does, no longer than there is patience."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001  its only name
            self._give_up()

    def ask_many(self, questions: Sequence[tuple[str, Values]]) -> list[Rows]:
        """Give the rows of each of many statements as ``ask`` does, a hundred in one round trip."""
        if len(questions) == 1:
            return [self.ask(*questions[0])]
        rows = list[Rows]()
        try:
            for start in range(0, len(questions), _AT_ONCE):
                rows += self._ask_some(questions[start : start + _AT_ONCE])
        except psycopg.Error as error:
            raise self.store.unavailable(error) from None
        return rows

    def _ask_some(self, questions: Sequence[tuple[str, Values]]) -> list[Rows]:
        if len(self._asked.keys() | {text for text, _ in questions}) > PREPARED:
            self._forget()
        names = {text: self._asked.get(text) or self._name_of(text, values) for text, values in questions}
        pgconn = self.pgconn
        pgconn.enter_pipeline_mode()
        for text, values in questions:
            pgconn.send_query_prepared(names[text], [_written(value) for value in values], [1] * len(values), 1)
        pgconn.pipeline_sync()
        results = [self._next_result() for _ in range(2 * len(questions) + 1)]  # each followed by nothing; the sync
        pgconn.exit_pipeline_mode()
        return [self._rows(result) for result in results[:-1:2]]

    def _next_result(self) -> PGresult | None:
        pgconn = self.pgconn
        unsent = pgconn.flush()
        if unsent or pgconn.is_busy():
            hearing = select.poll()
            while unsent or pgconn.is_busy():
                hearing.register(pgconn.socket, select.POLLIN | select.POLLOUT if unsent else select.POLLIN)
                if not hearing.poll(None if self.patience is None else self.patience * 1000):
                    self._give_up()
                pgconn.consume_input()
                unsent = pgconn.flush()
        return pgconn.get_result()

    def _name_of(self, text: str, values: Values) -> bytes:
        if len(self._asked) >= PREPARED:
            self._forget()
        name = next(self._names)
        types = [_INT8_OID if isinstance(value, int) else _INT8_ARRAY_OID for value in values]
        _sound(self.pgconn.prepare(name, text.encode(), types))
        self._asked[text] = name
        return name

    def _forget(self) -> None:
        for name in self._asked.values():
            _sound(self.pgconn.exec_(b"DEALLOCATE " + name))
        self._asked.clear()

    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        """Hear that psycopg drops prepared statements: all of them after a ROLLBACK, those of ``ask`` included."""
        if name is None:
            self._asked.clear()
        yield from super()._deallocate(name)


def _sound(result: PGresult) -> PGresult:
    """Give a result that is none of an error."""
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    raise error_from_result(result)


def _written(value: int | Sequence[int]) -> bytes:
    """Write an integer, or an array of integers."""
    return int8(value) if isinstance(value, int) else int8_array(value)
