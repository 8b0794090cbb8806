"""Products: what covers, what is similar, what is related."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.law.products import ALL, ancestors, check_product, product_sets, related, segment

segments = st.sampled_from(["energy", "energy-saving", "gas", "gasoline", "a", "b", "telecom"])
paths = st.lists(segments, min_size=1, max_size=4).map(".".join)
asked_or_all = st.one_of(paths, st.just(ALL))


def lies_above(one, other):
    """The plain reading: one is other, or other begins with all of one's segments."""
    own, theirs = one.split("."), other.split(".")
    return theirs[: len(own)] == own


@given(paths, paths)
def test_ancestors_are_the_path_and_all_above_it(path, other):
    assert (other in ancestors(path)) == lies_above(other, path)


@given(paths, paths)
def test_related_is_the_same_above_or_below(one, other):
    assert related(one, other) == (lies_above(one, other) or lies_above(other, one))


@given(asked_or_all, asked_or_all)
def test_related_goes_both_ways_and_everything_is_related_to_all(one, other):
    assert related(one, other) == related(other, one)
    assert related(ALL, one)


@given(paths, st.sets(paths, max_size=12))
def test_the_sets_of_a_product_are_what_the_law_says_of_the_known_ones(asked, others):
    known = {ALL: 0, **{path: number for number, path in enumerate(sorted(others), 1)}}
    sets = product_sets(asked, known)
    named = {number: path for path, number in known.items()}
    assert {named[number] for number in sets.covering} == {ALL} | {p for p in others if lies_above(p, asked)}
    assert {named[number] for number in sets.similar} == {ALL} | ({segment(asked)} & others)
    assert {named[number] for number in sets.related} == {ALL} | {p for p in others if related(p, asked)}


@given(paths)
def test_a_well_formed_path_is_itself(path):
    assert check_product(path) == path


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "A", "a b", "a_b", "é", "a.*", "*.a", "**", "a\n", "a.b.", "a,b", "a/b"]
)
def test_an_ill_formed_path_is_refused_with_an_example(text):
    with pytest.raises(InputError) as raised:
        check_product(text)
    assert "energy.electricity" in raised.value.todo


def test_a_star_is_a_product_save_where_one_must_be_named():
    assert check_product(ALL) == ALL
    with pytest.raises(InputError, match="never"):
        check_product(ALL, all_allowed=False)
