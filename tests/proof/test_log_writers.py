"""Many programs that write in one log, and programs that are killed while they do: each event has one leaf, for ever."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest

from belbaar.ledger import open_store
from belbaar.proof.entries.commit import handle_of, open_sealed
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.checkpoint import Checkpoint
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.note import check, parse
from belbaar.proof.log.tiles import check as check_tree
from belbaar.proof.log.tiles import leaves
from tests.proof.stores import with_caller

FIRST = 31201000000

WRITER = """
import itertools, sys
from pathlib import Path
from belbaar.law import PACKS, ruleset_text
from belbaar.ledger import Event, Source, open_store, record
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of

place, keys, tag, batches, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
DAY = 86_400_000_000
START = 20_000 * DAY
FIRST = 31201000000 + tag * 10_000

def consent(n):
    fields = {"product": "energy", "wording": f"Ja, tekst {n % 7}.", "verified": "sms"}
    return Event("consent.given", FIRST + n, START, START + 1, "voltix", "", fields)

with open_store(place) as store:
    ticks = itertools.count(START + 900 * DAY)
    store.kept_by(lambda: Log(store, Keyring(keys), lambda: next(ticks)))
    for batch in range(batches):
        events = [(n, consent(batch * size + n)) for n in range(size)]
        record(store, events, Source("list.csv", "ab" * 32, START, "iris"), PACKS["NL"])
        with store.writing():
            verdict = may_call(store, Call(FIRST + batch * size, "voltix", START + 30 * DAY, "energy"))
            kept = log_of(store).keep_verdict(verdict, ruleset_text(rules_of(verdict)))
        print(batch, kept, flush=True)
"""


@pytest.fixture
def place(place):
    """A new ledger of either kind, with a caller."""
    with open_store(place) as store:
        with_caller(store)
    return place


@pytest.fixture
def writer(place, keys):
    """Start a program that writes; it is gone when the test is over."""
    started = []

    def start(tag, batches, size):
        command = [sys.executable, "-c", WRITER, place, str(keys), str(tag), str(batches), str(size)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@contextmanager
def log_at(place, keys):
    ring = Keyring(keys)
    with open_store(place) as store:
        yield Log(store, ring, lambda: 0)
    ring.close()


def sound(log):
    """Every event has one leaf that opens, the tree is what its leaves make, and its head is signed; give the kinds."""
    connection, ring = log.store.connection, log.keyring
    about, kinds, texts = Counter(), Counter(), set()
    callers = [caller.key for caller in log.store.callers().values()]
    numbers = [number for (number,) in connection.execute("SELECT DISTINCT number FROM event")]
    found = (ring.retention.find(number, key, "proof") for number in numbers for key in callers)
    keys = {handle_of(key): key for key in found if key}
    for _, leaf in leaves(connection):
        if leaf.handle:
            body = open_sealed(keys[leaf.handle], leaf.id, leaf.sealed, leaf.entry)
            assert body.what["kind"] == "verdict" or body.what["wording"] in texts
            kinds[body.what["kind"]] += 1
            about[leaf.about] += 1
        else:
            entry = json.loads(leaf.entry)
            kinds[entry["k"]] += 1
            texts.add(entry["b"]["sha256"])
    del about[0]
    assert about == Counter(seq for (seq,) in connection.execute("SELECT seq FROM event"))
    assert sorted(about) == list(range(1, len(about) + 1))
    tree = check_tree(connection)
    note = parse(connection.execute("SELECT note FROM head ORDER BY size DESC").fetchone()[0])
    assert check(note, [dated.key for dated in ring.trust().logs[0].keys]).keys
    head = Checkpoint.parse(note.text)
    assert (head.size, head.root) == (tree.size, tree.root)
    assert Checkpoint.parse(parse(ring.head()).text).size <= tree.size
    return kinds


def test_of_several_writers_at_once_every_event_has_one_leaf_and_the_tree_is_whole(place, writer, keys):
    running = [writer(tag, 6, 5) for tag in range(3)]
    for process in running:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
    with log_at(place, keys) as log:
        assert sound(log) == {"consent.given": 90, "verdict": 18, "text": 7, "rule": 1}
        assert Checkpoint.parse(parse(log.keyring.head()).text).size == 116


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_there_twice(place, writer, keys):
    """Two programs write; one after the other is killed at a moment that chance picks, and begins anew."""
    chance = random.Random(20261125)  # noqa: S311
    with log_at(place, keys) as log:
        for _ in range(6):
            running = [writer(tag, 5_000, 3) for tag in range(2)]
            told = [int(process.stdout.readline().split()[1]) for process in running]
            for process in running:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0, 0.15))
                process.kill()
            rest = [process.communicate()[0].rpartition("\n")[0].splitlines() for process in running]
            assert [process.returncode for process in running] == [-signal.SIGKILL] * 2
            told += [int(line.split()[1]) for lines in rest for line in lines]
            kinds = sound(log)
            assert kinds["rule"] == 1
            kept = {ix for ix, leaf in leaves(log.connection) if leaf.handle and not leaf.about}
            assert set(told) <= kept  # whatever a program said to be kept is there
