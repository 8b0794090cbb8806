"""The desk: one thread that answers with the ledger's write transaction, for all who wait at that moment together.

Everything that is acted on goes through here: events that are recorded, verdicts that are kept, permits. Whoever comes
while a transaction is open waits for the next; that one does all that has come when it has the ledger's lock, signs one
head of the log, and becomes durable once. So no answer leaves before its entry is durable, the cost of durability is
shared, and the longer another process holds the lock the more go together then.

Events come before verdicts in a transaction. So an objection is in force for every verdict reached after it was
accepted, on any process: the ledger allows one writer at a time, and a verdict that is kept is a writer.

What the store refuses (its disk full, its server gone) is told to all who waited, and the store is opened anew for those
who come next. What goes wrong with one act, for all others it is as if that one had not come. An answer that comes too
late, for the process had stood still, is a refusal: who asked may have been told of an objection since.

How long anybody waits is counted in seconds that no clock can change.
"""

__all__ = ["Act", "Desk", "Readers"]

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from belbaar.api.steady import Steady
from belbaar.api.watch.metrics import counted
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.proof.log.keeping import log_of

T = TypeVar("T")
_AT_ONCE = 256
"""Acts of one transaction."""
_WAITING = 10_000
"""Acts that may wait; more are refused at once, for they would only wait to be refused."""
_LATE = StoreUnavailable(
    "the ledger did not answer in time.",
    todo="Do not call; ask again. What was sent may have been recorded: sending it again does no harm.",
    code="too-late",
)


@dataclass(frozen=True, slots=True, eq=False)
class Act(Generic[T]):
    """Something to be done in the write transaction.

    Args:
        work: does it for all of its kind who wait, in one call; a refusal stands in the place of its answer.
        item: what is asked.
        first: whether it is done before acts that are not: what is recorded comes before what is judged.
        weight: how many small acts it is worth, so that a transaction does not grow too long.
    """

    work: Callable[[Store, Sequence[Any]], Sequence[T | BelbaarError]]
    item: object
    first: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """An act, who waits for it, and until when (``time.monotonic``)."""

    act: Act[Any]
    future: "asyncio.Future[Any]"
    deadline: float


class Desk:
    """Guards one thread and its connection to the ledger.

    Args:
        opened: opens the store.
        seconds: how long anybody waits for an answer.
        steady: tells whether the clock may be trusted.
    """

    def __init__(self, opened: Callable[[], Store], seconds: float, steady: Steady) -> None:
        self._opened = opened
        self._seconds = seconds
        self._steady = steady
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(_WAITING)
        self._store: Store | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer who waits already, then end."""
        self._queue.put(None)
        self._thread.join(self._seconds + 5)

    @property
    def waiting(self) -> int:
        """How many acts wait now."""
        return self._queue.qsize()

    async def does(self, act: Act[T]) -> T:
        """Have something done, and hear of it when it is durable.

        Raises:
            BelbaarError: what the act was refused for.
            StoreUnavailable: when it is not known to be durable in time.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        deadline = time.monotonic() + self._seconds
        try:
            self._queue.put_nowait(_Waiting(act, future, deadline))
        except queue.Full:
            raise _LATE from None
        return await _in_time(future, deadline)

    def _run(self) -> None:
        self._begin()
        while not self._ended and (first := self._queue.get()) is not None:
            self._answer(first)
        self._close()

    def _joining(self, weight: int) -> list[_Waiting]:
        """Take who waits now, up to the weight of a transaction, of which some is taken."""
        joining = list[_Waiting]()
        while weight < _AT_ONCE and not self._ended:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None:
                self._ended = True
            else:
                joining.append(following)
                weight += following.act.weight
        return joining

    def _begin(self) -> None:
        """Open the store and its log before anybody waits; where that fails now, who comes first is told."""
        with suppress(Exception):
            self._store = self._opened()
            log_of(self._store)

    def _answer(self, first: _Waiting) -> None:
        group = [first]
        error = self._tried(group, joined=True)
        if error and len(group) > 1 and not isinstance(error, BelbaarError):
            for each in group:  # a mistake of ours, which one act may have led to
                if refusal := self._tried([each]):
                    _tell([each], [refusal])
        elif error:
            _tell(group, [error] * len(group))
        counted().desk_waiting.set(self.waiting)
        counted().desk_group.observe(len(group))

    def _tried(self, group: list[_Waiting], *, joined: bool = False) -> Exception | None:
        """Do acts, and tell what came of them when it is durable; give what stopped all. ``joined``: by who waits then."""
        try:
            self._together(group, joined=joined)
        except Exception as error:  # noqa: BLE001  told to all who wait; the thread must live on
            self._close()
            if joined and len(group) == 1:
                group += self._joining(group[0].act.weight)  # or each would wait for as long, one after another
            return error
        return None

    def _together(self, group: list[_Waiting], *, joined: bool) -> None:
        self._steady.check()
        if self._store is None:
            self._store = self._opened()
        store, answers = self._store, dict[int, Any]()
        with store.writing(lambda: _tell(group, [answers[place] for place in range(len(group))])):
            if joined:
                group += self._joining(group[0].act.weight)
            now = time.monotonic()
            group[:] = [waiting for waiting in group if waiting.deadline > now]  # who left has been refused already
            for work, places in _by_work(group):
                items = [group[place].act.item for place in places]
                answers |= zip(places, work(store, items), strict=True)
            self._steady.check()  # it may have jumped meanwhile: then nothing of this stays

    def _close(self) -> None:
        if self._store is not None:
            with suppress(Exception):  # it is broken already, or we are leaving
                self._store.close()
            self._store = None


class Readers:
    """Guards a few threads, each with its own connection, for questions that change nothing.

    Args:
        opened: opens the store.
        count: how many.
        seconds: how long anybody waits for an answer.
    """

    def __init__(self, opened: Callable[[], Store], count: int, seconds: float) -> None:
        self._opened = opened
        self._seconds = seconds
        self._queue: queue.Queue[tuple[Callable[[Store], Any], asyncio.Future[Any], float] | None] = queue.Queue(
            _WAITING
        )
        self._threads = [threading.Thread(target=self._run, name=f"reader-{n}", daemon=True) for n in range(count)]

    def start(self) -> None:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Answer who waits already, then end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(self._seconds + 5)

    async def reads(self, work: Callable[[Store], T], *, seconds: float | None = None) -> T:
        """Have something read in one view of the ledger; ``seconds`` where it may take longer than usual.

        Raises:
            BelbaarError: what it was refused for.
            StoreUnavailable: when there is no answer in time.
        """
        seconds = seconds or self._seconds
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        deadline = time.monotonic() + seconds
        try:
            self._queue.put_nowait((work, future, deadline))
        except queue.Full:
            raise _LATE from None
        return await _in_time(future, deadline)

    def _run(self) -> None:
        store: Store | None = None
        while (asked := self._queue.get()) is not None:
            work, future, deadline = asked
            if deadline <= time.monotonic():
                continue
            answer: Any
            try:
                store = store or self._opened()
                with store.reading():
                    answer = work(store)
            except Exception as error:  # noqa: BLE001  told to who asked; the thread must live on
                answer = error
                if store is not None and not (
                    isinstance(error, BelbaarError) and not isinstance(error, StoreUnavailable)
                ):
                    with suppress(Exception):
                        store.close()
                    store = None
            future.get_loop().call_soon_threadsafe(_settle, future, answer)
        if store is not None:
            store.close()


async def _in_time(future: "asyncio.Future[T]", deadline: float) -> T:
    """Wait for an answer; one that comes too late is a refusal, even where nobody looked at the clock before."""
    loop = future.get_loop()
    timer = loop.call_later(deadline - time.monotonic(), _settle, future, _LATE)
    try:
        answer = await future
    finally:
        timer.cancel()
    if time.monotonic() > deadline:
        raise _LATE
    return answer


def _by_work(group: Sequence[_Waiting]) -> list[tuple[Callable[..., Any], list[int]]]:
    """Put what is alike together, what goes first in front; otherwise in the order of arrival."""
    places: dict[Callable[..., Any], list[int]] = {}
    for place in sorted(range(len(group)), key=lambda place: not group[place].act.first):
        places.setdefault(group[place].act.work, []).append(place)
    return list(places.items())


def _tell(group: Sequence[_Waiting], answers: Sequence[Any]) -> None:
    """Tell every loop at once what came of its acts."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for waiting, answer in zip(group, answers, strict=True):
        by_loop.setdefault(waiting.future.get_loop(), []).append((waiting.future, answer))
    for loop, told in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle_all, told)


def _settle_all(told: Sequence[tuple["asyncio.Future[Any]", Any]]) -> None:
    for future, answer in told:
        _settle(future, answer)


def _settle(future: "asyncio.Future[Any]", answer: object) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
