"""The post office: a thread of each process that sends what is in the outbox, a few messages at a time.

What it has to do stands in the database; it is claimed there before it is sent, so no two processes send the same.
A receipt is made when it is sent: it tells what holds then, and that it went out becomes an event.
"""

__all__ = ["PostOffice"]

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from belbaar.api.consents.capturing import Capturing
from belbaar.api.desk import Act, Desk, Readers
from belbaar.capture import outbox
from belbaar.capture.messages import Facts, mail_of, sms_of, spoken_of
from belbaar.capture.outbox import Due, Outcome
from belbaar.capture.sending import Attached, Came, Gateway, Mailer, send_mail, send_sms
from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.ledger import Source, Store, read_event, record
from belbaar.proof.log.keeping import log_of
from belbaar.proof.open_days import note_open
from belbaar.proof.receipt.issuing import Wanted, receipt_of
from belbaar.proof.receipt.words import as_page

_LOG = logging.getLogger("belbaar.api")
_LOOK_SECONDS = 0.5
_TIDY = 600_000_000
_ZONE = PACKS["NL"].zone
_FACTS = frozenset(Facts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message with its receipts, as pages, by product; ``caller`` is the caller's id."""

    due: Due
    caller: str
    receipts: dict[str, tuple[str, str]]
    """By product: the receipt's SHA-256, and its page."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A letter, and what came of it."""

    letter: Letter
    came: Came


class PostOffice:
    """Guards the thread.

    Args:
        desk: writes.
        opened: opens a store of its own.
        capturing: knows how is sent.
        gateways: for text messages (``sms``), and for calls that read a text aloud (``voice``).
        mailer: for mails.
        my_number: where people see what is said of them, for whom a code can be sent; "": nowhere that they can reach.
    """

    def __init__(
        self,
        desk: Desk,
        opened: Callable[[], Store],
        capturing: Capturing,
        gateways: Mapping[str, Gateway],
        mailer: Mailer,
        my_number: str = "",
    ) -> None:
        self._desk, self._capturing = desk, capturing
        self._gateways, self._mailer, self._my_number = gateways, mailer, my_number
        self._reader = Readers(opened, 1, 5.0)
        self._stopped = threading.Event()
        self._tidied = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="post office", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._reader.start()
        self._thread.start()

    def stop(self) -> None:
        """Let what is under way end, and begin nothing new; the desk must still be there."""
        self._stopped.set()
        self._thread.join(15)
        self._reader.stop()

    def can_send(self, channel: str) -> bool:
        """Tell whether there is a way to send."""
        if channel in self._gateways:
            return bool(self._gateways[channel].url)
        return bool(self._mailer.server and self._mailer.sender)

    async def _main(self) -> None:
        while not self._stopped.is_set():
            try:
                if not await self._round():
                    await asyncio.sleep(_LOOK_SECONDS)
            except Exception as error:  # noqa: BLE001  what is due stays due, and the thread must live on
                what = error.what if isinstance(error, BelbaarError) else type(error).__name__
                _LOG.warning("messages to people must wait: %s", what)
                await asyncio.sleep(_LOOK_SECONDS * 4)

    async def _round(self) -> int:
        """Send what is due; give how many."""
        now = now_us()
        if now - self._tidied > _TIDY:
            self._tidied = now
            lost = await self._desk.does(Act(self._capturing.tidy, now))
            if lost:
                _LOG.warning("messages may not have been sent: %s", lost)
            if self._my_number:
                await self._desk.does(Act(self._opens, now))
        ids = await self._reader.reads(lambda store: outbox.due(store, now=now))
        if not ids:
            return 0
        letters: list[Letter] = await self._desk.does(Act(self._claims, ids, weight=len(ids)))
        for letter, came in zip(letters, await asyncio.gather(*map(self._sent, letters)), strict=True):
            if came.came != "sent":
                _LOG.warning("a message was not sent: %s %s", came.came, came.error)
            await self._desk.does(Act(self._settles, Settled(letter, came)))
        return len(letters)

    async def _sent(self, letter: Letter) -> Came:
        return await asyncio.to_thread(self._send, letter)

    def _send(self, letter: Letter) -> Came:
        item = letter.due.post
        if not self.can_send(item.channel):
            return Came("later", "not-set-up")
        facts = Facts(**{name: value for name, value in item.told.items() if name in _FACTS})
        if item.channel in self._gateways:
            says = spoken_of if item.channel == "voice" else sms_of
            text = says(item.kind, item.language, facts)
            return send_sms(self._gateways[item.channel], item.recipient, text, letter.due.id)
        pages = tuple((f"receipt-{place}.html", page) for place, (_, page) in enumerate(letter.receipts.values(), 1))
        token = facts.link.rpartition("/")[2]
        stop = f"{self._capturing.sending.public_url}/v1/public/receipts/{token}/stop" if pages else ""
        mail = mail_of(item.kind, item.language, facts)
        return send_mail(self._mailer, item.recipient, mail, letter.due.id, more=Attached(pages, stop))

    def _claims(self, store: Store, items: Sequence[list[str]]) -> list[list[Letter]]:
        """Claim messages, and make the receipts among them; inside the write transaction."""
        return [self._claimed(store, ids) for ids in items]

    def _claimed(self, store: Store, ids: list[str]) -> list[Letter]:
        now = now_us()
        names = {0: "", **{caller.key: caller.id for caller in store.callers().values()}}
        found = outbox.claim(store, self._capturing.sending.key, ids, now=now)
        return [
            Letter(each, names[each.post.caller], _receipts(store, each, names[each.post.caller], now))
            for each in found
        ]

    def _opens(self, store: Store, items: Sequence[int]) -> list[None]:
        """Say that My number is open today, where a code reaches people; inside the write transaction."""
        ways = [way for way in outbox.TO_NUMBERS if self.can_send(way) and not outbox.stuck(store, way)]
        for now in items if ways else ():
            note_open(log_of(store), self._my_number, ways, now=now)
        return [None] * len(items)

    def _settles(self, store: Store, items: Sequence[Settled]) -> list[None]:
        """Keep what came of messages; inside the write transaction."""
        now = now_us()
        for item in items:
            letter, came = item.letter, item.came
            outbox.settle(store, Outcome(letter.due.id, came.came, came.error), now=now)
            if came.came == "sent" and letter.due.post.kind == "receipt":
                _delivered(store, letter, now)
        return [None] * len(items)


def _receipts(store: Store, due: Due, caller: str, now: int) -> dict[str, tuple[str, str]]:
    """Make the receipts that a mail brings, one for each product; none where the consent was erased meanwhile."""
    item = due.post
    if item.kind != "receipt" or item.channel != "email":
        return {}
    made = dict[str, tuple[str, str]]()
    for product in cast("list[str]", item.told["products"]):
        wanted = Wanted(item.number, caller, product, str(item.told["product"]), item.language)
        try:
            written = receipt_of(log_of(store), wanted, at=now)
        except BelbaarError as error:
            _LOG.warning("a receipt was not made: %s", error.code)
            continue
        made[product] = written.sha256, as_page(written.receipt)
    return made


def _delivered(store: Store, letter: Letter, now: int) -> None:
    item = letter.due.post
    rows = [
        {
            "event": "receipt.delivered",
            "at": iso(now, _ZONE),
            "caller": letter.caller,
            "product": product,
            "delivered_by": item.channel,
            "receipt": letter.receipts.get(product, ("", ""))[0],  # a text message brings a link to it
        }
        for product in cast("list[str]", item.told["products"])
    ]
    events = [
        (place, read_event(row, number=item.number, zone=_ZONE, where="receipt", recorded_at=now))
        for place, row in enumerate(rows, 1)
    ]
    digest = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
    record(store, events, Source("post office", digest, now, "post office", item.organisation), PACKS["NL"])
