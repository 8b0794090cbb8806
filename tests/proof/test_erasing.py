"""Erasing: what may go goes, what must be proven stays closed, and nobody else notices."""

import json

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.law import ruleset_text
from belbaar.law.calendar import local_day
from belbaar.law.terms import years
from belbaar.ledger import events_of, rebuild
from belbaar.ledger.events import content_id
from belbaar.proof.dossier.dossiers import Asked, of_number
from belbaar.proof.entries.commit import handle_of, open_sealed
from belbaar.proof.erasure.erasing import TERM_ENDED, check_said, due, erase, finish
from belbaar.proof.keys.secret_files import new_secret
from belbaar.proof.keys.suppress import under_new_key
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.tiles import check as check_tree
from belbaar.proof.log.tiles import leaves, root, size_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of
from tests.proof.erasures import (
    DAY,
    NOON,
    NUMBER,
    OTHER,
    PACK,
    REASON,
    START,
    at_day,
    consent,
    erased,
    event,
    kept,
    objection,
    opened,
    planned,
)

FIVE_YEARS = 5 * 366


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "belbaar.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(target, tmp_path):
    with opened(target, tmp_path / "keys") as store:
        yield store


def entries(store):
    return [json.loads(leaf.entry) for _, leaf in leaves(store.connection)]


def rows(store, query):
    return [tuple(row) for row in store.connection.execute(query).fetchall()]


def standing(store):
    return sorted(rows(store, "SELECT * FROM standing"))


def keys_of(store, number=NUMBER):
    return log_of(store).keyring.retention.keys_of(number)


def asked(store, day, caller="voltix", number=NUMBER, **more):
    return may_call(store, Call(number, caller, START + day * DAY + NOON, "energy", **more))


def keep_verdict(store, verdict):
    return log_of(store).keep_verdict(verdict, ruleset_text(rules_of(verdict)))


def retained(store):
    return rows(store, "SELECT until_day, reason FROM retained ORDER BY until_day, reason")


def test_what_goes_at_once_goes_and_what_must_be_proven_stays_through_its_last_day(store):
    kept(store, consent(0), event("subscriber.described", 1, "", type="natural"), event("call.made", 10))
    plan = planned(store)
    assert [(fate.row.id, fate.goes(plan.today)) for fate in plan.fates if fate.goes(plan.today)] == [
        ("standing", True)
    ]
    _, shredded = erased(store)
    assert shredded == 1
    called = local_day(START + 10 * DAY, PACK.zone)
    last = years(5).after(called)
    assert retained(store) == [(last, "call"), (last, "consent")]
    assert {name for _, name, _ in keys_of(store)} == {"proof", "cdr"}


def test_the_ledger_keeps_places_and_nothing_else(store):
    kept(store, consent(0, number=OTHER), consent(0), objection(1), consent(2, number=OTHER, product="telecom"))
    before = rows(store, "SELECT * FROM event WHERE number <> 0 AND seq IN (1, 4) ORDER BY seq")
    others = [row for row in standing(store) if row[0] == OTHER]
    done, _ = erased(store)
    assert rows(store, "SELECT * FROM event WHERE seq IN (1, 4) ORDER BY seq") == before
    empty = rows(
        store, "SELECT kind, number, caller, agent, at, recorded_at, fields, row FROM event WHERE seq IN (2, 3)"
    )
    assert empty == [("erased", 0, 0, 0, 0, 0, "{}", 0)] * 2
    ids = {bytes(row[0]) for row in rows(store, "SELECT id FROM event WHERE seq IN (2, 3)")}
    assert not ids & {content_id(consent(0)), content_id(objection(1))}
    assert {*done.digests} == {content_id(consent(0)), content_id(objection(1))}
    assert standing(store) == others
    assert store.position() == 4
    rebuild(store, PACK)
    assert standing(store) == others
    assert rows(store, "SELECT * FROM erasing") == []


def test_the_log_says_what_was_erased_and_all_proofs_hold(store):
    kept(store, consent(0), objection(1), consent(0, number=OTHER))
    size = size_of(store.connection)
    before, top = entries(store), root(store.connection, size)
    done, _ = erased(store)
    after = entries(store)
    assert after[:size] == before
    assert root(store.connection, size) == top
    assert check_tree(store.connection).size == size + 1
    told = after[size]
    assert (told["k"], told["b"]["leaves"], told["b"]["places"]) == ("erase", [2], [1, 2])
    assert (told["b"]["reason"], [*done.entries]) == (REASON, [size])
    assert "by" not in told["b"]
    log = log_of(store)
    assert log.keyring.trust()
    for _, leaf in leaves(store.connection):
        if leaf.about == 2:
            assert (leaf.sealed, leaf.handle) == (b"", 0)


def test_what_stays_opens_with_its_key_and_proves_itself_in_a_dossier(store):
    kept(store, consent(0), consent(3, "helios"), objection(5))
    erased(store)
    opening = {handle_of(key): key for _, _, key in keys_of(store)}
    bodies = [
        open_sealed(opening[leaf.handle], leaf.id, leaf.sealed, leaf.entry)
        for _, leaf in leaves(store.connection)
        if leaf.handle
    ]
    assert [body.what["caller"] for body in bodies] == ["voltix", "helios"]
    made = of_number(log_of(store), Asked(NUMBER), at=START + 401 * DAY)
    assert made.code in (0, 3)


def test_a_consent_after_the_erasure_has_keys_of_its_own(store):
    kept(store, consent(0))
    ((_, _, former),) = keys_of(store)
    erased(store)
    kept(store, consent(401))
    keys = [key for _, _, key in keys_of(store)]
    assert former in keys
    assert len(keys) == 2
    handles = [leaf.handle for _, leaf in leaves(store.connection) if leaf.handle]
    assert handles[0] == handle_of(former)
    assert handles[1] != handle_of(former)
    assert asked(store, 402).allowed


def test_what_was_retained_is_shredded_after_its_last_day_and_not_before(store):
    kept(store, consent(0), event("call.made", 10), event("call.made", 20))
    erased(store)
    (last, _), *_ = retained(store)
    at_day(store, 0)
    log_of(store).clock.now = START + (last - local_day(START, PACK.zone)) * DAY
    assert (due(log_of(store), PACK), finish(log_of(store))) == (range(0), 0)
    at_day(store, FIVE_YEARS + 400)
    size = size_of(store.connection)
    assert due(log_of(store), PACK) == range(size, size + 1)
    assert finish(log_of(store)) == 2
    assert retained(store) == []
    assert keys_of(store) == []
    told = entries(store)[size]["b"]
    assert (told["reason"], told["leaves"], told["places"]) == (TERM_ENDED, [1, 2, 3], [])
    assert not any(leaf.sealed for _, leaf in leaves(store.connection))
    with pytest.raises(InputError, match="says nothing"):
        of_number(log_of(store), Asked(NUMBER), at=START)


def test_what_has_had_its_last_day_goes_at_once(store):
    kept(store, consent(-3000, until="2017-01-01"), consent(0, "helios"))
    plan = planned(store)
    assert [(fate.caller, fate.goes(plan.today)) for fate in plan.fates] == [("voltix", True), ("helios", False)]
    assert erased(store)[1] == 1


def test_a_consent_that_holds_stays_five_years_after_its_last_call_not_after_the_erasure(store):
    kept(store, consent(0), event("call.made", 30))
    (fate,) = [fate for fate in planned(store).fates if fate.row.id == "consent"]
    assert fate.last == local_day(START + 30 * DAY, PACK.zone) + 5 * 365 + 1


def test_a_verdict_acted_on_stays_with_the_call_and_one_that_denied_goes_after_ninety_days(store):
    kept(store, consent(0), consent(0, "helios", bundled=True))
    with store.writing():
        for caller in ("voltix", "helios"):
            keep_verdict(store, asked(store, 32, caller))
    plan = planned(store)
    ids = {fate.row.id: fate.last for fate in plan.fates}
    assert ids["verdict-acted-on"] == local_day(START + 32 * DAY, PACK.zone) + 5 * 365 + 1
    assert ids["verdict-not-acted-on"] == plan.today + 90


@pytest.mark.parametrize(("caller", "to"), [("voltix", "voltix"), ("", "helios")])
def test_an_objection_goes_on_working(store, caller, to):
    kept(store, consent(0), consent(0, "helios"), objection(5, caller))
    assert asked(store, 402, to).vetoes == ("nl.objection",)
    erased(store)
    for _ in range(2):
        after = asked(store, 402, to)
        assert (after.allowed, after.vetoes) == (False, ("nl.objection",))
        rebuild(store, PACK)
    kept(store, event("consent.withdrawn", 401, to, product="energy"))
    assert asked(store, 402, to).vetoes == ("nl.objection",)
    rebuild(store, PACK)
    assert asked(store, 402, to).vetoes == ("nl.objection",)
    kept(store, consent(403, to))
    assert asked(store, 404, to).allowed


def test_all_objections_count_also_when_a_person_is_erased_twice(store):
    kept(store, objection(5), objection(9))
    erased(store)
    kept(store, consent(20), objection(401))
    erased(store)
    made = [objection(day).at for day in (5, 9, 401)]
    assert log_of(store).suppressed(NUMBER) == [("voltix", at) for at in made]
    assert [each.at for each in events_of(store, NUMBER)] == made


def test_without_the_key_of_suppression_no_question_is_answered(store, target, tmp_path):
    kept(store, objection(5), consent(0, number=OTHER))
    erased(store)
    path = tmp_path / "keys" / "suppression.1.key"
    key = path.read_text()
    path.unlink()
    with opened(target, tmp_path / "keys") as again, pytest.raises(StoreUnavailable):
        asked(again, 402, number=OTHER)
    path.write_text("ab" * 32)
    path.chmod(0o600)
    with (
        opened(target, tmp_path / "keys") as again,
        pytest.raises(StoreUnavailable, match="not the one"),
    ):
        asked(again, 402, number=OTHER)
    path.write_text(key)
    with opened(target, tmp_path / "keys") as again:
        assert asked(again, 32, number=OTHER).allowed


def test_a_key_of_suppression_put_over_the_tags_is_taken_up_by_who_has_the_store_open(store, target, tmp_path):
    kept(store, objection(5), consent(0, number=OTHER))
    erased(store)
    with opened(target, tmp_path / "keys") as other:
        assert asked(other, 402).vetoes == ("nl.objection",)
        new = new_secret(tmp_path / "keys" / "suppression.2.key")
        with store.writing() as connection:
            for (tag,) in connection.execute("SELECT DISTINCT tag FROM suppression").fetchall():
                connection.execute(
                    "UPDATE suppression SET tag = ? WHERE tag = ?", (under_new_key(bytes(tag), new), tag)
                )
        assert asked(other, 402).vetoes == ("nl.objection",)
        assert asked(other, 32, number=OTHER).allowed


def test_erasing_for_one_caller_leaves_what_concerns_others(store):
    kept(store, consent(0), consent(0, "helios"), objection(5), event("subscriber.described", 1, "", type="natural"))
    kept(store, objection(6, ""))
    erased(store, caller="voltix")
    left = [(each.kind, each.caller, each.seq > 0) for each in events_of(store, NUMBER)]
    assert left == [
        ("consent.given", "helios", True),
        ("subscriber.described", "", True),
        ("objection.made", "", True),
        ("objection.made", "voltix", False),
    ]
    assert {(caller, name) for caller, name, _ in keys_of(store)} == {(0, "standing"), (1, "proof"), (2, "proof")}
    assert asked(store, 402).vetoes == ("nl.objection",)
    at_rest = standing(store)
    rebuild(store, PACK)
    assert standing(store) == at_rest


def test_erasing_twice_changes_nothing_more(store):
    kept(store, consent(0), objection(1))
    erased(store)
    size = size_of(store.connection)
    done, shredded = erased(store)
    assert (done.plan.empty, [*done.entries], shredded) == (True, [], 0)
    assert size_of(store.connection) == size
    assert len(retained(store)) == 1


def test_a_person_of_whom_nothing_is_known_leaves_no_trace_of_the_question(store):
    done, shredded = erased(store)
    assert (done.plan.empty, shredded, size_of(store.connection)) == (True, 0, 0)


def test_many_entries_are_named_in_several_erasures(store, monkeypatch):
    monkeypatch.setattr("belbaar.proof.erasure.erasing._AT_ONCE", 3)
    kept(store, *(event("subscriber.described", day, "", type="natural") for day in range(8)))
    done, _ = erased(store)
    told = [entries(store)[index]["b"] for index in done.entries]
    assert [each["leaves"] for each in told] == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert [each["places"] for each in told] == [[1, 2, 3], [4, 5, 6], [7, 8]]


def test_an_erasure_that_fails_changes_nothing(store, monkeypatch):
    kept(store, consent(0), objection(1))
    before = rows(store, "SELECT * FROM event"), standing(store), entries(store)
    monkeypatch.setattr("belbaar.proof.erasure.erasing._close", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(log_of(store), NUMBER, pack=PACK, reason=REASON)
    assert (rows(store, "SELECT * FROM event"), standing(store), entries(store)) == before
    assert len(of_number(log_of(store), Asked(NUMBER), at=START).page.entries) == 2
    monkeypatch.undo()
    assert erased(store)[1] == 1


def test_a_key_that_is_lost_without_an_erasure_is_named_by_no_entry(store):
    kept(store, consent(0))
    log_of(store).keyring.retention.shred(NUMBER)
    assert [leaf.sealed != b"" for _, leaf in leaves(store.connection)] == [False, True]
    assert all(entry["k"] != "erase" for entry in entries(store))


def test_a_number_that_a_caller_shows_is_not_a_persons(store):
    with pytest.raises(InputError, match="shows this number"):
        erase(log_of(store), 31201990001, pack=PACK, reason=REASON)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "x" * 301, "wis 0201000009", "wis 020-1000001", "wis 020 100 00 01", "+31 20 1000001", "an@voltix.example", "dossier 123456"],
)  # fmt: skip
def test_a_reason_that_could_hold_a_persons_data_is_refused(text):
    with pytest.raises(InputError) as refused:
        check_said(text, "--reason")
    assert "1000001" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["request 2026-014", "verzoek van 25-11-2026", "AVG 17, zaak 31/2026", "request 2026-11-25"]
)
def test_a_reason_that_names_a_case_is_taken(text):
    check_said(text, "--reason")


def test_a_changed_body_is_seen_before_anything_is_erased(store):
    log = log_of(store)
    kept(store, consent(0))
    with store.writing():
        keep_verdict(store, asked(store, 32))
    store.connection.execute("UPDATE leaf SET sealed = ? WHERE about = 0 AND handle <> 0", (b"x" * 40,))
    with pytest.raises(ProofError):
        erase(log, NUMBER, pack=PACK, reason=REASON)
    assert len(events_of(store, NUMBER)) == 1
