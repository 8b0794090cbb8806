"""A question in words becomes integers; what is no word of the law is refused by name."""

import pytest

from belbaar.errors import InputError
from belbaar.law.words import CHANNELS, DEFAULT_PURPOSE, KINDS, PRESENTED, PURPOSES, SECTORS
from belbaar.ledger import Caller
from belbaar.verdict.question import Call, call_facts, named

CALLER = Caller("voltix", "Voltix", "commercial", (31201990001, 31201990002))
NUMBERLESS = Caller("belwin", "Belwin", "commercial")


def facts(caller=CALLER, **more):
    return call_facts(Call(31201000001, caller.id, 0, **{"product": "energy", **more}), caller)


def test_a_call_that_says_nothing_is_marketing_by_voice_from_an_own_number():
    assert facts() == {
        "channel": CHANNELS["voice"],
        "call_kind": KINDS["marketing"],
        "purpose": PURPOSES["commercial"],
        "sector": SECTORS["commercial"],
        "presented": PRESENTED["own"],
    }


@pytest.mark.parametrize("sector", SECTORS)
def test_the_purpose_is_the_sectors_own_unless_it_is_named(sector):
    caller = Caller("x", "X", sector)
    assert facts(caller)["purpose"] == PURPOSES[DEFAULT_PURPOSE[sector]]
    assert facts(caller, purpose="ideal")["purpose"] == PURPOSES["ideal"]


@pytest.mark.parametrize(
    ("caller", "presents", "presented"),
    [
        (CALLER, None, "own"),
        (CALLER, 31201990002, "own"),
        (CALLER, 31201990003, "foreign"),
        (CALLER, "anonymous", "anonymous"),
        (NUMBERLESS, None, "anonymous"),
        (NUMBERLESS, 31201990003, "unchecked"),
        (NUMBERLESS, "anonymous", "anonymous"),
    ],
)
def test_what_a_call_shows_is_held_against_the_callers_numbers(caller, presents, presented):
    assert facts(caller, presents=presents)["presented"] == PRESENTED[presented]


@pytest.mark.parametrize(
    ("more", "where", "todo"),
    [
        ({"channel": "voise"}, "channel", "voice"),
        ({"kind": "markting"}, "kind", "marketing"),
        ({"purpose": "idealistic"}, "purpose", "ideal"),
        ({"presents": "hidden"}, "presents", ""),
        ({"product": "*"}, "", "energy.electricity"),
        ({"product": "Energy"}, "", "energy.electricity"),
    ],
)
def test_what_is_no_word_of_the_law_is_refused_with_the_nearest(more, where, todo):
    with pytest.raises(InputError) as raised:
        facts(**more)
    assert raised.value.where == where
    assert todo in raised.value.todo


def test_the_bits_of_a_mask_have_names_in_their_order():
    assert named(("a", "b", "c"), 0b101) == ("a", "c")
    assert named(("a", "b", "c"), 0) == ()
