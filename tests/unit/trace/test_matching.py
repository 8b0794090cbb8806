"""Which calls are meant by a time that a person writes down."""

from hypothesis import given
from hypothesis import strategies as st

from belbaar.trace.calls import Incoming
from belbaar.trace.matching import AROUND, candidates

AT = 1_788_868_800_000_000


def call(off, *, hidden=1, marked=False, tag=b"x"):
    at = AT + off
    return Incoming(f"{at}{tag!r}", 31201000031, at, hidden, "t", "own", 200, 0, 0, at if marked else 0, tag)


def test_five_minutes_before_and_after_are_inside_and_no_more():
    calls = [call(off) for off in (-AROUND - 1, -AROUND, 0, AROUND, AROUND + 1)]
    assert [each.off for each in candidates([AT], calls)] == [300, 0, 300]


def test_who_showed_a_number_is_not_looked_for_even_where_it_was_marked():
    assert candidates([AT], [call(0, hidden=0), call(1, hidden=0, marked=True)]) == []


def test_calls_without_any_number_share_no_letter():
    found = candidates([AT], [call(0, tag=b""), call(1, tag=b""), call(2, tag=b"y"), call(3, tag=b"y")])
    assert [each.same for each in found] == ["", "", "A", "A"]


def test_a_time_that_a_mark_filled_in_means_that_very_call():
    found = candidates([AT], [call(-60_000_000), call(0, marked=True)])
    assert [(each.certainty, each.off) for each in found] == [("marked", 0)]


@given(
    st.lists(st.integers(-3, 3)), st.lists(st.tuples(st.integers(-4, 4), st.booleans()), unique_by=lambda each: each[0])
)
def test_no_call_far_from_every_time_is_among_them_and_none_is_certain_beside_another(times, made):
    stated = [AT + each * AROUND for each in times]
    found = candidates(stated, [call(off * AROUND, marked=marked) for off, marked in made])
    for each in found:
        near = [at for at in stated if abs(each.call.received_at - at) <= AROUND]
        assert near or each.certainty == "marked"
        if each.certainty == "only":
            there = [off for off, _ in made if any(abs(AT + off * AROUND - at) <= AROUND for at in near)]
            assert each.off is not None
            assert there
