"""What officers say to the trace desk, and what they are told: never who called, but where that is what they ask."""

__all__ = [
    "Added", "CallTold", "CaseTold", "Chosen", "DecisionTold", "Disclosure", "LineAsked", "LineTold", "LineWanted", "LookedTold",
    "MarkTold", "MarkWanted", "PartyTold", "Refusal", "RestedTold", "StepTold", "TraceWanted", "case_told", "looked_told",
    "party_of", "request_of",
]  # fmt: skip

import datetime as dt
from typing import Annotated, Literal

import msgspec

from belbaar.numbers import e164
from belbaar.reading import read_instant, read_number, written
from belbaar.trace.calls import UNAVAILABLE, WITHHELD
from belbaar.trace.cases import Case, Party
from belbaar.trace.looking import Looked, Rested
from belbaar.trace.matching import Candidate
from belbaar.trace.requests import Request

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=2000)]
_Times = Annotated[list[_Short], msgspec.Meta(max_length=100)]
_HIDDEN = {WITHHELD: "withheld", UNAVAILABLE: "unavailable"}
Lang = Literal["nl", "en"]


class TraceWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request in writing, as it was received. What it does not say is asked for.

    Args:
        number: that was called.
        name: of the person who asks; ``address``, ``postcode`` and ``town`` likewise.
        times: about when the calls came, ISO 8601; left out: those of calls that were marked.
        lang: in which to write to that person.
    """

    number: _Short
    name: _Short = ""
    address: _Short = ""
    postcode: _Short = ""
    town: _Short = ""
    times: _Times = []
    lang: Lang = "nl"


class Added(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was still missing, and ``times`` of later calls."""

    name: _Short = ""
    address: _Short = ""
    postcode: _Short = ""
    town: _Short = ""
    times: _Times = []


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of the case, and why it is meant."""

    call: _Short
    why: _Long


class PartyTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The subscriber from whose line the call came, with all that article 11.11 Tw has disclosed."""

    number: _Short
    name: _Short
    address: _Short
    postcode: _Short
    town: _Short


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is disclosed, for which calls (their names), and why."""

    party: PartyTold
    calls: Annotated[list[_Short], msgspec.Meta(max_length=100)]
    reason: _Long


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing is disclosed.

    Args:
        why: as it stands in the letter.
        note: for the file.
    """

    why: Literal["not-found", "no-number", "not-annoying", "interest", "other-provider", "incomplete"]
    note: _Long = ""


class MarkWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose line it was."""

    number: _Short


class MarkTold(msgspec.Struct, frozen=True):
    """Whether there was a call to mark: one of the last ten minutes that was not marked yet."""

    marked: bool


class LineAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which subscriber."""

    number: _Short


class LineWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a subscriber refuses.

    Args:
        number: of the subscriber.
        refuse_anonymous: calls whose number is withheld.
        refuse_unavailable: calls that have no number, which nobody withheld, as some from abroad.
    """

    number: _Short
    refuse_anonymous: bool
    refuse_unavailable: bool = False


class LineTold(msgspec.Struct, frozen=True):
    """What a subscriber refuses."""

    number: str
    refuse_anonymous: bool
    refuse_unavailable: bool
    changed_at: str | None


class CallTold(msgspec.Struct, frozen=True):
    """A call that may be meant.

    Args:
        call: by which it is named.
        received_at: when it came.
        certainty: ``marked`` by the person called, the ``only`` one around a stated time, or ``one-of-several``.
        off: seconds from the nearest stated time.
        same_caller: a letter that calls of one caller share; "" where no number came with it.
        hidden: ``withheld`` or ``unavailable``.
        peer: whence it came.
        trust: how far its number is trusted: ``own``, ``signed``, ``national``, ``international``, or ``broken``: it came
            with a signature that is not for this call.
        result: the SIP code of its answer, 0: none.
        seconds: how long was talked.
        looked: whether it was read who made it.
    """

    call: str
    received_at: str
    certainty: str
    off: int | None
    same_caller: str
    hidden: str
    peer: str
    trust: str
    result: int
    seconds: int
    looked: bool


class StepTold(msgspec.Struct, frozen=True):
    """A step: which, when, by which key or account, and its entry in the log."""

    step: str
    at: str
    by: str
    entry: int


class DecisionTold(msgspec.Struct, frozen=True):
    """What was decided, why, and about which calls. Whom it names stands in the letters."""

    disclosed: bool
    reason: str
    calls: list[str]


class CaseTold(msgspec.Struct, frozen=True):
    """A case.

    Args:
        case: by which it is named.
        state: ``received``, ``incomplete``, ``investigating``, ``found`` or ``refused``.
        request: what was asked; None once it went with the case's papers.
        missing: what is still to be asked for.
        opened_at: when it came in.
        due: the day by which the next step is due.
        ended_at: when it was decided.
        kept_until: the last day on which its calls and papers are kept.
        provider: another provider that was asked, or asks.
        decision: what was decided.
        letters: which were made.
        calls: those that may be meant.
        history: its steps.
    """

    case: str
    state: str
    request: TraceWanted | None
    missing: list[str]
    opened_at: str
    due: dt.date | None
    ended_at: str | None
    kept_until: dt.date | None
    provider: str
    decision: DecisionTold | None
    letters: list[str]
    calls: list[CallTold]
    history: list[StepTold]


class RestedTold(msgspec.Struct, frozen=True):
    """What a call rested on, of a caller that uses this installation.

    Args:
        caller: its id.
        name: of the legal entity.
        entry: the verdict's place in the log; None: there was none.
        allowed: whether it allowed the call.
        why: its ground, or what forbade it.
    """

    caller: str
    name: str
    entry: int | None
    allowed: bool
    why: list[str]


class LookedTold(msgspec.Struct, frozen=True):
    """Who made a call, as the network says.

    Args:
        call: its name.
        number: E.164; None: none that can be read.
        asserted: P-Asserted-Identity as it came; ``sender`` (From), ``privacy``, ``via`` and ``history`` likewise.
        call_id: its Call-ID: another provider finds it by that.
        received_at: when it came.
        peer: whence.
        trust: how far the number is trusted.
        signature: what the signature of the caller's provider comes to: ``A``, ``B`` or ``C``, how far it vouches (RFC 8588);
            ``valid``; ``none``; or ``forwarded`` (it is for the number that the call was forwarded from), ``unchecked`` (its
            certificate is not to be had or not trusted) or ``broken``, a colon, and why. "": it was not judged.
        signed_by: whose certificate signed it: that provider knows more.
        identity: the Identity headers as they came; its ``origid`` is what that provider finds the call by.
        rested_on: the verdict, where the number is of a caller that uses this installation; None: it is nobody's.
    """

    call: str
    number: str | None
    asserted: str
    sender: str
    privacy: str
    via: str
    history: str
    call_id: str
    received_at: str
    peer: str
    trust: str
    signature: str
    signed_by: str
    identity: str
    rested_on: RestedTold | None


def request_of(wanted: TraceWanted) -> Request:
    """Read a request.

    Raises:
        InputError: for a number or time that cannot be read.
    """
    number = read_number(wanted.number, "/number")
    times = tuple(read_instant(text, f"/times/{place}") for place, text in enumerate(wanted.times))
    return Request(wanted.name, wanted.address, wanted.postcode, wanted.town, number, times, wanted.lang)


def party_of(told: PartyTold) -> Party:
    """Read a party."""
    return Party(e164(read_number(told.number, "/party/number")), told.name, told.address, told.postcode, told.town)


def case_told(case: Case) -> CaseTold:
    """Tell a case."""
    papers = case.papers
    asked = papers.request if papers else None
    return CaseTold(
        case=case.id,
        state=case.state,
        request=TraceWanted(
            e164(asked.number),
            asked.name,
            asked.address,
            asked.postcode,
            asked.town,
            [written(at) for at in asked.times],
            "nl" if asked.lang == "nl" else "en",
        )
        if asked
        else None,
        missing=list(case.missing),
        opened_at=written(case.opened_at),
        due=dt.date.fromordinal(case.due) if case.due else None,
        ended_at=written(case.ended_at) if case.ended_at else None,
        kept_until=dt.date.fromordinal(case.gone) if case.gone else None,
        provider=papers.provider or papers.asks if papers else "",
        decision=DecisionTold(papers.party is not None, papers.reason, list(papers.calls))
        if papers and case.ended_at
        else None,
        letters=list(papers.letters) if papers else [],
        calls=[_call_told(each, case.looked) for each in case.calls],
        history=[StepTold(each.step, written(each.at), each.by, each.entry) for each in case.history],
    )


def looked_told(looked: Looked) -> LookedTold:
    """Tell who made a call."""
    call, identity = looked.call, looked.identity
    return LookedTold(
        call=call.ref,
        number=e164(identity.number) if identity.number else None,
        asserted=identity.asserted,
        sender=identity.sender,
        privacy=identity.privacy,
        via=identity.via,
        history=identity.history,
        call_id=identity.call_id,
        received_at=written(call.received_at),
        peer=call.peer,
        trust=call.trust,
        signature=identity.signature,
        signed_by=identity.signed_by,
        identity=identity.identity,
        rested_on=_rested_told(looked.rested) if looked.rested else None,
    )


def _rested_told(rested: Rested) -> RestedTold:
    return RestedTold(rested.caller, rested.name, rested.entry, rested.allowed, list(rested.why))


def _call_told(candidate: Candidate, looked: frozenset[str]) -> CallTold:
    call = candidate.call
    return CallTold(
        call=call.ref,
        received_at=written(call.received_at),
        certainty=candidate.certainty,
        off=candidate.off,
        same_caller=candidate.same,
        hidden=_HIDDEN[call.hidden],
        peer=call.peer,
        trust=call.trust,
        result=call.result,
        seconds=call.seconds,
        looked=call.ref in looked,
    )
