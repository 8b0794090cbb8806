"""Verdicts that are acted on: alone, with a line in a plain table, and with their leaf in the log.

A dialer asks for many at once, so groups share a transaction and a signature. Alone each waits for the disk, whatever
is written; so the plain line, durable too, is the measure there.
"""

import json
import random
import shutil
from pathlib import Path

from belbaar.clock import now_us
from belbaar.law import PACKS, ruleset_text
from belbaar.ledger import Event, Source, Store, add_caller, create_store, open_store, record
from belbaar.proof.keys.keyring import Keyring, make_keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of
from benchmarks.made import AT, FIRST, OUT
from benchmarks.timing import interleaved

PEOPLE = 20_000
CALLS = 2_048
GROUP = 64
AT_ONCE = 100_000


def measure() -> dict[str, float]:
    """Give the microseconds of a verdict in each way."""
    path = made(OUT / "kept.db", PEOPLE)
    rng = random.Random(5)
    calls = [Call(FIRST + rng.randrange(PEOPLE), "voltix", AT, "energy") for _ in range(CALLS)]
    groups = [calls[at : at + GROUP] for at in range(0, CALLS, GROUP)]
    with open_store(path) as store:
        store.kept_by(lambda: Log(store, Keyring(path.with_suffix(".keys")), now_us))
        store.connection.execute("CREATE TABLE IF NOT EXISTS plain (line TEXT)")
        keep(store, calls[:GROUP])
        took = interleaved(
            3,
            alone=lambda: [may_call(store, call) for call in calls],
            plain_each=lambda: [line(store, [call]) for call in calls],
            plain_group=lambda: [line(store, group) for group in groups],
            kept_each=lambda: [keep(store, [call]) for call in calls],
            kept_group=lambda: [keep(store, group) for group in groups],
        )
    return {name: seconds / CALLS * 1e6 for name, seconds in took.items()}


def keep(store: Store, calls: list[Call]) -> None:
    """Decide and log, in one transaction."""
    with store.writing():
        verdicts = [may_call(store, call) for call in calls]
        log_of(store).keep_verdicts([(verdict, ruleset_text(rules_of(verdict))) for verdict in verdicts])


def line(store: Store, calls: list[Call]) -> None:
    """Decide and write a line in a table that proves nothing, in one transaction."""
    with store.writing() as connection:
        for call in calls:
            verdict = may_call(store, call)
            text = json.dumps(
                {"number": call.number, "at": call.at, "allowed": verdict.allowed, "ground": verdict.ground}
            )
            connection.execute("INSERT INTO plain VALUES (?)", (text,))


def made(path: Path, people: int) -> Path:
    """Make a store with a consent of each of so many people, all in its log."""
    keys = path.with_suffix(".keys")
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.rmtree(keys, ignore_errors=True)
    make_keyring(keys, "belbaar.example/bench")
    fields = {"product": "energy", "wording": "Ja, Voltix mag mij bellen.", "verified": "sms"}
    at = AT - 30 * 86_400_000_000
    with create_store(path) as store:
        store.kept_by(lambda: Log(store, Keyring(keys), now_us))
        add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=(31201990001,))
        for start in range(0, people, AT_ONCE):
            events = [
                (n, Event("consent.given", FIRST + n, at, at + 1, "voltix", "", fields))
                for n in range(start, min(start + AT_ONCE, people))
            ]
            record(store, events, Source("list.csv", "ab" * 32, at, "iris"), PACKS["NL"])
    return path
