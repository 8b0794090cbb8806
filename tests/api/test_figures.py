"""Figures of an organisation are what its numbers would be told one by one, on both stores."""

import datetime as dt

import pytest

from belbaar.api.figures.computing import impact_of, today_of
from belbaar.api.figures.keeping import IMPACTS, TODAY, claim, keep, kept, want, want_everywhere
from belbaar.api.starting import prepare
from belbaar.clock import now_us
from belbaar.law import PACKS, Law, Term
from belbaar.law.calendar import instant
from belbaar.law.cards import DECREE, Step
from belbaar.ledger import Source, read_event, record
from belbaar.ledger.callers import add_caller
from belbaar.opening import opened
from belbaar.reading import ZONE
from belbaar.verdict import Call, may_call

NOW = instant(dt.datetime(2026, 9, 8, 12, tzinfo=dt.UTC))
DAY = "2027-01-01"
NUMBERS = [31201000100 + place for place in range(36)]


def events():
    """Relations that ended in other years, consents with and without what they need, objections."""
    for place, number in enumerate(NUMBERS):
        began = {"event": "relation.started", "caller": "dagpost", "kind": "service", "product": "news.paper"}
        yield number, {**began, "at": "2022-02-01T10:00:00+01:00", "opt_out_offered": True}
        ended = f"202{4 + place % 3}-0{1 + place % 8}-01T10:00:00+01:00"
        yield number, {"event": "relation.ended", "caller": "dagpost", "kind": "service", "at": ended}
        given = {"event": "consent.given", "caller": "voltix", "product": "energy", "at": "2026-08-20T10:00:00+02:00"}
        given |= {"wording": "Ja"} if place % 2 else {}
        given |= {"verified": "sms"} if place % 3 else {}
        given |= {"until": f"2026-1{place % 3}-01"} if place % 5 == 0 else {}
        yield number, given
        if place % 7 == 0:
            yield number, {"event": "objection.made", "scope": "all", "at": "2026-08-21T10:00:00+02:00"}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def ledger(request, tmp_path_factory):
    """A store of an organisation with two callers."""
    folder = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELBAAR_KEYS", str(folder / "keys"))
        patch.setenv("BELBAAR_SNAPSHOTS", str(folder / "snapshots"))
        target = str(folder / "belbaar.db")
        if request.param == "postgres":
            server = request.getfixturevalue("postgres")
            target = str(server.url(server.database()))
        prepare(target)
        with opened(target) as store:
            add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
            add_caller(store, "dagpost", name="De Dagpost", sector="press", numbers=[31201990002])
            with store.writing() as connection:
                connection.execute("UPDATE caller SET organisation = 1")
            read = [
                (row, read_event(told, number=number, zone=ZONE, where="", recorded_at=NOW))
                for row, (number, told) in enumerate(events(), 1)
            ]
            record(store, read, Source("test", "0" * 64, NOW, "test", 1), PACKS["NL"])
            yield store


def verdicts(store, caller, product, law=None):
    """Judge the numbers one by one, on the afternoon of the day."""
    at = instant(dt.datetime(2026, 9, 8, 14, tzinfo=ZONE))
    return [may_call(store, Call(number, caller, at, product), law=law) for number in NUMBERS]


def test_who_may_be_called_is_who_would_be_told_so_one_by_one(ledger, tmp_path):
    told = today_of(ledger, 1, NOW, spill=tmp_path)
    voltix, dagpost = verdicts(ledger, "voltix", "energy"), verdicts(ledger, "dagpost", "news.paper")
    callable_ = [each for each in (*voltix, *dagpost) if each.allowed]
    assert told.callers == {
        "voltix": sum(each.allowed for each in voltix),
        "dagpost": sum(each.allowed for each in dagpost),
    }
    assert told.by_ground == {
        ground: sum(each.ground == ground for each in callable_) for ground in {each.ground for each in callable_}
    }
    refused = [each for each in (*voltix, *dagpost) if not each.allowed]
    reasons = [reason for each in refused for reason in ({*each.vetoes, *each.defects} or {"no-ground"})]
    assert told.by_reason == {reason: reasons.count(reason) for reason in set(reasons)}
    untils = [each.until for each in callable_ if each.until is not None]
    days = [dt.datetime.fromtimestamp(until / 1e6, ZONE).date() - dt.date(2026, 9, 8) for until in untils]
    assert told.ending == {day: days.count(dt.timedelta(day)) for day in {d.days for d in days if d.days <= 90}}
    assert told.numbers == 2 * len(NUMBERS)
    assert told.looked == sum(told.levels) == told.callers["voltix"]


@pytest.mark.parametrize("months", [0, 12])
def test_another_term_takes_what_it_would_take_one_by_one(ledger, months, tmp_path):
    law = Law(PACKS["NL"])
    first = dt.date.fromisoformat(DAY).toordinal()
    other = Law(law.pack, ((law.pack.customer_term, Step(first, Term(months), DECREE)),))
    told = impact_of(ledger, 1, NOW, day=DAY, months=months, spill=tmp_path)
    lost = at_once = 0
    turn = instant(dt.datetime(2027, 1, 1, tzinfo=ZONE))
    pairs = zip(
        verdicts(ledger, "dagpost", "news.paper"), verdicts(ledger, "dagpost", "news.paper", other), strict=True
    )
    for before, after in pairs:
        if before.allowed and after.until != before.until:
            lost += 1
            at_once += after.until <= turn
    (dagpost,) = (each for each in told.callers if each.caller == "dagpost")
    assert (dagpost.lost, dagpost.at_once) == (lost, at_once)
    assert lost > 0
    assert [each.lost for each in told.callers if each.caller == "voltix"] == [0]
    before, after = zip(*((before, after) for _, before, after in told.series), strict=True)
    assert list(before) == sorted(before, reverse=True)
    assert all(each <= whole for whole, each in zip(before, after, strict=True))


def test_a_figure_is_computed_once_for_whoever_asks(ledger):
    want_everywhere(ledger, NOW)
    with ledger.writing():
        want(ledger, 1, TODAY, NOW + 5)  # while it waits, asking again changes nothing
    assert claim(ledger, NOW + 10) == (1, TODAY)
    assert claim(ledger, NOW + 10) is None
    keep(ledger, 1, TODAY, at=NOW - 1, body="{}")
    assert not kept(ledger, 1, TODAY).waits
    assert claim(ledger, now_us()) is None


def test_of_what_if_questions_the_latest_are_kept(ledger):
    with ledger.writing() as connection:
        for months in range(25):
            want(ledger, 1, f"{IMPACTS}{DAY}/{months}", NOW + months)
        names = connection.execute("SELECT name FROM figure WHERE name LIKE 'impact/%'").fetchall()
    assert {name for (name,) in names} == {f"{IMPACTS}{DAY}/{months}" for months in range(5, 25)}
