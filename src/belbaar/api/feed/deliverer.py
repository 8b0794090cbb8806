"""The deliverer: a thread of each process that sends webhooks what is due, each on its own, so that none waits for another.

What it has to do stands in the outbox, in the database: whoever is killed leaves it there for the next.
"""

__all__ = ["Deliverer"]

import asyncio
import datetime as dt
import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from standardwebhooks import Webhook as Signing

from belbaar.api.access.remembered import Remembered
from belbaar.api.desk import Act, Desk, Readers
from belbaar.api.feed.changes import places_among
from belbaar.api.feed.outbox import (
    Claim,
    Claimed,
    Message,
    Outcome,
    Settled,
    claim,
    due_hooks,
    messages,
    purge,
    settle,
)
from belbaar.api.feed.sending import Said, Sender
from belbaar.api.feed.vault import Vault
from belbaar.api.feed.watch import Watch
from belbaar.api.feed.webhooks import Hook, view_of_hook
from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
_LOOK_SECONDS = 1.0
"""How often is looked for retries and new webhooks, when nothing else happens."""
_QUEUED = 2_000
_BEHIND = 50_000
"""Places that a process looks through at most before it is written down that they concern a webhook not."""
_HOUR = 3_600_000_000


class Deliverer:
    """Guards the thread, and how far this process has looked for each webhook.

    Args:
        desk: writes.
        opened: opens a store of its own, so that long questions hold nothing up.
        watch: tells when there is news.
        remembered: who may hear of what.
        vault: opens secrets.
        inside: whether receivers may be in the service's own network.
    """

    def __init__(
        self,
        desk: Desk,
        opened: Callable[[], Store],
        watch: Watch,
        remembered: Remembered,
        vault: Vault,
        *,
        inside: bool,
    ) -> None:
        self._desk, self._watch, self._remembered, self._vault = desk, watch, remembered, vault
        self._inside = inside
        self._reader = Readers(opened, 1, 5.0)
        self._owner = secrets.token_hex(8)
        self._looked: dict[tuple[str, int, int], int] = {}
        self._purged = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="deliverer", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._reader.start()
        self._thread.start()

    def stop(self) -> None:
        """Let what is under way end, and begin nothing new; the desk must still be there."""
        self._stopped.set()
        self._thread.join(10)
        self._reader.stop()

    async def _main(self) -> None:
        busy: dict[str, asyncio.Task[None]] = {}
        async with Sender(inside=self._inside) as sender:
            while not (self._stopped.is_set() or self._watch.stopped):
                position, claims = 0, list[Claim]()
                try:
                    position, claims = await self._reader.reads(partial(self._look, busy=set(busy)))
                    await self._purge()
                except Exception as error:  # noqa: BLE001  what is due stays due, and the thread must live on
                    _told(error)
                    await asyncio.sleep(_LOOK_SECONDS)
                for each in claims:
                    busy[each.hook.id] = asyncio.create_task(self._deliver(sender, each))
                news = asyncio.create_task(self._watch.news(position, _LOOK_SECONDS))
                await asyncio.wait({news, *busy.values()}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                with suppress(asyncio.CancelledError):
                    await news
                busy = {webhook: task for webhook, task in busy.items() if not task.done()}
            if busy:
                await asyncio.wait(busy.values())

    def _look(self, store: Store, busy: set[str]) -> tuple[int, list[Claim]]:
        """Give the ledger's position, and what is to be done for webhooks nobody is busy with."""
        now, position, claims = now_us(), store.position(), list[Claim]()
        access, looked = self._remembered.of(store), dict[tuple[str, int, int], int]()
        for each, due in due_hooks(store, self._owner, now):
            key = (each.id, each.fanned, each.replayed_at)
            upto = looked[key] = self._looked.get(key, each.fanned)
            if each.id in busy:
                continue
            found, upto = places_among(store, view_of_hook(access, each), upto, _QUEUED)
            if found or due or upto - each.fanned > _BEHIND:
                claims.append(Claim(each, found, upto, self._owner, now))
            else:
                looked[key] = upto
            position = min(position, upto) if upto < position else position
        self._looked = looked
        return position, claims

    async def _deliver(self, sender: Sender, item: Claim) -> None:
        """Do what is due for a webhook, once round."""
        try:
            claimed: Claimed = await self._desk.does(Act(claim, item))
            if not claimed.due:
                return
            told = await self._reader.reads(lambda store: self._messages(store, item.hook, claimed))
            outcomes = await asyncio.gather(*(self._send(sender, item.hook.url, *each) for each in told))
            await self._desk.does(Act(settle, Settled(item.hook.id, self._owner, outcomes, now_us())))
        except Exception as error:  # noqa: BLE001  what was sent is sent again when the lease is over
            _told(error)
            await asyncio.sleep(_LOOK_SECONDS)

    def _messages(self, store: Store, of: Hook, claimed: Claimed) -> list[tuple[int, Message | None]]:
        signing = [self._vault.opened(of.id, of.secret)]
        if of.former_until > now_us():
            signing.append(self._vault.opened(of.id, of.former_secret))
        return messages(store, self._remembered.of(store), of, claimed.due, signing)

    async def _send(self, sender: Sender, url: str, seq: int, message: Message | None) -> Outcome:
        if message is None:
            return Outcome(seq, None)
        said: Said = await sender.sent(url, signed_headers(message, now_us()), message.body)
        return Outcome(seq, said)

    async def _purge(self) -> None:
        now = now_us()
        if now - self._purged > _HOUR:
            self._purged = now
            await self._desk.does(Act(purge, now))


def _told(error: Exception) -> None:
    """Write down that webhooks must wait, and why."""
    if isinstance(error, BelbaarError):
        _LOG.warning("webhooks must wait: %s", error.what)
    else:
        _LOG.error("webhooks must wait: belbaar itself made a mistake", exc_info=error)


def signed_headers(message: Message, now: int) -> dict[str, str]:
    """Sign a message, as Standard Webhooks has it; with the former secret too while that is good."""
    at, text = dt.datetime.fromtimestamp(now // 1_000_000, dt.UTC), message.body.decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "belbaar",
        "webhook-id": message.id,
        "webhook-timestamp": str(now // 1_000_000),
        "webhook-signature": " ".join(Signing(secret).sign(message.id, at, text) for secret in message.secrets),
    }
