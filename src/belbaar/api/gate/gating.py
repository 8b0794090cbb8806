"""From a SIP call to an answer: who calls, by the number shown; then the verdict, kept, as for any call that is made."""

__all__ = ["Gated", "Gating"]

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.answering import Answering
from belbaar.api.gate.again import Asker, earlier, keep, key_of
from belbaar.api.gate.glass import OVERRIDDEN, broken
from belbaar.api.gate.held import Holdings
from belbaar.api.gate.marks import marked
from belbaar.api.gate.questions import GateAnswer, GateQuestion, number_in
from belbaar.api.gate.refusals import offered, refused, why
from belbaar.api.permits.using import Shown, Used, Using
from belbaar.api.questions import Answer, Asked, Question
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.law.rulesets import moment
from belbaar.law.words import NO, YES
from belbaar.ledger import Store
from belbaar.ledger.callers import agents
from belbaar.ledger.campaigns import Campaign, campaign_of
from belbaar.numbers import e164
from belbaar.reading import read_number
from belbaar.verdict import Call
from belbaar.verdict.laws import law_for

_SECOND, _HALF_HOUR = 1_000_000, 1_800_000_000
_HALF_HOURS_OF_A_FORTNIGHT = 14 * 48
_QUESTION = "SELECT question FROM permit WHERE id = ? AND organisation = ?"


class Gated(NamedTuple):
    """What the gate is answered; the verdict behind it, where one was reached now."""

    answer: GateAnswer
    verdict: Answer | None = None


class _Known(NamedTuple):
    """A call whose caller is known, and by what its question is known again."""

    principal: Principal
    asked: Asked
    offer: str
    asker: Asker | None


@dataclass(frozen=True, slots=True, eq=False)
class Gating:
    """Answers by the ledger.

    Args:
        remembered: who may do what.
        answering: reaches verdicts and keeps them.
        using: uses offered permits up.
        secret: marks permits.
        holdings: which numbers callers have shown to hold; None where that is not asked for.
    """

    remembered: Remembered
    answering: Answering
    using: Using
    secret: bytes
    holdings: Holdings | None

    def asks(self, store: Store, items: Sequence[tuple[Principal, GateQuestion]]) -> list[Gated | BelbaarError]:
        """Answer gates; inside the write transaction. A call that may be made has its permit used up with the answer."""
        with store.still():
            read = [self._read(store, principal, question) for principal, question in items]
        known = self._known_again(store, {each.asker for each in read if isinstance(each, _Known) and each.asker})
        answers = list[Gated | BelbaarError | None](None for _ in read)
        asking = dict[Asker | int, _Known]()
        for place, each in enumerate(read):
            if not isinstance(each, _Known):
                answers[place] = each
            elif each.asker not in known:
                asking.setdefault(each.asker or place, each)
        came = dict(zip(asking, self._judged(store, list(asking.values())), strict=True))
        keep(
            store,
            {by: each.answer for by, each in came.items() if isinstance(by, Asker) and isinstance(each, Gated)},
            now_us(),
        )
        again = {by: Gated(answer) for by, answer in known.items()}
        return [
            answers[place] or again.get(each.asker) or came[each.asker or place]  # type: ignore[union-attr,arg-type]  # a Known
            for place, each in enumerate(read)
        ]

    def _read(self, store: Store, principal: Principal, question: GateQuestion) -> _Known | Gated | BelbaarError:
        try:
            who = self.remembered.again(store, principal)
            who.needs("permit")
            if question.agent and question.agent not in agents(store, who.organisation.key):
                raise InputError(
                    f'"{question.agent}" is not a registered agent.',
                    where="/agent",
                    todo="Register it: belbaar agent add",
                )
            return _known(store, who, question, self.holdings)
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            return error

    def _known_again(self, store: Store, askers: Collection[Asker]) -> dict[Asker, GateAnswer]:
        """Give answers that stand: a no, and a yes to a call that may still be made."""
        found = earlier(store, askers, now_us())
        return {by: answer for by, answer in found.items() if not answer.allow or self._still(store, by, answer)}

    def _still(self, store: Store, by: Asker, answer: GateAnswer) -> bool:
        id_ = bytes.fromhex(answer.permit.partition(".")[0])
        row = store.connection.execute(_QUESTION, (id_, by.organisation)).fetchone()
        return row is not None and self.using.still_good(store, row[0])

    def _judged(self, store: Store, known: Sequence[_Known]) -> list[Gated | BelbaarError]:
        seen = [self._offered(store, each) if each.offer else each for each in known]
        asking = [each for each in seen if isinstance(each, _Known)]
        answers = iter(self.answering.keeps(store, [(each.principal, each.asked) for each in asking]))
        return [self._told(store, each, next(answers)) if isinstance(each, _Known) else each for each in seen]

    def _offered(self, store: Store, known: _Known) -> _Known | Gated | BelbaarError:
        """Use an offered permit up; one that was good and is no more by what is known now is judged as if there were none."""
        call = known.asked.question
        shown = Shown(known.offer, call.number, call.presents or "", call.campaign)
        (came,) = self.using.uses(store, [(known.principal, shown)])
        if isinstance(came, Used):
            mark = marked(came.id, call.number, call.presents or "", self.secret)
            return Gated(GateAnswer(allow=1, permit=mark, ref=f"v-{came.entry}"))
        if came.code == "permit-revoked":
            return known
        return Gated(refused(offered(came.code))) if came.code.startswith("permit-") else came

    def _told(self, store: Store, known: _Known, answer: Answer | BelbaarError) -> Gated | BelbaarError:
        if isinstance(answer, BelbaarError):
            return Gated(refused("not a number")) if answer.code == "law-unknown" else answer
        if answer.permit:
            mark = marked(answer.permit.id, answer.number, answer.presents, self.secret)
            return Gated(GateAnswer(allow=1, permit=mark, ref=f"v-{answer.entry}"), answer)
        cause = "outside hours" if answer.allowed else why(answer.vetoes, answer.ground)
        if cause in OVERRIDDEN and broken(store, known.principal.organisation.key, now_us()):
            id_ = self.answering.lets_pass(store, known.principal, known.asked, answer)
            mark = marked(id_.hex(), answer.number, answer.presents, self.secret)
            return Gated(GateAnswer(allow=1, permit=mark, ref=f"v-{answer.entry}", glass=1), answer)
        wait = _seconds_until_hours(read_number(answer.number, "/called"), now_us()) if cause == "outside hours" else 0
        return Gated(refused(cause, entry=answer.entry, retry_after=wait), answer)


def _known(store: Store, who: Principal, question: GateQuestion, holdings: Holdings | None) -> _Known | Gated:
    """Find out on whose behalf a call is made, by the number it shows."""
    presented, sender = number_in(question.presented), number_in(question.sender)
    if presented is None or presented != sender:
        return Gated(refused("other number" if presented else "not registered"))
    called = number_in(question.called)
    if called is None:
        return Gated(refused("not a number"))
    found = (
        _by_campaign(store, who, question.campaign, presented)
        if question.campaign
        else _by_number(store, who, question.product, presented)
    )
    if isinstance(found, str):
        return Gated(refused(found))
    if holdings and not holdings.holds(store, store.caller(found.caller), presented):
        return Gated(refused("not held"))
    asked = Question(
        e164(called),
        found.caller,
        found.product,
        presents=e164(presented),
        permit=True,
        campaign=question.campaign,
    )
    call = Call(called, found.caller, 0, found.product, presents=presented)
    return _Known(
        who, Asked(call, asked, acted_on=True, passing=True), question.offer, key_of(who.organisation.key, question)
    )


def _by_campaign(store: Store, who: Principal, name_id: str, presented: int) -> Campaign | str:
    """Give the campaign, or the cause of a refusal; one of a caller that it may not speak for is not there."""
    campaign = campaign_of(store, who.organisation.key, name_id)
    if campaign is None or campaign.caller not in who.callers:
        return "no campaign"
    own = presented in store.caller(campaign.caller).numbers  # it may have been taken from the caller since
    return campaign if own and presented == campaign.number else "not registered"


def _by_number(store: Store, who: Principal, product: str, presented: int) -> Campaign | str:
    """Give what a campaign would say of the only caller that shows this number, or the cause of a refusal."""
    callers = [name for name, caller in store.callers().items() if name in who.callers and presented in caller.numbers]
    if len(callers) != 1:
        return "several callers" if callers else "not registered"
    return Campaign("", callers[0], product, e164(presented)) if product else "no campaign"


def _seconds_until_hours(number: int, now: int) -> int:
    """Give after how many seconds calls may be made again: hours begin at whole or half ones. 0: not in a fortnight."""
    law, first = law_for(number), (now // _HALF_HOUR + 1) * _HALF_HOUR
    for at in range(first, first + _HALF_HOURS_OF_A_FORTNIGHT * _HALF_HOUR, _HALF_HOUR):
        then = moment(law, at)
        if then.within_hours == YES and then.mourning_day == NO:
            return -((now - at) // _SECOND)
    return 0
