"""Tools for AI agents: `belbaar mcp` as a process, asked by the official client of the protocol."""

import json
import sys
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.api.conftest import CONSENT, CONSENTED, UNKNOWN
from tests.api.service import environment
from tests.loops import run as run_in_loop

ENERGY = {"caller": "voltix", "product": "energy"}


def _asked(service, key: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Call tools, and give what came of each."""
    env = environment() | {"BELBAAR_URL": service.url, "BELBAAR_KEY": key}
    parameters = StdioServerParameters(command=sys.executable, args=["-m", "belbaar.cli", "mcp"], env=env)

    async def run() -> list[Any]:
        async with Client(stdio_client(parameters)) as client:
            tools = await client.list_tools()
            assert {tool.name for tool in tools.tools} == {"may_call", "explain", "record_objection"}
            return [_read(await client.call_tool(name, given)) for name, given in calls]

    return run_in_loop(run())


def _read(result: Any) -> Any:
    told = result.structured_content
    if told is None:
        return json.loads(result.content[0].text)
    return told.get("result", told)


def test_an_agent_asks_has_it_explained_and_records_an_objection(service):
    number = "+31201000041"
    service.post("/v1/events", {**CONSENT, "number": number})
    asked = {"number": number, **ENERGY}
    first, why, recorded, then, unknown = _asked(
        service,
        service.make_key("integrator"),
        ("may_call", asked),
        ("explain", {**asked, "lang": "nl"}),
        ("record_objection", {"number": number, "caller": "voltix"}),
        ("may_call", asked),
        ("may_call", {**asked, "number": UNKNOWN}),
    )
    assert (first["allowed"], first["ground"]) == (True, "nl.consent")
    assert any("toestemming" in line for line in why)
    assert recorded["recorded"] is True
    assert (then["allowed"], unknown["allowed"]) == (False, False)
    assert "nl.objection" in then["vetoes"]


def test_an_agents_key_may_no_more_than_its_role(service):
    refused, asked = _asked(
        service,
        service.make_key("auditor"),
        ("record_objection", {"number": CONSENTED, "caller": "voltix"}),
        ("may_call", {"number": CONSENTED, **ENERGY}),
    )
    assert refused["recorded"] is False
    assert refused["problem"][0] == "forbidden"
    assert asked["allowed"] is True


def test_without_a_good_key_nothing_is_allowed(service):
    (asked,) = _asked(service, "bel_0_0", ("may_call", {"number": CONSENTED, **ENERGY}))
    assert (asked["allowed"], asked["problem"][0]) == (False, "unauthorised")
