"""Taking time fairly: rounds interleaved, the median told, everything in one run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any


def seconds(work: Callable[[], Any]) -> float:
    """Time one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(rounds: int, **works: Callable[[], Any]) -> dict[str, float]:
    """Run the works in turn, so many rounds; the median of each."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: median(times) for name, times in taken.items()}


class Shares:
    """Where time goes: functions of a module, wrapped while a run lasts."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.spent: dict[str, float] = {}

    @contextmanager
    def of(self, *parts: tuple[object, str, str]) -> Iterator[None]:
        """Wrap (owner, attribute, label)."""
        originals = [(owner, name, getattr(owner, name)) for owner, name, _ in parts]
        for owner, name, label in parts:
            setattr(owner, name, self._timed(getattr(owner, name), label))
        try:
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)

    def _timed(self, work: Callable[..., Any], label: str) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = self.clock()
            try:
                return work(*args, **kwargs)
            finally:
                self.spent[label] = self.spent.get(label, 0.0) + self.clock() - start

        return timed
