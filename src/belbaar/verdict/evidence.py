"""The evidence behind a verdict, and demands on it: a consent that is proven less well than is demanded is no ground.

A level is not law, and no card names one: the law judges first, and a demand then takes away the consents that fall
short of it, after which the law judges what is left. So another consent, or another ground, still counts; and an
objection that only such a consent had lifted stands again.

A demand counts as it is on the day of the call: ``until`` looks ahead to rules to come, not to demands to come.
"""

__all__ = [
    "EVIDENCE_LEVEL",
    "PROVING",
    "consent_grounds",
    "demand_on",
    "levels_of",
    "shortfall",
    "with_evidence",
    "with_evidences",
]

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from belbaar.law import Law, Ruleset, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import GROUND
from belbaar.law.program import compile_ruleset
from belbaar.law.rulesets import moment
from belbaar.ledger import Event, Store, events_of
from belbaar.ledger.details import evidence_demanded
from belbaar.ledger.record import events_of_each, stored_rows
from belbaar.verdict.laws import law_for
from belbaar.verdict.levels import Level, Words, check_level, demanded, evidence_of, level_of
from belbaar.verdict.on_sqlite import carrying
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call, Verdict, call_facts

EVIDENCE_LEVEL = "evidence-level"
"""Stands among the defects when no consent that the law takes for a ground has the level that is demanded."""
PROVING = ("consent.given", "consent.verified", "receipt.delivered", "complaint.filed")
"""Kinds of events that a level is computed from."""
_CONSENT = "consent"


def with_evidence(store: Store, verdict: Verdict, asked: int = 0, *, law: Law | None = None) -> Verdict:
    """Give a verdict with the level of evidence it rests on, and with what a demand on that makes of it.

    Inside the transaction in which the verdict was reached. Events are only read where consent is among the grounds.

    Args:
        store: the ledger.
        verdict: as the law gives it.
        asked: a level that this question demands; the caller or the law may demand a higher one.
        law: what the verdict was judged by, where that is not the installation's own.

    Raises:
        InputError: when no such level exists.
    """
    call = verdict.call
    law = law or law_for(call.number, off=frozenset(verdict.switched_off))
    wanted = demand_on(store, call, law, asked)
    if not _on_consent(verdict, law):
        return replace(verdict, demanded=wanted)
    with store.reading():
        return _weighed(store, verdict, law, wanted, events_of(store, call.number, call.known_at))


def with_evidences(store: Store, verdicts: Sequence[tuple[Verdict, int]]) -> list[Verdict]:
    """Give many verdicts by the installation's own law as ``with_evidence`` does, with few questions to the ledger.

    Args:
        store: the ledger, in the transaction in which the verdicts were reached.
        verdicts: each with the level that its question demands, one that there is.
    """
    levels = {caller: evidence_demanded(store, caller) for caller in {verdict.call.caller for verdict, _ in verdicts}}
    placed = [
        (verdict, asked, law_for(verdict.call.number, off=frozenset(verdict.switched_off)))
        for verdict, asked in verdicts
    ]
    numbers = [v.call.number for v, _, law in placed if _on_consent(v, law) and v.call.known_at is None]
    histories, weighed = events_of_each(store, numbers), list[Verdict]()
    for verdict, asked, law in placed:
        call = verdict.call
        wanted = max(check_level(asked), levels[call.caller], _by_law(call, law))
        if _on_consent(verdict, law):
            now = call.known_at is None
            history = histories[call.number] if now else events_of(store, call.number, call.known_at)
            weighed.append(_weighed(store, verdict, law, wanted, history))
        else:
            weighed.append(replace(verdict, demanded=wanted))
    return weighed


def _on_consent(verdict: Verdict, law: Law) -> bool:
    """Tell whether a consent is among the grounds."""
    rules = ruleset(law, local_day(verdict.call.at, law.pack.zone))
    return not consent_grounds(rules).isdisjoint(verdict.grounds)


def _weighed(store: Store, verdict: Verdict, law: Law, wanted: int, history: Sequence[Event]) -> Verdict:
    """Give a verdict that rests on a consent with what the demand makes of it; ``history``: the number's events."""
    call = verdict.call
    levels = levels_of(store, _resting_on(store, verdict, law, history), history, call, law)
    best = max(levels.values(), key=lambda found: found.level)
    weak = frozenset(place for place, found in levels.items() if found.level < wanted)
    if weak:
        left = may_call(store, call, law=law, without=weak)
        verdict = replace(left, events=tuple(sorted({*verdict.events, *left.events})))
    short = {EVIDENCE_LEVEL} if best.level < wanted else set()
    return replace(verdict, evidence=best, demanded=wanted, defects=tuple(sorted({*verdict.defects, *short})))


def shortfall(verdict: Verdict) -> Words | None:
    """Say, in Dutch and English, what the consent lacks that is no ground for lack of evidence; None if none does."""
    return demanded(verdict.demanded, verdict.evidence) if verdict.evidence else None


def demand_on(store: Store, call: Call, law: Law, asked: int = 0) -> int:
    """Give the highest level that the question, the caller or the law of that day demands.

    Raises:
        InputError: when there is no level like the one asked.
    """
    return max(check_level(asked), evidence_demanded(store, call.caller), _by_law(call, law))


def _by_law(call: Call, law: Law) -> int:
    return ruleset(law, local_day(call.at, law.pack.zone)).evidence


def levels_of(
    store: Store, consents: Collection[Event], history: Sequence[Event], call: Call, law: Law
) -> dict[int, Level]:
    """Give the level of some consents of one number at the moment of a call, by their places in the ledger.

    A wording that was kept is in the log before the consent: writing it puts it there. No portal is open to people in
    this version, and no outside party is known, so nothing has more than level 2.
    """
    zone = law.pack.zone
    return {
        consent.seq: level_of(
            evidence_of(consent, history, at=call.at, text_logged=store.logged, portal=False), at=call.at, zone=zone
        )
        for consent in consents
    }


@lru_cache(maxsize=128)
def consent_grounds(rules: Ruleset) -> frozenset[str]:
    """Name the grounds that rest on a consent."""
    return frozenset(rule.id for rule in rules.rules if rule.role == GROUND and rule.over == _CONSENT)


def _resting_on(store: Store, verdict: Verdict, law: Law, history: Sequence[Event]) -> list[Event]:
    """Give the consents that the law takes for a ground: of several that play a part, some may be defective."""
    consents = [event for event in history if event.kind == "consent.given" and event.seq in verdict.events]
    if len(consents) == 1:
        return consents
    call, known = verdict.call, store.known()
    caller, now = known.caller(call.caller), moment(law, call.at)
    program = compile_ruleset(ruleset(law, now.today))
    facts = {**call_facts(call, caller), "number": call.number, "caller": caller.key}
    rows = stored_rows(store, history, law.pack)
    grounds = consent_grounds(program.ruleset)
    carried = carrying(program, facts, now, known.product_sets(call.product), rows, grounds)
    return [event for event in consents if event.seq in carried]
