"""The demonstration: a tour of what can be seen, a way in for everybody, and the messages that were sent.

These pages are there only where ``belbaar demo`` runs, which listens on this machine alone.
"""

__all__ = ["ROUTES"]

import asyncio
import json
from pathlib import Path
from typing import Any

from litestar import Response, get, post

from belbaar.api.access.oidc import Said
from belbaar.api.questions import Question, read_question
from belbaar.api.service import Service
from belbaar.demo.filling import MAILS
from belbaar.demo.world import CAST
from belbaar.errors import BelbaarError, InputError
from belbaar.numbers import e164
from belbaar.web.calls import looked
from belbaar.web.rendering import page, redirect
from belbaar.web.routes.entering import HOME
from belbaar.web.sent import Form
from belbaar.web.sessions import STAFF
from belbaar.web.visits import Person, Visit

_SHOWN = 20


@get("/demo")
async def tour(visit: Visit) -> Response[str]:
    """Show what there is to see."""
    return page(visit, "demo.html.j2", cast=CAST, people=MAILS, answer=None)


@post("/demo/anonymous", status_code=200)
async def anonymous(visit: Visit, service: Service, person: Person) -> Response[str]:
    """Ask for a call whose number is hidden, to somebody who consented: what the gate asks, and what it is answered."""
    who = CAST["consent"]
    question = Question(
        number=e164(who.number), caller=who.caller, product=who.product, presents="anonymous",
        lang="en" if visit.lang == "en" else "nl",
        explain=True, permit=False,
    )  # fmt: skip
    (answer,) = await service.readers.reads(
        lambda store: looked(service, store, person.principal, [read_question(question)])
    )
    if isinstance(answer, BelbaarError):
        raise answer
    return page(visit, "demo.html.j2", cast=CAST, people=MAILS, answer=answer)


@post("/demo/enter")
async def enter(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Sign somebody in, in a role, without a password: nobody here is anybody."""
    role = data.get("role", "")
    if role not in MAILS:
        raise InputError("there is no such role.", code="not-found")
    email, _ = MAILS[role]
    signed = await service.signing_in.by_word(Said("", email))
    visit.cookies.set(STAFF, signed.key)
    return redirect(visit, HOME)


@get("/demo/messages")
async def messages(visit: Visit, service: Service) -> Response[str]:
    """Show the text messages that were sent, the latest first."""
    return page(visit, "demo-messages.html.j2", sent=await asyncio.to_thread(_sent, Path(service.settings.demo)))


def _sent(kept: Path) -> list[dict[str, str]]:
    lines = kept.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in reversed(lines[-_SHOWN:])]


ROUTES = (tour, enter, anonymous, messages)
