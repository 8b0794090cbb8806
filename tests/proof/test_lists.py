"""Screened lists in the log: the tree over all rows, one row shown without the others, and what is kept of them."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from belbaar.compiled import can_compile
from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import local_day
from belbaar.ledger import Event, Source, add_caller, create_store, record
from belbaar.proof.dossier import lists, row_hashes
from belbaar.proof.dossier.list_dossiers import ListAsked, of_screening
from belbaar.proof.dossier.lists import ListRows, keep_list
from belbaar.proof.dossier.row_files import RowFile
from belbaar.proof.dossier.row_hashes import row_body
from belbaar.proof.entries.commit import ROWS, row_entry
from belbaar.proof.erasure.erasing import due, finish
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import Log, log_of
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tree import Range, leaf_hash
from belbaar.proof.verifier import findings
from belbaar.verdict import Call
from belbaar.verdict.tally import Screening
from belbaar.verdict.views import Answer

DAY = 86_400_000_000
START = 20_000 * DAY
NUMBER = 31201000001
ANSWERS = (
    Answer(error="too-short"),
    Answer(True, "nl.consent", "2027-03-02T00:00:00+01:00"),
    Answer(reasons=("nl.objection", "nl.consent-fresh")),
)


@pytest.fixture
def log(tmp_path):
    ticks = itertools.count(START + 900 * DAY)
    ring = make_keyring(tmp_path / "keys", "belbaar.example/demo/2026")
    with create_store(tmp_path / "belbaar.db") as store:
        store.kept_by(lambda: Log(store, ring, lambda: next(ticks)))
        add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=(31201990001,))
        yield log_of(store)


def rows_of(count):
    numbers = np.arange(NUMBER, NUMBER + count, dtype=np.int64)
    places = (np.arange(count) % len(ANSWERS)).astype(np.int32)
    return np.where(places == 0, 0, numbers), places


def kept(log, tmp_path, count, *, pieces=1):
    numbers, places = rows_of(count)
    rows = ListRows(log, tmp_path / "lists")
    for some in zip(np.array_split(numbers, pieces), np.array_split(places, pieces), strict=True):
        rows.add(*some, ANSWERS)
    path = tmp_path / "list.csv"
    path.write_text("Telefoon\n")
    at = START + 5 * DAY
    rules = ruleset(Law(PACKS["NL"]), local_day(at, PACKS["NL"].zone))
    result = Screening(path, 0, rules.name, rules.hash, rows=count, allowed=int((places == 1).sum()))
    return rows, keep_list(log, rows, Call(0, "voltix", at, "energy"), result, path)


def shown(log, tmp_path, place, **asked):
    return of_screening(log, ListAsked(place, **asked), tmp_path / "lists", at=START + 901 * DAY)


def found(dossier, word):
    results = findings(dossier.content).found
    return [f"{item.about}: {item.says}" for item in results if item.outcome == word]


@pytest.mark.parametrize(("count", "pieces"), [(1, 1), (255, 2), (256, 1), (257, 3), (1000, 7), (66_000, 4)])
def test_the_root_is_that_of_the_tree_over_all_rows(log, tmp_path, count, pieces):
    numbers, places = rows_of(count)
    rows = ListRows(log, tmp_path / "lists")
    for some in zip(np.array_split(numbers, pieces), np.array_split(places, pieces), strict=True):
        rows.add(*some, ANSWERS)
    secret = log.keyring.retention.find(rows.key, 0, "list")
    bodies = (row_body(int(number), ANSWERS[place]) for number, place in zip(numbers, places, strict=True))
    plain = Range(leaf_hash(row_entry(secret, row, body)) for row, body in enumerate(bodies))
    assert rows.finish() == plain.root()


def test_a_long_list_is_hashed_while_it_is_taken_and_says_the_same(log, tmp_path, monkeypatch):
    _, here = kept(log, tmp_path, 140_000, pieces=9)
    monkeypatch.setattr(lists, "FEW", 0)
    monkeypatch.setattr(row_hashes, "FEW", 0)
    _, there = kept(log, tmp_path, 140_000, pieces=5)
    for place in (here, there):
        dossier = shown(log, tmp_path, place, rows=(1, 65_536, 65_537, 140_000))
        assert found(dossier, "refuted") == []
        assert sum("is in the list of 140000 rows" in said for said in found(dossier, "proven")) == 4


@pytest.mark.parametrize("fast", [True, False], ids=["with belbaar[fast]", "without"])
def test_rows_of_every_length_have_the_hashes_of_their_definition(monkeypatch, fast):
    """Blocks of SHA-256 end at every place of a row: behind it, in its number, within what stands before it."""
    monkeypatch.setattr(row_hashes, "can_compile", lambda: fast and can_compile())
    count, secret = 3 * ROWS + 7, bytes(range(32))
    answers = [Answer(reasons=("x" * length,)) for length in range(230)]
    numbers = np.array([NUMBER * (row % 5) // 10 ** (row % 11) for row in range(count)], np.int64)
    places = (np.arange(count) % len(answers)).astype(np.int32)
    bodies = (row_body(int(number), answers[place]) for number, place in zip(numbers, places, strict=True))
    leaves = [leaf_hash(row_entry(secret, 2 * ROWS + row, body)) for row, body in enumerate(bodies)]
    tiles = [Range(leaves[at : at + ROWS]).root() for at in range(0, 3 * ROWS, ROWS)]
    texts = row_hashes.written(answers)
    found = row_hashes.hashed(secret, 2, numbers, places, texts, listed=row_hashes.FEW + 1)
    assert found == b"".join([*tiles, *leaves[3 * ROWS :]])


def test_rows_that_cannot_be_written_fail_the_screening_and_leave_nothing(log, tmp_path, monkeypatch):
    rows = ListRows(log, tmp_path / "lists")
    rows.add(*rows_of(10), ANSWERS)

    def full(*_):
        raise StoreUnavailable("the rows of the list cannot be kept: No space left on device.")

    monkeypatch.setattr(RowFile, "add", full)
    with pytest.raises(StoreUnavailable, match="No space"):
        rows.finish()
    rows.forget()
    assert list((tmp_path / "lists").iterdir()) == []


def test_rows_are_shown_by_number_and_by_place_and_nobody_else_is(log, tmp_path):
    _, place = kept(log, tmp_path, 600)
    dossier = shown(log, tmp_path, place, numbers=(NUMBER + 301,), rows=(3,))
    assert found(dossier, "refuted") == []
    proven = "\n".join(found(dossier, "proven"))
    assert "row-302: row 301 is in the list of 600 rows" in proven
    assert "row-3: row 2" in proven
    assert b"31201000302" in dossier.content
    assert b"31201000303" not in dossier.content


def test_the_list_rests_on_a_law_and_a_position(log, tmp_path):
    event = Event("objection.made", NUMBER, START, START, "voltix")
    record(log.store, [(1, event)], Source("s", "ab" * 32, START, "iris"), PACKS["NL"])
    _, place = kept(log, tmp_path, 3)
    proven = "\n".join(found(shown(log, tmp_path, place), "proven"))
    assert f"list-{place} rests on rule-{place - 1}, logged before it" in proven
    assert "as known at" in proven


def test_a_row_that_was_changed_on_disk_is_not_shown(log, tmp_path):
    rows, place = kept(log, tmp_path, 600)
    path = tmp_path / "lists" / f"{rows.key}.rows"
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(ProofError, match="were changed"):
        shown(log, tmp_path, place, rows=(1,))


def test_rows_of_another_list_are_not_shown_for_it(log, tmp_path):
    """An administrator who has all keys and writes the file anew still has not the root that was logged."""
    rows, place = kept(log, tmp_path, 600)
    numbers, places = rows_of(600)
    secret = log.keyring.retention.find(rows.key, 0, "list")
    file = RowFile(tmp_path / "lists" / f"{rows.key}.rows", secret)
    file.add(numbers, (places + 1) % 3)
    file.close(ANSWERS, 600)
    with pytest.raises(ProofError, match="not those that were logged"):
        shown(log, tmp_path, place, rows=(1,))


def test_what_was_forgotten_stays_in_the_log_and_says_nothing(log, tmp_path):
    rows, place = kept(log, tmp_path, 10)
    log.keyring.retention.shred(rows.key)
    with pytest.raises(InputError, match="was forgotten"):
        shown(log, tmp_path, place)


def test_rows_that_are_gone_are_told(log, tmp_path):
    rows, place = kept(log, tmp_path, 10)
    (tmp_path / "lists" / f"{rows.key}.rows").unlink()
    with pytest.raises(StoreUnavailable, match="not there"):
        shown(log, tmp_path, place)


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"rows": (11,)}, "no row 11"), ({"rows": (0,)}, "no row 0"), ({"numbers": (NUMBER + 50,)}, "not on")],
)
def test_rows_that_the_list_does_not_have_are_refused(log, tmp_path, asked, says):
    _, place = kept(log, tmp_path, 10)
    with pytest.raises(InputError, match=says):
        shown(log, tmp_path, place, **asked)


def test_a_screening_that_failed_leaves_no_rows(log, tmp_path):
    rows = ListRows(log, tmp_path / "lists")
    rows.add(*rows_of(70_000), ANSWERS)
    rows.forget()
    assert not list(Path(tmp_path / "lists").iterdir())
    assert log.keyring.retention.find(rows.key, 0, "list") is None


def test_the_rows_of_a_list_are_forgotten_after_ninety_days_and_that_it_was_screened_is_not(log, tmp_path):
    pack, folder = PACKS["NL"], tmp_path / "lists"
    _, place = kept(log, tmp_path, 10)
    for day, entries, keys in [(990, 0, 0), (991, 1, 1), (992, 0, 0)]:
        log.clock = itertools.count(START + day * DAY).__next__
        assert (len(due(log, pack, folder)), finish(log)) == (entries, keys)
    with pytest.raises(InputError, match="forgotten"):
        shown(log, tmp_path, place)
    assert list(folder.iterdir()) == []
    assert soundness(log).faults == ()
