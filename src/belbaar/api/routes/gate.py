"""The gate in the path of calls, and the campaigns by which it knows on whose behalf they are made."""

__all__ = ["ROUTES"]

import msgspec
from litestar import get, post

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor
from belbaar.api.books.reading import reads
from belbaar.api.desk import Act
from belbaar.api.gate import Campaign, GateAnswer, GateQuestion
from belbaar.api.gate.campaigns import NewCampaign, add_campaign, campaigns
from belbaar.api.service import Service
from belbaar.api.watch.metrics import count_verdicts
from belbaar.clock import now_us
from belbaar.ledger import Store


class Campaigns(msgspec.Struct, frozen=True):
    """The campaigns of your organisation."""

    campaigns: list[Campaign]


@post("/v1/gate", status_code=200, operation_id="askGate", tags=["The gate"], summary="May this SIP call pass?")
async def ask(data: GateQuestion, principal: Principal, service: Service) -> GateAnswer:
    """Judge a call that is in its path already. A no is an answer too, as SIP says it; let nothing pass on any other.

    The verdict is kept as evidence. Where it allows the call there is a permit with it, used up by this call.
    """
    principal.needs("permit")
    gated = await service.desk.does(Act(service.gating.asks, (principal, data)))
    verdict = gated.verdict
    if verdict is not None:
        count_verdicts([(verdict.allowed, verdict.ground, True)])
        if verdict.entry is not None:
            service.tally.give(verdict.entry)
    return gated.answer


@post("/v1/campaigns", status_code=200, operation_id="addCampaign", tags=["The gate"], summary="Register a campaign.")
async def add(data: NewCampaign, principal: Principal, service: Service) -> Campaign:
    """Say on whose behalf the calls of a campaign are made, about what, and which number they show."""
    act = service.books.act(principal, "register", lambda store, who: _added(store, who, data))
    told: Campaign = await service.desk.does(act)
    return told


@get("/v1/campaigns", operation_id="listCampaigns", tags=["The gate"], summary="Your campaigns.")
async def registered(principal: Principal, service: Service) -> Campaigns:
    """Give the campaigns of your organisation whose callers you may speak for."""
    return Campaigns(await reads(service, principal, "books", _visible))


def _added(store: Store, who: Principal, new: NewCampaign) -> Campaign:
    who.speaks_for(new.caller)
    return add_campaign(store, Actor.of(who), new, now=now_us())


def _visible(store: Store, who: Principal) -> list[Campaign]:
    return [each for each in campaigns(store, who.organisation.key) if each.caller in who.callers]


ROUTES = (ask, add, registered)
