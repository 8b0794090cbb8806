"""Sending the record of calls to the service, with each trunk's own key."""

__all__ = ["sender"]

from collections.abc import Sequence
from typing import Any

import httpx

from belbaar.errors import StoreUnavailable
from belbaar.sip.following import Sender
from belbaar.sip.record import Request
from belbaar.sip.settings import Gate

_SECONDS, _OK, _LEAST_OF_SERVER, _HOLD = 30.0, 200, 500, {401, 403, 429}


def sender(gate: Gate, http: httpx.Client) -> Sender:
    """Give what sends for a gate's trunks. ``http`` is closed by who opened it."""
    keys = {trunk.name: trunk.key for trunk in gate.trunks}
    base = gate.gate.removesuffix("/v1/gate")

    def send(trunk: str, told: Sequence[Request]) -> list[str]:
        if trunk not in keys and trunk:
            return [f'the configuration has no trunk "{trunk}"'] * len(told)
        headers = {"Authorization": f"Bearer {keys[trunk] if trunk else gate.trunks[0].key}"}
        calls = [request.body for request in told if request.path == "/v1/calls"]
        answer = _post(http, f"{base}/v1/calls", {"calls": calls}, headers) if calls else {"results": []}
        of_calls = iter(
            [_why(each) for each in answer["results"]] if "results" in answer else [_why(answer)] * len(calls)
        )
        return [
            next(of_calls)
            if request.path == "/v1/calls"
            else _why(_post(http, f"{base}{request.path}", request.body, headers))
            for request in told
        ]

    return send


def _post(http: httpx.Client, url: str, body: object, headers: dict[str, str]) -> dict[str, Any]:
    try:
        reply = http.post(url, json=body, headers=headers, timeout=_SECONDS)
        answer = reply.json()
    except (httpx.HTTPError, ValueError) as error:
        raise StoreUnavailable("the service does not answer.", where=url, todo="It is tried again.") from error
    if reply.status_code >= _LEAST_OF_SERVER or reply.status_code in _HOLD or not isinstance(answer, dict):
        raise StoreUnavailable(f"the service answered {reply.status_code}.", where=url, todo="It is tried again.")
    return answer if reply.status_code == _OK else {"problem": answer}


def _why(answer: dict[str, Any]) -> str:
    problem = answer.get("problem")
    return str(problem.get("detail") or problem.get("code")) if problem else ""
