"""Verdicts: one, with a permit where a call will be made; or many at once."""

__all__ = ["ROUTES"]

import asyncio
from typing import Annotated

import msgspec
from litestar import post

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.problems import Problem, problem_of
from belbaar.api.questions import Answer, Asked, Question, read_question
from belbaar.api.service import Service
from belbaar.api.watch.metrics import count_verdicts, counted
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

MOST = 10_000
"""Calls of one batch."""


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many questions. Each may have an ``id`` of your own, which comes back with its answer."""

    calls: Annotated[list[Question], msgspec.Meta(max_length=MOST)]


class Row(msgspec.Struct, frozen=True):
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
    (answer,) = await service.readers.reads(lambda store: service.answering.looks(store, principal, [asked]))
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
    read = [_read(question, place) for place, question in enumerate(data.calls)]
    asked = [each for each in read if isinstance(each, Asked)]
    answers = iter(await _answers(service, principal, asked))
    told = [next(answers) if isinstance(each, Asked) else each for each in read]
    rows = [_row(answer, question) for answer, question in zip(told, data.calls, strict=True)]
    count_verdicts((row.allowed, row.verdict.ground, row.verdict.entry is not None) for row in rows if row.verdict)
    for row in rows:
        if row.problem:
            counted().refusals.labels(row.problem.code).inc()
    return Verdicts(sum(row.problem is not None for row in rows), rows)


async def _kept(service: Service, principal: Principal, asked: Asked) -> Answer:
    answer = await service.desk.does(Act(service.answering.keeps, (principal, asked)))
    if answer.entry is not None:
        service.tally.give(answer.entry)
    return answer


async def _answers(service: Service, principal: Principal, asked: list[Asked]) -> list[Answer | BelbaarError]:
    """Answer in one view of the ledger; those that ask for a permit in groups with whoever asks at that moment."""
    looked = [each for each in asked if not each.question.permit]
    looks = iter(await service.readers.reads(lambda store: _looks(service, store, principal, looked), seconds=60))
    keeping = (_kept_or_refused(service, principal, each) for each in asked if each.question.permit)
    keeps = iter(await asyncio.gather(*keeping))
    return [next(keeps) if each.question.permit else next(looks) for each in asked]


async def _kept_or_refused(service: Service, principal: Principal, asked: Asked) -> Answer | BelbaarError:
    try:
        return await _kept(service, principal, asked)
    except BelbaarError as error:
        return error


def _looks(service: Service, store: Store, principal: Principal, asked: list[Asked]) -> list[Answer | BelbaarError]:
    return service.answering.looks(store, principal, asked)


def _read(question: Question, place: int) -> Asked | BelbaarError:
    try:
        return read_question(question, f"/calls/{place}")
    except BelbaarError as error:
        return error


def _row(answer: Answer | BelbaarError, question: Question) -> Row:
    if isinstance(answer, BelbaarError):
        return Row(question.id, allowed=False, problem=problem_of(answer))
    return Row(question.id, answer.allowed, verdict=answer)


ROUTES = (ask, ask_many)
