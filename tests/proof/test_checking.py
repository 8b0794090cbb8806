"""The verifier's own mathematics, against other people's vectors and against the library that belbaar signs with."""

import json
from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.proof.verifier.checking import (
    BASE,
    ORDER,
    P,
    check_consistency,
    check_inclusion,
    ed25519_fits,
    multiplied,
    point_of,
)
from belbaar.proof.verifier.reading import Stop, canonical, get, unbase64, unhex
from tests.proof.test_tree import CONSISTENCY, INCLUSION, VECTORS, consistency_proof, nodes, root_hash

RFC_8032 = [  # section 7.1: seed, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SMALL_ORDER = [  # points that make a signature fit any message, and other spellings of them
    (1).to_bytes(32, "little"),
    (P - 1).to_bytes(32, "little"),
    bytes(32),
    bytes(31) + b"\x80",
    (1 + 2**255).to_bytes(32, "little"),
    (P + 1).to_bytes(32, "little"),
    P.to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]


@pytest.mark.parametrize("vector", RFC_8032, ids=range(1, 4))
def test_the_vectors_of_the_rfc(vector):
    seed, public, message, signature = map(bytes.fromhex, vector)
    assert Ed25519PrivateKey.from_private_bytes(seed).sign(message) == signature
    assert ed25519_fits(public, message, signature)
    assert not ed25519_fits(public, message + b"x", signature)
    for place in range(0, 512, 13):
        broken = (int.from_bytes(signature, "little") ^ (1 << place)).to_bytes(64, "little")
        assert not ed25519_fits(public, message, broken)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 1023))
def test_it_agrees_with_the_library(seed, message, place):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert ed25519_fits(public, message, signature)
    both = bytearray(public + signature)
    if place < 8 * len(both):
        both[place // 8] ^= 1 << place % 8
    public, signature = bytes(both[:32]), bytes(both[32:])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        fits = True
    except InvalidSignature:
        fits = False
    assert ed25519_fits(public, message, signature) is fits


def test_the_other_spelling_of_a_signature_does_not_fit():
    _, public, message, signature = map(bytes.fromhex, RFC_8032[0])
    s = int.from_bytes(signature[32:], "little")
    for other in (s + ORDER, s + 2 * ORDER, s + 7 * ORDER):
        assert not ed25519_fits(public, message, signature[:32] + other.to_bytes(32, "little"))


@pytest.mark.parametrize("point", SMALL_ORDER, ids=lambda point: point.hex()[:16])
def test_points_of_small_order_and_other_spellings_never_sign(point):
    with pytest.raises(Stop):
        point_of(point)
    assert not ed25519_fits(point, b"anything", point + bytes(32))
    _, public, message, signature = map(bytes.fromhex, RFC_8032[0])
    assert not ed25519_fits(public, message, point + signature[32:])
    assert not ed25519_fits(point, message, signature)


def test_lengths_are_exact():
    _, public, message, signature = map(bytes.fromhex, RFC_8032[0])
    for wrong in ((public[:-1], signature), (public + b"x", signature), (public, signature[:-1]), (public, b"")):
        assert not ed25519_fits(wrong[0], message, wrong[1])


def test_the_base_has_the_order_it_should():
    assert multiplied(ORDER, BASE)[0] == 0
    assert multiplied(8, BASE)[0] != 0


def accepted(check, *given):
    try:
        check(*given)
    except Stop:
        return False
    return True


@pytest.mark.skipif(not INCLUSION, reason=f"no vectors in {VECTORS}")
@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: str(case.relative_to(VECTORS)))
def test_inclusion_vectors(case):
    vector = json.loads(case.read_text())
    proof = [b64decode(hash_) for hash_ in vector["proof"] or []]
    given = vector["leafIdx"], vector["treeSize"], b64decode(vector["leafHash"] or ""), proof
    assert accepted(check_inclusion, *given, b64decode(vector["root"] or "")) is not vector["wantErr"]


@pytest.mark.skipif(not CONSISTENCY, reason=f"no vectors in {VECTORS}")
@pytest.mark.parametrize("case", CONSISTENCY, ids=lambda case: str(case.relative_to(VECTORS)))
def test_consistency_vectors_between_two_sizes(case):
    vector = json.loads(case.read_text())
    if vector["size1"] == vector["size2"]:
        pytest.skip("the verifier compares two heads of one size itself")
    roots = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    proof = [b64decode(hash_) for hash_ in vector["proof"] or []]
    assert accepted(check_consistency, vector["size1"], vector["size2"], *roots, proof) is not vector["wantErr"]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 200), st.data())
def test_consistency_proofs_of_the_log_are_taken(new, data):
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, nodes(new))
    assert accepted(check_consistency, old, new, root_hash(old, nodes(new)), root_hash(new, nodes(new)), proof)
    assert not accepted(check_consistency, old, new, bytes(32), root_hash(new, nodes(new)), proof)


@pytest.mark.parametrize(
    "read",
    [
        lambda: canonical(b'{"a":1.0}'),
        lambda: canonical(b'{"a":NaN}'),
        lambda: canonical(b'{"a":1,"a":1}'),
        lambda: canonical(b'{"a": 1}'),
        lambda: canonical(b'{"b":1,"a":1}'),
        lambda: unhex("A" * 64),
        lambda: unhex("0" * 63),
        lambda: unbase64("AB=="),
        lambda: get({"a": True}, "a", int),
        lambda: get([], "a", int),
    ],
)
def test_readers_take_one_spelling(read):
    with pytest.raises((Stop, ValueError)):
        read()
