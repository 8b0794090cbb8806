"""Read ahead: the next items are made in a thread while this one works on those before.

    >>> list(read_ahead(iter("abc")))
    ['a', 'b', 'c']

Parsing, looking up and joining texts are done by Arrow and numpy, which leave Python to the other thread meanwhile.
"""

__all__ = ["read_ahead"]

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")


def read_ahead(items: Iterable[_T], depth: int = 2) -> Iterator[_T]:
    """Yield the items in their order, at most ``depth`` of them made ahead; an exception comes where its item would."""
    iterator = iter(items)
    with ThreadPoolExecutor(1) as thread:
        waiting: deque[Future[list[_T]]] = deque(thread.submit(_next, iterator) for _ in range(depth))
        try:
            while found := waiting.popleft().result():
                waiting.append(thread.submit(_next, iterator))
                yield from found
        finally:
            for future in waiting:
                future.cancel()


def _next(iterator: Iterator[_T]) -> list[_T]:
    """Give the next item alone, or nothing at the end."""
    for item in iterator:
        return [item]
    return []
