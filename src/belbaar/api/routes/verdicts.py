"""Verdicts: one, with a permit where a call will be made; or many at once."""

__all__ = ["ROUTES"]

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import post

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.problems import Problem, problem_of
from belbaar.api.questions import Answer, Asked, Question, read_question
from belbaar.api.service import Service
from belbaar.api.together import Together, alone, read_together
from belbaar.api.watch.metrics import count_verdicts, counted
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

MOST = 10_000
"""Calls of one batch."""


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many questions. Each may have an ``id`` of your own, which comes back with its answer."""

    calls: Annotated[list[Question], msgspec.Meta(max_length=MOST)]


class Row(msgspec.Struct, frozen=True, gc=False):
    """What came of one question: its verdict, or what was wrong with it. ``id`` is your own."""

    id: str | None
    allowed: bool
    verdict: Answer | None = None
    problem: Problem | None = None


class Verdicts(msgspec.Struct, frozen=True):
    """What came of a batch, in its order. ``refused``: how many questions could not be answered."""

    refused: int
    verdicts: list[Row]


@post("/v1/verdicts", status_code=200, operation_id="askVerdict", tags=["Verdicts"], summary="May this call be made?")
async def ask(data: Question, principal: Principal, service: Service) -> Answer:
    """Judge one call. Where it will be made the verdict is kept as evidence, and comes with a permit if it allows it."""
    asked = read_question(data)
    principal.needs("ask")
    if asked.acted_on:
        kept = await _kept(service, principal, asked)
        count_verdicts([(kept.allowed, kept.ground, True)])
        return kept
    ((answer,),) = await service.readers.reads(lambda store: service.answering.looks(store, principal, [alone(asked)]))
    if isinstance(answer, BelbaarError):
        raise answer
    count_verdicts([(answer.allowed, answer.ground, False)])
    return answer


@post(
    "/v1/verdicts/batch",
    status_code=200,
    operation_id="askVerdicts",
    tags=["Verdicts"],
    summary="May these calls be made?",
)
async def ask_many(data: Batch, principal: Principal, service: Service) -> Verdicts:
    """Judge up to 10 000 calls. A question that cannot be read is refused alone; the others are answered.

    No permits come with these, and they are not kept unless ``permit`` says so: ask for one when the call is made.
    """
    principal.needs("ask")
    rows = await _looked_at(service, principal, data.calls) | await _kept_each(service, principal, data.calls)
    told = [rows[place] for place in range(len(data.calls))]
    count_verdicts((row.allowed, row.verdict.ground, row.verdict.entry is not None) for row in told if row.verdict)
    for row in told:
        if row.problem:
            counted().refusals.labels(row.problem.code).inc()
    return Verdicts(sum(row.problem is not None for row in told), told)


async def _kept(service: Service, principal: Principal, asked: Asked) -> Answer:
    answer = await service.desk.does(Act(service.answering.keeps, (principal, asked)))
    service.gave(principal, answer)
    return answer


async def _looked_at(service: Service, principal: Principal, calls: Sequence[Question]) -> dict[int, Row]:
    """Answer those that ask for no permit, in one view of the ledger."""

    def looks(store: Store) -> dict[int, Row]:
        read = read_together(calls, [place for place, call in enumerate(calls) if not call.permit])
        asked = [each for each in read if isinstance(each, Together)]
        rows = {each[0]: _row(each[1], calls[each[0]]) for each in read if not isinstance(each, Together)}
        for together, answers in zip(asked, service.answering.looks(store, principal, asked), strict=True):
            for place, answer in zip(together.places, answers, strict=True):
                rows[place] = _row(answer, calls[place])
        return rows

    return await service.readers.reads(looks, seconds=60)


async def _kept_each(service: Service, principal: Principal, calls: Sequence[Question]) -> dict[int, Row]:
    """Answer those that ask for a permit, in groups with whoever asks at that moment."""
    places = [place for place, call in enumerate(calls) if call.permit]
    rows = await asyncio.gather(*(_kept_row(service, principal, calls[place], place) for place in places))
    return dict(zip(places, rows, strict=True))


async def _kept_row(service: Service, principal: Principal, question: Question, place: int) -> Row:
    try:
        return _row(await _kept(service, principal, read_question(question, f"/calls/{place}")), question)
    except BelbaarError as error:
        return _row(error, question)


def _row(answer: Answer | BelbaarError, question: Question) -> Row:
    if isinstance(answer, BelbaarError):
        return Row(question.id, allowed=False, problem=problem_of(answer))
    return Row(question.id, answer.allowed, verdict=answer)


ROUTES = (ask, ask_many)
