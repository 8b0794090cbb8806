"""The gate's question and answer as dialers put them that speak no JSON: a form in; a line of text, or FreeSWITCH's XML, out.

>>> asked = {"Caller-Destination-Number": "0201000007", "Caller-Caller-ID-Number": "+31201990001", "campaign": "autumn"}
>>> channel_question(asked).called, channel_question(asked).campaign
('0201000007', 'autumn')
>>> line(GateAnswer(allow=0, code=608, ref="v-7")), line(GateAnswer(allow=1, permit="0f.ab"))
('deny:608:v-7', 'allow:0f.ab')

FreeSWITCH's ``httapi`` goes on with its dialplan where it gets no document, so a dialplan that dials on no more than that
would fail open. Whoever asks sets the variable ``belbaar`` to ``deny`` before, and dials only where it says ``allow``.
"""

__all__ = ["channel_document", "channel_ended", "channel_question", "form_question", "line"]

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from belbaar.api.gate.calls import CallTold
from belbaar.api.gate.questions import GateAnswer, GateQuestion
from belbaar.errors import InputError
from belbaar.reading import written

_FINAL = re.compile(r"sip:([3-6]\d\d)")
_OK, _UNKNOWN = 200, 480
_LONG = 18
"""Digits of an instant that is none."""
_OWN = ("campaign", "product", "agent", "offer")
"""What a dialplan adds of its own to what a channel tells."""


def form_question(form: Mapping[str, str]) -> GateQuestion:
    """Read a question out of a form with the names of ``POST /v1/gate``; ``from`` is the number shown where it is left out.

    Raises:
        InputError: when a field is missing, too long or none of a question.
    """
    try:
        return msgspec.convert({"from": form.get("presented", ""), **form}, GateQuestion)
    except msgspec.ValidationError as error:
        raise InputError(
            f"{error}.", code="malformed", todo="Fields: called, presented, call_id, campaign, product, agent."
        ) from error


def channel_question(form: Mapping[str, str]) -> GateQuestion:
    """Read a question out of what FreeSWITCH tells of a channel (``switch_caller_profile_event_set_data``).

    ``called`` and ``presented`` go before what the channel says, where the dialplan gives them. A number that the channel
    hides is shown to nobody, so it is none.

    Raises:
        InputError: as ``form_question``.
    """
    hidden = form.get("Caller-Privacy-Hide-Number", "false") != "false"
    asked = {
        "called": form.get("called") or form.get("Caller-Destination-Number", ""),
        "presented": "" if hidden else form.get("presented") or form.get("Caller-Caller-ID-Number", ""),
        "call_id": form.get("session_id") or form.get("Caller-Unique-ID", ""),
    }
    return form_question(asked | {name: form[name] for name in _OWN if name in form})


def channel_ended(form: Mapping[str, str]) -> CallTold | None:
    """Read what became of a call out of what FreeSWITCH tells of a channel that ended (``switch_channel_set_timestamps``).

    None where it had no permit, or its profile tells no variables.
    """
    told = {name: form.get(f"variable_{name}_uepoch", "") for name in ("start", "answer", "end")}
    permit = form.get("variable_belbaar_permit", "")
    at = {name: int(text) for name, text in told.items() if text.isdigit() and len(text) < _LONG and int(text)}
    if not permit or "start" not in at:
        return None
    final = _FINAL.fullmatch(form.get("variable_last_bridge_proto_specific_hangup_cause", ""))
    return CallTold(
        permit=permit,
        code=_OK if "answer" in at else int(final[1]) if final else _UNKNOWN,
        begun_at=written(at["start"]),
        answered_at=written(at["answer"]) if "answer" in at else "",
        ended_at=written(at["end"]) if "end" in at else "",
    )


def line(answer: GateAnswer) -> str:
    """Write an answer in one line without blanks: ``allow:`` and a permit, or ``deny:``, a code and the verdict."""
    return f"allow:{answer.permit}" if answer.allow else f"deny:{answer.code}:{answer.ref}"


def channel_document(answer: GateAnswer | None) -> bytes:
    """Write an answer for ``mod_httapi``; None: to a channel that has ended, which is asked nothing any more.

    A yes leaves ``httapi`` (``break``) and has the dialplan dial; ``continue`` would have it ask again for ever.
    """
    document = Element("document", type="xml/freeswitch-httapi")
    variables, work = SubElement(document, "variables"), SubElement(document, "work")
    if answer is None:
        SubElement(work, "break")
        return tostring(document)
    told = {"belbaar": "allow" if answer.allow else "deny", "belbaar_permit": answer.permit.partition(".")[0]}
    for name, value in (told | {"belbaar_cause": answer.cause, "belbaar_verdict": answer.ref}).items():
        SubElement(variables, name).text = value
    if answer.allow:
        SubElement(variables, "sip_h_X-Belbaar-Permit").text = answer.permit
        SubElement(work, "break")
    else:
        SubElement(work, "execute", application="respond", data=f"{answer.code} {answer.phrase}")
        SubElement(work, "hangup", cause="CALL_REJECTED")
    return tostring(document)
