"""Several clients that ask the service at once, as dialers do, and note what they were told, and when.

with asking(service, numbers) as load:
    ...                            # what goes wrong meanwhile
load.refusals_are_clear()
load.every_entry_is_there()
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from belbaar.ledger import open_store
from belbaar.proof.entries.commit import handle_of, open_sealed
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.tiles import Database, leaves
from tests.api.conftest import ASKED, CONSENT, OWN
from tests.api.service import Service

CLIENTS = 3
PATIENCE = 20.0
"""Seconds that a client waits: longer than the service takes to refuse."""
SMALL = 2.5
"""Seconds that a busy machine may add to the service's own limit."""


@dataclass(frozen=True)
class Told:
    """What one question came to: when it was asked and answered (``time.monotonic``); status 0: no answer at all."""

    what: str
    number: str
    asked: float
    answered: float
    status: int
    body: dict[str, Any]
    headers: httpx.Headers = field(default_factory=httpx.Headers)

    @property
    def allowed(self) -> bool:
        """Whether somebody would call."""
        return self.status == httpx.codes.OK and self.body["allowed"] is True


class Load:
    """All that clients were told."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.ended = threading.Event()

    def ask(self, client: httpx.Client, what: str, body: dict[str, Any], number: str) -> Told:
        """Ask, and note what came of it."""
        asked = time.monotonic()
        try:
            answer = client.post(f"/v1/{what}", json=body)
            told = Told(what, number, asked, time.monotonic(), answer.status_code, answer.json(), answer.headers)
        except (httpx.TransportError, ValueError):
            told = Told(what, number, asked, time.monotonic(), 0, {})
        self.told.append(told)
        return told

    def of(self, what: str) -> list[Told]:
        """Give what came of questions of one kind that were answered."""
        return [each for each in self.told if each.what == what and each.status == httpx.codes.OK]

    def await_allowed(self, since: float) -> None:
        """Wait until somebody who asked after an instant may call: the service is back."""
        self._await(lambda each: each.allowed and each.asked >= since)

    def await_verdict(self, since: float) -> None:
        """Wait until somebody who asked after an instant got a verdict."""
        self._await(lambda each: each.status == httpx.codes.OK and each.asked >= since)

    def _await(self, there: Callable[[Told], bool], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(there(each) for each in self.told):
                return
            time.sleep(0.05)
        raise AssertionError(self.told[-5:])

    def refusals_are_clear(self, limit: float = 2.0) -> list[Told]:
        """Check that whatever was no verdict said so in time and in full; give those."""
        refused = [
            each for each in self.told if each.status not in {0, httpx.codes.OK} and "permit-" not in each.body["code"]
        ]
        for each in refused:
            assert each.status == httpx.codes.SERVICE_UNAVAILABLE, each
            assert each.headers["content-type"] == "application/problem+json", each
            assert int(each.headers["retry-after"]) >= 1, each
            assert each.body["code"], each
            assert each.body["remedy"], each
            assert each.body["allowed"] is False, each
        late = [each for each in refused if each.answered - each.asked > limit + SMALL]
        assert len(late) <= len(refused) // 10, late  # a machine that is busy lets anybody wait now and then
        return refused

    def every_entry_is_there(self, service: Service) -> int:
        """Check that each verdict given is the entry of the log that it names; give how many there are."""
        given = {each.body["entry"]: each for each in self.of("verdicts")}
        assert len(given) == len(self.of("verdicts")), "two verdicts name the same entry"
        kept = verdicts_kept(service)
        for entry, each in given.items():
            assert entry in kept, each
            body = kept[entry]
            assert body["allowed"] == each.body["allowed"], (body, each)
            assert f"+{body['number']}" == each.number, (body, each)
        return len(given)


def verdicts_kept(service: Service) -> dict[int, dict[str, Any]]:
    """Read every verdict that is in the log, by its place."""
    target = service.store if "://" in service.store else str(service.folder / service.store)
    keys = {handle_of(key): key for key in Keyring(service.folder / "keys").retention.every_key()}
    found = {}
    with open_store(target) as store:
        for ix, leaf in leaves(cast("Database", store.connection)):
            if leaf.handle and not leaf.about:
                body = open_sealed(keys[leaf.handle], leaf.id, leaf.sealed, leaf.entry)
                found[ix] = {**body.what, **body.who}
    return found


@contextmanager
def asking(service: Service, numbers: Sequence[str], *more: Service, clients: int = CLIENTS) -> Iterator[Load]:
    """Have clients ask verdicts and use permits until the block ends."""
    load = Load()
    urls = [each.url for each in (service, *more)]

    def run(place: int) -> None:
        rng = random.Random(place)  # noqa: S311  which number next is no secret
        headers = {"Authorization": f"Bearer {service.key}"}
        with httpx.Client(base_url=urls[place % len(urls)], headers=headers, timeout=PATIENCE) as client:
            while not load.ended.is_set():
                number = rng.choice(numbers)
                told = load.ask(client, "verdicts", {**ASKED, "number": number}, number)
                if told.allowed:
                    shown = {"permit": told.body["permit"]["token"], "number": number, "presents": OWN}
                    load.ask(client, "permits/use", shown, number)
                elif told.status != httpx.codes.OK:
                    time.sleep(0.05)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.ended.set()
        for thread in threads:
            thread.join(PATIENCE + 5)


def consented(service: Service, count: int, first: int = 31201000100) -> list[str]:
    """Record the consents of some people; gives their numbers."""
    numbers = [f"+{first + place}" for place in range(count)]
    outcome = service.post("/v1/events", [{**CONSENT, "number": number} for number in numbers]).json()
    assert outcome["refused"] == 0, outcome
    return numbers
