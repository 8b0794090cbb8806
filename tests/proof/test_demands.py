"""A demand on evidence: what it makes of a consent, for one number and for a list, by one function."""

import csv
import datetime as dt
import random
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from belbaar.errors import InputError
from belbaar.law import PACKS, Law, announced, ruleset, ruleset_text
from belbaar.law.calendar import instant, local_day
from belbaar.law.cards import Announcement, Citation, Demand
from belbaar.ledger import Source, add_caller, create_store, memory_store, open_store, read_event, record
from belbaar.ledger.details import describe_caller, evidence_demanded
from belbaar.proof.entries.bodies import text_hash, verdict_body
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.soundness import soundness
from belbaar.proof.open_days import note_open, open_entries
from belbaar.verdict import Call, explain, may_call, with_evidence
from belbaar.verdict.evidence import EVIDENCE_LEVEL, shortfall
from belbaar.verdict.laws import law_for
from belbaar.verdict.levels import HIGHEST
from belbaar.verdict.screening import ListOptions, screen_file

PACK = PACKS["NL"]
NUMBER = 31201000001
CASES = yaml.safe_load(Path(__file__).with_name("demands.yaml").read_text(encoding="utf-8"))["cases"]


def moment(text):
    return instant(dt.datetime.fromisoformat(text))


TUESDAY = moment("2026-09-08T14:00:00+02:00")
CALL = Call(NUMBER, "voltix", TUESDAY, "energy")


@contextmanager
def kept(store, folder):
    """Have a store's log kept, and register a caller."""
    folder.mkdir(exist_ok=True)
    ring = make_keyring(folder / "keys", "belbaar.example/demo/2026")
    with store:
        store.kept_by(lambda: Log(store, ring, lambda: TUESDAY))
        add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
        yield store


@pytest.fixture
def ledger(tmp_path):
    """A store with a log, and a caller."""
    with kept(create_store(tmp_path / "belbaar.db"), tmp_path) as store:
        yield store


@pytest.fixture
def law(monkeypatch):
    """Have the law demand a level from a day on."""

    def demand(level, first):
        day = dt.date.fromisoformat(first).toordinal()
        monkeypatch.setitem(PACKS, "NL", replace(PACK, evidence=(Demand(day, level),)))
        law_for.__globals__["_law"].cache_clear()

    yield demand
    monkeypatch.undo()
    law_for.__globals__["_law"].cache_clear()


def written(store, number, *history):
    read = (read_event(each, number=number, zone=PACK.zone, where="case", recorded_at=None) for each in history)
    record(store, list(enumerate(read, 1)), Source("case", "", 0, "test"), PACK)


def opened(store, case):
    """Have My number be open on the days that a case tells, if it does."""
    first = moment(f"{case['open']['from']}T12:00:00+02:00") if "open" in case else 0
    with store.writing():
        for day in range(case["open"]["days"] if first else 0):
            note_open(store.keeper, "https://belbaar.example/nl/my", ["sms"], now=first + day * 86_400_000_000)


def listed(store, folder, numbers, asked, at=TUESDAY):
    """Screen a list of numbers; gives what the rows say, in order."""
    path = folder / "list.csv"
    path.write_text("Telefoon\n" + "".join(f"+{number}\n" for number in numbers), encoding="utf-8")
    result = screen_file(store, path, replace(CALL, number=0, at=at), options=ListOptions(evidence=asked))
    with (folder / "list.belbaar.csv").open(encoding="utf-8", newline="") as file:
        return result, list(csv.DictReader(file, delimiter=";"))


def row_of(verdict):
    """Say what a list says of a verdict."""
    until = dt.datetime.fromtimestamp(verdict.until // 1_000_000, PACK.zone).isoformat() if verdict.until else ""
    return {
        "belbaar_allowed": "true" if verdict.allowed else "false",
        "belbaar_ground": verdict.ground or "",
        "belbaar_until": until,
        "belbaar_reasons": " ".join(verdict.vetoes + verdict.defects),
    }


def belbaars(row, wanted):
    return {name: row[name] for name in wanted}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_demand_makes_of_a_consent_what_the_case_says(case, ledger, law, tmp_path):
    if "law" in case:
        law(level=case["law"]["level"], first=case["law"]["from"])
    if "caller" in case:
        describe_caller(ledger, "voltix", {"evidence": str(case["caller"])})
    opened(ledger, case)
    written(ledger, NUMBER, *case["history"])
    asked, expect = case.get("asked", 0), case["expect"]
    verdict = with_evidence(ledger, may_call(ledger, CALL), asked)
    found = {
        "allowed": verdict.allowed,
        "ground": verdict.ground,
        "grounds": list(verdict.grounds),
        "level": verdict.evidence.level if verdict.evidence else None,
        "weak": EVIDENCE_LEVEL in verdict.defects,
        "vetoes": list(verdict.vetoes),
        "defects": [name for name in verdict.defects if name != EVIDENCE_LEVEL],
        "until": row_of(verdict)["belbaar_until"],
    }
    assert {name: found[name] for name in expect} == expect
    assert (shortfall(verdict) is not None) == expect["weak"]
    _, (row,) = listed(ledger, tmp_path, [NUMBER], asked)
    assert belbaars(row, row_of(verdict)) == row_of(verdict)


def test_on_postgresql_the_answers_are_the_same(ledger, postgres_url, tmp_path):
    cases = [case for case in CASES if not case.keys() & {"law", "caller"}]
    with kept(open_store(postgres_url), tmp_path / "there") as there:
        for number, case in enumerate(cases, NUMBER):
            call, answers = replace(CALL, number=number), []
            for store in (ledger, there):
                opened(store, case)
                written(store, number, *case["history"])
                verdict = with_evidence(store, may_call(store, call), case.get("asked", 0))
                answers.append(replace(verdict, events=tuple(sorted(verdict.events))))
            assert answers[0] == answers[1]
        rows = [listed(store, tmp_path, range(NUMBER, NUMBER + len(cases)), 2)[1] for store in (ledger, there)]
        assert rows[0] == rows[1]


def test_a_demand_below_what_there_is_changes_nothing_but_what_is_said(ledger):
    written(ledger, NUMBER, *CASES[4]["history"])
    plain = may_call(ledger, CALL)
    assert replace(with_evidence(ledger, plain, 2), evidence=None, demanded=0) == plain


def test_a_verdict_still_names_the_consent_that_fell_short(ledger):
    written(ledger, NUMBER, *CASES[1]["history"])
    verdict = may_call(ledger, CALL)
    assert with_evidence(ledger, verdict, 1).events == verdict.events == (1,)


def test_without_a_log_a_wording_is_in_none(tmp_path):
    with memory_store() as store:
        add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
        written(store, NUMBER, *CASES[4]["history"])
        assert with_evidence(store, may_call(store, CALL)).evidence.level == 0
        assert listed(store, tmp_path, [NUMBER], 1)[0].by_reason == {EVIDENCE_LEVEL: 1}


def test_what_was_not_known_then_is_no_evidence_then(ledger):
    captured, answer = CASES[-1]["history"]
    answer = {**answer, "at": "2026-06-05T10:05:00+02:00", "challenge_sent": "2026-06-05T10:01:00+02:00"}
    written(ledger, NUMBER, captured, {**answer, "recorded_at": "2026-08-01T12:00:00+02:00"})
    for known_at, level in (("2026-07-01T12:00:00+02:00", 1), ("2026-08-02T12:00:00+02:00", 2)):
        call = replace(CALL, known_at=moment(known_at))
        assert with_evidence(ledger, may_call(ledger, call)).evidence.level == level


def test_a_day_that_came_later_than_what_was_known_is_no_evidence_then(ledger):
    case = next(case for case in CASES if case.get("open") and case["expect"]["allowed"])
    opened(ledger, case)
    written(ledger, NUMBER, *case["history"])
    for known_at, level in (("2026-06-19T23:59:00+02:00", 2), ("2026-06-20T00:00:00+02:00", 3)):
        call = replace(CALL, known_at=moment(known_at))
        assert with_evidence(ledger, may_call(ledger, call)).evidence.level == level


def test_a_day_is_logged_once_and_for_everybody_to_read(ledger):
    opened(ledger, {"open": {"from": "2026-06-06", "days": 2}})
    opened(ledger, {"open": {"from": "2026-06-06", "days": 3}})
    said = [entry.says for entry in open_entries(ledger.keeper, -1, 0, 14)]
    assert [each["day"] for each in said] == ["2026-06-06", "2026-06-07", "2026-06-08"]
    assert said[0] == {
        "at": moment("2026-06-06T12:00:00+02:00"),
        "day": "2026-06-06",
        "url": "https://belbaar.example/nl/my",
        "ways": ["sms"],
    }
    assert not soundness(ledger.keeper).faults


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_missing_is_told_in_words(ledger, lang):
    written(ledger, NUMBER, *CASES[2]["history"])
    place = 0 if lang == "nl" else 1
    verdict = with_evidence(ledger, may_call(ledger, CALL))
    allowed, denied = (explain(with_evidence(ledger, may_call(ledger, CALL), asked), lang) for asked in (1, 2))
    missing = verdict.evidence.missing[0][place]
    assert any(missing in line and "1" in line for line in allowed)
    (told,) = [line for line in denied if EVIDENCE_LEVEL in line]
    assert missing in told
    assert "2" in told


def test_a_kept_verdict_says_the_level_and_the_demand(ledger):
    written(ledger, NUMBER, *CASES[4]["history"])
    caller = ledger.caller("voltix")
    plain, weighed = may_call(ledger, CALL), with_evidence(ledger, may_call(ledger, CALL), 1)
    said = [verdict_body(each, caller, rests_on=[], known_at=0, decided_at=TUESDAY).what for each in (plain, weighed)]
    assert (said[1]["level"], said[1]["level_demanded"]) == (2, 1)
    assert {name: value for name, value in said[1].items() if not name.startswith("level")} == said[0]


@pytest.mark.parametrize("asked", [-1, HIGHEST + 1])
def test_no_level_beyond_those_that_there_are_can_be_demanded(ledger, asked, tmp_path):
    with pytest.raises(InputError, match="not a level"):
        with_evidence(ledger, may_call(ledger, CALL), asked)
    with pytest.raises(InputError, match="not a level"):
        listed(ledger, tmp_path, [NUMBER], asked)


def test_a_caller_demands_any_of_the_levels_and_nothing_else(ledger):
    for level in range(HIGHEST + 1):
        describe_caller(ledger, "voltix", {"evidence": str(level)})
        assert evidence_demanded(ledger, "voltix") == level
    for text in (str(HIGHEST + 1), "-1", "two", "1.5"):
        with pytest.raises(InputError, match="level of evidence"):
            describe_caller(ledger, "voltix", {"evidence": text})


def test_announced_law_may_raise_the_demand_from_its_day_and_the_text_of_the_law_says_so():
    day = local_day(TUESDAY, PACK.zone)
    coming = Announcement(
        "nl/levels", "Er komt bewijs.", "Evidence comes.", Citation("x", ""), evidence=(Demand(day, 2),)
    )
    pack = replace(PACK, evidence=(Demand(day - 100, 1),), announced=(coming,))
    plain, then = Law(pack), announced(Law(pack), "nl/levels")
    found = [[ruleset(law, day + n).evidence for n in (-101, -100, -1, 0)] for law in (plain, then)]
    assert found == [[0, 1, 1, 1], [0, 1, 1, 2]]
    rules = ruleset(then, day)
    assert rules.period.first == day
    assert (text_hash(ruleset_text(rules)), '"evidence": 2' in ruleset_text(rules)) == (rules.hash, True)
    assert '"evidence"' not in ruleset_text(ruleset(Law(PACK), day))


CAPTURED = {
    "wording": "Mag Voltix u bellen?",
    "boxes": [{"label": "Ja", "initial": False, "final": True}],
    "shown_at": "2026-05-01T09:00:00+02:00",
    "captured_by": "widget",
}
CHALLENGE = {"challenge_sent": "2026-05-01T09:00:00+02:00", "challenge_to_number": True}


def happening(draw):
    """Make up something that happened in the summer of 2026."""
    at = f"2026-{draw.choice('5678'):>02}-{draw.randint(1, 28):02}T10:00:00+02:00"
    of = {"at": at, "caller": draw.choice(["voltix"] * 5 + ["belwin"])}
    kind = draw.choice(["given"] * 4 + ["verified", "withdrawn", "objection", "legal", "complaint"])
    if kind == "given":
        fields = dict(draw.sample(sorted(CAPTURED.items()), draw.choice([0, 3, 4, 4, 4])))
        more = draw.choice([{}, {"verified": "sms"}, {"verified": "sms", **CHALLENGE}, {"verified": "letter"}])
        until = draw.choice([{}, {}, {"until": "2026-11-01"}, {"until": "2026-08-20"}])
        product = draw.choice(["energy", "energy", "energy", "telecom"])
        return {**of, "event": "consent.given", "product": product, "wording": "Ja.", **fields, **more, **until}
    return {
        "verified": {**of, "event": "consent.verified", "method": "sms", **CHALLENGE},
        "withdrawn": {**of, "event": "consent.withdrawn", "product": "energy"},
        "objection": {**of, "event": "objection.made"},
        "legal": {"at": at, "event": "subscriber.described", "type": "legal"},
        "complaint": {**of, "event": "complaint.filed"},
    }[kind]


@pytest.mark.parametrize("way", ["by key", "snapshot", "streamed"])
def test_a_list_says_of_every_number_what_is_said_of_it_alone(ledger, tmp_path, monkeypatch, way):
    if way != "by key":
        monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    if way == "streamed":
        monkeypatch.setattr("belbaar.verdict.screening._IN_MEMORY", 0)
    monkeypatch.setattr("belbaar.verdict.weighing._AT_ONCE", 7)
    draw = random.Random(5)  # noqa: S311  histories, the same each time
    add_caller(ledger, "belwin", name="Belwin", sector="commercial", numbers=[31201990002])
    numbers = [NUMBER + n for n in range(120)]
    for number in numbers:
        written(ledger, number, *(happening(draw) for _ in range(draw.randint(1, 5))))
    seen = set()
    for asked in range(HIGHEST + 1):
        result, rows = listed(ledger, tmp_path, numbers, asked)
        assert result.demanded == asked
        for number, row in zip(numbers, rows, strict=True):
            verdict = with_evidence(ledger, may_call(ledger, replace(CALL, number=number)), asked)
            assert belbaars(row, row_of(verdict)) == row_of(verdict), (number, asked)
            seen.add((verdict.allowed, verdict.ground, EVIDENCE_LEVEL in verdict.defects))
    wanted = {(True, "nl.consent", False), (False, None, True), (True, "nl.legal-person", True)}
    assert wanted <= seen
