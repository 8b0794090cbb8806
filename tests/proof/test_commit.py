"""Commitments: what opens, what does not, and what one opened section tells of the others."""

import hashlib
import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.commit import (
    Body,
    check_opening,
    clear_entry,
    commitment,
    derive,
    entry_of,
    open_sealed,
    row_entry,
    row_key,
    seal,
    section_hash,
)

SECTIONS = st.dictionaries(st.sampled_from(["kind", "caller", "at", "number"]), st.text("ab") | st.integers(0, 9))
BODIES = st.builds(Body, how=SECTIONS, what=SECTIONS, who=SECTIONS)
KEY, ID = bytes(range(32)), bytes(range(16))
BODY = Body(how={"channel": "web"}, what={"kind": "consent.given"}, who={"number": 31201000007})


@given(BODIES, st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_what_was_sealed_opens_again(body, key, id_):
    leaf = seal(key, id_, body)
    assert len(leaf.entry) == 86
    assert open_sealed(key, id_, leaf.sealed, leaf.entry) == body


@given(BODIES, BODIES)
def test_two_bodies_never_have_one_entry(one, other):
    assert (seal(KEY, ID, one).entry == seal(KEY, ID, other).entry) == (one == other)


def test_the_formula_is_the_one_in_the_design():
    leaf = seal(KEY, ID, BODY)
    stream = hashlib.shake_256(KEY + b"belbaar/ev/1" + ID).digest(128)
    parts = [
        hashlib.sha256(stream[n * 32 : n * 32 + 32] + json.dumps(section, separators=(",", ":")).encode()).digest()
        for n, section in enumerate((BODY.how, BODY.what, BODY.who))
    ]
    c = hashlib.sha256(b"belbaar/c/1\0" + b"".join(parts)).hexdigest()
    assert leaf.entry == f'{{"c":"{c}","k":"p","v":1}}'.encode()


def test_one_section_is_shown_without_the_others():
    leaf, keys = seal(KEY, ID, BODY), derive(KEY, ID)
    how, who = section_hash(keys.how, BODY.how), section_hash(keys.who, BODY.who)
    check_opening(leaf.entry, how, section_hash(keys.what, {"kind": "consent.given"}), who)
    with pytest.raises(ProofError):
        check_opening(leaf.entry, how, section_hash(keys.what, {"kind": "consent.withdrawn"}), who)
    with pytest.raises(ProofError):
        check_opening(leaf.entry, who, section_hash(keys.what, BODY.what), how)


def test_the_number_is_not_in_the_entry_nor_in_the_sealed_body():
    leaf = seal(secrets.token_bytes(32), ID, BODY)
    assert b"31201000007" not in leaf.entry + leaf.sealed


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_sealed_body_does_not_open(place):
    leaf = seal(KEY, ID, BODY)
    sealed = bytearray(leaf.sealed)
    sealed[place] ^= 1
    with pytest.raises(ProofError, match="does not open"):
        open_sealed(KEY, ID, bytes(sealed), leaf.entry)


def test_a_body_that_opens_but_is_not_the_one_logged_is_refused():
    other = seal(KEY, ID, Body(what={"kind": "consent.withdrawn"}))
    with pytest.raises(ProofError, match="something else"):
        open_sealed(KEY, ID, other.sealed, seal(KEY, ID, BODY).entry)


def test_another_key_or_id_does_not_open():
    leaf = seal(KEY, ID, BODY)
    for key, id_ in ((bytes(32), ID), (KEY, bytes(16))):
        with pytest.raises(ProofError):
            open_sealed(key, id_, leaf.sealed, leaf.entry)


def test_keys_of_a_wrong_length_are_refused():
    for call in (
        lambda: derive(b"x", ID),
        lambda: derive(KEY, b"x"),
        lambda: section_hash(b"x" * 31, {}),
        lambda: row_key(b"", 1),
    ):
        with pytest.raises(InputError, match="bytes"):
            call()


def test_kinds_are_a_closed_list():
    for call in (lambda: entry_of(bytes(32), "text"), lambda: clear_entry("p", {}), lambda: seal(KEY, ID, BODY, "x")):
        with pytest.raises(InputError, match="kind"):
            call()


def test_a_clear_entry_fits_in_a_bundle():
    with pytest.raises(InputError, match="at most"):
        clear_entry("text", {"text": "x" * 66_000})


def test_an_entry_of_another_form_is_no_commitment():
    c = commitment(bytes(32), bytes(32), bytes(32))
    check_opening(entry_of(c, "l"), bytes(32), bytes(32), bytes(32))
    for entry in (b"", entry_of(c) + b"\n", b" " + entry_of(c), entry_of(c).replace(b'"p"', b'"x"')):
        with pytest.raises(ProofError):
            check_opening(entry, bytes(32), bytes(32), bytes(32))


def test_rows_have_keys_of_their_own():
    assert row_key(KEY, 1) != row_key(KEY, 2)
    assert row_entry(KEY, 1, {"number": 1}) == section_hash(row_key(KEY, 1), {"number": 1})
