"""Put the invented world into an empty store: organisation, people who may sign in, callers, forms, and what happened."""

__all__ = ["MAILS", "fill"]

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from belbaar.api.access.accounts import add_account
from belbaar.api.access.audit import OPERATOR, Actor
from belbaar.api.cases.working import Cases
from belbaar.api.figures.keeping import want_everywhere
from belbaar.api.gate.campaigns import NewCampaign, add_campaign
from belbaar.capture.design import read_design
from belbaar.capture.forms import add_form, publish
from belbaar.complaints.counting import count_calls
from belbaar.complaints.filing import Filed, file
from belbaar.demo.world import CALLERS, DETAILS, FORMS, TEXTS, batches, complaints
from belbaar.law import PACKS
from belbaar.law.calendar import moment_of
from belbaar.ledger import Store
from belbaar.ledger.callers import add_agent, add_caller
from belbaar.ledger.details import describe_caller
from belbaar.ledger.events import read_event
from belbaar.ledger.organisations import organisations
from belbaar.ledger.record import Source, record
from belbaar.numbers import e164
from belbaar.opening import keys_folder, opened
from belbaar.proof.keys.keyring import shared_secret
from belbaar.proof.log.keeping import log_of
from belbaar.reading import ZONE
from belbaar.requests.cases import Papers, answer

_DAY = 86_400_000_000
_ANSWERED_AFTER = 20
MAILS: Mapping[str, tuple[str, str]] = {
    "officer": ("an@zonnig.example", "An de Vries"),
    "administrator": ("bo@zonnig.example", "Bo Jansen"),
    "supervisor": ("cas@belbureau.example", "Cas Bakker"),
    "auditor": ("dirk@toezicht.example", "Dirk Visser"),
}
"""Who may sign in, by role: address and name."""


def fill(target: str, now: int) -> int:
    """Fill a store that ``belbaar.api.starting.prepare`` made; give how many events there are.

    Args:
        target: the store, without callers.
        now: UTC microseconds; all happened before it.
    """
    with opened(target) as store:
        (owner,) = organisations(store).values()
        for role, (email, name) in MAILS.items():
            add_account(store, owner, email, name=name, role=role, now=now)
        for caller, (name, sector, number) in CALLERS.items():
            add_caller(store, caller, name=name, sector=sector, numbers=[number], organisation=owner.key)
            describe_caller(store, caller, DETAILS[caller])
        for agent, name in (("belbureau", "Belbureau Noord B.V."), ("snelbel", "Snelbel B.V.")):
            add_agent(store, agent, name=name, organisation=owner.key)
        actor = Actor("cli:demo", owner, OPERATOR)
        campaign = NewCampaign("zon-najaar", "zonnig", "energy.electricity", e164(CALLERS["zonnig"][2]))
        add_campaign(store, actor, campaign, now=now)
        for name, design in FORMS.items():
            publish(store, add_form(store, owner.key, name, read_design(design), now=now), now=now)
        for text in TEXTS:
            log_of(store).keep_text(text, language="nl", version="1")
        count = 0
        for batch in batches(moment_of(now, ZONE)):
            events = [
                read_event(told, number=number, zone=ZONE, where=batch.source, recorded_at=None)
                for number, told in batch.events
            ]
            digest = hashlib.sha256(msgspec.json.encode(batch.events)).hexdigest()
            source = Source(batch.source, digest, now, "demo", owner.key)
            count += record(store, list(enumerate(events, start=1)), source, PACKS["NL"]).new
        _complain(store, target, actor, now)
        want_everywhere(store, now)
        return count


def _complain(store: Store, target: str, actor: Actor, now: int) -> None:
    """Have people complain; those of more than a month ago were answered."""
    cases = Cases(shared_secret(keys_folder(target), "requests"))
    with store.writing():
        for number, days in complaints():
            then = now - days * _DAY
            hand = replace(cases.hand(store, actor), now=then)
            papers = Papers(text="Ik gaf geen toestemming, en toch werd ik gebeld.", way="my-number")
            made = file(store, hand, Filed(number, list(CALLERS), 0, False, papers), recorded_by="demo")
            if days > _ANSWERED_AFTER:
                answer(store, hand, made.request.id, decision="granted", reply="U hebt gelijk. Wij bellen u niet meer.")
        while not count_calls(store):
            pass
