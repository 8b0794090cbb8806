r"""Asterisk asks over FastAGI, from its dialplan: may this call be made? What became of it; "do not call me again".

    same => n,Set(BELBAAR=deny)
    same => n,AGI(agi://127.0.0.1:4573/gate,${EXTEN},,energy)
    same => n,GotoIf($["${AGISTATUS}" = "SUCCESS" & "${BELBAAR}" = "allow"]?call)
    same => n,Hangup(21)

A request is lines that Asterisk writes, then a blank one; answers are commands that set variables of the channel. Where
the service does not answer in time, or not with a yes in its own form, the variable says deny.

>>> told = variables({"allow": 1, "permit": "0f.ab", "ref": "v-7"})
>>> told["BELBAAR"], told["BELBAAR_PERMIT"], variables({"allow": True, "permit": "0f.ab"})["BELBAAR"]
('allow', '0f', 'deny')
"""

__all__ = ["Asking", "answer", "variables"]

import asyncio
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.sip.telling import Service, ask, tell
from belbaar.sip.vicidial import objection

_LINES, _SECONDS = 200, 1.0
"""Lines of a request at most, and seconds, five times which Asterisk is waited for."""
_HIDDEN = 0x60
"""Bits of ``callingpres`` by which a number is withheld, or not to be had: then it is shown to nobody (nl.anonymous: Tw 11.7(8))."""
_GET, _ADDRESS = re.compile(r"GET (\S+) HTTP/1\.[01]"), "GET"
"""How a request of HTTP begins, on the same port, and under what its address is kept; no name of Asterisk's is in capitals."""
_PLAIN = re.compile(r"[^A-Za-z0-9 ._+-]")
_ANSWERED = "ANSWER"
_SAID = {
    "yes": (200, "recorded"),
    "later": (202, "kept, and recorded as soon as it can be"),
    "no": (503, "not recorded: record it again"),
}
"""What VICIdial is answered, by what came of it."""
_CODES = {"ANSWER": 200, "BUSY": 486, "NOANSWER": 480, "CANCEL": 487, "CONGESTION": 503, "CHANUNAVAIL": 503}
"""Codes of SIP, by what Asterisk calls DIALSTATUS."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask and tell, and what calls are about where the dialplan does not say it."""

    service: Service
    product: str = ""
    agent: str = ""


async def answer(asking: Asking, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request of Asterisk, or of VICIdial's agent screen, and hang up."""
    try:
        request = await asyncio.wait_for(_request(reader), 5 * _SECONDS)
        if _ADDRESS in request:
            writer.write(await _hooked(asking, request[_ADDRESS]))
            await writer.drain()
            return
        for name, value in (await _told(asking, request)).items():
            writer.write(f'SET VARIABLE {name} "{value}"\n'.encode())
            await writer.drain()
            await asyncio.wait_for(reader.readline(), 5 * _SECONDS)
    except (TimeoutError, ConnectionError, ValueError):
        pass  # Asterisk hung up, or is none: its dialplan said deny before it asked
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> dict[str, str]:
    request = dict[str, str]()
    for _ in range(_LINES):
        line = (await reader.readline()).decode("utf-8", "replace").strip()
        if not line:
            break
        if not request and (address := _GET.fullmatch(line)):
            request[_ADDRESS] = address[1]
            continue
        name, _, value = line.partition(":")
        request[name.removeprefix("agi_")] = value.strip()
    return request


async def _hooked(asking: Asking, target: str) -> bytes:
    """Have the objection recorded of which an address tells; answer as HTTP does, for VICIdial's log of what it called."""
    try:
        event = objection(target)
    except InputError as error:
        return _http(400, error.what)
    if event is None:
        return _http(200, "no objection")
    at = {} if asking.service.untold is None else {"at": _iso(now_us())}  # it may be told later
    return _http(*_SAID[await tell(asking.service, "/v1/events", event | at)])


def _http(status: int, says: str) -> bytes:
    body = f"{says}\n".encode()
    head = f"HTTP/1.0 {status} {HTTPStatus(status).phrase}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _told(asking: Asking, request: Mapping[str, str]) -> dict[str, str]:
    """Give the variables to be set: what is asked stands behind the address, as in ``agi://host/gate``."""
    what = request.get("network_script", "gate").partition("?")[0]
    if what == "ended":
        return {"BELBAAR_KEPT": await tell(asking.service, "/v1/calls", {"calls": [_ended(request)]})}
    if what == "objection":
        said = {"permit": request.get("arg_1", ""), "how": "key"}
        return {"BELBAAR_OBJECTED": await tell(asking.service, "/v1/gate/objections", said)}
    if what != "gate":
        return {"BELBAAR": "deny", "BELBAAR_CAUSE": "not understood"}
    _, answered = await ask(asking.service, "/v1/gate", _question(asking, request))
    return variables(answered)


def _question(asking: Asking, request: Mapping[str, str]) -> dict[str, str]:
    told = request.get("callingpres", "0")
    shows = request.get("callerid", "") if told.isdigit() and not int(told) & _HIDDEN else ""
    return {
        "called": request.get("arg_1") or request.get("extension", ""),
        "presented": shows,
        "from": shows,
        "call_id": request.get("uniqueid", ""),
        "campaign": request.get("arg_2", ""),
        "product": request.get("arg_3") or asking.product,
        "agent": asking.agent,
    }


def _ended(request: Mapping[str, str]) -> dict[str, object]:
    """Tell what became of a call: its permit, DIALSTATUS and the seconds that were talked."""
    status, now = request.get("arg_2", ""), now_us()
    talked = int(request["arg_3"]) if request.get("arg_3", "").isdigit() else 0
    began = _iso(now - talked * 1_000_000)
    told = {
        "permit": request.get("arg_1", ""),
        "code": _CODES.get(status, 500),
        "begun_at": began,
        "ended_at": _iso(now),
    }
    return told | ({"answered_at": began} if status == _ANSWERED else {})


def variables(answered: Mapping[str, Any]) -> dict[str, str]:
    """Give the variables of a channel by the gate's answer; only the number 1 with a permit is a yes."""
    allow, permit = answered.get("allow"), answered.get("permit")
    yes = type(allow) is int and allow == 1 and isinstance(permit, str) and bool(permit)
    told = {
        "BELBAAR": "allow" if yes else "deny",
        "BELBAAR_PERMIT": str(permit).partition(".")[0] if yes else "",
        "BELBAAR_VERDICT": answered.get("ref", ""),
        "BELBAAR_CODE": "" if yes else answered.get("code", 503),
        "BELBAAR_CAUSE": "" if yes else answered.get("cause", "permission cannot be checked"),
    }
    return {name: _PLAIN.sub("", str(value))[:100] for name, value in told.items()}


def _iso(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).isoformat()
