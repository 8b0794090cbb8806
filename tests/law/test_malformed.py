"""A malformed case file is refused, never guessed at; the refusal names the file, the case and the field."""

import copy
import json

import pytest

from belbaar.errors import InputError
from belbaar.verdict.cases import read_cases
from belbaar.verdict.check import check

GOOD = {
    "format": "belbaar-cases/1",
    "law": "nl",
    "callers": {"voltix": {"name": "Voltix", "sector": "commercial", "numbers": ["+31201990001"]}},
    "parameters": [{"name": "nl.customer-term", "value": "P1Y", "from": "2027-01-01"}],
    "cases": [
        {
            "id": "sound",
            "says": "A sound case.",
            "number": "+31201000001",
            "history": [{"at": "2026-08-01", "event": "consent.given", "caller": "voltix", "product": "energy"}],
            "call": {"caller": "voltix", "at": "2026-09-08T14:00:00+02:00", "product": "energy"},
            "expect": {"allowed": False},
        }
    ],
}
MISSING = object()
CONSENT = {"at": "2026-08-01", "event": "consent.given", "caller": "voltix", "product": "energy"}
RELATION = {
    "at": "2026-08-01",
    "event": "relation.started",
    "caller": "voltix",
    "kind": "service",
    "product": "energy",
}


def altered(place, value):
    """Give the good file with one place changed: a path such as ``cases.0.call.at``."""
    file = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in place.split(" ")]
    target = file
    for step in way:
        target = target[step]
    if value is MISSING:
        del target[last]
    else:
        target[last] = value
    return file


def with_event(**event):
    return altered("cases 0 history", [{name: value for name, value in event.items() if value is not MISSING}])


def refusal(tmp_path, content, suffix=".json"):
    path = tmp_path / f"cases{suffix}"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_cases(path)
    assert str(path) in raised.value.where
    assert raised.value.code == "bad-input"
    return raised.value


def test_the_sound_file_that_all_these_alter_is_read(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    file = read_cases(path)
    assert [case.id for case in file.cases] == ["sound"]
    assert [outcome.differences for outcome in check(file, "sqlite")] == [()]


FILE_FIELDS = [
    ("format", "belbaar-cases/2", "format"),
    ("format", MISSING, "format"),
    ("format", 1, "format"),
    ("law", "de", "law"),
    ("law", MISSING, "law"),
    ("callers", MISSING, "callers"),
    ("callers", [], "callers"),
    ("cases", MISSING, "cases"),
    ("cases", {}, "cases"),
    ("callers voltix", {"name": "Voltix"}, "voltix, sector"),
    ("callers voltix sector", "energy", "voltix, sector"),
    ("callers voltix sector", "", "voltix, sector"),
    ("callers voltix numbers", [], "voltix, numbers"),
    ("callers voltix numbers", ["0201990001"], "voltix, numbers"),
    ("callers voltix numbers", [31201990001], "voltix, numbers"),
    ("callers voltix numbers", "+31201990001", "voltix, numbers"),
    ("callers voltix", "commercial", "voltix"),
    ("parameters", {"name": "nl.customer-term"}, "parameters"),
    ("parameters 0 name", "nl.customer-therm", "parameters[0], name"),
    ("parameters 0 name", MISSING, "parameters[0], name"),
    ("parameters 0 value", MISSING, "parameters[0], value"),
    ("parameters 0 value", "PT24H", "parameters[0], value"),
    ("parameters 0 value", "P1YT1H", "parameters[0], value"),
    ("parameters 0 value", "1 year", "parameters[0], value"),
    ("parameters 0 value", 1, "parameters[0], value"),
    ("parameters 0 value", ["2027-01-01"], "parameters[0], value"),
    ("parameters 0 from", MISSING, "parameters[0], from"),
    ("parameters 0 from", "2027-02-29", "parameters[0], from"),
    ("parameters 0 from", "1-1-2027", "parameters[0], from"),
    ("parameters 0 authority", "minister", "parameters[0], authority"),
    ("parameters 0", {"name": "nl.mourning-days", "value": "2027-05-04", "from": "2027-01-01"}, "parameters[0], value"),
    ("parameters 0", {"name": "nl.mourning-days", "value": ["4 mei"], "from": "2027-01-01"}, "parameters[0], value"),
]


@pytest.mark.parametrize(("place", "value", "field"), FILE_FIELDS)
def test_a_malformed_field_of_the_file_is_named(tmp_path, place, value, field):
    assert refusal(tmp_path, altered(place, value)).where.endswith(field)


@pytest.mark.parametrize(
    "place",
    ["comment", "callers voltix colour", "parameters 0 until", "cases 0 note", "cases 0 call product_id"],
)
def test_an_unknown_field_is_refused_by_name(tmp_path, place):
    error = refusal(tmp_path, altered(place, "x"))
    assert place.split(" ")[-1] in error.what


CASE_FIELDS = [
    ("id", 7, "id"),
    ("number", MISSING, "number"),
    ("number", "", "number"),
    ("number", 31201000001, "number"),
    ("number", "0201000001", "number"),
    ("number", "+31 20 1000001", "number"),
    ("number", "31201000001", "number"),
    ("number", "+0201000001", "number"),
    ("number", "+3120100000112345678", "number"),
    ("history", MISSING, "history"),
    ("history", {"at": "2026-08-01"}, "history"),
    ("history", ["consent.given"], "history[0]"),
    ("call", MISSING, "call"),
    ("call", [], "call"),
    ("call caller", MISSING, "call, caller"),
    ("call caller", "", "call, caller"),
    ("call caller", "voltex", "call, caller"),
    ("call at", MISSING, "call, at"),
    ("call at", "2026-09-08T14:00:00", "call, at"),
    ("call at", "2026-09-31", "call, at"),
    ("call at", "8-9-2026", "call, at"),
    ("call at", "2026-09-08T25:00:00+02:00", "call, at"),
    ("call at", 20260908, "call, at"),
    ("call product", MISSING, "call, product"),
    ("call product", "", "call, product"),
    ("call product", "*", "call, product"),
    ("call product", "Energy", "call, product"),
    ("call product", "energy.", "call, product"),
    ("call product", ".energy", "call, product"),
    ("call product", "energy..gas", "call, product"),
    ("call product", "energy gas", "call, product"),
    ("call product", "energy_gas", "call, product"),
    ("call product", "energie\u00eb", "call, product"),
    ("call product", ["energy"], "call, product"),
    ("call channel", "telephone", "call, channel"),
    ("call channel", ["voice"], "call, channel"),
    ("call kind", "sales", "call, kind"),
    ("call purpose", "profit", "call, purpose"),
    ("call presents", "0201990001", "call, presents"),
    ("call presents", "Anonymous", "call, presents"),
    ("call known_at", "yesterday", "call, known_at"),
    ("expect", MISSING, "expect"),
    ("expect", "allowed", "expect"),
    ("expect allowed", "yes", "expect, allowed"),
    ("expect allowed", 1, "expect, allowed"),
    ("expect grounds", "nl.consent", "expect, grounds"),
    ("expect vetoes", [1], "expect, vetoes"),
    ("expect until", "2027-02-30", "expect, until"),
    ("expect error", "unknown", "expect, error"),
    ("expect ground", ["nl.consent"], "expect, ground"),
]


@pytest.mark.parametrize(("place", "value", "field"), CASE_FIELDS)
def test_a_malformed_field_of_a_case_is_named_with_its_case(tmp_path, place, value, field):
    error = refusal(tmp_path, altered(f"cases 0 {place}", value))
    assert error.where.endswith(field)
    assert "case sound" in error.where or place == "id"


def test_an_unknown_expectation_is_refused_with_the_nearest_word(tmp_path):
    error = refusal(tmp_path, altered("cases 0 expect veto", []))
    assert (error.where.split(", ", 1)[1], "vetoes" in error.todo) == ("case sound, expect", True)


EVENTS = [
    ({**CONSENT, "event": "consent.gven"}, "event"),
    ({**CONSENT, "event": MISSING}, "event"),
    ({**CONSENT, "event": ["consent.given"]}, "event"),
    ({**CONSENT, "number": "+31201000001"}, "number"),
    ({**CONSENT, "at": MISSING}, "at"),
    ({**CONSENT, "at": ""}, "at"),
    ({**CONSENT, "at": "2026-08-01 10:00"}, "at"),
    ({**CONSENT, "at": "2026-13-01"}, "at"),
    ({**CONSENT, "recorded_at": "2026-07-31"}, "at"),
    ({**CONSENT, "recorded_at": "later"}, "recorded_at"),
    ({**CONSENT, "caller": MISSING}, "caller"),
    ({**CONSENT, "caller": ""}, "caller"),
    ({**CONSENT, "caller": "belwin"}, "caller"),
    ({**CONSENT, "product": MISSING}, "product"),
    ({**CONSENT, "product": ""}, "product"),
    ({**CONSENT, "product": "energy.*"}, "product"),
    ({**CONSENT, "product": "Energy"}, "product"),
    ({**CONSENT, "channels": []}, "channels"),
    ({**CONSENT, "channels": "voice"}, "channels"),
    ({**CONSENT, "channels": ["telephone"]}, "channels"),
    ({**CONSENT, "channel": "voice"}, "channel"),
    ({**CONSENT, "affirmative": "true"}, "affirmative"),
    ({**CONSENT, "bundled": 0}, "bundled"),
    ({**CONSENT, "verified": "fax"}, "verified"),
    ({**CONSENT, "verified": True}, "verified"),
    ({**CONSENT, "until": "2026-12-31T00:00:00+01:00"}, "until"),
    ({**CONSENT, "until": "2027-02-29"}, "until"),
    ({**CONSENT, "first_contact_within": "PT12H"}, "first_contact_within"),
    ({**CONSENT, "first_contact_within": "P1DT12H"}, "first_contact_within"),
    ({**CONSENT, "first_contact_within": "P"}, "first_contact_within"),
    ({**CONSENT, "first_contact_within": "6 months"}, "first_contact_within"),
    ({**CONSENT, "first_contact_within": "P-1Y"}, "first_contact_within"),
    ({**CONSENT, "wording": 1}, "wording"),
    ({**CONSENT, "wordings": "Ja."}, "wordings"),
    ({"at": "2026-08-01", "event": "consent.verified", "caller": "voltix"}, "method"),
    ({"at": "2026-08-01", "event": "consent.verified", "caller": "voltix", "method": "fax"}, "method"),
    ({"at": "2026-08-01", "event": "consent.withdrawn"}, "caller"),
    ({"at": "2026-08-01", "event": "consent.withdrawn", "caller": "voltix", "product": "a b"}, "product"),
    ({**RELATION, "kind": MISSING}, "kind"),
    ({**RELATION, "kind": "sale"}, "kind"),
    ({**RELATION, "product": MISSING}, "product"),
    ({**RELATION, "opt_out_offered": "yes"}, "opt_out_offered"),
    ({**RELATION, "opted_out": None, "opted-out": True}, "opted-out"),
    ({"at": "2026-08-01", "event": "relation.ended", "caller": "voltix"}, "kind"),
    ({"at": "2026-08-01", "event": "relation.ended", "caller": "voltix", "kind": "service", "until": "x"}, "until"),
    ({"at": "2026-08-01", "event": "objection.made"}, "caller"),
    ({"at": "2026-08-01", "event": "objection.made", "scope": "caller"}, "caller"),
    ({"at": "2026-08-01", "event": "objection.made", "caller": "voltix", "scope": "everyone"}, "scope"),
    ({"at": "2026-08-01", "event": "objection.made", "caller": "voltix", "product": "energy"}, "product"),
    ({"at": "2026-08-01", "event": "callback.requested", "caller": "voltix"}, "product"),
    ({"at": "2026-08-01", "event": "register.entered", "caller": "voltix"}, "caller"),
    ({"at": "2026-08-01", "event": "register.left", "caller": "voltix"}, "caller"),
    ({"at": "2026-08-01", "event": "number.reassigned", "caller": "voltix"}, "caller"),
    ({"at": "2026-08-01", "event": "number.reassigned", "product": "energy"}, "product"),
    ({"at": "2026-08-01", "event": "number.published", "product": "energy", "caller": "voltix"}, "caller"),
    ({"at": "2026-08-01", "event": "number.published"}, "product"),
    ({"at": "2026-08-01", "event": "subscriber.described", "caller": "voltix"}, "caller"),
    ({"at": "2026-08-01", "event": "subscriber.described", "type": "bv"}, "type"),
    ({"at": "2026-08-01", "event": "subscriber.described", "minor": "no"}, "minor"),
    ({"at": "2026-08-01", "event": "call.made"}, "caller"),
    ({"at": "2026-08-01", "event": "call.made", "caller": "voltix", "channel": "fax"}, "channel"),
    ({"at": "2026-08-01", "event": "call.made", "caller": "voltix", "objection_offered": "no"}, "objection_offered"),
]


@pytest.mark.parametrize(("event", "field"), EVENTS)
def test_a_malformed_event_is_named_with_its_case_place_and_field(tmp_path, event, field):
    where = refusal(tmp_path, with_event(**event)).where
    assert where.endswith(f"case sound, history[0], {field}")


def test_the_second_event_is_called_the_second(tmp_path):
    file = altered("cases 0 history", [CONSENT, {**CONSENT, "product": "*."}])
    assert refusal(tmp_path, file).where.endswith("history[1], product")


@pytest.mark.parametrize("name", ["wording", "verified", "until", "first_contact_within", "recorded_at", "channels"])
@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_text_is_as_if_left_out(tmp_path, name, nothing):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(with_event(**CONSENT, **{name: nothing})), encoding="utf-8")
    (case,) = read_cases(path).cases
    assert dict(case.history[0].fields) == {"product": "energy"}


@pytest.mark.parametrize("name", ["channel", "kind", "purpose", "presents", "known_at"])
def test_an_empty_text_in_a_call_is_as_if_left_out(tmp_path, name):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(altered(f"cases 0 call {name}", "")), encoding="utf-8")
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(GOOD), encoding="utf-8")
    assert read_cases(path).cases[0].call == read_cases(plain).cases[0].call


def test_a_case_id_given_twice_is_refused(tmp_path):
    file = altered("cases", GOOD["cases"] * 2)
    assert refusal(tmp_path, file).where.endswith("case sound, id")


def test_a_case_without_an_id_is_named_by_its_place(tmp_path):
    assert refusal(tmp_path, altered("cases 0 id", MISSING)).where.endswith("cases[0], id")


@pytest.mark.parametrize("second", [{}, {"authority": "decree"}, {"value": "P2Y"}])
def test_two_values_of_one_name_authority_and_day_are_refused(tmp_path, second):
    (step,) = GOOD["parameters"]
    error = refusal(tmp_path, altered("parameters", [step, {**step, **second}]))
    assert error.where.endswith("parameters[1]")


@pytest.mark.parametrize("other", [{"authority": "code"}, {"from": "2027-01-02"}])
def test_values_that_differ_in_authority_or_day_may_stand_together(tmp_path, other):
    (step,) = GOOD["parameters"]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(altered("parameters", [step, {**step, **other}])), encoding="utf-8")
    assert len(read_cases(path).steps) == 2


def test_an_empty_list_of_days_of_mourning_is_a_value(tmp_path):
    path = tmp_path / "cases.json"
    step = {"name": "nl.mourning-days", "value": [], "from": "2027-01-01"}
    path.write_text(json.dumps(altered("parameters", [step])), encoding="utf-8")
    assert read_cases(path).steps[0][1].value == ()


@pytest.mark.parametrize(
    ("content", "suffix", "told"),
    [
        ("{", ".json", "not JSON"),
        ("[]", ".json", "mapping"),
        ("cases: [", ".yaml", "not YAML"),
        ("", ".yaml", "mapping"),
        ("- a\n- b\n", ".yml", "mapping"),
        ("format: belbaar-cases/1\nlaw: nl\nlaw: nl\ncallers: {}\ncases: []\n", ".yaml", '"law" is given twice'),
        ("format: belbaar-cases/1\nlaw: nl\ncallers: {a: {sector: press, sector: charity}}\n", ".yaml", "twice"),
        ("!!python/object:os.system {}", ".yaml", "not YAML"),
        (b"\xff\xfe\x00", ".yaml", "UTF-8"),
        (json.dumps(GOOD), ".txt", ".yaml or .json"),
        (json.dumps(GOOD), ".csv", ".yaml or .json"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, content, suffix, told):
    assert told in refusal(tmp_path, content, suffix).what


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_cases(tmp_path / "nothing.yaml")


def test_dates_without_quotes_stay_what_was_written(tmp_path):
    path = tmp_path / "cases.yaml"
    text = json.dumps(GOOD).replace('"2026-08-01"', "2026-08-01").replace('"2027-01-01"', "2027-01-01")
    path.write_text(text, encoding="utf-8")
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(GOOD), encoding="utf-8")
    assert read_cases(path).cases == read_cases(plain).cases


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "cases.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert len(read_cases(path).cases) == 1


FOUND = [
    pytest.param("parameters", {}, "parameters", id="a mapping for a list, empty"),
    pytest.param("cases 0 history", {}, "history", id="a mapping for a list, empty, of events"),
    pytest.param("law", ["nl"], "law", id="a list for the law"),
    pytest.param("cases 0 call caller", ["voltix"], "call, caller", id="a list for a caller"),
    pytest.param("cases 0 call at", "9999-12-31T23:59:59Z", "call, at", id="a local time after the calendar"),
    pytest.param("cases 0 call at", "0001-01-01", "call, at", id="an instant before the calendar"),
    pytest.param("cases 0 history 0 at", "0001-01-01", "history[0], at", id="an event before the calendar"),
    pytest.param("cases 0 history 0 agent", "bureau", "history[0], agent", id="a field that cases do not have"),
]


@pytest.mark.parametrize(("place", "value", "field"), FOUND)
def test_what_used_to_slip_through_is_refused_by_name(tmp_path, place, value, field):
    assert refusal(tmp_path, altered(place, value)).where.endswith(field)


def test_a_key_given_twice_in_json_is_refused(tmp_path):
    text = json.dumps(GOOD).replace('"sector": "commercial"', '"sector": "press", "sector": "commercial"')
    assert "twice" in refusal(tmp_path, text).what
