"""A soak of seconds; `python -m benchmarks.serving --soak 3600` is one of an hour.

What was accepted is counted against the ledger, and memory stays where it was.
"""

import os
import time
from pathlib import Path

from belbaar.ledger import open_store
from tests.api.conftest import ASKED, CONSENT
from tests.api.load import asking, consented
from tests.api.service import Service

_WARM, _SECONDS = 2.0, 5.0
_MEGABYTES = 40
"""That the processes together may grow by in the second half; a leak of what is asked would be more."""
_FIRST = 31201001000


def test_nothing_that_was_accepted_is_lost_and_memory_stays(service: Service) -> None:
    numbers = consented(service, 12, 31201000400)
    calls = [{**ASKED, "number": number, "permit": False} for number in numbers * 80]
    accepted: list[dict[str, object]] = []
    with asking(service, numbers) as load:
        load.await_allowed(0.0)
        memory = _soaked(service, calls, accepted, _WARM)
        grown = _soaked(service, calls, accepted, _SECONDS) - memory
    assert not load.refusals_are_clear()
    assert load.every_entry_is_there(service) == len(load.of("verdicts"))
    with open_store(service.store if "://" in service.store else str(service.folder / service.store)) as store:
        found = dict(store.connection.execute("SELECT seq, id FROM event").fetchall())
    assert {row["seq"]: row["event"] for row in accepted} == {row["seq"]: found[row["seq"]].hex() for row in accepted}
    assert len(found) == len({row["seq"] for row in accepted}) + 1 + len(numbers)  # and the consents of before
    assert grown < _MEGABYTES


def _soaked(
    service: Service, calls: list[dict[str, object]], accepted: list[dict[str, object]], seconds: float
) -> float:
    """Record and ask in batches for so long; give the resident megabytes of the service's processes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        first = _FIRST + len(accepted)
        posted = service.post("/v1/events", [{**CONSENT, "number": f"+{first + place}"} for place in range(10)]).json()
        assert (posted["new"], posted["refused"]) == (10, 0)
        accepted += posted["results"]
        told = service.post("/v1/verdicts/batch", {"calls": calls}).json()
        assert told["refused"] == 0
        assert all(row["allowed"] for row in told["verdicts"])
    return _megabytes(service)


def _megabytes(service: Service) -> float:
    tasks = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    pids = [service.process.pid, *(pid for task in tasks for pid in task.read_text(encoding="ascii").split())]
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in pids]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
