"""What became of calls: told by the gate's record of calls, or by a dialer; kept, and made events of the ledger.

A call is known by its permit, whose row names the called person; a call that was let through without being asked about
brings the numbers itself, and is judged here, as of its moment. What is told twice, or in another order, or in parts,
comes to the same.
"""

__all__ = ["CallTold", "Kept", "told"]

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.gate.permitted import Permitted, permitted
from belbaar.api.gate.rows import GatedCall, merged, row_of, write_row
from belbaar.api.recording import places
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.rulesets import ruleset_text
from belbaar.ledger import Event, Source, Store, record
from belbaar.ledger.callers import agents
from belbaar.ledger.campaigns import campaign_of
from belbaar.ledger.events import content_id
from belbaar.proof.log.keeping import log_of
from belbaar.reading import read_instant, read_number
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Token = Annotated[str, msgspec.Meta(max_length=2000)]
_ANSWERED = range(200, 300)
_BROKEN, _NO_PERMIT = "break-glass", "no permit"


class CallTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a call, or a part of it.

    Args:
        permit: of the call: its id, as the header X-Belbaar-Call has it, or the token. Left out: it had none.
        call_id: the call's id at the dialer.
        begun_at: when it was placed; ISO 8601. Left out where this tells of its end only.
        answered_at: when it was answered; left out: it was not.
        ended_at: when it ended.
        code: the final answer of SIP.
        cause: why it was refused, or ``allowed``, ``emergency``, ``break-glass``.
        trunk: whence it came.
        agent: the id of the agent that dialled.
        verdict: ``v-`` and the place of its verdict in the log.
        called: the called number, of a call without a permit only.
        presented: the number it showed, as above.
        campaign: the id of its campaign, as above.
        product: what it was about, as above.
    """

    permit: _Token = ""
    call_id: _Short = ""
    begun_at: _Short = ""
    answered_at: _Short = ""
    ended_at: _Short = ""
    code: Annotated[int, msgspec.Meta(ge=0, le=699)] = 0
    cause: _Short = ""
    trunk: _Short = ""
    agent: _Short = ""
    verdict: _Short = ""
    called: _Short = ""
    presented: _Short = ""
    campaign: _Short = ""
    product: _Short = ""


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it. ``event`` is the place in the ledger of ``call.made`` or ``call.attempted``, where there is one."""

    kept: Literal["call", "refusal", "without permit", "broken glass", "emergency"]
    event: int = 0
    verdict: str = ""


class _Times(NamedTuple):
    """When, UTC microseconds; 0: not, or not told."""

    begun: int
    answered: int
    ended: int


class _Read(NamedTuple):
    """A call that was read: its row, and the event to be recorded of it, if any."""

    row: GatedCall
    kept: Literal["call", "refusal", "without permit", "broken glass", "emergency"]
    event: Event | None = None


def told(store: Store, who: Principal, call: CallTold, keys: Sequence[OKPKey]) -> Kept:
    """Keep what is told of a call; inside the write transaction. ``keys`` sign permits.

    Raises:
        InputError: when it is no call of who asks, or does not say enough; names the field.
    """
    now, owner = now_us(), who.organisation.key
    read = _read(store, who, call, keys, now)
    if read.kept == "emergency":
        return Kept("emergency")
    row = merged(row_of(store, owner, read.row.id), read.row)
    if read.event is not None and not row.event:
        row = row._replace(event=_recorded(store, who, call, read.event, now))
    write_row(store, owner, row, now)
    return Kept(read.kept, row.event, f"v-{row.entry}" if row.entry else "")


def _read(store: Store, who: Principal, call: CallTold, keys: Sequence[OKPKey], now: int) -> _Read:
    times = _times(call, now)
    if call.agent and call.agent not in agents(store, who.organisation.key):
        raise InputError(f'"{call.agent}" is not a registered agent.', where="/agent", todo="Left out: unknown.")
    if call.permit:
        return _with_permit(permitted(store, who, call.permit, keys), call, times)
    if call.cause == "emergency":
        return _Read(GatedCall(b""), "emergency")
    if not call.call_id:
        raise InputError("a call without a permit needs an id.", where="/call_id", todo="Give the dialer's own.")
    row = _row(hashlib.sha256(f"{who.organisation.key}|{call.call_id}".encode()).digest()[:16], call, times)
    if not times.answered:
        row = row._replace(entry=_entry(call.verdict))
        return _Read(row, "broken glass" if call.cause == _BROKEN else "refusal")
    return _without_permit(store, who, row, call, times)


def _with_permit(call: Permitted, said: CallTold, times: _Times) -> _Read:
    row = _row(call.id, said, times)._replace(caller=call.caller_key, entry=call.entry)
    if not call.number:  # it was told of already, and its permit is forgotten
        return _Read(row, "call")
    about = {"product": call.product, "verdict": f"v-{call.entry}"}
    if call.channel != "voice":
        about["channel"] = call.channel
    if times.answered:
        return _Read(row, "call", _event("call.made", (call.number, call.caller), said, times.answered, about))
    if said.code >= _ANSWERED.stop:
        about["outcome"] = str(said.code)
        return _Read(row, "call", _event("call.attempted", (call.number, call.caller), said, times.begun, about))
    return _Read(row, "call")


def _without_permit(store: Store, who: Principal, row: GatedCall, said: CallTold, times: _Times) -> _Read:
    """Judge a call afterwards that nobody was asked about, as of its moment and what was known then."""
    broken = said.cause == _BROKEN
    row = row._replace(cause=_BROKEN if broken else _NO_PERMIT)
    kept: Literal["broken glass", "without permit"] = "broken glass" if broken else "without permit"
    if not said.called or not said.presented:
        return _Read(row, kept)
    called, presented = read_number(said.called, "/called"), read_number(said.presented, "/presented")
    campaign = campaign_of(store, who.organisation.key, said.campaign) if said.campaign else None
    shown_by = [name for name, each in store.callers().items() if name in who.callers and presented in each.numbers]
    caller = campaign.caller if campaign else shown_by[0] if len(shown_by) == 1 else ""
    product = campaign.product if campaign else said.product
    if caller not in who.callers:
        return _Read(row, kept)
    row = row._replace(caller=who.callers[caller])
    about: dict[str, str] = {"product": product} if product else {}
    if product:
        call = Call(called, caller, times.begun, product, presents=presented, known_at=times.begun)
        verdict = may_call(store, call)
        (entry,) = log_of(store).keep_verdicts([(verdict, ruleset_text(rules_of(verdict)))])
        row, about = row._replace(entry=entry), {**about, "verdict": f"v-{entry}"}
    return _Read(row, kept, _event("call.made", (called, caller), said, times.answered, about))


def _row(id_: bytes, said: CallTold, times: _Times) -> GatedCall:
    return GatedCall(
        id_,
        trunk=said.trunk,
        call_id=said.call_id,
        cause=said.cause,
        code=said.code,
        begun_at=times.begun,
        answered_at=times.answered,
        ended_at=times.ended,
    )


def _event(kind: str, whom: tuple[int, str], said: CallTold, at: int, fields: Mapping[str, str]) -> Event:
    """Make an event: ``whom`` is the called number and the caller."""
    number, caller = whom
    return Event(kind, number, at, max(at, now_us()), caller, said.agent, dict(fields))


def _recorded(store: Store, who: Principal, said: CallTold, event: Event, now: int) -> int:
    source = Source("gate", hashlib.sha256(msgspec.json.encode(said)).hexdigest(), now, who.id, who.organisation.key)
    record(store, [(1, event)], source, PACKS["NL"])
    id_ = content_id(event, who.organisation.key)
    return places(store, [id_])[id_]


def _times(said: CallTold, now: int) -> _Times:
    """Read instants; a gate whose clock is ahead tells of what has happened, so of no later than now."""
    read = [
        min(read_instant(text, f"/{name}"), now) if text else 0
        for name, text in (
            ("begun_at", said.begun_at),
            ("answered_at", said.answered_at),
            ("ended_at", said.ended_at),
        )
    ]
    times = _Times(*read)
    if times.answered or said.code:
        begun = times.begun or times.answered
        if not begun:
            raise InputError("it does not say when the call was placed.", where="/begun_at", todo="ISO 8601.")
        times = times._replace(begun=begun)
    return times


def _entry(verdict: str) -> int:
    text = verdict.removeprefix("v-")
    return int(text) if text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004  what the database holds
