"""From questions to answers, many in one view of the ledger; those that are acted on are kept, and get their permits."""

__all__ = ["Answering"]

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.judging import judged
from belbaar.api.permits import Permit, signed_permit
from belbaar.api.permits.lasting import good_until
from belbaar.api.questions import Answer, Asked, IssuedPermit, told
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.law.rulesets import ruleset_text
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.tiles import Database
from belbaar.reading import written
from belbaar.verdict import Verdict
from belbaar.verdict.hints import hints
from belbaar.verdict.laws import rules_of
from belbaar.verdict.told import filled, provenance

_MINUTE = 60_000_000
_INSERT_PERMIT = (
    "INSERT INTO permit (id, organisation, caller, number, entry, question, expires_at, used_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
)
Request = tuple[Principal, Asked]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A verdict that was kept: who asked, what, and where it stands in the log."""

    principal: Principal
    asked: Asked
    verdict: Verdict
    entry: int


@dataclass(frozen=True, slots=True, eq=False)
class _Issued:
    """A permit, and its row in the table of permits."""

    permit: IssuedPermit
    row: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """Answers by the ledger.

    Args:
        remembered: who may do what.
        key: signs permits.
        issuer: the log's name, in whose name permits are issued.
    """

    remembered: Remembered
    key: OKPKey
    issuer: str

    def looks(self, store: Store, principal: Principal, asked: Sequence[Asked]) -> list[Answer | BelbaarError]:
        """Answer questions that nobody acts on, in one view of the ledger."""
        who = self.remembered.again(store, principal)
        requests = [(who, each) for each in asked]
        with store.still():
            return self._told(store, requests, judged(store, requests))

    def keeps(self, store: Store, requests: Sequence[Request]) -> list[Answer | BelbaarError]:
        """Answer questions that are acted on: in the write transaction, each verdict an entry of the log."""
        with store.still():
            looked_at = self._again(store, [principal for principal, _ in requests])
            again = [(looked_at[principal.id], asked) for principal, asked in requests]
            answers = iter(self._kept(store, [(who, asked) for who, asked in again if isinstance(who, Principal)]))
            return [next(answers) if isinstance(who, Principal) else who for who, _ in again]

    def _again(self, store: Store, principals: Sequence[Principal]) -> dict[str, Principal | BelbaarError]:
        """Look once again at each who asks; by id, what it may do now, or that it may no more."""
        found: dict[str, Principal | BelbaarError] = {}
        for principal in {each.id: each for each in principals}.values():
            try:
                who = self.remembered.again(store, principal)
                who.needs("permit")
                found[principal.id] = who
            except StoreUnavailable:
                raise
            except BelbaarError as error:
                found[principal.id] = error
        return found

    def _kept(self, store: Store, requests: Sequence[Request]) -> list[Answer | BelbaarError]:
        verdicts = judged(store, requests)
        kept = [verdict for verdict in verdicts if isinstance(verdict, Verdict)]
        entries = iter(log_of(store).keep_verdicts([(verdict, ruleset_text(rules_of(verdict))) for verdict in kept]))
        places = [next(entries) if isinstance(verdict, Verdict) else None for verdict in verdicts]
        issued = [
            self._permit(store, _Kept(who, asked, verdict, entry))
            if isinstance(verdict, Verdict) and entry is not None and verdict.allowed
            else None
            for (who, asked), verdict, entry in zip(requests, verdicts, places, strict=True)
        ]
        cast("Database", store.connection).executemany(_INSERT_PERMIT, [each.row for each in issued if each])
        permits = [each.permit if each else None for each in issued]
        return self._told(store, requests, verdicts, entries=places, permits=permits)

    def _permit(self, store: Store, kept: _Kept) -> _Issued | None:
        call, question = kept.verdict.call, kept.asked.question
        until = good_until(kept.verdict, question.minutes * _MINUTE)
        if until <= call.at:
            return None
        shown = filled(kept.verdict, store.caller(call.caller))["presents"]
        jti = secrets.token_bytes(16)
        permit = Permit(
            iss=self.issuer,
            jti=jti.hex(),
            iat=call.at // 1_000_000,
            exp=until // 1_000_000,
            sub=e164(call.number),
            caller=call.caller,
            presents=shown,
            product=call.product,
            entry=kept.entry,
            campaign=question.campaign,
            channel=call.channel,
        )
        token = signed_permit(permit, self.key)
        organisation, caller = kept.principal.organisation.key, kept.principal.callers[call.caller]
        row = (jti, organisation, caller, call.number, kept.entry, token, until)
        return _Issued(IssuedPermit(token, permit.jti, written(until)), row)

    def _told(
        self,
        store: Store,
        requests: Sequence[Request],
        verdicts: Sequence[Verdict | BelbaarError],
        *,
        entries: Sequence[int | None] = (),
        permits: Sequence[IssuedPermit | None] = (),
    ) -> list[Answer | BelbaarError]:
        nothing = (None,) * len(requests)
        seen = _Seen(store)
        events = _events(store, verdicts)
        rows = zip(requests, verdicts, entries or nothing, permits or nothing, strict=True)
        return [
            told(
                verdict,
                asked,
                store.caller(verdict.call.caller),
                events=[_visible(events[seq], who) for seq in verdict.events],
                hints=hints(seen.of(who), verdict.call.product, at=asked.question.at or "", reasons=verdict.vetoes),
                entry=entry,
                permit=permit,
            )
            if isinstance(verdict, Verdict)
            else verdict
            for (who, asked), verdict, entry, permit in rows
        ]


class _Seen:
    """Guards which products are known to each who asks: those of its callers, read once for many answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, list[str]] = {}

    def of(self, who: Principal) -> list[str]:
        if who.id not in self._known:
            self._known[who.id] = self._store.products_of(who.callers.values())
        return self._known[who.id]


def _events(store: Store, verdicts: Sequence[Verdict | BelbaarError]) -> dict[int, dict[str, Any]]:
    seqs = {seq for verdict in verdicts if isinstance(verdict, Verdict) for seq in verdict.events}
    return {each["seq"]: each for each in provenance(store, sorted(seqs))}


def _visible(event: Mapping[str, Any], who: Principal) -> dict[str, Any]:
    """Keep from one organisation who recorded what is another's: also its id, which follows from whose it is."""
    told = dict(event)
    owner, caller = told.pop("organisation"), told.pop("caller_key")
    own = caller in who.callers.values()
    if not own and owner != who.organisation.key:
        told["id"] = None
    if owner != who.organisation.key and (owner or not own):
        told |= {"source": None, "row": None, "by": None}
    return told
