"""From questions to answers, many in one view of the ledger; those that are acted on are kept, and get their permits."""

__all__ = ["Answering"]

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from joserfc.jwk import OKPKey
from msgspec.structs import replace

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.judging import Lot, judged, judged_alike
from belbaar.api.permits import Permit, signed_permit
from belbaar.api.permits.lasting import good_until
from belbaar.api.questions import Answer, Asked, IssuedPermit, RestsOn, told
from belbaar.api.together import Together
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.law.rulesets import ruleset_text
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.tiles import Database
from belbaar.reading import written
from belbaar.verdict import Alike, Verdict
from belbaar.verdict.hints import hints
from belbaar.verdict.laws import rules_of
from belbaar.verdict.told import filled, provenance

_MINUTE = 60_000_000
_INSERT_PERMIT = (
    "INSERT INTO permit (id, organisation, caller, number, entry, question, expires_at, used_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
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

    def looks(self, store: Store, principal: Principal, asked: Sequence[Together]) -> list[list[Answer | BelbaarError]]:
        """Answer questions that nobody acts on, in one view of the ledger; those that were put together, together."""
        who = self.remembered.again(store, principal)
        with store.still():
            came = judged_alike(store, [Lot(who, each.asked, each.numbers) for each in asked])
            events = _events(
                store, {seq for each in came if isinstance(each, Alike) for of in each.events for seq in of}
            )
            seen = _Seen(store, who, events)
            return [
                [each] * len(together.numbers) if isinstance(each, BelbaarError) else _answers(seen, together, each)
                for together, each in zip(asked, came, strict=True)
            ]

    def keeps(self, store: Store, requests: Sequence[Request]) -> list[Answer | BelbaarError]:
        """Answer questions that are acted on: in the write transaction, each verdict an entry of the log."""
        with store.still():
            looked_at = self._again(store, [principal for principal, _ in requests])
            again = [(looked_at[principal.id], asked) for principal, asked in requests]
            answers = iter(self._kept(store, [(who, asked) for who, asked in again if isinstance(who, Principal)]))
            return [next(answers) if isinstance(who, Principal) else who for who, _ in again]

    def lets_pass(self, store: Store, principal: Principal, asked: Asked, answer: Answer) -> bytes:
        """Make a permit, used up at once, for a call that is let through against its verdict; give its id."""
        jti, now = secrets.token_bytes(16), now_us()
        until = now + _MINUTE
        permit = Permit(
            iss=self.issuer,
            jti=jti.hex(),
            iat=now // 1_000_000,
            exp=until // 1_000_000,
            sub=answer.number,
            caller=answer.caller,
            presents=answer.presents,
            product=answer.product,
            entry=answer.entry or 0,
            campaign=asked.question.campaign,
            channel=answer.channel,
        )
        owner, caller = principal.organisation.key, principal.callers[answer.caller]
        row = (jti, owner, caller, asked.call.number, permit.entry, signed_permit(permit, self.key), until, now)
        store.connection.execute(_INSERT_PERMIT, row)
        return jti

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
        with store.sent_together():
            entries = iter(log_of(store).keep_verdicts([(each, ruleset_text(rules_of(each))) for each in kept]))
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
        row = (jti, organisation, caller, call.number, kept.entry, token, until, call.at if kept.asked.passing else 0)
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
        events = _events(store, {seq for each in verdicts if isinstance(each, Verdict) for seq in each.events})
        seen = {id_: _Seen(store, who, events) for id_, who in {who.id: who for who, _ in requests}.items()}
        rows = zip(requests, verdicts, entries or nothing, permits or nothing, strict=True)
        return [
            seen[who.id].told(verdict, asked, entry=entry, permit=permit) if isinstance(verdict, Verdict) else verdict
            for (who, asked), verdict, entry, permit in rows
        ]


class _Seen:
    """Guards what one who asks may see: the products of its callers, and events, each put as it sees it once.

    ``events`` are those that any of the verdicts rests on, by their places in the ledger.
    """

    def __init__(self, store: Store, who: Principal, events: Mapping[int, Mapping[str, Any]]) -> None:
        self._store = store
        self._products = store.products_of(who.callers.values())
        self._who = who
        self._events = events
        self._told: dict[int, RestsOn] = {}

    def told(
        self, verdict: Verdict, asked: Asked, *, entry: int | None = None, permit: IssuedPermit | None = None
    ) -> Answer:
        """Put a verdict in words."""
        call = verdict.call
        said = hints(self._products, call.product, at=asked.question.at or "", reasons=verdict.vetoes)
        caller, events = self._store.caller(call.caller), self.events(verdict.events)
        return told(verdict, asked, caller, events=events, hints=said, entry=entry, permit=permit)

    def events(self, seqs: Sequence[int]) -> list[RestsOn]:
        """Put events."""
        for seq in seqs:
            if seq not in self._told:
                self._told[seq] = RestsOn(**_visible(self._events[seq], self._who))
        return [self._told[seq] for seq in seqs]


def _answers(seen: _Seen, together: Together, alike: Alike) -> list[Answer | BelbaarError]:
    """Put what came of questions that were put together: what is alike is put in words once."""
    asked = together.asked
    if asked.question.explain:  # an explanation names the number
        each = zip(alike.each(), together.ids, strict=True)
        return [replace(seen.told(came, asked), id=id_) if isinstance(came, Verdict) else came for came, id_ in each]
    words = [seen.told(each, asked) if isinstance(each, Verdict) else each for each in alike.answers]
    rows = zip(together.numbers, together.ids, alike.places, alike.events, strict=True)
    return [
        replace(said, number=e164(number), events=seen.events(seqs), id=id_)
        if isinstance(said := words[place], Answer)
        else said
        for number, id_, place, seqs in rows
    ]


def _events(store: Store, seqs: Collection[int]) -> dict[int, dict[str, Any]]:
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
