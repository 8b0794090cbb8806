"""Figures for Prometheus: what is asked, answered and refused, how long it takes, how long the desk's queue is.

They are counted in files that all processes of the service share, and added up when they are asked for, so it is no
matter which process answers. They tell nothing of any person; a caller, an organisation or a key is no label either.
"""

__all__ = ["SHARED", "Counted", "count_request", "count_signature", "count_verdicts", "counted", "figures"]

import os
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram
    from prometheus_client.metrics_core import Metric

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder of the shared files. The library reads it when it is loaded: in a process that answers, not before."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)


@dataclass(frozen=True, slots=True)
class Counted:
    """What this process counts."""

    requests: "Counter"
    seconds: "Histogram"
    verdicts: "Counter"
    refusals: "Counter"
    signatures: "Counter"
    given: "Counter"
    written: "Counter"
    desk_waiting: "Gauge"
    desk_group: "Histogram"


@cache
def counted() -> Counted:
    """Give what this process counts; asked first when it begins to answer."""
    from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415  see SHARED

    return Counted(
        Counter("belbaar_requests", "Requests answered.", ("method", "route", "status")),
        Histogram("belbaar_request_seconds", "How long requests took.", ("method", "route"), buckets=_SECONDS),
        Counter("belbaar_verdicts", "Verdicts given.", ("outcome", "ground", "kept")),
        Counter("belbaar_refusals", "Requests, and rows of requests, that were refused.", ("code",)),
        Counter("belbaar_signatures", "Signatures of callers' numbers, judged or made.", ("what", "came")),
        Counter("belbaar_verdicts_given", "Verdicts to act on that were given."),
        Counter("belbaar_entries_written", "Entries of such verdicts that were found in the log afterwards."),
        Gauge("belbaar_desk_waiting", "Acts that wait for the ledger's writer.", multiprocess_mode="livesum"),
        Histogram("belbaar_desk_group", "Acts that shared one transaction.", buckets=[2**n for n in range(9)]),
    )


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _requests(method, route, status).inc()
    _seconds(method, route).observe(seconds)


@cache
def _requests(method: str, route: str, status: int) -> "Counter":
    return counted().requests.labels(method, route, str(status))


@cache
def _seconds(method: str, route: str) -> "Histogram":
    return counted().seconds.labels(method, route)


def count_verdicts(verdicts: Iterable[tuple[bool, str | None, bool]]) -> None:
    """Count verdicts that are given: whether it is allowed, on what ground, and whether it was kept."""
    for (allowed, ground, kept), times in Tally(verdicts).items():
        counted().verdicts.labels("allowed" if allowed else "denied", ground or "", "yes" if kept else "no").inc(times)


def count_signature(what: str, came: str) -> None:
    """Count a signature that was ``judged`` or ``made``: how far it vouches, or why it does not; of one made, "" for not."""
    counted().signatures.labels(what, came).inc()


def figures(position: int | None) -> bytes:
    """Write all figures in Prometheus' text format.

    Args:
        position: the ledger's position; None where the ledger does not answer.
    """
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest  # noqa: PLC0415  see SHARED
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry: CollectorRegistry = REGISTRY
    if folder := os.environ.get(SHARED):
        _forget_dead(Path(folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    asked = CollectorRegistry()
    asked.register(_Ledger(position))
    return generate_latest(registry) + generate_latest(asked)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """Tells of the ledger at the moment it is asked."""

    position: int | None

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  see SHARED

        yield GaugeMetricFamily("belbaar_ready", "Whether the ledger answers.", value=int(self.position is not None))
        if self.position is not None:
            yield GaugeMetricFamily("belbaar_ledger_position", "Events in the ledger.", value=self.position)


def _forget_dead(folder: Path) -> None:
    """Take away how it stands with processes that are gone; what they counted remains counted."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  see SHARED

    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{pid}").exists():
            with suppress(FileNotFoundError):  # another process was quicker
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # nor has this
