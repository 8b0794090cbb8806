"""The gate in the path of calls, and the campaigns by which it knows on whose behalf they are made."""

__all__ = ["ROUTES", "judged"]

import msgspec
from litestar import delete, get, post

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor
from belbaar.api.books.reading import reads
from belbaar.api.desk import Act
from belbaar.api.gate import Campaign, GateAnswer, GateQuestion
from belbaar.api.gate.calling_back import CalledBack, CallingBack, called_back
from belbaar.api.gate.campaigns import NewCampaign, add_campaign
from belbaar.api.gate.card_key import CardKey, card_key
from belbaar.api.gate.glass import Broken, Glass, ToldBroken, break_glass, glasses, mend, tell_broken
from belbaar.api.gate.held import Held, Holding, confirm, holdings, tried
from belbaar.api.gate.jcard import signed_jcard
from belbaar.api.service import Service, seen_at
from belbaar.api.watch.metrics import count_verdicts
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.ledger.campaigns import campaigns
from belbaar.opening import keys_folder

_CERTIFICATE = "/.well-known/jcard.pem"


class HeldNumbers(msgspec.Struct, frozen=True):
    """The numbers that your callers have shown to hold."""

    numbers: list[Holding]


class Glasses(msgspec.Struct, frozen=True):
    """When the glass was broken, the last first."""

    glasses: list[Broken]


class Campaigns(msgspec.Struct, frozen=True):
    """The campaigns of your organisation."""

    campaigns: list[Campaign]


@post("/v1/gate", status_code=200, operation_id="askGate", tags=["The gate"], summary="May this SIP call pass?")
async def ask(data: GateQuestion, principal: Principal, service: Service) -> GateAnswer:
    """Judge a call that is in its path already. A no is an answer too, as SIP says it; let nothing pass on any other.

    The verdict is kept as evidence. Where it allows the call there is a permit with it, used up by this call. A signature
    that does not hold is a no before anything is judged; where the service signs, a yes has one for the call.
    """
    return await judged(service, principal, data)


async def judged(service: Service, principal: Principal, data: GateQuestion) -> GateAnswer:
    """Judge a call for a gate, in whichever form it asked."""
    principal.needs("permit")
    if objection := await service.vouching.objects(data, now_us()):
        return await reads(service, principal, "permit", lambda _, __: objection)
    gated = await service.desk.does(Act(service.gating.asks, (principal, data)))
    verdict = gated.verdict
    if verdict is not None:
        count_verdicts([(verdict.allowed, verdict.ground, True)])
        service.gave(principal, verdict)
    return service.vouching.signed(data, gated.answer, now_us())


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


@post("/v1/numbers/held", status_code=200, operation_id="holdNumber", tags=["The gate"], summary="It is our number.")
async def hold(data: Held, principal: Principal, service: Service) -> Holding:
    """Show that a caller holds a number, by the code that was called or texted to it.

    Who runs the service has it sent: ``belbaar caller code``. Only then may calls through the gate show that number.
    """
    act = service.books.act(principal, "register", lambda store, who: confirm(store, who, data, now=now_us()))
    try:
        held: Holding = await service.desk.does(act)
    except InputError as error:
        if error.code == "code-refused":
            await service.desk.does(
                service.books.act(principal, "register", lambda store, who: tried(store, who, data))
            )
        raise
    return held


@get("/v1/numbers/held", operation_id="heldNumbers", tags=["The gate"], summary="Numbers that were shown to be yours.")
async def held(principal: Principal, service: Service) -> HeldNumbers:
    """Give the numbers that your callers have shown to hold."""
    return HeldNumbers(await reads(service, principal, "books", _held))


@post(
    "/v1/gate/broken-glass", status_code=200, operation_id="breakGlass", tags=["The gate"], summary="Break the glass."
)
async def break_(data: Glass, principal: Principal, service: Service) -> Broken:
    """Let calls of your organisation pass for some minutes whatever the law says, for a reason that is logged.

    Each is judged all the same; its answer and the record of calls say that it passed this way. Who hides, or shows
    another's number, is refused as always.
    """
    act = service.books.act(principal, "administer", lambda store, who: break_glass(store, who, data, now=now_us()))
    came: Broken = await service.desk.does(act)
    return came


@delete("/v1/gate/broken-glass", status_code=200, operation_id="mendGlass", tags=["The gate"], summary="End it.")
async def mend_(principal: Principal, service: Service) -> Glasses:
    """Have calls pass by the law again, before the time is over."""
    await service.desk.does(
        service.books.act(principal, "administer", lambda store, who: mend(store, who, now=now_us()))
    )
    return Glasses(await reads(service, principal, "administer", _glasses))


@get("/v1/gate/broken-glass", operation_id="brokenGlasses", tags=["The gate"], summary="When the glass was broken.")
async def broken_(principal: Principal, service: Service) -> Glasses:
    """Give when the glass of your organisation was broken, by whom, until when and why."""
    return Glasses(await reads(service, principal, "books", _glasses))


@post(
    "/v1/gate/broken-glass/told",
    status_code=200,
    operation_id="tellBrokenGlass",
    tags=["The gate"],
    summary="The glass was broken at a gate.",
)
async def tell_glass(data: ToldBroken, principal: Principal, service: Service) -> Broken:
    """Have written in the log that the glass of a gate itself was broken, while the service was away. It opens nothing here."""
    act = service.books.act(principal, "permit", lambda store, who: tell_broken(store, who, data, now=now_us()))
    came: Broken = await service.desk.does(act)
    return came


@post("/v1/gate/call-backs", status_code=200, operation_id="callBack", tags=["Calls"], summary="Somebody calls back.")
async def call_back(data: CallingBack, principal: Principal, service: Service) -> CalledBack:
    """Give what somebody hears who calls a number that your calls show, and take "do not call me again" by the key 1.

    The number that calls in counts only where the network asserts it and it is not withheld.
    """
    act = service.books.act(principal, "permit", lambda store, who: called_back(store, who, data))
    came: CalledBack = await service.desk.does(act)
    return came


@get(
    "/v1/jcards/{caller:str}",
    operation_id="callerCard",
    tags=["The gate"],
    summary="Whom to ask about a refused call.",
    media_type="application/jose",
)
async def card(caller: str, service: Service) -> bytes:
    """Give the signed jCard of a caller that has described how to reach it: a 608 names this address (RFC 8688)."""
    key = _card_key(service)
    signed: bytes = await service.readers.reads(
        lambda store: signed_jcard(
            store, caller, key.secret, certificate_url=f"{seen_at(service.settings)}{_CERTIFICATE}", now=now_us()
        )
    )
    return signed


@get(
    _CERTIFICATE,
    operation_id="cardCertificate",
    tags=["The gate"],
    summary="The certificate by which jCards are checked.",
    media_type="application/pem-certificate-chain",
)
async def card_certificate(service: Service) -> bytes:
    """Give the certificate of the key that signs jCards, and those that vouch for it: ``x5u`` of each names this."""
    return _card_key(service).certificates


def _card_key(service: Service) -> CardKey:
    return card_key(keys_folder(service.settings.store), service.issuer)


def _held(store: Store, who: Principal) -> list[Holding]:
    return holdings(store, {key: name for name, key in who.callers.items()})


def _glasses(store: Store, who: Principal) -> list[Broken]:
    return glasses(store, who.organisation.key)


ROUTES = (ask, add, registered, hold, held, break_, mend_, broken_, tell_glass, call_back, card, card_certificate)
