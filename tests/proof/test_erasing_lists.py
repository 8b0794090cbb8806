"""A list and a single question agree on persons who were erased, however the list is judged."""

import csv

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.proof.log.keeping import log_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.screening import screen_file
from tests.proof.erasures import DAY, NOON, NUMBER, OTHER, START, consent, erased, event, kept, objection, opened

NUMBERS = [NUMBER + n for n in range(8)]
WHEN_NO_CONSENT_WAS_ASKED = -1997


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "belbaar.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(target, tmp_path):
    """Two persons erased who objected, one of whom came back; one erased who did not; others."""
    with opened(target, tmp_path / "keys") as store:
        kept(store, objection(-2500), objection(-2500, "", NUMBER + 1), consent(0, number=NUMBER + 2))
        kept(store, *(consent(30, number=number) for number in NUMBERS[3:]), objection(20, "helios", NUMBER + 4))
        yield store


@pytest.fixture(params=["by key", "from a snapshot", "streamed"])
def way(request, monkeypatch):
    if request.param != "by key":
        monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    if request.param == "streamed":
        monkeypatch.setattr("belbaar.verdict.screening._IN_MEMORY", 0)
    return request.param


@pytest.fixture
def same(store, tmp_path):
    def check(day, **more):
        path = tmp_path / "list.csv"
        path.write_text("telefoon\n" + "".join(f"+{number}\n" for number in NUMBERS))
        call = Call(0, "voltix", START + day * DAY + NOON, "energy", **more)
        out = screen_file(store, path, call).out
        with out.open(encoding="utf-8-sig", newline="") as file:
            listed = {int(row["belbaar_number"]): row for row in csv.DictReader(file, delimiter=";")}
        for number in NUMBERS:
            one = may_call(store, Call(number, "voltix", call.at, "energy", **more))
            row = listed[number]
            assert (row["belbaar_allowed"], row["belbaar_ground"]) == (str(one.allowed).lower(), one.ground or "")
            assert row["belbaar_reasons"].split() == [*one.vetoes, *one.defects]
        return listed

    return check


@pytest.mark.usefixtures("way")
def test_a_list_says_of_the_erased_what_a_single_question_says(store, same):
    for number in NUMBERS[:3]:
        erased(store, number)
    for day in (WHEN_NO_CONSENT_WAS_ASKED, 402):
        listed = same(day)
        assert [listed[number]["belbaar_reasons"] for number in NUMBERS[:2]] == ["nl.objection"] * 2
        assert listed[NUMBER + 2]["belbaar_allowed"] == str(day != 402).lower()
    kept(store, event("subscriber.described", 401, "", type="natural"), consent(403, number=NUMBER + 1))
    listed = same(404)
    assert [listed[number]["belbaar_allowed"] for number in NUMBERS[:2]] == ["false", "true"]
    same(46, known_at=START + 45 * DAY)


@pytest.mark.usefixtures("way")
def test_without_the_key_of_suppression_no_list_is_judged(store, same, tmp_path):
    erased(store, NUMBER)
    for path in (tmp_path / "keys").glob("suppression.*"):
        path.unlink()
    log_of(store)._suppressing = None
    with pytest.raises(StoreUnavailable):
        same(402)


def test_who_was_erased_is_not_in_the_snapshot_made_before(store, same, monkeypatch):
    monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    assert same(46)[OTHER + 1]["belbaar_ground"] == "nl.consent"
    monkeypatch.setattr(
        "belbaar.proof.erasure.erasing.forget_snapshot", lambda _: None
    )  # as if another had made it meanwhile
    erased(store, OTHER + 1)
    assert same(46)[OTHER + 1]["belbaar_ground"] == ""
