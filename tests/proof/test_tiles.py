"""Tiles: the same tree as in memory, whatever the batches; damage is found and named; files serve as the database does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.ledger import memory_store
from belbaar.proof.entries.commit import Leaf
from belbaar.proof.log.tile_files import export, file_tiles, tile_path
from belbaar.proof.log.tiles import (
    append,
    check,
    consistency,
    inclusion,
    leaves,
    nodes,
    root,
    shred_bodies,
    size_of,
    stored_tiles,
)
from belbaar.proof.log.tree import (
    EMPTY_ROOT,
    Range,
    check_consistency,
    check_inclusion,
    inclusion_proof,
    leaf_hash,
    perfect_nodes,
    root_hash,
)


def made(count, first=0):
    return [Leaf(n.to_bytes(16, "big"), b"entry %d" % n, b"sealed") for n in range(first, first + count)]


def log(*batches):
    connection = memory_store().connection
    for batch in batches:
        append(connection, made(batch, size_of(connection)))
    return connection


def whole(size):
    return perfect_nodes(leaf_hash(leaf.entry) for leaf in made(size))


@pytest.fixture(scope="module")
def big():
    """A log of 70 000 leaves: two levels full, a third begun, the example of the specification."""
    return log(70_000)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=5))
def test_the_root_does_not_depend_on_the_batches(batches):
    connection = log(*batches)
    size = sum(batches)
    expected = Range(leaf_hash(leaf.entry) for leaf in made(size)).root()
    assert root(connection, size) == expected == check(connection).root
    assert [leaf for _, leaf in leaves(connection)] == made(size)


def test_an_empty_log_has_the_empty_root():
    assert append(log(), []) == (0, 0, EMPTY_ROOT) == tuple(check(log()))


def test_proofs_from_tiles_are_those_from_memory(big):
    node = whole(70_000)
    for size in (70_000, 65_536, 65_537, 257, 256, 1):
        assert root(big, size) == root_hash(size, node)
        for index in {0, size - 1, size // 2, size // 3}:
            proof = inclusion(big, index, size)
            assert proof == inclusion_proof(index, size, node)
            check_inclusion(index, size, leaf_hash(b"entry %d" % index), proof, root(big, size))
        proof = consistency(big, size, 70_000)
        check_consistency(size, 70_000, root(big, size), root(big, 70_000), proof)


def test_the_tiles_are_those_of_the_specification(big):
    widths = big.execute("SELECT level, count(*), min(length(hashes)) / 32 FROM tile GROUP BY level").fetchall()
    assert widths == [(0, 274, 112), (1, 2, 17), (2, 1, 1)]


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("UPDATE leaf SET entry = x'00' WHERE ix = 299", "leaf 299"),
        ("DELETE FROM leaf WHERE ix = 299", "leaf 299 is missing"),
        ("DELETE FROM leaf WHERE ix = 0", "leaf 0 is missing"),
        ("DELETE FROM leaf WHERE ix = 699", "tile 2 of level 0 is longer"),
        ("INSERT INTO leaf VALUES (700, x'01', x'01', x'', 0, 0)", "leaf 700"),
        (("UPDATE leaf SET entry = CASE ix WHEN 3 THEN CAST('entry 4' AS BLOB) ELSE CAST('entry 3' AS BLOB) END "
         "WHERE ix IN (3, 4)"), "leaf 3"),
        ("UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND n = 1", "leaf 256"),
        ("UPDATE tile SET hashes = zeroblob(64) WHERE level = 1", "hash 0 of level 1"),
        ("DELETE FROM tile WHERE level = 1", "hash 0 of level 1"),
        ("INSERT INTO tile VALUES (2, 0, zeroblob(32))", "tiles where"),
    ],
)  # fmt: skip
def test_damage_is_found_and_named(damage, word):
    connection = log(700)
    connection.execute("DROP TRIGGER leaf_no_delete")  # as an administrator can
    connection.execute(damage)
    with pytest.raises(ProofError, match=word):
        check(connection)


def test_an_older_copy_is_a_log_of_its_own_that_no_newer_checkpoint_fits():
    """An older copy of the database checks out by itself; only the signed size and root tell."""
    old, new = log(500), log(700)
    assert check(old).root != check(new).root
    with pytest.raises(ProofError, match="missing"):
        root(old, 700)


def test_nothing_is_built_on_a_damaged_log():
    connection = log(700)
    connection.execute("UPDATE tile SET hashes = zeroblob(32) WHERE level = 0 AND n = 2")
    with pytest.raises(ProofError, match="1 hashes where 188 belong"):
        append(connection, made(1, 700))


def test_shredding_bodies_leaves_every_proof():
    connection = log(300)
    before = check(connection)
    shred_bodies(connection, [3, 299])
    assert check(connection) == before
    assert [ix for ix, leaf in leaves(connection) if not leaf.sealed] == [3, 299]


def test_nothing_is_written_outside_the_callers_transaction():
    connection = memory_store().connection
    connection.execute("BEGIN")
    append(connection, made(300))
    connection.execute("ROLLBACK")
    assert size_of(connection) == 0
    assert stored_tiles(connection)(0, 0) == b""


def test_exported_files_prove_what_the_database_proves(tmp_path, big):
    written = export(big, tmp_path, 70_000, "the checkpoint\n")
    assert written == 274 + 2 + 1 + 1
    assert (tmp_path / "tile/0/273.p/112").stat().st_size == 112 * 32
    node = nodes(file_tiles(tmp_path, 70_000))
    assert root_hash(70_000, node) == root(big, 70_000)
    assert inclusion_proof(69_999, 70_000, node) == inclusion(big, 69_999, 70_000)
    assert not list(tmp_path.rglob(".*"))
    assert (tmp_path / "checkpoint").read_text() == "the checkpoint\n"


def test_a_second_export_writes_only_what_is_new(tmp_path):
    connection = log(512)
    export(connection, tmp_path, 300, "small")
    assert export(connection, tmp_path, 512, "big") == 1 + 1 + 1
    assert root_hash(300, nodes(file_tiles(tmp_path, 300))) == root(connection, 300)
    assert root_hash(512, nodes(file_tiles(tmp_path, 512))) == root(connection, 512)


def test_entries_are_exported_for_auditors_only(tmp_path):
    export(log(3), tmp_path / "all", 3, "c")
    assert not (tmp_path / "all/tile/entries").exists()
    export(log(3), tmp_path / "auditor", 3, "c", entries=True)
    assert (tmp_path / "auditor/tile/entries/000.p/3").read_bytes() == b"\0\7entry 0\0\7entry 1\0\7entry 2"


def test_an_export_of_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="3 leaves"):
        export(log(3), tmp_path, 4, "c")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        export(log(3), tmp_path / "file", 3, "c")


def test_paths_are_those_of_the_specification():
    assert [tile_path(0, n) for n in (0, 999, 1000, 1234067)] == [
        "tile/0/000",
        "tile/0/999",
        "tile/0/x001/000",
        "tile/0/x001/x234/067",
    ]
