"""A ledger with its log, and what happens in it, for the tests of the log."""

import itertools

from belbaar.law import PACKS, ruleset_text
from belbaar.ledger import Event, Source, add_caller, open_store, record
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of

ORIGIN = "belbaar.example/demo/2026"
NUMBER = 31201000001
DAY = 86_400_000_000
START = 20_000 * DAY
WORDING = "Ja, Voltix mag mij bellen."


def opened(place, keys, at=START + 900 * DAY):
    """Open a store with its log; a clock ticks by microseconds."""
    ticks = itertools.count(at)
    store = open_store(place)
    return store.kept_by(lambda: Log(store, Keyring(keys), lambda: next(ticks)))


def consent(number=NUMBER, at=START, wording=WORDING, **more):
    fields = {"product": "energy", "wording": wording, "verified": "sms", **more}
    return Event("consent.given", number, at, at + 1, "voltix", "", fields)


def with_caller(store):
    add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=(31201990001,))


def written(store, *events):
    return record(store, list(enumerate(events, 1)), Source("list.csv", "ab" * 32, START, "iris"), PACKS["NL"])


def kept(store, number=NUMBER):
    """Decide and keep a verdict; give its place."""
    with store.writing():
        verdict = may_call(store, Call(number, "voltix", START + 30 * DAY, "energy"))
        return log_of(store).keep_verdict(verdict, ruleset_text(rules_of(verdict)))
