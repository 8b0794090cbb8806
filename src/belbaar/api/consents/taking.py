"""What shops send, taken in: an order with a yes in it has a link sent to the person; one with a number is a relation.

A shop's word is no consent. The link leads to a page with belbaar's own text, and only the button there counts.
"""

__all__ = ["Taken", "Taking"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from belbaar.api.access import Unauthorised
from belbaar.api.consents.capturing import Capturing
from belbaar.api.consents.officers import secret_of
from belbaar.api.problems import Problem, problem_of
from belbaar.capture import asking
from belbaar.capture.evidence import Filled
from belbaar.capture.forms import Form, Published, published
from belbaar.capture.giving import relate
from belbaar.capture.shops import SHOPS, Order, signed
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.reading import read_instant, read_number


class Taken(msgspec.Struct, frozen=True):
    """What came of an order: whether anything was done with it; what was wrong with its number or address, if so.

    Orders that cannot be used are answered well too: a shop stops sending to who refuses.
    """

    taken: bool
    problem: Problem | None = None


class Came(NamedTuple):
    """An order as it came: for which form, of which kind of shop, signed how."""

    form: str
    shop: str
    body: bytes
    signature: str


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """Takes orders in. ``capturing``: sends links."""

    capturing: Capturing

    def takes(self, store: Store, items: Sequence[Came]) -> list[Taken | BelbaarError]:
        """Take in what came; inside the write transaction."""
        return [self._taken(store, item) for item in items]

    def _taken(self, store: Store, item: Came) -> Taken | BelbaarError:
        try:
            form, of = published(store, item.form)
            _check_signed(form, item, self.capturing)
            order = SHOPS[item.shop].reads(item.body)
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            return error
        try:
            return Taken(self._does(store, form, of, order, item.shop))
        except InputError as error:
            return Taken(taken=False, problem=problem_of(error))

    def _does(self, store: Store, form: Form, of: Published, order: Order, shop: str) -> bool:
        now = now_us()
        if not order.number:
            return False
        number = read_number(order.number, "/number", region=order.region[:2].upper())
        if of.design.kind == "number":
            at = min(read_instant(order.at, "/at"), now) if order.at else now
            return relate(store, form, of, number, opted_out=order.answers.get("opt-out", False), at=at, now=now) > 0
        lang = next((each for each in of.shown if each == order.language), of.design.languages[0])
        ticked = tuple(order.answers.get(str(place), False) for place, _ in enumerate(of.shown[lang].boxes, 1))
        if not any(ticked):
            return False
        filled = Filled(
            form=form.id,
            version=of.version,
            language=lang,
            number=number,
            boxes=tuple((False, each) for each in ticked),
            way=shop,
            sent_under=f"{shop}:{order.id}",
            address=order.email,
        )
        asking.ask(store, self.capturing.sending, filled, by_link=True, now=now)
        return True


def _check_signed(form: Form, item: Came, capturing: Capturing) -> None:
    if not signed(secret_of(form, capturing.sending), item.body, item.signature):
        raise Unauthorised(
            "this is not signed with the form's secret.",
            where=SHOPS[item.shop].header,
            todo="Make a secret with POST /v1/forms/{form}/secret, and put it in the shop's webhook.",
        )
