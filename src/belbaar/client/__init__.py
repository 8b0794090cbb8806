"""The client: ask a service of belbaar from a program, and get a no whenever there is no answer.

    from belbaar.client import Client

    with Client("http://127.0.0.1:8080", key="bel_…") as belbaar:
        verdict = belbaar.may_call("+31201000007", caller="voltix", product="energy")
        if verdict:
            dial("+31201000007", permit=verdict.permit.token)

It needs nothing of belbaar but itself: httpx and msgspec. Requests are sent again while that may help and there is time.
"""

__all__ = ["AsyncClient", "Client", "NotRecorded", "Outcome", "Permit", "Problem", "Row", "Use", "Verdict"]

from belbaar.client.aio import AsyncClient
from belbaar.client.answers import NotRecorded, Outcome, Permit, Problem, Row, Use, Verdict
from belbaar.client.sync import Client
