"""Dossiers out of a store: what is shown is proven, what is not is said, and a part spoils nothing of the rest."""

import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import Event, Source, add_caller, create_store, record
from belbaar.ledger.events import EVENTS
from belbaar.proof.dossier.dossiers import Asked, of_number
from belbaar.proof.entries.bodies import event_body, event_of, text_hash
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.proof.log.tiles import leaves, size_of
from belbaar.proof.open_days import note_open
from belbaar.proof.verifier import findings
from belbaar.proof.verifier.reading import unzipped
from belbaar.verdict import Call, may_call
from belbaar.verdict.levels import QUIET

ORIGIN = "belbaar.example/demo/2026"
NUMBER = 31201000001
DAY = 86_400_000_000
START = 20_000 * DAY
NOON = 12 * 3_600_000_000
WORDING = "Ja, Voltix mag mij bellen over energie."
LAW = json.dumps(
    {
        "rules": [
            {
                "id": "nl.consent",
                "nl": "Toestemming.",
                "en": "Consent.",
                "cites": [{"label": "Tw 11.7", "link": "https://w"}],
            }
        ],
        "values": {"nl.customer-term": "P3Y"},
    }
)


@pytest.fixture
def store(tmp_path):
    ticks = itertools.count(START + 900 * DAY)
    ring = make_keyring(tmp_path / "keys", ORIGIN)
    with create_store(tmp_path / "belbaar.db") as store:
        store.kept_by(lambda: Log(store, ring, lambda: next(ticks)))
        for name in ("voltix", "helios"):
            add_caller(store, name, name=f"{name.title()} B.V.", sector="commercial", numbers=(31201990001,))
        yield store


def event(kind, day, caller="voltix", number=NUMBER, **fields):
    return Event(kind, number, START + day * DAY + NOON, START + day * DAY + NOON + 1, caller, "", fields)


def consent(day=0, caller="voltix", **more):
    fields = {"product": "energy", "wording": WORDING, "verified": "sms", "language": "nl"}
    boxes = ({"label": "Ja, bel mij", "initial": False, "final": True},)
    return event("consent.given", day, caller, **fields, boxes=boxes, **more)


def told(store, *events):
    record(store, list(enumerate(events, 1)), Source("s", "ab" * 32, START, "iris"), PACKS["NL"])


def judged(store, day, caller="voltix"):
    with store.writing():
        verdict = may_call(store, Call(NUMBER, caller, START + day * DAY + NOON, "energy"))
        return log_of(store).keep_verdict(replace(verdict, ruleset_hash=text_hash(LAW)), LAW)


def made(store, **asked):
    return of_number(log_of(store), Asked(NUMBER, **asked), at=START + 901 * DAY)


def inside(dossier):
    return unzipped(dossier.content)


def kinds(dossier):
    return [leaf["name"].rpartition("-")[0] for leaf in json.loads(inside(dossier)["dossier.json"])["leaves"]]


def outcomes(dossier, word):
    found = findings(dossier.content)
    return [f"{item.about}: {item.says}" for item in found.found if item.outcome == word]


def test_the_whole_story_is_proven_but_for_what_others_must_vouch_for(store):
    told(store, consent())
    judged(store, 30)
    told(store, event("call.made", 30, product="energy"), event("objection.made", 31))
    dossier = made(store)
    assert kinds(dossier) == ["text", "consent-given", "rule", "verdict", "call-made", "objection-made"]
    assert dossier.code == 3
    assert outcomes(dossier, "refuted") == []
    assert all("witness" in said or "timestamp" in said for said in outcomes(dossier, "incomplete"))
    proven = "\n".join(outcomes(dossier, "proven"))
    assert "consent-given-1 rests on text-0, logged before it" in proven
    assert "verdict-3 rests on consent-given-1" in proven
    assert "verdict-3 was logged before call-made-4" in proven


def test_the_pages_say_what_is_not_proven_in_both_languages(store):
    told(store, consent(), event("call.made", 1, product="energy"))
    parts = inside(made(store))
    dutch, english = (parts[name].decode() for name in ("LEES-MIJ.html", "READ-ME.html"))
    assert "staat geen oordeel in het logboek dat ervóór is vastgelegd" in dutch
    assert "no verdict that was recorded before it" in english
    assert f'<blockquote lang="nl">{WORDING}</blockquote>' in dutch.replace("lang=nl", 'lang="nl"')
    assert "Ja, bel mij: began empty, ended ticked" in english
    assert "Evidence level 0 of 4" in english


def test_a_dossier_of_one_caller_has_nothing_of_another(store):
    told(store, consent(), consent(caller="helios"), event("number.published", 2, "", product="energy"))
    dossier = made(store, callers=("helios",))
    assert kinds(dossier) == ["text", "consent-given", "number-published"]
    assert b'"voltix"' not in dossier.content


def test_a_dossier_of_one_call_has_its_verdict_and_no_other(store):
    told(store, consent())
    judged(store, 30)
    told(store, event("call.made", 30, product="energy"))
    judged(store, 60)
    told(store, event("call.made", 60, product="energy"))
    call = size_of(store.connection) - 1
    dossier = made(store, call=call)
    assert kinds(dossier).count("verdict") == kinds(dossier).count("call-made") == 1
    assert f"call-made-{call}" in dossier.content.decode("utf-8", "replace")


def test_what_is_no_call_is_refused_and_the_calls_are_named(store):
    told(store, consent(), event("call.made", 30, product="energy"))
    with pytest.raises(InputError, match="Calls and verdicts on it: 2"):
        made(store, call=1)


def test_a_number_of_which_nothing_is_logged_has_no_dossier(store):
    with pytest.raises(InputError, match="says nothing"):
        made(store)


def test_a_persons_own_proof_has_consents_only_and_that_it_was_shown_is_logged(store):
    told(store, consent(), event("call.made", 30, product="energy"), event("objection.made", 31))
    dossier = made(store, callers=("voltix",), consents_only=True, to="mevrouw X")
    assert kinds(dossier) == ["text", "consent-given"]
    assert b"mevrouw X" not in dossier.content
    assert "proof-shown" in kinds(made(store))


def test_a_dossier_shows_the_days_on_which_a_receipt_could_be_denied(store):
    told(store, consent(), event("receipt.delivered", 0, product="energy", delivered_by="sms"))
    with store.writing():
        for day in range(20):
            note_open(log_of(store), "https://belbaar.example/nl/my", ["sms"], now=START + day * DAY + NOON)
    dossier = made(store)
    assert kinds(dossier).count("open") == QUIET.days, "no more than the level needs"
    assert outcomes(dossier, "refuted") == []
    proven = "\n".join(outcomes(dossier, "proven"))
    assert "after receipt-delivered-2 My number was open on 14 days, from 2024-10-05 to 2024-10-18" in proven


def test_that_a_dossier_was_made_is_logged_by_its_hash(store):
    told(store, consent())
    dossier = made(store)
    last = [json.loads(leaf.entry) for _, leaf in leaves(store.connection)][-1]
    assert (last["k"], last["b"]["sha256"]) == ("dossier", dossier.sha256)


def test_a_changed_row_of_the_ledger_changes_nothing_of_what_is_proven(store):
    """What a dossier says comes from the log, not from tables that an administrator can edit."""
    told(store, consent())
    store.connection.execute("DROP TRIGGER event_no_update")
    store.connection.execute("UPDATE event SET caller = 2")
    assert kinds(made(store, callers=("voltix",))) == ["text", "consent-given"]


_VALUES = {"boxes": ({"label": "a", "initial": False, "final": True},), "channels": ("voice", "sms")}


@given(st.sampled_from(sorted(EVENTS)), st.data())
def test_an_event_comes_back_from_its_body_as_it_went_in(kind, data):
    spec = EVENTS[kind]
    names = (
        data.draw(st.sets(st.sampled_from([*spec.required, *spec.optional]))) if spec.required + spec.optional else ()
    )
    fields = {name: _VALUES.get(name, "x") for name in names}
    told = Event(
        kind, NUMBER, 5, 6, data.draw(st.sampled_from(["", "voltix"])), data.draw(st.sampled_from(["", "b"])), fields
    )
    source = {"recorded_by": "iris", "row": 1, "source": "ab"}
    assert event_of(event_body(told, source), {text_hash("x"): "x"}) == told
