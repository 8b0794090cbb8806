"""Twilio asks by the webhook of a voice URL, and is answered in TwiML: for legs that come in to it, from a SIP trunk or an app.

What it sends is signed with the account's auth token: the URL that it was given, then the fields by name, each with its
value, under HMAC-SHA1. With which key of belbaar an account asks stands beside its token, so its URL holds no secret.

>>> form = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
>>> signature("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")
'IK+Dwps556ElfBT0I3Rgjkr1wJU='
"""

__all__ = ["Account", "accounts", "dial_ended", "signature", "signed", "twiml", "voice_question"]

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from belbaar.api.gate.calls import CallTold
from belbaar.api.gate.dialers import form_question
from belbaar.api.gate.questions import GateAnswer, GateQuestion
from belbaar.errors import InputError
from belbaar.numbers import e164
from belbaar.reading import read_number, written

_CODES = {"completed": 200, "answered": 200, "busy": 486, "no-answer": 480, "canceled": 487, "failed": 503}
"""Codes of SIP, by what Twilio calls DialCallStatus."""
_OK, _SECOND = 200, 1_000_000
_PORTS = {"https": 443, "http": 80}


class Account(NamedTuple):
    """A Twilio account: the token that signs for it, and the key with which it asks."""

    token: str
    key: str


def accounts(told: str) -> dict[str, Account]:
    """Read the setting: ``AccountSid:auth token:key``, several with blanks between.

    Raises:
        InputError: when one is not of that form.
    """
    parts = [each.split(":") for each in told.split()]
    if any(len(each) != 3 or not all(each) for each in parts):  # noqa: PLR2004  as it says below
        raise InputError(
            "an account of Twilio has three parts.", where="twilio_secrets", todo="AccountSid:auth token:bel_…"
        )
    return {sid: Account(token, key) for sid, token, key in parts}


def signature(url: str, form: Sequence[tuple[str, str]], token: str) -> str:
    """Sign as Twilio does; a field that comes twice with one value counts once."""
    said = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


def signed(url: str, form: Sequence[tuple[str, str]], token: str, shown: str) -> bool:
    """Tell whether a signature is that of a request; Twilio writes the port in the URL, or does not."""
    told = shown.encode("latin-1", "replace")
    made = [signature(each, form, token).encode() for each in _with_and_without_port(url)]
    return any([hmac.compare_digest(each, told) for each in made])  # noqa: C419  all: time tells nothing


def voice_question(form: Mapping[str, str], query: Mapping[str, str]) -> GateQuestion:
    """Read a question: who is called and shown out of the form; the campaign, and a number shown in its place, of the URL.

    Raises:
        InputError: as ``form_question``, and for a call that is on its way already.
    """
    if form.get("Direction", "inbound").startswith("outbound"):
        raise InputError(
            "this call is on its way already.", where="/Direction", todo="Ask before it is made: POST /v1/gate"
        )
    asked = {
        "called": _user(form.get("To", "")),
        "presented": query.get("presented") or _user(form.get("From", "")),
        "call_id": form.get("CallSid", ""),
    }
    return form_question(asked | {name: query[name] for name in ("campaign", "product", "agent") if name in query})


def dial_ended(form: Mapping[str, str], permit: str, now: int) -> CallTold:
    """Read what became of a call that was dialled: it ended ``now`` (UTC microseconds), and was talked for so many seconds."""
    talked, code = form.get("DialCallDuration", ""), _CODES.get(form.get("DialCallStatus", ""), 500)
    began = written(now - (int(talked) * _SECOND if talked.isdigit() and len(talked) < 7 else 0))  # noqa: PLR2004  weeks
    return CallTold(
        permit=permit, code=code, begun_at=began, answered_at=began if code == _OK else "", ended_at=written(now)
    )


def twiml(answer: GateAnswer, question: GateQuestion, ended: str) -> bytes:
    """Write an answer: dial the number, showing the number that was judged, or reject the leg before it is answered.

    ``ended``: the address to which Twilio tells what became of the call; the permit is put behind it.
    """
    response = Element("Response")
    if answer.allow:
        action = f"{ended}?{urlencode({'permit': answer.permit.partition('.')[0]})}"
        dial = SubElement(
            response, "Dial", callerId=e164(read_number(question.presented, "/From")), action=action, method="POST"
        )
        SubElement(dial, "Number").text = e164(read_number(question.called, "/To"))
    else:
        SubElement(response, "Reject", reason="rejected")
    return tostring(response)


def _user(address: str) -> str:
    """Give the number of an address, ``sip:0201000007@…`` or the number itself."""
    scheme, _, rest = address.partition(":")
    return rest.partition("@")[0] if scheme in ("sip", "sips") else address


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    return parts._replace(netloc=f"{host}:{port}").geturl(), parts._replace(netloc=host).geturl()
