"""Folding: what the law makes of events, one folding rule at a time, without a database."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from belbaar.law import PACKS
from belbaar.law.words import FACT_KINDS, FOREVER, FOREVER_DAY
from belbaar.ledger import fold, read_event

PACK = PACKS["NL"]
ZONE = ZoneInfo("Europe/Amsterdam")
DAY = 86_400_000_000
FACTS = {number: name for name, number in FACT_KINDS.items()}


def told(*events):
    """Fold events given as (day of August 2026, kind, fields)."""
    read = [
        read_event(
            {"event": kind, "at": f"2026-08-{day:02}", **fields},
            number=31201000001,
            zone=ZONE,
            where="test",
            recorded_at=None,
        )
        for day, kind, fields in events
    ]
    return fold([dataclasses.replace(event, seq=seq) for seq, event in enumerate(read, 1)], PACK)


def august(day):
    return int(dt.datetime(2026, 8, day, tzinfo=ZONE).timestamp()) * 1_000_000


def consent(day, **more):
    return day, "consent.given", {"caller": "voltix", "product": "energy", **more}


def test_nothing_comes_of_nothing():
    assert fold([], PACK) == []


def test_a_consent_stands_for_ever_unless_something_ends_it():
    (row,) = told(consent(1))
    assert (FACTS[row.fact], row.caller, row.product) == ("consent", "voltix", "energy")
    assert (row.since, row.ended, row.last_day, row.verified_at) == (august(1), FOREVER, FOREVER_DAY, FOREVER)
    assert (row.by_voice, row.by_robocall, row.by_sms) == (1, 0, 0)


@pytest.mark.parametrize(("reassigned", "ended"), [(1, 1), (2, 2), (3, 3)])
def test_a_reassignment_ends_what_began_before_it_or_with_it(reassigned, ended):
    rows = told(consent(1), (reassigned, "number.reassigned", {}))
    assert [row.ended for row in rows] == [august(ended)]


def test_a_reassignment_leaves_what_begins_after_it():
    rows = told(consent(2), (1, "number.reassigned", {}))
    assert [row.ended for row in rows] == [FOREVER]


def test_a_reassignment_leaves_objections_entries_and_withdrawals():
    rows = told(
        (1, "objection.made", {"caller": "voltix"}),
        (1, "register.entered", {}),
        (1, "consent.withdrawn", {"caller": "voltix"}),
        (2, "number.reassigned", {}),
    )
    assert {FACTS[row.fact]: row.ended for row in rows} == dict.fromkeys(("objection", "entry", "withdrawal"), FOREVER)


def test_a_verification_goes_to_the_newest_consents_of_its_caller():
    rows = told(
        consent(1),
        consent(2),
        consent(2, product="telecom"),
        (2, "consent.given", {"caller": "belwin", "product": "energy"}),
        (3, "consent.verified", {"caller": "voltix", "method": "sms"}),
        (4, "consent.verified", {"caller": "voltix", "method": "sms"}),
    )
    found = {(row.caller, row.since, row.product): row.verified_at for row in rows}
    assert found == {
        ("voltix", august(1), "energy"): FOREVER,
        ("voltix", august(2), "energy"): august(3),
        ("voltix", august(2), "telecom"): august(3),
        ("belwin", august(2), "energy"): FOREVER,
    }


def test_a_freeze_ends_that_very_consent_from_its_own_instant_on():
    frozen = {"caller": "voltix", "product": "energy", "given_at": "2026-07-31T22:00Z", "why": "source"}
    rows = told(
        consent(1),
        consent(1, product="telecom"),
        consent(2),
        (1, "consent.given", {"caller": "belwin", "product": "energy"}),
        (3, "consent.frozen", frozen),
        (4, "consent.frozen", frozen),
    )
    assert {(row.caller, row.since, row.product): row.ended for row in rows} == {
        ("voltix", august(1), "energy"): august(3),
        ("voltix", august(1), "telecom"): FOREVER,
        ("voltix", august(2), "energy"): FOREVER,
        ("belwin", august(1), "energy"): FOREVER,
    }


@pytest.mark.parametrize(("calls", "contacted"), [([], FOREVER), ([1], FOREVER), ([2], 2), ([3, 2], 2), ([1, 4], 4)])
def test_the_first_call_strictly_after_a_consent_counts(calls, contacted):
    rows = told(consent(1), *((day, "call.made", {"caller": "voltix"}) for day in calls))
    assert [row.contacted_at for row in rows] == [contacted if contacted == FOREVER else august(contacted)]


@pytest.mark.parametrize(
    ("kind", "ends", "closed"),
    [
        ("service", [], FOREVER),
        ("service", [{}], 5),
        ("service", [{"product": "energy"}], 5),
        ("service", [{"product": "energy.gas"}], FOREVER),
        ("service", [{"product": "*"}], FOREVER),
        ("donorship", [{}], FOREVER),  # the end is of a service
        ("purchase", [{}], 1),
    ],
)
def test_an_end_closes_what_it_names(kind, ends, closed):
    rows = told(
        (1, "relation.started", {"caller": "voltix", "kind": kind, "product": "energy"}),
        *((5, "relation.ended", {"caller": "voltix", "kind": "service", **end}) for end in ends),
    )
    assert [row.closed for row in rows] == [closed if closed == FOREVER else august(closed)]


def test_an_objection_to_all_belongs_to_no_caller():
    rows = told(
        (1, "objection.made", {"caller": "voltix", "scope": "all"}), (2, "objection.made", {"caller": "voltix"})
    )
    assert [(row.caller, row.since) for row in rows] == [("", august(1)), ("voltix", august(2))]


@pytest.mark.parametrize(
    ("entered", "left", "stands"),
    [
        (None, None, False),
        (None, "*", False),
        (None, "energy", True),
        ("*", "energy", True),
        ("energy", None, False),
        ("energy", "energy", False),
        ("energy", "energy.gas", True),
        ("energy.gas", "energy", False),
        ("energy-saving", "energy", True),
    ],
)
def test_leaving_the_register_ends_entries_for_that_and_below(entered, left, stands):
    fields = [{} if product is None else {"product": product} for product in (entered, left)]
    rows = told((1, "register.entered", fields[0]), (2, "register.left", fields[1]))
    assert [row.ended for row in rows] == [FOREVER if stands else august(2)]


def test_each_description_lasts_until_the_next():
    rows = told(
        (1, "subscriber.described", {"type": "legal"}),
        (3, "subscriber.described", {"minor": True}),
        (5, "number.reassigned", {}),
    )
    assert [(row.since, row.ended, row.subscriber, row.minor) for row in rows] == [
        (august(1), august(3), 2, 0),
        (august(3), august(5), 0, 1),
    ]


def test_a_callback_lasts_thirty_days_or_to_the_day_agreed():
    rows = told(
        (1, "callback.requested", {"caller": "voltix", "product": "energy"}),
        (2, "callback.requested", {"caller": "voltix", "product": "energy", "until": "2026-08-03"}),
    )
    assert [dt.date.fromordinal(row.last_day).isoformat() for row in rows] == ["2026-08-31", "2026-08-03"]


def test_complaints_and_calls_are_no_facts_of_their_own():
    assert told((1, "complaint.filed", {"caller": "voltix"}), (2, "call.made", {"caller": "voltix"})) == []
