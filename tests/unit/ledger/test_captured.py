"""How a consent was captured: kept as it was, read strictly, and what follows from it for the law."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.ledger import read_event
from belbaar.ledger.captured import read_boxes, read_ip_prefix, read_language, read_moment
from belbaar.ledger.events import content_id
from belbaar.proof.entries.jcs import decode, encode

ZONE = ZoneInfo("Europe/Amsterdam")
TICKED = {"label": "Ja, bel mij", "initial": False, "final": True}
PRE_TICKED = {"label": "Ja, bel mij", "initial": True, "final": True}
LEFT = {"label": "Nieuwsbrief", "initial": False, "final": False}
UNTICKED = {"label": "Nieuwsbrief", "initial": True, "final": False}
WHOLE = {
    "wording": "Mag Voltix u bellen over energie?",
    "wording_version": "2026-3",
    "language": "nl-NL",
    "boxes": [TICKED, LEFT],
    "page": "https://voltix.example/aanvraag",
    "shown_at": "2026-09-01T09:58:00+02:00",
    "ip_prefix": "192.0.2.0/24",
    "captured_by": "leadhuis",
    "attestation": "belbaar/capture/1\n…",
    "challenge_sent": "2026-09-01T09:59:00+02:00",
    "challenge_to_number": True,
}


def consent(**more):
    data = {"event": "consent.given", "at": "2026-09-01T10:00:00+02:00", "caller": "voltix", "product": "energy"}
    return read_event(data | more, number=31201000001, zone=ZONE, where="row 2", recorded_at=None)


def plain(value):
    return [dict(box) for box in value] if isinstance(value, tuple) else value


def test_a_consent_keeps_all_that_was_shown_and_done():
    event = consent(**WHOLE)
    kept = {name: plain(value) for name, value in event.fields.items()}
    assert kept == WHOLE | {
        "product": "energy",
        "shown_at": "2026-09-01T07:58:00Z",
        "challenge_sent": "2026-09-01T07:59:00Z",
    }


def test_what_is_kept_can_be_written_canonically():
    kept = {name: plain(value) for name, value in consent(**WHOLE).fields.items()}
    assert decode(encode(kept)) == kept


def test_a_consent_without_these_fields_is_known_by_the_same_digest_as_ever():
    event = consent(wording="Ja.", channels=["voice", "sms"], until="2027-01-01")
    assert content_id(event).hex() == "d155875243cab5f176d2cbdfe9f566b1"


@pytest.mark.parametrize("name", WHOLE)
def test_each_of_these_fields_makes_it_another_event(name):
    assert content_id(consent(**{name: WHOLE[name]})) != content_id(consent())


@pytest.mark.parametrize(
    ("boxes", "affirmative"),
    [
        ([TICKED], None),
        ([TICKED, LEFT], None),
        ([PRE_TICKED], False),
        ([TICKED, PRE_TICKED], False),
        ([TICKED, UNTICKED], False),
        ([LEFT], False),
        ([UNTICKED], False),
    ],
)
@pytest.mark.parametrize("said", [{}, {"affirmative": True}])
def test_a_box_that_began_ticked_or_none_that_ended_so_is_no_clear_yes_whatever_is_said(boxes, affirmative, said):
    assert consent(boxes=boxes, **said).fields.get("affirmative") is affirmative


def test_boxes_mend_no_consent_that_says_itself_that_it_was_silence():
    assert consent(boxes=[TICKED], affirmative=False).fields["affirmative"] is False


def test_what_depends_on_a_consent_is_tied_to_it():
    assert consent(conditional_on="de korting", bundled=False).fields["bundled"] is True
    assert "bundled" not in consent(conditional_on="").fields


def test_an_event_reads_the_same_again_from_what_it_kept():
    event = consent(**WHOLE)
    again = json.loads(json.dumps({name: plain(value) for name, value in event.fields.items()}))
    assert consent(**again) == event
    assert content_id(consent(**again)) == content_id(event)


def test_the_order_in_which_a_box_is_written_plays_no_part():
    turned = dict(reversed(TICKED.items()))
    assert content_id(consent(boxes=[turned])) == content_id(consent(boxes=[TICKED]))


WRONG = [
    ("boxes", [], "at least one"),
    ("boxes", "Ja", "at least one"),
    ("boxes", TICKED, "at least one"),
    ("boxes", ["Ja"], "box 1 is no object"),
    ("boxes", [TICKED, {"label": "x", "initial": False}], 'box 2 needs "final"'),
    ("boxes", [TICKED | {"colour": "red"}], 'no field "colour"'),
    ("boxes", [TICKED | {"initial": "false"}], "box 1: 'false' is neither"),
    ("boxes", [TICKED | {"final": 1}], "box 1: 1 is neither"),
    ("boxes", [TICKED | {"label": 1}], "box 1: 1 is not a text"),
    ("boxes", [TICKED | {"label": " "}], "no label"),
    ("language", "Nederlands!", "not a language tag"),
    ("language", "n", "not a language tag"),
    ("language", "nl_NL", "not a language tag"),
    ("language", 1, "not a text"),
    ("ip_prefix", "192.0.2.7", "only /24"),
    ("ip_prefix", "192.0.2.7/24", "beginning of an IP address"),
    ("ip_prefix", "192.0.0.0/16", "only /24"),
    ("ip_prefix", "2001:db8::/32", "only /48"),
    ("ip_prefix", "2001:db8::1", "only /48"),
    ("ip_prefix", "thuis", "beginning of an IP address"),
    ("shown_at", "2026-09-01", "is a day"),
    ("shown_at", "2026-09-01T10:00", "not an instant"),
    ("shown_at", "2026-09-01T10:00:01+02:00", "after the event"),
    ("challenge_sent", "2026-09-01T10:00:01+02:00", "after the event"),
    ("challenge_to_number", "ja", "neither true nor false"),
    ("wording_version", 3, "not a text"),
    ("conditional_on", True, "not a text"),
    ("page", ["a"], "not a text"),
]


@pytest.mark.parametrize(("name", "value", "what"), WRONG)
def test_what_cannot_be_kept_is_refused_and_told_where(name, value, what):
    with pytest.raises(InputError) as raised:
        consent(**{name: value})
    assert raised.value.where == f"row 2, {name}"
    assert what in raised.value.what


@pytest.mark.parametrize(
    ("text", "tag"), [("NL", "nl"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("sl-rozaj", "sl-rozaj")]
)
def test_a_language_has_one_spelling(text, tag):
    assert read_language(text) == tag == read_language(tag)


@pytest.mark.parametrize(("text", "kept"), [("192.0.2.0/24", "192.0.2.0/24"), ("2001:DB8:1:0::/48", "2001:db8:1::/48")])
def test_of_an_address_only_the_beginning_is_kept(text, kept):
    assert read_ip_prefix(text) == kept


@given(st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2500, 1, 1), timezones=st.just(ZONE)))  # noqa: DTZ001
def test_an_instant_has_one_spelling_and_is_read_again(at):
    kept = read_moment(at.isoformat())
    assert kept.endswith("Z")
    assert read_moment(kept) == kept


@given(
    st.lists(
        st.fixed_dictionaries(
            {"label": st.text(min_size=1).filter(str.strip), "initial": st.booleans(), "final": st.booleans()}
        ),
        min_size=1,
    )
)
def test_boxes_come_back_as_they_were_shown(boxes):
    assert [dict(box) for box in read_boxes(boxes)] == boxes


def receipt(**more):
    data = {"event": "receipt.delivered", "at": "2026-09-01T11:00:00+02:00", "caller": "voltix", "delivered_by": "sms"}
    return read_event(data | more, number=31201000001, zone=ZONE, where="row 2", recorded_at=None)


def test_a_receipt_that_was_delivered_says_how_and_may_say_which():
    event = receipt(product="energy", receipt="ab" * 32)
    assert dict(event.fields) == {"delivered_by": "sms", "product": "energy", "receipt": "ab" * 32}


@pytest.mark.parametrize(
    ("name", "value"),
    [("caller", None), ("delivered_by", None), ("delivered_by", "fax"), ("receipt", "AB" * 32), ("receipt", "ab")],
)
def test_a_receipt_delivered_to_nobody_knows_where_is_refused(name, value):
    with pytest.raises(InputError) as raised:
        receipt(**{name: value})
    assert raised.value.where == f"row 2, {name}"
