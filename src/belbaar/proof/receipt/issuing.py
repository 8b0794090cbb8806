"""A receipt made from the log: the newest consent of a person to a caller, and what came of it since.

That it was made is an entry too, with the receipt's hash, under the person's own key: it goes when they are erased.
"""

__all__ = ["Wanted", "Written", "receipt_of"]

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from belbaar.errors import InputError
from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import instant, local_day
from belbaar.law.products import ALL, ancestors, related
from belbaar.law.words import FACT_KINDS, FOREVER
from belbaar.ledger import events_of, fold
from belbaar.ledger.callers import agents
from belbaar.ledger.details import details_of
from belbaar.proof.entries.commit import Body, derive
from belbaar.proof.entries.jcs import Value
from belbaar.proof.entries.opened import Opened, entries_of, texts_of
from belbaar.proof.log.heads import heads_for
from belbaar.proof.log.keeping import Log
from belbaar.proof.receipt.record import Told, check_party, party_of
from belbaar.proof.receipt.signed import Receipt, check_receipt, log_keys, opening, read_receipt, signed_receipt

_FRESH = "nl.consent-fresh"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which receipt is asked.

    Args:
        number: E.164.
        caller: whose consent it is.
        product: a path that the consent covers; "" for the newest consent, whatever its product.
        about: the product in words.
        language: ``nl`` or ``en``.
    """

    number: int
    caller: str
    product: str = ""
    about: str = ""
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Written:
    """A receipt as it is sent, its hash, and as it is read."""

    text: str
    sha256: str
    receipt: Receipt


def receipt_of(log: Log, wanted: Wanted, *, at: int) -> Written:
    """Make a receipt, check it, and log that it was made.

    Args:
        log: with its keys.
        wanted: which.
        at: when it is made, UTC microseconds.

    Raises:
        InputError: when no such consent is in the log, or the caller does not say all that a receipt must hold.
        ProofError: when what is made does not hold.
    """
    caller = log.store.caller(wanted.caller)
    party = party_of(caller.name, details_of(log.store, wanted.caller))
    check_party(party)
    entries = [entry for entry in entries_of(log, wanted.number, (wanted.caller,)) if entry.caller == wanted.caller]
    given, *later = story = _story(entries, wanted)
    wording = _wording(log, given)
    shown = heads_for(log, [entry.index for entry in story])
    told = Told(
        party,
        given.leaf.id,
        wanted.about,
        _agents(log, entries),
        "" if any(entry.kind == "consent.withdrawn" for entry in later) else _contact_by(log, given, wanted.number, at),
    )
    openings = [
        opening(
            entry.index, entry.leaf.entry, derive(entry.key, entry.leaf.id), entry.body, shown.proof(log, entry.index)
        )
        for entry in story
    ]
    signer = log.keyring.receipt_key()
    text = signed_receipt(openings, wording, told, created=at, language=wanted.language, signer=signer)
    receipt, origin = read_receipt(text), log.keyring.origin
    keys = log_keys(log.keyring.trust(), origin)
    check_receipt(receipt, receipt_keys=[signer.verifier()], log_keys=keys, number=wanted.number)
    digest = sha256(text.encode()).hexdigest()
    what: dict[str, Value] = {"at": at, "caller": wanted.caller, "kind": "receipt", "receipt": digest}
    log.keep(Body(what=what, who={"number": wanted.number}), wanted.number, caller.key, "proof")
    return Written(text, digest, receipt)


def _story(entries: Sequence[Opened], wanted: Wanted) -> list[Opened]:
    """Give the newest consent that covers the product, then what confirmed it, and the first that took it back."""
    consents = sorted(
        (entry for entry in entries if entry.kind == "consent.given"), key=lambda entry: (entry.at, entry.index)
    )
    covering = [entry for entry in consents if not wanted.product or _product(entry) in _covers(wanted.product)]
    if not covering:
        known = sorted({_product(entry) for entry in consents})
        raise InputError(
            f"the log has no consent of this person to {wanted.caller}"
            + (f" for {wanted.product}." if wanted.product else "."),
            todo=f"It has consents for: {', '.join(known)}." if known else "Look whether it was recorded, or erased.",
            code="no-consent",
        )
    given = covering[-1]
    if any(_froze(entry, given) for entry in entries):
        raise InputError(
            f"this consent to {wanted.caller} is frozen: it counts no more.",
            todo="Look at the number's history. A receipt is of a consent that somebody gave.",
            code="consent-frozen",
        )
    newer = min((entry.at for entry in consents if entry.at > given.at), default=FOREVER)
    confirmed = [entry for entry in entries if entry.kind == "consent.verified" and given.at <= entry.at < newer]
    ended = [
        entry
        for entry in entries
        if entry.kind == "consent.withdrawn" and entry.at >= given.at and related(_product(entry), _product(given))
    ]
    first = sorted(ended, key=lambda entry: (entry.at, entry.index))[:1]
    return [given, *sorted((*confirmed, *first), key=lambda entry: (entry.at, entry.index))]


def _froze(entry: Opened, given: Opened) -> bool:
    """Tell whether an entry is the freezing of a consent."""
    what = entry.body.what
    if entry.kind != "consent.frozen" or _product(entry) != _product(given):
        return False
    return instant(dt.datetime.fromisoformat(str(what["given_at"]))) == given.at


def _covers(product: str) -> tuple[str, ...]:
    return (ALL, *ancestors(product))


def _product(entry: Opened) -> str:
    return str(entry.body.what.get("product", ALL))


def _wording(log: Log, given: Opened) -> str:
    """Give the text that the person saw; "" when none was kept, which ``signed_receipt`` refuses."""
    digest = str(given.body.what.get("wording", ""))
    return next((text for _, text in texts_of(log, [digest]).values()), "") if digest else ""


def _agents(log: Log, entries: Sequence[Opened]) -> tuple[str, ...]:
    """Name the bureaus through whom anything of this caller and person came."""
    names = agents(log.store)
    used = dict.fromkeys(str(entry.body.how["agent"]) for entry in entries if "agent" in entry.body.how)
    return tuple(names[agent] for agent in used if agent in names)


def _contact_by(log: Log, given: Opened, number: int, at: int) -> str:
    """Give the last day for a first call, where the law of today sets one and nobody has called yet."""
    pack = PACKS["NL"]
    law = Law(pack, off=log.store.known().switched_off)
    if not any(rule.id == _FRESH for rule in ruleset(law, local_day(at, pack.zone)).rules):
        return ""
    events = events_of(log.store, number)
    facts = (
        row
        for row in fold(events, pack)
        if row.fact == FACT_KINDS["consent"] and row.event == given.leaf.about and row.contacted_at == FOREVER
    )
    fact = next(facts, None)
    return "" if fact is None else dt.date.fromordinal(fact.contact_by).isoformat()
