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
    "weigh_alike",
    "with_evidence",
]

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

from belbaar.law import Law, Ruleset, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import GROUND
from belbaar.law.program import compile_ruleset
from belbaar.law.rulesets import moment
from belbaar.ledger import Event, Store, events_of
from belbaar.ledger.details import evidence_demanded
from belbaar.ledger.record import events_of_each, stored_rows
from belbaar.verdict.alike import Alike
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


def weigh_alike(store: Store, came: Sequence[tuple[Alike, int]]) -> list[Alike]:
    """Give verdicts by the installation's own law as ``with_evidence`` does, with few questions to the ledger.

    Args:
        store: the ledger, in the transaction in which the verdicts were reached.
        came: what came of groups, each with the level that its question demands, one that there is.
    """
    levels = {
        name: evidence_demanded(store, name)
        for name in {alike.group.call.caller for alike, _ in came if any(map(_is_verdict, alike.answers))}
    }
    resting = [_on_consents(alike) for alike, _ in came]
    numbers = [
        number
        for (alike, _), on_consent in zip(came, resting, strict=True)
        if alike.group.call.known_at is None
        for number, place in zip(alike.group.numbers, alike.places, strict=True)
        if place in on_consent
    ]
    histories = events_of_each(store, numbers)
    return [
        _weighed_alike(
            store, alike, max(check_level(asked), levels.get(alike.group.call.caller, 0)), on_consent, histories
        )
        for (alike, asked), on_consent in zip(came, resting, strict=True)
    ]


def _weighed_alike(
    store: Store, alike: Alike, asked: int, on_consent: Mapping[int, Law], histories: Mapping[int, Sequence[Event]]
) -> Alike:
    """Weigh what came of a group; numbers of which one consent is known, that says the same, weigh alike."""
    call = alike.group.call
    answers, places, events = list(alike.answers), list(alike.places), list(alike.events)
    for place, answer in enumerate(answers):
        if isinstance(answer, Verdict):
            answers[place] = replace(answer, demanded=max(asked, _by_law(call, _law_of(answer))))
    weighed: dict[tuple[int, int], int] = {}
    for row, place in enumerate(alike.places):
        if place not in on_consent:
            continue
        number, law = alike.group.numbers[row], on_consent[place]
        history = histories[number] if call.known_at is None else events_of(store, number, call.known_at)
        key = (place, id(history[0].fields)) if len(history) == 1 else None
        if key is None or key not in weighed:
            verdict = cast("Verdict", alike.verdict(row))
            verdict = _weighed(store, verdict, law, max(asked, _by_law(call, law)), history)
            answers.append(replace(verdict, events=()))
            events[row] = verdict.events
            if key:
                weighed[key] = len(answers) - 1
        places[row] = weighed[key] if key else len(answers) - 1
    return Alike(alike.group, answers, places, events)


def _on_consents(alike: Alike) -> dict[int, Law]:
    """Give the places of verdicts that rest on a consent, each with its law."""
    laws = {place: _law_of(each) for place, each in enumerate(alike.answers) if isinstance(each, Verdict)}
    return {place: law for place, law in laws.items() if _on_consent(cast("Verdict", alike.answers[place]), law)}


def _law_of(verdict: Verdict) -> Law:
    """Give the installation's law by which a verdict was reached."""
    return law_for(verdict.call.number, off=frozenset(verdict.switched_off))


def _is_verdict(answer: object) -> bool:
    return isinstance(answer, Verdict)


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

    A wording that was kept is in the log before the consent: writing it puts it there. No outside party is known, so
    nothing has more than level 3.
    """
    zone, days = law.pack.zone, store.known().open_days
    if call.known_at is not None:
        days = [day for day in days if day < local_day(call.known_at, zone)]
    return {
        consent.seq: level_of(
            evidence_of(consent, history, at=call.at, text_logged=store.logged, open_days=days), at=call.at, zone=zone
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
    facts = {**call_facts(call, caller), "caller": caller.key}
    rows = stored_rows(store, history, law.pack)
    grounds = consent_grounds(program.ruleset)
    carried = carrying(program, call.number, facts, now, known.product_sets(call.product), rows, grounds)
    return [event for event in consents if event.seq in carried]
