"""Dossiers and receipts over HTTP: made from the log as ``belbaar dossier`` and ``belbaar receipt`` make them.

Whoever asks gets what concerns the callers that it may speak for, and of what is about the number alone what happened.
Making one takes longer than a verdict, so each is made beside the desk, on a connection of its own, a few at a time.
"""

__all__ = ["DossierAsked", "Proving", "ReceiptAsked"]

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.api.access.remembered import Remembered
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.law.products import check_product
from belbaar.ledger import Store
from belbaar.opening import lists_folder, opened
from belbaar.proof.dossier.dossiers import Asked, Dossier, of_number
from belbaar.proof.dossier.list_dossiers import ListAsked, of_screening
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.receipt.issuing import Wanted, Written, receipt_of
from belbaar.reading import read_number

T = TypeVar("T")
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Region = Annotated[str, msgspec.Meta(min_length=2, max_length=2)]
_Entry = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
_AT_ONCE = 2
_PATIENCE = 30.0
"""Seconds that the ledger may take for one of its answers."""
_NOBODY = "-"
"""The id of no caller: an organisation without callers sees what is about the number alone."""
_POINTERS = {"--call": "/call", "--screening": "/screening", "--row": "/rows"}
"""What the rooms call what is asked, and where it stands in what was sent."""


class DossierAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what a dossier is.

    Args:
        number: the person's; of a screened list, whose row is shown.
        callers: only what concerns these of your callers; left out: all of them.
        call: only this call or verdict, by its entry in the log.
        screening: a screened list, by its entry in the log.
        rows: rows of that list, from 1.
        region: the country of a number without a country code.
    """

    number: _Short | None = None
    callers: Annotated[list[_Short], msgspec.Meta(max_length=1000)] = msgspec.field(default_factory=list)
    call: _Entry | None = None
    screening: _Entry | None = None
    rows: Annotated[list[Annotated[int, msgspec.Meta(ge=1, lt=2**62)]], msgspec.Meta(max_length=1000)] = msgspec.field(
        default_factory=list
    )
    region: _Region = "NL"


class ReceiptAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which receipt.

    Args:
        number: the person's.
        caller: whose consent it is.
        product: what the consent must cover; left out: the newest consent.
        about: the product in the person's words.
        lang: the language of its sentences.
        form: ``signed`` is what is sent to the person; ``json-ld``, ``text``, ``page`` (HTML) and ``kantara`` tell what
            it says.
        region: the country of a number without a country code.
    """

    number: _Short
    caller: _Short
    product: _Short = ""
    about: _Short = ""
    lang: Literal["nl", "en"] = "nl"
    form: Literal["json-ld", "signed", "text", "page", "kantara"] = "json-ld"
    region: _Region = "NL"


@dataclass(frozen=True, slots=True, eq=False)
class Proving:
    """Makes dossiers and receipts from a store's log.

    Args:
        remembered: who may do what.
        store: its name.
    """

    remembered: Remembered
    store: str
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def dossier(self, principal: Principal, asked: DossierAsked) -> Dossier:
        """Make a dossier, and log that it was made.

        Raises:
            InputError: when the log knows nothing of it that is the principal's to see.
        """
        read = _read_dossier(asked)

        def made(store: Store, who: Principal) -> Dossier:
            dossier = _dossier(store, who, read, lists_folder(self.store))
            told = {"sha256": dossier.sha256}
            if isinstance(read, ListAsked):
                note(store, Actor.of(who), "dossier.make", {**told, "screening": str(read.screening)})
            else:
                callers = read.callers or tuple(who.callers)
                note(store, Actor.of(who), "dossier.make", told, number=read.number, caller="".join(callers[:1]))
            return dossier

        return await self._made(principal, made)

    async def receipt(self, principal: Principal, asked: ReceiptAsked) -> tuple[Written, VerifierKey]:
        """Make a receipt, and log that it was made; with the key that anybody checks it by.

        Raises:
            InputError: when there is no such consent, or the caller does not say all that a receipt must hold.
        """
        product = check_product(asked.product, all_allowed=False) if asked.product else ""
        number = read_number(asked.number, "/number", region=asked.region, lang=asked.lang)
        wanted = Wanted(number, asked.caller, product, asked.about.strip(), asked.lang)

        def made(store: Store, who: Principal) -> tuple[Written, VerifierKey]:
            who.speaks_for(asked.caller)
            log = log_of(store)
            written = receipt_of(log, wanted, at=now_us())
            told = {"caller": asked.caller, "sha256": written.sha256}
            note(store, Actor.of(who), "receipt.make", told, number=number, caller=asked.caller)
            return written, log.keyring.receipt_key().verifier()

        return await self._made(principal, made)

    async def _made(self, principal: Principal, make: Callable[[Store, Principal], T]) -> T:
        async with self._turn:
            return await asyncio.to_thread(self._make, principal, make)

    def _make(self, principal: Principal, make: Callable[[Store, Principal], T]) -> T:
        with opened(self.store, patience=_PATIENCE) as store:
            who = self.remembered.again(store, principal)
            who.needs("evidence")
            try:
                return make(store, who)
            except BelbaarError as error:
                error.where = _POINTERS.get(error.where, error.where)
                raise


def _read_dossier(asked: DossierAsked) -> Asked | ListAsked:
    """Read what a dossier is wanted of; whose it may be is not known yet."""
    number = read_number(asked.number, "/number", region=asked.region) if asked.number else 0
    if asked.screening is not None:
        if asked.callers or asked.call is not None:
            raise InputError("a screened list has one caller.", where="/screening", todo="Leave out callers and call.")
        return ListAsked(asked.screening, (number,) if number else (), tuple(asked.rows))
    if not number or asked.rows:
        raise InputError(
            "it does not say of which number, or of which screened list.",
            where="/number",
            todo="Name a number, or a list with screening.",
        )
    return Asked(number, tuple(asked.callers), asked.call)


def _dossier(store: Store, who: Principal, read: Asked | ListAsked, lists: Path) -> Dossier:
    log = log_of(store)
    if isinstance(read, ListAsked):
        return of_screening(log, replace(read, callers=frozenset(who.callers)), lists, at=now_us())
    for place, caller in enumerate(read.callers):
        who.speaks_for(caller, f"/callers/{place}")
    callers = read.callers or tuple(who.callers) or (_NOBODY,)
    return of_number(log, replace(read, callers=callers, reader=who.organisation.key), at=now_us())
