"""Events are read without guessing; equal events have equal content."""

import dataclasses
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.law.words import METHODS
from belbaar.ledger import EVENTS, read_event
from belbaar.ledger.events import ENVELOPE, FIELD_DOCS, content_id

ZONE = ZoneInfo("Europe/Amsterdam")
AUGUST = 1_785_535_200_000_000  # 2026-08-01T00:00+02:00

# nl.md section 3: caller, required fields, optional fields
LAW = {
    "consent.given": (
        "required",
        {"product"},
        {"channels", "wording", "affirmative", "bundled", "verified", "until", "first_contact_within"},
    ),
    "consent.verified": ("required", {"method"}, set()),
    "consent.withdrawn": ("required", set(), {"product"}),
    "consent.frozen": ("required", {"given_at", "why"}, {"product"}),
    "relation.started": ("required", {"kind", "product"}, {"opt_out_offered", "opted_out"}),
    "relation.ended": ("required", {"kind"}, {"product"}),
    "objection.made": ("by-scope", set(), {"scope"}),
    "callback.requested": ("required", {"product"}, {"until"}),
    "register.entered": ("none", set(), {"product"}),
    "register.left": ("none", set(), {"product"}),
    "number.reassigned": ("none", set(), set()),
    "number.published": ("none", {"product"}, set()),
    "subscriber.described": ("none", set(), {"type", "minor"}),
    "call.made": ("required", set(), {"product", "channel", "objection_offered"}),
}
CAPTURED = {
    "wording_version",
    "language",
    "boxes",
    "conditional_on",
    "page",
    "shown_at",
    "ip_prefix",
    "captured_by",
    "attestation",
    "steps",
    "viewport",
    "scan",
    "challenge_sent",
    "challenge_to_number",
}
PROOF = {
    "consent.given": CAPTURED,
    "consent.verified": {"challenge_sent", "challenge_to_number"},
    "call.made": {"verdict"},
}
"""Fields that are kept to prove a consent or a call, beside those of nl.md."""
NO_LAW = {"complaint.filed", "receipt.delivered", "call.attempted", "objection.offered"}
DEFAULTS = [
    ("consent.given", "channels", ["voice"]),
    ("consent.given", "affirmative", True),
    ("consent.given", "bundled", False),
    ("relation.started", "opt_out_offered", False),
    ("relation.started", "opted_out", False),
    ("objection.made", "scope", "caller"),
    ("subscriber.described", "type", "unknown"),
    ("subscriber.described", "minor", False),
]


def plain(kind, **more):
    caller, required, _ = LAW[kind]
    data = {"event": kind, "at": "2026-08-01"}
    if caller != "none":
        data["caller"] = "voltix"
    values = {"product": "energy", "kind": "service", "method": "sms", "given_at": "2026-07-31T22:00Z", "why": "source"}
    return {**data, **{name: values[name] for name in required}, **more}


def read(data, recorded_at=None):
    return read_event(data, number=31201000001, zone=ZONE, where="row 2", recorded_at=recorded_at)


def test_the_events_are_those_of_the_law_and_some_that_no_rule_looks_at():
    assert set(EVENTS) == {*LAW, *NO_LAW}


@pytest.mark.parametrize("kind", LAW)
def test_an_event_has_the_fields_that_the_law_gives_it(kind):
    spec = EVENTS[kind]
    caller, required, optional = LAW[kind]
    assert (spec.caller, set(spec.required), set(spec.optional)) == (
        caller,
        required,
        optional | PROOF.get(kind, set()),
    )
    assert spec.doc


def test_every_field_of_an_event_is_read_by_something_and_none_is_superfluous():
    named = {name for spec in EVENTS.values() for name in (*spec.required, *spec.optional)}
    assert named == set(FIELD_DOCS)
    assert not named & set(ENVELOPE)


def test_the_methods_are_those_of_the_law():
    assert {"sms", "voice", "email", "app", "eid", "in-person", "letter"} == METHODS


@pytest.mark.parametrize("kind", LAW)
def test_an_event_with_no_more_than_it_needs_is_read(kind):
    event = read(plain(kind))
    assert (event.kind, event.at, event.recorded_at) == (kind, AUGUST, AUGUST)


@pytest.mark.parametrize(("kind", "name", "value"), DEFAULTS)
def test_a_default_written_out_is_the_same_as_one_left_out(kind, name, value):
    assert read(plain(kind, **{name: value})) == read(plain(kind))
    assert content_id(read(plain(kind, **{name: value}))) == content_id(read(plain(kind)))


@given(st.lists(st.sampled_from(["voice", "robocall", "sms"]), min_size=1, max_size=5))
def test_the_order_and_repetition_of_channels_play_no_part(channels):
    once = sorted(set(channels))
    assert content_id(read(plain("consent.given", channels=channels))) == content_id(
        read(plain("consent.given", channels=once))
    )


@pytest.mark.parametrize(
    "same", ["2026-08-01", "2026-07-31T22:00:00Z", "2026-08-01T00:00:00+02:00", "2026-08-01T00:00+0200"]
)
def test_an_instant_is_the_same_however_it_is_written(same):
    assert read(plain("consent.given", at=same)).at == AUGUST


def test_how_an_event_was_recorded_is_not_what_it_says():
    event = read(plain("consent.given"))
    other = dataclasses.replace(event, recorded_at=event.at + 1, agent="bureau", seq=7)
    assert content_id(other) == content_id(event)


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"number": 31201000002}, {"caller": "belwin"}, {"at": AUGUST + 1}, {"fields": {"product": "x"}}],
)
def test_what_an_event_says_makes_it_another(change):
    event = read(plain("consent.given"))
    assert content_id(dataclasses.replace(event, **change)) != content_id(event)


def test_what_is_recorded_now_says_so_unless_it_says_since_when():
    assert read(plain("consent.given"), recorded_at=AUGUST + 5).recorded_at == AUGUST + 5
    told = read(plain("consent.given", recorded_at="2026-08-02"), recorded_at=AUGUST + 5)
    assert told.recorded_at == AUGUST + 86_400_000_000


def test_what_will_happen_cannot_be_known_yet():
    with pytest.raises(InputError, match="before it happened"):
        read(plain("consent.given"), recorded_at=AUGUST - 1)


def test_an_objection_to_all_needs_no_caller_and_may_have_one():
    assert read({"event": "objection.made", "at": "2026-08-01", "scope": "all"}).caller == ""
    assert read(plain("objection.made", scope="all")).caller == "voltix"
    with pytest.raises(InputError, match="caller"):
        read({"event": "objection.made", "at": "2026-08-01"})


@given(
    st.dictionaries(
        st.sampled_from([*ENVELOPE, *FIELD_DOCS, "x"]),
        st.one_of(st.none(), st.booleans(), st.text(max_size=12), st.lists(st.text(max_size=5), max_size=2)),
    )
)
def test_anything_is_an_event_or_an_input_error_that_says_where(data):
    try:
        told = read(data).kind
    except InputError as error:
        told = error.where
    assert told in EVENTS or told.startswith("row 2")
