"""Whatever happened before: after an erasure every proof holds, nobody else is judged otherwise, no byte is left."""

import dataclasses
import tempfile
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.ledger import Source, add_caller, create_store, events_of, rebuild, record
from belbaar.ledger.events import content_id
from belbaar.proof.entries.commit import handle_of, open_sealed
from belbaar.proof.erasure.erasing import due, erase, finish, search
from belbaar.proof.erasure.remains import Sought
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tiles import leaves, root, size_of
from belbaar.verdict import may_call
from tests.engines.test_agreement import INSTANTS, OWN, SECTORS, calls, histories
from tests.proof.erasures import DAY, NUMBER, PACK, REASON, Clock

OTHER = NUMBER + 1
LATEST = max(INSTANTS) + 500 * DAY
TEN_YEARS = 3_660 * DAY


def of(history, number):
    return [dataclasses.replace(event, number=number) for event in history]


def judged(store, call, number):
    verdict = may_call(store, dataclasses.replace(call, number=number))
    return dataclasses.replace(verdict, call=None)


def standing(store):
    return sorted(tuple(row) for row in store.connection.execute("SELECT * FROM standing"))


def opened(log, number):
    """Open whatever the keys of a number open; an error when a body is not what was logged."""
    keys = {handle_of(key): key for _, _, key in log.keyring.retention.keys_of(number)}
    mine = [leaf for _, leaf in leaves(log.connection) if leaf.handle in keys]
    return [open_sealed(keys[leaf.handle], leaf.id, leaf.sealed, leaf.entry) for leaf in mine]


def holds(folder, number, digests):
    pieces = [str(number).encode(), b"0%d" % (number % 10**9), number.to_bytes(6, "big"), *digests]
    return {path.name for path in folder.rglob("*") if path.is_file() for each in pieces if each in path.read_bytes()}


@contextmanager
def recorded(folder, history, others):
    """A store in which the histories of two numbers are recorded, one event of each in turn; gives its log."""
    clock = Clock(0)
    clock.now = LATEST
    ring = make_keyring(folder / "keys", "belbaar.example/demo/2026")
    with create_store(folder / "belbaar.db") as store:
        store.kept_by(lambda: Log(store, ring, clock))
        for name, sector in SECTORS.items():
            add_caller(store, name, name=name.title(), sector=sector, numbers=[OWN])
        pairs = zip_longest(of(history, NUMBER), of(others, OTHER))
        batch = [event for pair in pairs for event in pair if event]
        record(store, list(enumerate(batch)), Source("test", "", 0, "test"), PACK)
        yield log_of(store)
        ring.close()


def rest(log, asked, size):
    """Give what an erasure may not change: others' verdicts, what others' keys open, the tree so far, the position."""
    verdicts = [judged(log.store, call, OTHER) for call in asked]
    return verdicts, opened(log, OTHER), root(log.connection, size) if size else b"", log.store.position()


def is_sound(log):
    folded = standing(log.store)
    rebuild(log.store, PACK)
    return soundness(log).faults == () and standing(log.store) == folded


@settings(max_examples=25)
@given(histories(), histories(), st.lists(calls, min_size=1, max_size=3), st.sampled_from(["", *sorted(SECTORS)]))
def test_an_erasure_leaves_all_else_as_it_was(history, others, asked, caller):
    with tempfile.TemporaryDirectory() as name, recorded(Path(name), history, others) as log:
        size = size_of(log.connection)
        before = rest(log, asked, size)
        objected = [call for call in asked if "nl.objection" in judged(log.store, call, NUMBER).vetoes]
        done = erase(log, NUMBER, pack=PACK, reason=REASON, caller=caller)
        finish(log)
        assert rest(log, asked, size) == before
        assert size_of(log.connection) == size + len(done.entries)
        assert all("nl.objection" in judged(log.store, call, NUMBER).vetoes for call in objected)
        assert all(body.who == {"number": NUMBER} for body in opened(log, NUMBER))
        assert is_sound(log)
        if not any(event.seq for event in events_of(log.store, NUMBER)):
            gone = [content_id(event) for event in of(history, NUMBER)]
            assert search(log, Sought.of(NUMBER, gone)).found == []
            assert holds(Path(name), NUMBER, gone) == set()
        log.clock.now += TEN_YEARS
        due(log, PACK)
        finish(log)
        assert caller or log.keyring.retention.keys_of(NUMBER) == []
        assert is_sound(log)
