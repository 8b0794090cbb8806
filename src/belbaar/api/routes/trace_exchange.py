"""The trace desk: letters, other providers that are asked, and those that ask."""

__all__ = ["ROUTES"]

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.routes.trace import acts
from belbaar.api.service import Service
from belbaar.api.trace.told import CaseTold, Lang, PartyTold, case_told, party_of
from belbaar.ledger import Store
from belbaar.reading import written
from belbaar.trace import Hand
from belbaar.trace.cases import case_of, kept, step
from belbaar.trace.exchange import Provider, answer, ask, asked_of, providers, register_provider, replied, take_request
from belbaar.trace.messages import public_keys

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=2000)]
_Token = Annotated[str, msgspec.Meta(max_length=100_000)]
_TAGS = ["The trace desk"]


class LetterWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A letter of a case.

    Args:
        letter: to who asked (``received``, ``found`` or ``refused``), or to who is ``named``.
        lang: left out: the language of the request.
    """

    letter: Literal["received", "found", "refused", "named"]
    lang: Lang | None = None


class ProviderAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which provider is asked, about which calls of the case."""

    provider: _Short
    calls: Annotated[list[_Short], msgspec.Meta(max_length=100)]


class Sent(msgspec.Struct, frozen=True):
    """What to send to the other provider: signed, so that it is believed whatever road it takes."""

    message: str


class Received(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the other provider sent."""

    message: _Token


class ReceivedFrom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a provider sent, and which."""

    provider: _Short
    message: _Token


class RepliedTold(msgspec.Struct, frozen=True):
    """What the other provider says: its subscriber, or why it does not say."""

    party: PartyTold | None
    why: str


class ReadWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is read."""

    why: _Long


class AskedCallTold(msgspec.Struct, frozen=True):
    """A call that another provider asks about: the number of your subscriber, and when it arrived there."""

    number: str
    at: str
    call_id: str


class AskedTold(msgspec.Struct, frozen=True):
    """What another provider asks."""

    calls: list[AskedCallTold]


class AnswerWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What another provider is answered.

    Args:
        party: your subscriber; left out: it is not said who.
        why: why not.
        reason: for the file.
    """

    party: PartyTold | None = None
    why: _Short = ""
    reason: _Long = ""


class Answered(msgspec.Struct, frozen=True):
    """The case, and what to send."""

    case: CaseTold
    message: str


class ProviderTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another provider.

    Args:
        provider: a word to name it by.
        name: its name.
        issuer: in whose name it signs, as its GET /v1/trace/keys tells.
        keys: its public keys, from there too (RFC 7517).
    """

    provider: _Short
    name: _Short
    issuer: _Short
    keys: dict[str, Any]


class Providers(msgspec.Struct, frozen=True):
    """The other providers that your organisation registered."""

    providers: list[ProviderTold]


class Keys(msgspec.Struct, frozen=True):
    """What other providers need: in whose name is signed (and your organisation's id after it), and the public keys."""

    issuer: str
    keys: list[dict[str, Any]]


@post(
    "/v1/trace/cases/{case:str}/letter",
    status_code=200,
    operation_id="makeLetter",
    tags=_TAGS,
    summary="A letter.",
    opt={"gives": ("application/pdf",)},
)
async def make_letter(case: str, data: LetterWanted, principal: Principal, service: Service) -> Response[bytes]:
    """Write a letter of a case, as PDF: the same bytes each time. That it was made is an entry of the log."""
    sender = principal.organisation.name

    def write(store: Store, hand: Hand) -> bytes:
        found = case_of(store, hand, case)
        from belbaar.trace.letters import letter  # noqa: PLC0415  what makes PDF loads slowly

        made = letter(found, data.letter, data.lang or (found.papers.request.lang if found.papers else "nl"), sender)
        step(store, hand, case, "letter", letter=data.letter)
        if found.papers and data.letter not in found.papers.letters:
            kept(store, hand, case, letters=(*found.papers.letters, data.letter))
        return made

    content = await acts(service, principal, write)
    headers = {"Content-Disposition": f'attachment; filename="{data.letter}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@post(
    "/v1/trace/cases/{case:str}/ask", status_code=200, operation_id="askProvider", tags=_TAGS, summary="Ask a provider."
)
async def ask_provider(case: str, data: ProviderAsked, principal: Principal, service: Service) -> Sent:
    """Make the signed request to the provider whose subscriber called. It says the number and the time, not who asks."""
    signer, calls = service.tracing.signer(principal), tuple(data.calls)
    return Sent(
        await acts(service, principal, lambda store, hand: ask(store, hand, case, data.provider, calls, signer))
    )


@post(
    "/v1/trace/cases/{case:str}/replied",
    status_code=200,
    operation_id="providerReplied",
    tags=_TAGS,
    summary="Take its reply in.",
)
async def provider_replied(case: str, data: Received, principal: Principal, service: Service) -> RepliedTold:
    """Take in what the provider replied, where it signed it and it answers your request. You decide what follows."""
    signer = service.tracing.signer(principal)
    reply = await acts(service, principal, lambda store, hand: replied(store, hand, case, data.message, signer))
    party = reply.party
    told = PartyTold(party.number, party.name, party.address, party.postcode, party.town) if party else None
    return RepliedTold(told, reply.why)


@post(
    "/v1/trace/asked", status_code=201, operation_id="takeRequest", tags=_TAGS, summary="Take a provider's request in."
)
async def take(data: ReceivedFrom, principal: Principal, service: Service) -> CaseTold:
    """Open a case for what another provider asks, where it signed it and it is for you; each request counts once."""
    signer = service.tracing.signer(principal)
    return await acts(
        service,
        principal,
        lambda store, hand: case_told(take_request(store, hand, data.message, data.provider, signer)),
    )


@post(
    "/v1/trace/cases/{case:str}/asked",
    status_code=200,
    operation_id="readRequest",
    tags=_TAGS,
    summary="What is asked?",
)
async def read_request(case: str, data: ReadWanted, principal: Principal, service: Service) -> AskedTold:
    """Read which of your subscribers another provider asks about. That you did is an entry of the log."""
    asked = await acts(service, principal, lambda store, hand: asked_of(store, hand, case, data.why))
    return AskedTold([AskedCallTold(each.number, written(each.at), each.call_id) for each in asked.calls])


@post(
    "/v1/trace/cases/{case:str}/answer",
    status_code=200,
    operation_id="answerProvider",
    tags=_TAGS,
    summary="Answer it.",
)
async def answer_provider(case: str, data: AnswerWanted, principal: Principal, service: Service) -> Answered:
    """Answer another provider, signed: who your subscriber is, or why you do not say. The case has ended then."""
    signer, party = service.tracing.signer(principal), party_of(data.party) if data.party else None

    def does(store: Store, hand: Hand) -> Answered:
        ended, token = answer(store, hand, case, party=party, why=data.why, reason=data.reason, signer=signer)
        return Answered(case_told(ended), token)

    return await acts(service, principal, does)


@post(
    "/v1/trace/providers", status_code=200, operation_id="registerProvider", tags=_TAGS, summary="Register a provider."
)
async def register(data: ProviderTold, principal: Principal, service: Service) -> ProviderTold:
    """Register another provider and its public keys, or these anew."""
    provider = Provider(data.provider, data.name, data.issuer, data.keys)
    await acts(service, principal, lambda store, hand: register_provider(store, hand, provider))
    return data


@get("/v1/trace/providers", operation_id="listProviders", tags=_TAGS, summary="The providers that you registered.")
async def registered(principal: Principal, service: Service) -> Providers:
    """Give the other providers that your organisation registered."""
    reader = service.tracing.reader
    found = await reads(service, principal, "trace", lambda store, who: providers(store, reader(who)))
    return Providers([ProviderTold(each.provider, each.name, each.issuer, each.keys) for each in found.values()])


@get("/v1/trace/keys", operation_id="traceKeys", tags=_TAGS, summary="The keys that sign what providers get.")
async def keys(service: Service) -> Keys:
    """Give what another provider needs to believe your requests and replies."""
    return Keys(service.tracing.issuer, public_keys(service.tracing.signing)["keys"])


ROUTES = (make_letter, ask_provider, provider_replied, take, read_request, answer_provider, register, registered, keys)
