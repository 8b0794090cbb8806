"""The Dutch cards against nl.md: every rule with its dates, texts in two languages, sources, and no loose words."""

import dataclasses
import datetime as dt
import re
from itertools import groupby, pairwise

import pytest
from sqlglot import exp

from belbaar.errors import InternalError
from belbaar.law import PACKS, Law, Term, ruleset
from belbaar.law.cards import CODE, CONDITION, DUTY, GROUND, STATUTE, SUPERVISOR, VETO
from belbaar.law.facts import FACTS
from belbaar.law.language import read
from belbaar.law.program import compile_ruleset
from belbaar.law.rulesets import boundaries
from belbaar.law.words import FOREVER_DAY

PACK = PACKS["NL"]
RULES = sorted(PACK.rules, key=lambda rule: (rule.id, rule.in_force.first))
BEGINS, OPT_OUT_ENDS, OPT_IN = "2009-10-01", "2021-06-30", "2021-07-01"
ALWAYS = (BEGINS, None)

# nl.md sections 4 to 7: role, and stretches of (authority, first day, last day)
TABLE = {
    "nl.outside-scope": (GROUND, (STATUTE, *ALWAYS)),
    "nl.solicited": (GROUND, (STATUTE, *ALWAYS)),
    "nl.consent": (GROUND, (STATUTE, *ALWAYS)),
    "nl.customer": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.donor": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.volunteer": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.visitor": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.published": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.legal-person": (GROUND, (STATUTE, OPT_IN, None)),
    "nl.opt-out": (GROUND, (STATUTE, BEGINS, OPT_OUT_ENDS)),
    "nl.consent-channel": (CONDITION, (STATUTE, *ALWAYS)),
    "nl.consent-until": (CONDITION, (STATUTE, *ALWAYS)),
    "nl.consent-affirmative": (CONDITION, (STATUTE, *ALWAYS)),
    "nl.consent-bundled": (CONDITION, (STATUTE, *ALWAYS)),
    "nl.consent-wording": (CONDITION, (STATUTE, OPT_IN, None)),
    "nl.consent-verified": (CONDITION, (SUPERVISOR, "2025-07-01", None)),
    "nl.consent-fresh": (CONDITION, (CODE, "2024-10-15", None)),
    "nl.objection": (VETO, (STATUTE, *ALWAYS)),
    "nl.register": (VETO, (STATUTE, BEGINS, OPT_OUT_ENDS)),
    "nl.anonymous": (VETO, (CODE, "2020-03-01", OPT_OUT_ENDS), (STATUTE, OPT_IN, None)),
    "nl.false-number": (VETO, (STATUTE, OPT_IN, None)),
    "nl.hours": (VETO, (CODE, "2012-07-01", None)),
    "nl.mourning": (VETO, (CODE, "2024-10-15", None)),
    "nl.minor": (VETO, (CODE, "2012-07-01", None)),
    "nl.identify": (DUTY, (STATUTE, *ALWAYS)),
    "nl.offer-register": (DUTY, (STATUTE, BEGINS, OPT_OUT_ENDS)),
    "nl.use-screened-files": (DUTY, (STATUTE, BEGINS, OPT_OUT_ENDS)),
    "nl.offer-objection": (DUTY, (STATUTE, OPT_IN, None)),
    "nl.written-contract": (DUTY, (STATUTE, *ALWAYS)),
    "nl.reachable-number": (DUTY, (CODE, "2024-10-15", None)),
    "nl.show-consent": (DUTY, (CODE, "2024-10-15", None)),
}


def day(text):
    return dt.date.fromisoformat(text).toordinal() if text else FOREVER_DAY


def versions(rule_id):
    return [rule for rule in RULES if rule.id == rule_id]


def test_the_pack_has_the_rules_of_the_law_and_no_others():
    assert {rule.id for rule in RULES} == set(TABLE)


@pytest.mark.parametrize("rule_id", TABLE)
def test_a_rule_has_the_role_authority_and_dates_that_the_law_gives_it(rule_id):
    role, *stretches = TABLE[rule_id]
    found = versions(rule_id)
    assert {rule.role for rule in found} == {role}
    by_authority = [(name, list(rules)) for name, rules in groupby(found, key=lambda rule: rule.authority)]
    assert [(name, rules[0].in_force.first, rules[-1].in_force.last) for name, rules in by_authority] == [
        (authority, day(first), day(last)) for authority, first, last in stretches
    ]


@pytest.mark.parametrize("rule_id", TABLE)
def test_versions_of_a_rule_touch_without_gap_or_overlap(rule_id):
    for earlier, later in pairwise(versions(rule_id)):
        assert later.in_force.first == earlier.in_force.last + 1


def test_the_customer_rule_has_a_new_text_from_1_july_2026():
    assert [(rule.in_force.first, rule.in_force.last) for rule in versions("nl.customer")] == [
        (day("2021-07-01"), day("2026-06-30")),
        (day("2026-07-01"), FOREVER_DAY),
    ]


def test_grounds_are_named_in_the_order_of_the_law():
    assert list(PACK.grounds) == [name for name, (role, *_) in TABLE.items() if role == GROUND]


def test_the_three_periods_have_the_names_and_days_of_the_law():
    assert [(name, period.first, period.last) for name, period in PACK.periods] == [
        ("nl/2009-10-01", day("2009-10-01"), day("2021-06-30")),
        ("nl/2021-07-01", day("2021-07-01"), day("2026-06-30")),
        ("nl/2026-07-01", day("2026-07-01"), FOREVER_DAY),
    ]


def test_the_term_is_three_years_by_the_code_since_1_june_2020():
    (term,) = [parameter for parameter in PACK.parameters if parameter.id == "nl.customer-term"]
    assert [(step.first, step.value, step.authority) for step in term.steps] == [
        (day("2020-06-01"), Term.parse("P3Y"), CODE)
    ]


def test_no_day_of_mourning_is_known():
    (parameter,) = [parameter for parameter in PACK.parameters if parameter.id == "nl.mourning-days"]
    assert [(step.first, step.value, step.authority) for step in parameter.steps] == [(day("2024-10-15"), (), CODE)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}@{rule.in_force.first}")
def test_a_rule_speaks_both_languages_and_names_its_source_with_a_link(rule):
    for pair in ((rule.nl, rule.en), rule.met, rule.unmet):
        assert all(text.strip().endswith(".") for text in pair)
        assert pair[0] != pair[1]
    assert rule.cites
    for cite in rule.cites:
        assert cite.label.strip()
        assert re.fullmatch(r"https://\S+", cite.link)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}@{rule.in_force.first}")
def test_a_text_names_nothing_that_cannot_be_filled_in(rule):
    named = {name for text in (rule.nl, rule.en, *rule.met, *rule.unmet) for name in re.findall(r"\{(\w*)\}", text)}
    assert named <= {"customer_term", "product"}
    assert not re.search(r"\b[3d]rie jaar|3 jaar|three years|3 years\b", rule.nl + rule.en)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.role == CONDITION], ids=lambda rule: rule.id)
def test_a_condition_belongs_to_a_ground_over_the_same_facts(rule):
    assert {ground.over for ground in versions(rule.of) if ground.role == GROUND} == {rule.over}


def test_every_fact_of_the_vocabulary_is_used_by_a_rule_or_a_measure():
    used = {"ended"}  # by every rule over facts: it is asked of those that had not ended
    measures = {
        measure.name: dataclasses.replace(FACTS["since" if measure.latest else "minor"], name=measure.name)
        for measure in PACK.measures
    }
    for card in (*PACK.rules, *PACK.measures):
        if card.when:
            tree = read(card.when, card=str(card), measures=measures)
            used |= {column.name for column in tree.find_all(exp.Column)}
    assert set(FACTS) - used == set()
    assert used - set(FACTS) - set(measures) == set()


def test_every_measure_is_used_by_a_rule():
    texts = " ".join(rule.when for rule in PACK.rules)
    assert [measure.name for measure in PACK.measures if measure.name not in texts] == []


def test_every_stretch_of_law_compiles():
    programs = [compile_ruleset(ruleset(Law(PACK), first)) for first in boundaries(Law(PACK))]
    assert len(programs) == len(boundaries(Law(PACK)))
    assert all(program.ground_ids and program.duty_ids for program in programs)


def test_the_law_changes_on_the_days_of_nl_md_and_no_others():
    assert [dt.date.fromordinal(edge).isoformat() for edge in boundaries(Law(PACK))] == [
        "2009-10-01",
        "2012-07-01",
        "2020-03-01",
        "2020-06-01",
        "2021-07-01",
        "2024-10-15",
        "2025-07-01",
        "2026-07-01",
    ]


BAD_CARDS = [
    ("chanel = VOICE", '"channel"'),
    ("channel = VOCE", '"VOICE"'),
    ("channel IN (VOICE, SMSS)", '"SMS"'),
    ("opted_out = NO AND opt_out_ofered = YES", '"opt_out_offered"'),
    ("last_day >= customer_term_cutof", '"customer_term_cutoff"'),
    ("VOICE = channel", ""),
    ("minor = VOICE", ""),
    ("channel = 1", ""),
    ("channel IN (VOICE, 2)", ""),
    ("channel = 'voice'", ""),
    ("channel = NULL", ""),
    ("channel IS NULL", ""),
    ("TRUE", ""),
    ("channel = VOICE OR TRUE", ""),
    ("LOWER(channel) = VOICE", ""),
    ("COALESCE(channel, sector) = VOICE", ""),
    ("channel LIKE VOICE", ""),
    ("last_day BETWEEN today AND today", ""),
    ("last_day + today >= today", ""),
    ("last_day >= CURRENT_DATE", ""),
    ("moment <= NOW()", ""),
    ("CASE WHEN channel = VOICE THEN YES END", ""),
    ("EXISTS (SELECT 1)", ""),
    ("product IN (SELECT product)", ""),
    ("channel = VOICE; DROP TABLE standing", ""),
    ("channel = :channel", ""),
    ("channel = ?", ""),
    ("last_day >= moment", ""),
    ("since >= today", ""),
    ("last_day >= NEVER", ""),
    ("product IN (VOICE)", ""),
    ("product IN (segment)", ""),
    ("product = covering", ""),
    ("channel IN (covering)", ""),
    ("channel = VOICE AND", ""),
    ("channel == = VOICE", ""),
    ("", ""),
]


@pytest.mark.parametrize(("when", "nearest"), BAD_CARDS)
def test_a_card_that_leaves_the_language_is_refused_by_name_with_the_nearest_word(when, nearest):
    with pytest.raises(InternalError) as raised:
        read(when, card="nl.bad-card")
    assert raised.value.where == "nl.bad-card"
    assert nearest in raised.value.todo


@pytest.mark.parametrize(
    "when",
    ["no_such_name", "opted_out = NO AND no_such_name", "NOT opted_out", "other.channel = VOICE", "channel IN ()"],
)
def test_a_bare_or_qualified_name_is_outside_the_language_too(when):
    with pytest.raises(InternalError):
        read(when, card="nl.bad-card")


def pack_with(rule):
    others = tuple(card for card in PACK.rules if card.id != rule.id)
    return Law(dataclasses.replace(PACK, rules=(*others, rule)))


@pytest.mark.parametrize(
    ("rule_id", "when"),
    [
        ("nl.published", "product IN (coverings)"),
        ("nl.published", "product IN (covering) AND last_day > today"),  # runs by another form than "day >= cut-off"
        ("nl.solicited", "last_day >= today AND last_day >= customer_term_cutoff"),  # mixes two cut-offs
        ("nl.minor", "call_kind = MARKETING AND subscriber_minr = YES"),
        ("nl.consent-until", "last_day >= moment"),
    ],
)
def test_a_ruleset_with_a_bad_card_does_not_load_and_names_the_card(rule_id, when):
    bad = dataclasses.replace(versions(rule_id)[-1], when=when)
    with pytest.raises(InternalError) as raised:
        compile_ruleset(ruleset(pack_with(bad), day("2026-09-08")))
    assert rule_id in raised.value.where


def test_a_donor_who_lasts_by_another_clock_than_customers_does_not_load():
    bad = dataclasses.replace(versions("nl.donor")[0], when="relation_kind = GIFT AND last_day >= today")
    with pytest.raises(InternalError, match=r"last differently|mixes"):
        compile_ruleset(ruleset(pack_with(bad), day("2026-09-08")))
