"""What the tests of erasing need: a store with a log and a clock that can be set, and histories in it."""

from contextlib import contextmanager

from belbaar.law import PACKS
from belbaar.ledger import Event, Source, add_caller, create_store, open_store, record
from belbaar.proof.erasure.erasing import erase, finish
from belbaar.proof.erasure.fates import plan_of
from belbaar.proof.keys.keyring import Keyring, make_keyring
from belbaar.proof.log.keeping import Log, log_of

PACK = PACKS["NL"]
ORIGIN = "belbaar.example/demo/2026"
NUMBER, OTHER = 31201000001, 31201000002
DAY = 86_400_000_000
START = 20_000 * DAY
"""A Friday in October 2024."""
NOON = 12 * 3_600_000_000
REASON = "request 2026-014"
WORDING = "Ja, Voltix mag mij bellen over energie."


class Clock:
    """A clock that moves a microsecond each time it is read, and further when it is told."""

    def __init__(self, day):
        self.now = START + day * DAY

    def __call__(self):
        self.now += 1
        return self.now


@contextmanager
def opened(target, folder, day=400):
    """Open a store, made when it is not there, with its log under the keys in a folder."""
    made = create_store(target)
    if not made.callers():
        for name in ("voltix", "helios"):
            add_caller(made, name, name=f"{name.title()} B.V.", sector="commercial", numbers=(31201990001,))
    made.close()
    clock = Clock(day)
    ring = make_keyring(folder, ORIGIN)
    with open_store(target) as store:
        store.kept_by(lambda: Log(store, ring, clock))
        yield store
        ring.close()


def at_day(store, day):
    """Set the clock."""
    log_of(store).clock.now = START + day * DAY


def event(kind, day, caller="voltix", number=NUMBER, **fields):
    at = START + day * DAY + NOON
    return Event(kind, number, at, at + 1, caller, "", fields)


def consent(day=0, caller="voltix", number=NUMBER, **more):
    said = {"product": "energy", "wording": WORDING, "verified": "sms"}
    return event("consent.given", day, caller, number, **(said | more))


def objection(day, caller="voltix", number=NUMBER):
    fields = {} if caller else {"scope": "all"}
    return event("objection.made", day, caller, number, **fields)


def kept(store, *events):
    return record(store, list(enumerate(events, 1)), Source("list.csv", "ab" * 32, START, "iris"), PACK)


def erased(store, number=NUMBER, *, caller=""):
    """Erase and finish; give what was done, and how many keys were shredded."""
    done = erase(log_of(store), number, pack=PACK, reason=REASON, caller=caller)
    return done, finish(log_of(store))


def planned(store, number=NUMBER, caller=""):
    return plan_of(log_of(store), number, caller, PACK)


def reopened(ring):
    return Keyring(ring.folder)
