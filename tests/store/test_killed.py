"""A process killed with -9 while it records leaves all of the batch or nothing of it, and a store that opens.

The children kill themselves at a given point of the transaction, so that each point is really hit; and one is killed
from outside at whatever point it has reached.
"""

import signal
import subprocess

import pytest

from belbaar.law import PACKS
from belbaar.ledger import open_store, rebuild

COUNT = 1200
PACK = PACKS["NL"]

KILL_AT = """
words, nth = sys.argv[2], int(sys.argv[3])
seen = 0

def look(statement):
    global seen
    seen += statement.lstrip().upper().startswith(words)
    if seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)

def watch(store):
    if store.dialect == "sqlite":
        store.connection.set_trace_callback(look)
        return
    import psycopg
    from belbaar.ledger import postgres_store
    cursor, row = postgres_store._Cursor, psycopg.Copy.write_row
    execute, copy = cursor.execute, cursor.copy
    cursor.execute = lambda self, query, *rest, **more: (look(str(query)), execute(self, query, *rest, **more))[1]
    cursor.copy = lambda self, query, *rest, **more: (look(str(query)), copy(self, query, *rest, **more))[1]
    psycopg.Copy.write_row = lambda self, values: (row(self, values), look("ROW"))[0]

with open_store(target) as store:
    events = list(batch(int(sys.argv[4]), "energy"))
    watch(store)
    record(store, events, SOURCE, PACK)
print("done", flush=True)
"""

RECORD = """
with open_store(target) as store:
    events = list(batch(int(sys.argv[2]), "energy"))
    print("open", flush=True)
    record(store, events, SOURCE, PACK)
    print("done", flush=True)
"""

POINTS = {
    "sqlite": [
        ("BEGIN", 1),
        ("INSERT INTO SOURCE", 1),
        ("INSERT INTO EVENT", 1),
        ("INSERT INTO EVENT", COUNT // 2),
        ("INSERT INTO EVENT", COUNT),
        ("DELETE FROM STANDING", 1),
        ("INSERT INTO PRODUCT", 1),
        ("INSERT INTO STANDING", 1),
        ("INSERT INTO STANDING", COUNT),
        ("COMMIT", 1),
    ],
    "postgres": [
        ("BEGIN", 1),
        ("INSERT INTO SOURCE", 1),
        ("COPY EVENT", 1),
        ("ROW", COUNT // 2),
        ("ROW", COUNT),
        ("DELETE FROM STANDING", 1),
        ("INSERT INTO PRODUCT", 1),
        ("COPY STANDING", 1),
        ("ROW", COUNT + COUNT // 2),
        ("ROW", 2 * COUNT),
        ("COMMIT", 1),
    ],
}


@pytest.fixture
def begun(target, store, batch, keep, counts):
    """A store with something in it, closed; gives the counts."""
    keep(store, batch(30, "before"))
    before = counts(store)
    store.close()
    return target, before


@pytest.fixture
def left_by_the_dead(begun, batch, keep, counts, sound):
    """Look at what is left: all or nothing, a sound store, in which the batch can be recorded again; give how many."""
    target, before = begun

    def look():
        with open_store(target) as store:
            left = counts(store)["event"] - before["event"]
            assert left in (0, COUNT)
            sound(store)
            if not left:
                assert counts(store) == before
            assert keep(store, batch(COUNT)).new == COUNT - left
            sound(store)
            standing = sorted(map(tuple, store.connection.execute("SELECT * FROM standing")))
            rebuild(store, PACK)
            assert sorted(map(tuple, store.connection.execute("SELECT * FROM standing"))) == standing
        return left

    return look


@pytest.mark.parametrize(
    ("target", "words", "nth"),
    [(kind, words, nth) for kind, points in POINTS.items() for words, nth in points],
    indirect=["target"],
)
def test_killed_at_a_point_of_the_transaction_nothing_is_half_written(
    begun, left_by_the_dead, other_process, words, nth
):
    child = other_process(KILL_AT, begun[0], words, nth, COUNT)
    told, _ = child.communicate()
    assert (child.returncode, told) == (-signal.SIGKILL, "")
    assert left_by_the_dead() == 0


@pytest.mark.parametrize("seconds", [0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 5])
def test_killed_from_outside_at_any_time_all_or_nothing_is_left(begun, left_by_the_dead, other_process, seconds):
    child = other_process(RECORD, begun[0], COUNT)
    assert child.stdout.readline() == "open\n"
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
    told, _ = child.communicate()
    assert left_by_the_dead() == COUNT or told == ""  # what was said to be done is there
