"""Rulesets: a hash of their content, what can be switched off and what that does, law that is only announced."""

import datetime as dt
import hashlib
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from belbaar.errors import InputError, LawUnknown
from belbaar.law import PACKS, Law, Term, announced, ruleset, ruleset_text
from belbaar.law.calendar import instant
from belbaar.law.rulesets import boundaries, switchable
from belbaar.ledger import Source, add_caller, memory_store, read_event, record
from belbaar.ledger.switches import switch, switches
from belbaar.verdict.laws import law_for
from belbaar.verdict.many import judge_one
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call

PACK = PACKS["NL"]
ZONE = ZoneInfo("Europe/Amsterdam")
NUMBER = 31201000001
TODAY = "2026-09-08"


def day(text):
    return dt.date.fromisoformat(text).toordinal()


def at(text):
    return instant(dt.datetime.fromisoformat(text))


def on(text, *, off=()):
    return ruleset(Law(PACK, off=frozenset(off)), day(text))


@pytest.fixture
def store():
    with memory_store() as opened:
        add_caller(opened, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
        add_caller(opened, "dagpost", name="De Dagpost", sector="press", numbers=[31201990010])
        yield opened


def tell(store, **event):
    event = read_event(event, number=NUMBER, zone=ZONE, where="test", recorded_at=None)
    record(store, [(1, event)], Source("test", "", 0, "test"), PACK)


def both(store, **call):
    """Judge on both engines, which must agree."""
    question = Call(NUMBER, call.pop("caller"), at(call.pop("at")), call.pop("product", "energy"), **call)
    one = may_call(store, question)
    assert judge_one(store, question, law_for(NUMBER, off=one_off(store))) == one
    return one


def one_off(store):
    return frozenset(name for name, off in {rule: off for rule, off, *_ in switches(store)}.items() if off)


def off(store, rule):
    switch(store, rule, off=True, reason="another reading of counsel", at=0, by="officer")


def test_two_days_of_one_stretch_share_a_ruleset_and_its_hash():
    law = Law(PACK)
    assert ruleset(law, day("2026-07-01")) is ruleset(law, day("2035-05-05"))
    assert on("2026-07-01").hash == on("2035-05-05").hash
    assert on("2021-07-01").hash == on("2024-10-14").hash


def test_every_stretch_of_law_has_a_hash_of_its_own():
    law = Law(PACK)
    hashes = {ruleset(law, edge).hash for edge in boundaries(law)}
    assert len(hashes) == len(boundaries(law))
    assert all(len(digest) == 64 for digest in hashes)


def test_the_hash_is_that_of_the_text():
    rules = on("2026-07-01")
    assert hashlib.sha256(ruleset_text(rules).encode()).hexdigest() == rules.hash


def test_the_hash_is_the_same_in_every_process():
    program = (
        "import datetime as dt; from belbaar.law import PACKS, Law, ruleset; law = Law(PACKS['NL']);"
        "print(*(ruleset(law, dt.date.fromisoformat(d).toordinal()).hash for d in ('2015-09-08', '2026-09-08')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True
    ).stdout
    assert told.split() == [on("2015-09-08").hash, on(TODAY).hash]


@pytest.mark.parametrize(
    ("first", "name"),
    [
        ("2009-10-01", "nl/2009-10-01"),
        ("2021-06-30", "nl/2009-10-01"),
        ("2021-07-01", "nl/2021-07-01"),
        ("2026-06-30", "nl/2021-07-01"),
        ("2026-07-01", "nl/2026-07-01"),
    ],
)
def test_a_ruleset_is_named_after_its_period(first, name):
    assert on(first).name == name


def test_before_the_first_day_the_law_is_unknown_and_the_error_says_since_when():
    with pytest.raises(LawUnknown, match=r"2009-09-30.*2009-10-01"):
        on("2009-09-30")


def test_what_can_be_switched_off_is_what_the_supervisor_or_the_code_says():
    assert switchable(PACK) == {
        "nl.consent-verified",
        "nl.consent-fresh",
        "nl.anonymous",
        "nl.hours",
        "nl.mourning",
        "nl.minor",
        "nl.reachable-number",
        "nl.show-consent",
        "nl.customer-term",
        "nl.mourning-days",
    }


@pytest.mark.parametrize(
    "rule_id", ["nl.hours", "nl.minor", "nl.consent-fresh", "nl.consent-verified", "nl.show-consent"]
)
def test_switching_a_rule_off_takes_it_out_and_changes_the_hash(rule_id):
    assert rule_id in {rule.id for rule in on(TODAY).rules}
    assert rule_id not in {rule.id for rule in on(TODAY, off=[rule_id]).rules}
    assert on(TODAY, off=[rule_id]).hash != on(TODAY).hash


def test_switching_the_term_off_changes_the_hash_too():
    assert on(TODAY, off=["nl.customer-term"]).hash != on(TODAY).hash


@pytest.mark.parametrize("rule_id", ["nl.objection", "nl.consent", "nl.false-number", "nl.consent-wording"])
def test_statute_stays_in_a_ruleset_that_names_it_off(rule_id):
    assert on(TODAY, off=[rule_id]).hash == on(TODAY).hash


def test_only_the_codes_version_of_the_ban_on_anonymous_calls_goes_off():
    assert "nl.anonymous" not in {rule.id for rule in on("2021-06-30", off=["nl.anonymous"]).rules}
    assert "nl.anonymous" in {rule.id for rule in on("2021-07-01", off=["nl.anonymous"]).rules}


def test_an_anonymous_call_under_the_code_is_allowed_where_that_is_off_and_under_the_statute_is_not(store):
    off(store, "nl.anonymous")
    under_the_code = both(store, caller="voltix", at="2021-06-30T14:00:00+02:00", presents="anonymous")
    assert (under_the_code.allowed, under_the_code.vetoes, under_the_code.switched_off) == (True, (), ("nl.anonymous",))
    tell(store, event="subscriber.described", at="2021-01-04", type="legal")
    under_the_statute = both(store, caller="voltix", at="2021-07-01T14:00:00+02:00", presents="anonymous")
    assert under_the_statute.vetoes == ("nl.anonymous",)


def test_without_the_codes_term_an_ended_relation_counts_for_ever(store):
    tell(store, event="relation.started", at="2001-03-05", caller="dagpost", kind="purchase", product="news",
         opt_out_offered=True)  # fmt: skip
    call = {"caller": "dagpost", "at": "2026-09-08T14:00:00+02:00", "product": "news"}
    assert not both(store, **call).allowed
    off(store, "nl.customer-term")
    verdict = both(store, **call)
    assert (verdict.allowed, verdict.ground, verdict.until) == (True, "nl.customer", None)
    assert verdict.switched_off == ("nl.customer-term",)


def test_without_the_codes_term_a_decree_still_sets_one():
    steps = law_with_decree(off=frozenset({"nl.customer-term"}))
    assert ruleset(steps, day("2026-12-31")).values["nl.customer-term"] is None
    assert ruleset(steps, day("2027-01-01")).values["nl.customer-term"] == Term.parse("P1Y")


def law_with_decree(*, off=frozenset()):
    return announced(Law(PACK, off=off), "nl/example-decree-1y")


def test_a_rule_of_the_supervisor_can_be_switched_off_and_on_again(store):
    tell(store, event="consent.given", at="2026-08-01", caller="voltix", product="energy", wording="Ja.")
    call = {"caller": "voltix", "at": "2026-09-08T14:00:00+02:00"}
    assert both(store, **call).defects == ("nl.consent-verified",)
    off(store, "nl.consent-verified")
    allowed = both(store, **call)
    assert (allowed.allowed, allowed.defects, allowed.switched_off) == (True, (), ("nl.consent-verified",))
    switch(store, "nl.consent-verified", off=False, reason="counsel thought again", at=1, by="officer")
    assert both(store, **call).switched_off == ()
    assert [(rule, was_off) for rule, was_off, *_ in switches(store)] == [
        ("nl.consent-verified", True),
        ("nl.consent-verified", False),
    ]


@pytest.mark.parametrize("rule_id", ["nl.objection", "nl.register", "nl.consent", "nl.identify", "nl.consent-wording"])
def test_switching_statute_off_is_refused_and_writes_nothing(store, rule_id):
    with pytest.raises(InputError, match="statute"):
        off(store, rule_id)
    assert switches(store) == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_switch_needs_a_reason(store, reason):
    with pytest.raises(InputError, match="reason"):
        switch(store, "nl.hours", off=True, reason=reason, at=0, by="officer")


def test_a_switch_of_a_rule_that_is_none_names_the_nearest(store):
    with pytest.raises(InputError) as raised:
        off(store, "nl.hour")
    assert "nl.hours" in raised.value.todo


def test_announced_law_is_not_used_unless_named():
    plain = Law(PACK)
    for edge in boundaries(law_with_decree()):
        assert ruleset(plain, edge).values["nl.customer-term"] in (None, Term.parse("P3Y"))
    assert ruleset(plain, day("2027-01-01")) is ruleset(plain, day("2026-12-31"))


def test_announced_law_that_is_named_counts_from_its_day():
    preview = law_with_decree()
    assert ruleset(preview, day("2026-12-31")).values["nl.customer-term"] == Term.parse("P3Y")
    assert ruleset(preview, day("2027-01-01")).values["nl.customer-term"] == Term.parse("P1Y")
    assert ruleset(preview, day("2027-01-01")).hash != ruleset(Law(PACK), day("2027-01-01")).hash


def test_a_verdict_on_a_real_call_of_2027_does_not_know_the_announced_decree(store):
    tell(store, event="relation.started", at="2025-03-05", caller="dagpost", kind="purchase", product="news",
         opt_out_offered=True)  # fmt: skip
    assert both(store, caller="dagpost", at="2027-01-04T14:00:00+01:00", product="news").allowed


def test_a_name_that_nothing_is_announced_under_is_refused_with_the_nearest():
    with pytest.raises(InputError) as raised:
        announced(Law(PACK), "nl/example-decree-2y")
    assert "nl/example-decree-1y" in raised.value.todo


def test_what_is_announced_says_in_both_languages_that_it_is_an_example():
    (example,) = PACK.announced
    assert example.name == "nl/example-decree-1y"
    assert ("VOORBEELD" in example.nl, "EXAMPLE" in example.en) == (True, True)
