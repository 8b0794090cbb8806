"""Events that are alone with their number fold alike, however they are folded."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.law import PACKS
from belbaar.law.words import CHANNELS, RELATION_KINDS
from belbaar.ledger import fold, lone, read_event
from belbaar.ledger.events import EVENTS, content_digest, content_id, contents

PACK = PACKS["NL"]
MICROSECOND = dt.timedelta(microseconds=1)
FIELDS = {
    "shown_at": st.just("1960-01-01T00:00:00Z"),
    "boxes": st.just([{"label": "Bel mij", "initial": True, "final": True}]),
    "conditional_on": st.just("een kortingsbon"),
    "delivered_by": st.just("sms"),
    "product": st.sampled_from(["energy", "energy.gas", "*"]),
    "channels": st.lists(st.sampled_from(sorted(CHANNELS)), min_size=1, max_size=3, unique=True),
    "wording": st.sampled_from(["Ja.", ""]),
    "affirmative": st.booleans(),
    "bundled": st.booleans(),
    "verified": st.sampled_from(["sms", ""]),
    "until": st.sampled_from(["2026-12-31", "2030-02-28"]),
    "first_contact_within": st.sampled_from(["P1Y", "P3M", "P1M3D"]),
    "method": st.just("sms"),
    "kind": st.sampled_from(sorted(RELATION_KINDS)),
    "opt_out_offered": st.booleans(),
    "opted_out": st.booleans(),
    "scope": st.sampled_from(["caller", "all"]),
    "type": st.sampled_from(["natural", "legal", "unknown"]),
    "minor": st.booleans(),
    "channel": st.sampled_from(["voice", "sms"]),
    "objection_offered": st.booleans(),
    "about": st.just("te laat"),
    "given_at": st.just("1969-06-01T00:00Z"),
    "why": st.sampled_from(["not-mine", "source"]),
}


@st.composite
def told(draw):
    """An event of any kind, at any instant: also in the nights when the clock is changed, and before 1970."""
    kind = draw(st.sampled_from(sorted(EVENTS)))
    spec = EVENTS[kind]
    data = {name: draw(FIELDS[name]) for name in spec.required}
    data |= draw(st.fixed_dictionaries({}, optional={name: FIELDS[name] for name in spec.optional if name in FIELDS}))
    if spec.caller != "none" and data.get("scope") != "all":
        data["caller"] = "voltix"
    hour = draw(st.sampled_from(["2026-03-28T22:00Z", "2026-10-24T21:00Z", "1969-07-01T00:00Z"]))
    at = dt.datetime.fromisoformat(hour) + draw(st.integers(0, 60 * 3600 * 10**6 - 1)) * MICROSECOND
    return read_event(
        {**data, "event": kind, "at": at.isoformat()},
        number=31201000001,
        zone=PACK.zone,
        where="test",
        recorded_at=None,
    )


@given(told(), st.lists(st.integers(0, 30 * 3600 * 10**6), max_size=4))
def test_events_that_say_the_same_are_folded_as_each_would_be_by_itself(event, later):
    folder = lone.Lone(PACK, tuple)
    for place, step in enumerate([0, *later], 1):
        other = dataclasses.replace(event, number=31201000000 + place, at=event.at + step)
        by_itself = [tuple(row) for row in fold([dataclasses.replace(other, seq=place)], PACK)]
        assert folder.rows(other, place) == by_itself


def test_a_fold_that_looks_at_the_hour_is_not_taken_for_a_pattern(monkeypatch):
    def by_the_hour(events, pack):
        return [row._replace(closed=row.since // 3_600_000_000) for row in fold(events, pack)]

    monkeypatch.setattr(lone, "fold", by_the_hour)
    folder = lone.Lone(PACK, tuple)
    event = read_event(
        {"event": "objection.made", "at": "2026-08-01T10:00:00+02:00", "caller": "voltix"},
        number=31201000001,
        zone=PACK.zone,
        where="test",
        recorded_at=None,
    )
    for step in (0, 3_600_000_000, 7_200_000_000):
        other = dataclasses.replace(event, at=event.at + step)
        assert folder.rows(other, 1) == [tuple(row) for row in by_the_hour([dataclasses.replace(other, seq=1)], PACK)]


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(lone, "_REMEMBERED", 3)
    folder = lone.Lone(PACK, tuple)
    for day in range(1, 20):
        event = read_event(
            {"event": "objection.made", "at": f"2026-08-{day:02}", "caller": "voltix"},
            number=31201000001,
            zone=PACK.zone,
            where="test",
            recorded_at=None,
        )
        (row,) = folder.rows(event, day)
        assert row[3] == event.at
    assert len(folder._known) <= 3


@pytest.mark.parametrize("caller", ["voltix", 'a"b', "ünïcode", ""])
@given(told())
def test_a_content_in_parts_has_the_digest_of_the_whole(caller, event):
    """Ids of events that are in ledgers already may never change."""
    import hashlib  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    event = dataclasses.replace(event, caller=caller)
    whole = (event.kind, event.number, event.caller, event.at, sorted(event.fields.items()))
    expected = hashlib.sha256(msgspec.json.encode(whole)).digest()[:16]
    kind, named, fields = contents(event)
    assert content_id(event) == content_digest(kind, event.number, named, event.at, fields) == expected
