"""Canonical bytes: the RFC's vectors as far as the profile goes, and the same bytes as the standard library."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.proof.entries.jcs import _ENCODER, canonical, check_integers, decode, encode, template

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "jcs" / "testdata"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"no vectors in {VECTORS}")

KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = TEXTS | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(KEYS, part), max_leaves=20)


def reference(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@given(VALUES)
def test_the_bytes_are_those_of_the_standard_library_and_read_back(value):
    assert encode(value) == reference(value)
    assert decode(encode(value)) == value
    assert canonical(json.dumps(value, indent=2)) == encode(value)


@given(st.dictionaries(KEYS, LEAVES), st.binary(max_size=8), st.integers(0, 200))
def test_bytes_are_read_only_when_they_are_the_canonical_ones(value, noise, place):
    data = encode(value)
    spoilt = data[:place] + noise + data[place + len(noise) :]
    try:
        read = decode(spoilt)
    except InputError:
        return
    assert encode(read) == spoilt


@given(st.dictionaries(KEYS, TEXTS | st.lists(TEXTS)), st.lists(KEYS, min_size=1, unique=True), st.data())
def test_a_template_that_is_filled_in_is_what_would_have_been_written(value, names, data):
    integers = {name: data.draw(st.integers(-(2**53) + 1, 2**53 - 1)) for name in sorted(names)}
    check_integers(list(integers.values()))
    assert template(value, *integers) % tuple(integers.values()) == encode({**value, **integers})


def test_a_template_names_each_place_once():
    with pytest.raises(InputError, match="a part has a key of this name too"):
        template({"boxes": [{"at": 0}]}, "at")
    with pytest.raises(InputError, match="2\\^53"):
        check_integers([1, 2**53])


@needs_vectors
def test_the_vector_within_the_profile():
    assert canonical(
        (VECTORS / "input" / "structures.json")
        .read_bytes()
        .replace(b"56.0", b"56")
        .replace(b'"F"', b'"g"')
        .replace(b'"\\n"', b'"n"')
        .replace(b'"":', b'"_":')
        .replace(b'"E"', b'"d"')
        .replace(b'"A"', b'"z"')
    ) == (b'{"1":{"f":{"f":"hi","g":5},"n":56},"10":{},"111":[{"d":"no","e":"yes"}],"_":"empty","a":{},"z":{}}')


@needs_vectors
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "weird"])
def test_the_encoder_beneath_orders_and_escapes_as_the_rfc_does(name):
    """Keys outside the profile are refused by us; what writes the bytes would have written them right all the same."""
    value = json.loads((VECTORS / "input" / f"{name}.json").read_bytes(), parse_float=lambda text: int(float(text)))
    expected = bytes.fromhex("".join((VECTORS / "outhex" / f"{name}.txt").read_text().split()))
    if name != "weird":  # an astral key before one above the surrogates: UTF-8 and UTF-16 differ; hence the profile
        assert _ENCODER.encode(value) == expected
    with pytest.raises(InputError):
        canonical((VECTORS / "input" / f"{name}.json").read_bytes())


@needs_vectors
def test_floats_are_refused():
    with pytest.raises(InputError, match="integers only"):
        canonical((VECTORS / "input" / "values.json").read_bytes())


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"a": 1.0}, "float"),
        ({"a": None}, "null"),
        ({"a": 2**53}, "2\\^53"),
        ({"a": [-(2**53)]}, "a.0: .*2\\^53"),
        ({"A": 1}, "not a key"),
        ({"": 1}, "not a key"),
        ({"a\n": 1}, "not a key"),
        ({1: 1}, "not a key"),
        ({"a": b"x"}, "bytes"),
        ({"a": (1,)}, "tuple"),
        ({"a": "\ud800"}, "half a character"),
        ({"a": {"b": {1, 2}}}, "a.b: .*set"),
    ],
)
def test_what_the_profile_does_not_know_is_refused(value, word):
    with pytest.raises(InputError, match=word):
        encode(value)


def test_depth_has_an_end():
    value: object = 1
    for _ in range(1000):
        value = [value]
    with pytest.raises(InputError, match="deeper"):
        encode(value)
    for text in (b"[" * 100_000, b"[" * 70 + b"]" * 70):
        for read in (decode, canonical):
            with pytest.raises(InputError):
                read(text)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"a": 1}', b'{"a":1}\n', b'{"a":-0}', b'{"a":1.0}', b'{"a":1e0}',
        b'{"a":"\\u0041"}', b'{"a":"\\/"}', b'{"a":"\\ud800"}', b'{"a":"\xff"}', b"null", b"NaN", b'\xef\xbb\xbf{"a":1}',
        b'{"a":9007199254740992}', b'{"a":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_bytes_that_are_not_canonical_are_refused(text):
    with pytest.raises(InputError):
        decode(text)


@pytest.mark.parametrize(
    "text", [b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":"\\ud800"}', b'{"a":' + b"9" * 5000 + b"}", b"\xff"]
)
def test_json_of_others_is_refused_where_it_is_ambiguous(text):
    with pytest.raises(InputError):
        canonical(text)
