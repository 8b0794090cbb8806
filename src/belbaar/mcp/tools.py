"""The tools: may I call, explain, record an objection. What they answer is what the service answers.

An agent is told in so many words what a no means: it must not look for a way around it.
"""

__all__ = ["server"]

from typing import Any, Literal

import msgspec
from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from belbaar import __version__
from belbaar.client import AsyncClient, NotRecorded, Verdict
from belbaar.client.answers import Problem

Lang = Literal["nl", "en"]
_INSTRUCTIONS = (
    "Ask may_call before any telemarketing call, for every number and every call anew. Where it is not allowed, do not "
    "call and do not ask again with other words until it is: a no is the law's answer, and so is the absence of an "
    "answer. When a person says that they do not want to be called, record it with record_objection at once."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(client: AsyncClient) -> MCPServer[Any]:
    """Make a server.

    Args:
        client: asks the service, with the key of the organisation that the agent works for.
    """
    made: MCPServer[Any] = MCPServer("belbaar", title="belbaar", instructions=_INSTRUCTIONS, version=__version__)

    @made.tool(title="May this call be made?", annotations=_READS)
    async def may_call(number: str, caller: str, product: str, at: str = "", lang: Lang = "en") -> dict[str, Any]:
        """Say whether a caller may call a number now, or at another instant, on what ground, or what forbids it.

        Args:
            number: the telephone number, as people write it.
            caller: the id of the caller on whose behalf, such as voltix.
            product: what the call is about, a dotted path such as energy.electricity.
            at: ISO 8601; left out: now.
            lang: the language of sentences.
        """
        return _told(await _looked(client, number, caller, product, at, lang, explain=False))

    @made.tool(title="Explain a verdict", annotations=_READS)
    async def explain(number: str, caller: str, product: str, at: str = "", lang: Lang = "en") -> list[str]:
        """Tell in plain words, with citations, why a call may or may not be made. Fields as for may_call."""
        verdict = await _looked(client, number, caller, product, at, lang, explain=True)
        return list(verdict.explanation or ()) or _in_words(verdict.problem)

    @made.tool(title="Record an objection", annotations=_WRITES)
    async def record_objection(number: str, caller: str, *, from_all_callers: bool = False) -> dict[str, Any]:
        """Record that a person does not want to be called again: by this caller, or by all. In force at once.

        Args:
            number: the telephone number, as people write it.
            caller: the id of the caller that the person objects to; not used where it is to all.
            from_all_callers: the person wants no such calls from anybody.
        """
        who = {"scope": "all"} if from_all_callers else {"caller": caller}
        try:
            outcome = await client.record({"event": "objection.made", "number": number, **who})
        except NotRecorded as error:
            return {"recorded": False, "problem": _in_words(error.problem)}
        (result,) = outcome.results
        return {"recorded": not result.problem, "known_already": result.known, "problem": _in_words(result.problem)}

    return made


async def _looked(
    client: AsyncClient, number: str, caller: str, product: str, at: str, lang: Lang, *, explain: bool
) -> Verdict:
    """Ask without a permit: an agent that talks makes no calls; who dials asks for its own."""
    more = {"at": at} if at else {}
    return await client.may_call(
        number, caller=caller, product=product, lang=lang, explain=explain, permit=False, **more
    )


def _told(verdict: Verdict) -> dict[str, Any]:
    """Give what an agent needs of a verdict."""
    told: dict[str, Any] = msgspec.to_builtins(verdict)
    names = ("number", "caller", "product", "at", "ground", "vetoes", "defects", "duties", "until", "hints", "ruleset")
    return {
        "allowed": bool(verdict),
        **{name: told[name] for name in names},
        "problem": _in_words(verdict.problem),
    }


def _in_words(problem: Problem | None) -> list[str]:
    return [text for text in (problem.code, problem.detail, problem.remedy) if text] if problem else []
