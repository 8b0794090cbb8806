"""The gate's question as dialers ask it that speak no JSON: plain text, FreeSWITCH's mod_httapi, Twilio's voice webhook."""

__all__ = ["ROUTES"]

from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body

from belbaar.api.access import Principal, Unauthorised
from belbaar.api.asking import principal_of
from belbaar.api.gate.dialers import channel_document, channel_ended, channel_question, form_question, line
from belbaar.api.gate.twilio import dial_ended, signed, twiml, voice_question
from belbaar.api.routes.calls import tell_one
from belbaar.api.routes.gate import judged
from belbaar.api.service import Service, seen_at
from belbaar.clock import now_us

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
AnyRequest = Request[object, object, State]
_TAG = ["The gate"]


@post(
    "/v1/gate/plain",
    status_code=200,
    operation_id="askGatePlainly",
    tags=_TAG,
    summary="The gate's question, as a form and a line of text.",
    opt={"gives": ("text/plain",)},
)
async def plain(data: Form, principal: Principal, service: Service) -> Response[str]:
    """Answer ``allow:`` and a permit, or ``deny:``, a code of SIP and the verdict. Anything else is a no.

    For what can read text only: ``CURL()`` of Asterisk, ``curl`` of FreeSWITCH. The fields are those of ``POST /v1/gate``.
    """
    return Response(line(await judged(service, principal, form_question(data))), media_type="text/plain")


@post(
    "/v1/gate/httapi",
    status_code=200,
    operation_id="askGateByHttapi",
    tags=_TAG,
    summary="The gate's question, as FreeSWITCH's mod_httapi asks it.",
    opt={"gives": ("text/xml",)},
)
async def httapi(data: Form, principal: Principal, service: Service) -> Response[bytes]:
    """Answer with a document that sets ``belbaar`` to allow or deny; a no ends the call with SIP's code for it.

    A channel that ends tells so once more (``exiting``): nothing is judged then, and what became of the call is kept.
    """
    if not data.get("exiting"):
        return Response(
            channel_document(await judged(service, principal, channel_question(data))), media_type="text/xml"
        )
    if call := channel_ended(data):
        await tell_one(service, principal, call)
    return Response(channel_document(None), media_type="text/xml")


@post(
    "/v1/gate/twilio",
    status_code=200,
    operation_id="askGateByTwilio",
    tags=_TAG,
    summary="The gate's question, as Twilio's voice webhook asks it.",
    security=[{"twilio": []}],
    opt={"gives": ("text/xml",)},
)
async def twilio(request: AnyRequest, service: Service) -> Response[bytes]:
    """Answer the webhook of an account that is among the settings, by its signature; with TwiML that dials, or rejects.

    The query of the URL says for which ``campaign`` (or ``product``, ``agent``), and which number is shown (``presented``)
    where the leg itself shows none.
    """
    signed_by = await _signed_by(request, service)
    question = voice_question(signed_by.form, signed_by.query)
    answer = await judged(service, signed_by.principal, question)
    ended = f"{seen_at(service.settings)}/v1/gate/twilio/ended"
    return Response(twiml(answer, question, ended), media_type="text/xml")


@post(
    "/v1/gate/twilio/ended",
    status_code=200,
    operation_id="tellTwilioCall",
    tags=["Calls"],
    summary="Twilio tells what became of a call that it dialled.",
    security=[{"twilio": []}],
    opt={"gives": ("text/xml",)},
)
async def twilio_ended(request: AnyRequest, service: Service) -> Response[bytes]:
    """Keep what became of a call: its permit stands in the address that the dialling TwiML named. The leg is hung up."""
    signed_by = await _signed_by(request, service)
    call = dial_ended(signed_by.form, signed_by.query.get("permit", ""), now_us())
    await tell_one(service, signed_by.principal, call)
    return Response(b"<Response><Hangup /></Response>", media_type="text/xml")


class _SignedBy(NamedTuple):
    principal: Principal
    form: dict[str, str]
    query: dict[str, str]


async def _signed_by(request: AnyRequest, service: Service) -> _SignedBy:
    """Tell whose webhook this is, by its signature.

    Raises:
        Unauthorised: when no account that is known here signed it.
    """
    fields = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    form, query = dict(fields), request.scope["query_string"].decode("latin-1")
    url = f"{seen_at(service.settings)}{request.scope['path']}{'?' if query else ''}{query}"
    account = service.twilio.get(form.get("AccountSid", ""))
    if account is None or not signed(url, fields, account.token, request.headers.get("x-twilio-signature", "")):
        raise Unauthorised(
            "this was not signed by an account of Twilio that is known here.",
            where="X-Twilio-Signature",
            todo="Put the account among BELBAAR_TWILIO_SECRETS, and BELBAAR_PUBLIC_URL as Twilio has it.",
        )
    return _SignedBy(await principal_of(service, account.key), form, dict(parse_qsl(query)))


ROUTES = (plain, httapi, twilio, twilio_ended)
