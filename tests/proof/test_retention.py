"""What is kept, until which day, and why: the table and both sides of its dates."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from belbaar.law import PACKS
from belbaar.law.calendar import instant_of_day
from belbaar.ledger import EVENTS, read_event
from belbaar.ledger.values import read_instant
from belbaar.proof.erasure.fates import fates_of
from belbaar.proof.erasure.retention import FOR_EVER, LIST, ROW_OF, ROWS, last_day_kept, last_day_of, may_go_on
from belbaar.proof.keys.keystore import RETENTION_CLASSES

PACK = PACKS["NL"]
NUMBER = 31201000007
CASES = yaml.safe_load((Path(__file__).parent / "retention.yaml").read_text(encoding="utf-8"))


def event_of(data, place):
    with_caller = {"caller": "voltix"} if EVENTS[data["event"]].caller != "none" else {}
    read = read_event(with_caller | data, number=NUMBER, zone=PACK.zone, where="history", recorded_at=None)
    return replace(read, seq=place + 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_an_event_is_kept_through_its_last_day(case):
    history = [event_of(data, place) for place, data in enumerate(case["history"])]
    last = last_day_kept(history[case["about"]], history, PACK)
    assert (last and dt.date.fromordinal(last).isoformat()) == case["last"]


def test_every_kind_of_event_has_one_row():
    assert set(ROW_OF) == set(EVENTS)
    kinds = [kind for row in ROWS for kind in row.kinds]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_in_both_languages_what_and_why_and_where_that_stands(row):
    assert all((*row.what, *row.why))
    assert row.cites
    assert all(cite.link.startswith("https://") for cite in row.cites)
    assert all(row.since) is (row.term is not None)
    assert row.retention in {*RETENTION_CLASSES, LIST, FOR_EVER}


@pytest.mark.parametrize(
    ("what", "day", "last"),
    [
        ("verdict-acted-on", "2026-09-08", "2031-09-08"),
        ("verdict-not-acted-on", "2026-09-08", "2026-12-07"),
        ("list-row", "2026-09-08", "2026-12-07"),
        ("recording", "2026-08-31", "2027-02-28"),
        ("log", "2026-09-08", None),
    ],
)
def test_what_is_no_event_is_kept_for_a_term_from_its_instant(what, day, last):
    last_instant = instant_of_day(dt.date.fromisoformat(day).toordinal() + 1, PACK.zone) - 1
    found = last_day_of(what, last_instant, PACK.zone)
    assert (found and dt.date.fromordinal(found).isoformat()) == last


def test_a_thing_may_go_on_the_day_after_the_last_on_which_it_is_kept():
    assert may_go_on(dt.date(2031, 9, 8).toordinal()) == dt.date(2031, 9, 9)
    assert may_go_on(None) is None


DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1)).map(dt.date.isoformat)
HISTORIES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"at": DAYS, "event": st.just("consent.given"), "product": st.sampled_from(["a", "a.b", "c"])}
        ),
        st.fixed_dictionaries({"at": DAYS, "event": st.just("consent.withdrawn")}),
        st.fixed_dictionaries(
            {"at": DAYS, "event": st.just("call.made"), "product": st.sampled_from(["a", "a.b", "c"])}
        ),
        st.fixed_dictionaries({"at": DAYS, "event": st.just("number.reassigned")}),
        st.fixed_dictionaries(
            {"at": DAYS, "event": st.just("relation.started"), "kind": st.just("service"), "product": st.just("a")}
        ),
        st.fixed_dictionaries({"at": DAYS, "event": st.just("relation.ended"), "kind": st.just("service")}),
    ),
    min_size=1,
    max_size=6,
)


@given(HISTORIES)
def test_proof_is_kept_for_five_years_at_least_whatever_happened(history):
    events = [event_of(data, place) for place, data in enumerate(history)]
    for event, data in zip(events, history, strict=True):
        last = last_day_kept(event, events, PACK)
        five_years = dt.date.fromisoformat(data["at"]).replace(day=1, year=int(data["at"][:4]) + 5).toordinal()
        assert last is None or last >= five_years


@given(HISTORIES, st.randoms())
def test_the_order_of_the_history_plays_no_part(history, random):
    events = [event_of(data, place) for place, data in enumerate(history)]
    mixed = random.sample(events, len(events))
    assert [last_day_kept(event, events, PACK) for event in events] == [
        last_day_kept(event, mixed, PACK) for event in events
    ]


def parts(*history, asked="2026-10-01T12:00:00+02:00"):
    """Give by caller and class, which have one key, the last day and why."""
    events = [event_of(data, place) for place, data in enumerate(history)]
    fates = fates_of(events, events, read_instant(asked, PACK.zone), PACK).values()
    keys = {(fate.caller, fate.row.retention) for fate in fates}
    return {key: [fate for fate in fates if (fate.caller, fate.row.retention) == key] for key in keys}


def day(fates):
    last = max(fate.last for fate in fates)
    return dt.date.fromordinal(last).isoformat()


CONSENT = {"at": "2026-01-05", "event": "consent.given", "product": "energy"}
CALL = {"at": "2026-02-03T14:00:00+01:00", "event": "call.made", "product": "energy"}


def test_a_consent_that_held_when_erasure_was_asked_is_kept_for_its_term_and_no_longer():
    found = parts(CONSENT, CALL)
    assert day(found["voltix", "proof"]) == "2031-02-03"
    assert day(found["voltix", "cdr"]) == "2031-02-03"


def test_a_relation_that_ran_ends_with_the_erasure():
    found = parts({"at": "2020-01-05", "event": "relation.started", "kind": "service", "product": "energy"})
    assert day(found["voltix", "proof"]) == "2031-10-01"


def test_a_class_goes_as_a_whole_after_the_last_of_its_events():
    found = parts(CONSENT, CALL, {"at": "2026-09-20", "event": "complaint.filed"})
    assert day(found["voltix", "proof"]) == "2031-09-20"
    assert [fate.row.id for fate in found["voltix", "proof"]] == ["consent", "complaint"]


def test_objections_and_what_is_known_of_a_number_go_at_once():
    found = parts(
        {"at": "2026-01-05", "event": "objection.made"}, {"at": "2026-01-05", "event": "subscriber.described"}
    )
    assert {key: fate.last for key, (fate,) in found.items()} == {("voltix", "standing"): None, ("", "standing"): None}


def test_callers_are_told_apart():
    found = parts(CONSENT, {**CALL, "caller": "belwin"})
    assert set(found) == {("voltix", "proof"), ("belwin", "cdr")}


def test_of_a_number_without_events_nothing_goes():
    assert parts() == {}


@given(HISTORIES)
def test_whatever_happened_an_erasure_ends_every_term_some_day(history):
    fates = [fate for part in parts(*history).values() for fate in part]
    assert all((fate.last is None) == (fate.row.retention == "standing") for fate in fates)
