"""The tree against the RFC's own recursive definition, and against other people's vectors, good and forged."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError
from belbaar.proof.log.tree import (
    EMPTY_ROOT,
    Range,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    perfect_nodes,
    root_hash,
)

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "merkle" / "testdata"
INCLUSION, CONSISTENCY = (sorted((VECTORS / kind).rglob("*.json")) for kind in ("inclusion", "consistency"))
CLASSIC = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]


def mth(leaves):
    """RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m, leaves):
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole=True):
    """RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def entries(size):
    return [n.to_bytes(2, "big") for n in range(size)]


def nodes(size):
    return perfect_nodes(map(leaf_hash, entries(size)))


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 255, 256, 257, 300, 511, 513, 600])
def test_roots_are_those_of_the_definition(size):
    assert root_hash(size, nodes(size)) == mth(entries(size)) == Range(map(leaf_hash, entries(size))).root()


@given(st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_verify(data):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, nodes(size))
    assert proof == path(index, entries(size))
    check_inclusion(index, size, leaf_hash(entries(size)[index]), proof, mth(entries(size)))


@given(st.data())
def test_consistency_proofs_are_those_of_the_definition_and_verify(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, nodes(new))
    assert proof == subproof(old, entries(new))
    check_consistency(old, new, mth(entries(old)), mth(entries(new)), proof)


@given(st.data())
def test_a_changed_proof_never_verifies(data):
    size = data.draw(st.integers(2, 100))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, nodes(size))
    root, leaf = mth(entries(size)), leaf_hash(entries(size)[index])
    place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    broken = list(proof)
    broken[place] = (int.from_bytes(proof[place], "big") ^ (1 << bit)).to_bytes(32, "big")
    for forged in (broken, proof[:-1], [*proof, root], proof[1:], [leaf, *proof]):
        with pytest.raises(ProofError):
            check_inclusion(index, size, leaf, forged, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    with pytest.raises(ProofError):
        check_inclusion(other, size, leaf, proof, root)


@given(st.integers(2, 80), st.data())
def test_a_changed_history_never_verifies(new, data):
    old = data.draw(st.integers(1, new - 1))
    changed = entries(new)
    changed[data.draw(st.integers(0, old - 1))] = b"forged"
    proof = consistency_proof(old, new, perfect_nodes(map(leaf_hash, changed)))
    with pytest.raises(ProofError) as caught:
        check_consistency(old, new, mth(entries(old)), mth(changed), proof)
    assert caught.value.code in {"log-forked", "not-proven"}


def accepted(check):
    try:
        check()
    except ProofError:
        return False
    return True


@pytest.mark.skipif(not INCLUSION, reason=f"no vectors in {VECTORS}")
@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: str(case.relative_to(VECTORS)))
def test_inclusion_vectors(case):
    vector = json.loads(case.read_text())
    proof = [b64decode(hash_) for hash_ in vector["proof"] or []]
    leaf, root = b64decode(vector["leafHash"] or ""), b64decode(vector["root"] or "")
    good = accepted(lambda: check_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root))
    assert good is not vector["wantErr"]


@pytest.mark.skipif(not CONSISTENCY, reason=f"no vectors in {VECTORS}")
@pytest.mark.parametrize("case", CONSISTENCY, ids=lambda case: str(case.relative_to(VECTORS)))
def test_consistency_vectors(case):
    vector = json.loads(case.read_text())
    proof = [b64decode(hash_) for hash_ in vector["proof"] or []]
    roots = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    good = accepted(lambda: check_consistency(vector["size1"], vector["size2"], *roots, proof))
    assert good is not vector["wantErr"]


def test_the_classic_leaves_have_the_classic_root():
    expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_hash(8, perfect_nodes(map(leaf_hash, CLASSIC))).hex() == expected


def test_an_empty_tree_proves_nothing_of_a_later_one():
    assert consistency_proof(0, 5, nodes(5)) == []
    check_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    for old_root, new, new_root in ((EMPTY_ROOT, 5, mth(entries(5))), (bytes(32), 0, bytes(32))):
        with pytest.raises(ProofError):
            check_consistency(0, new, old_root, new_root, [])


def test_questions_outside_the_tree_are_refused():
    for call in (
        lambda: inclusion_proof(5, 5, nodes(5)),
        lambda: inclusion_proof(-1, 5, nodes(5)),
        lambda: consistency_proof(6, 5, nodes(5)),
    ):
        with pytest.raises(InputError):
            call()
