"""How long the trace desk keeps what: its own terms, and what an erasure takes."""

import datetime as dt
import itertools
import sqlite3
from contextlib import suppress

import pytest

from belbaar.api.access.audit import Actor, note
from belbaar.errors import InputError
from belbaar.ledger.organisations import add_organisation, organisation
from belbaar.proof.erasure.erasing import erase, finish, search
from belbaar.proof.erasure.remains import Sought
from belbaar.proof.log.keeping import log_of
from belbaar.trace import Hand, Request, case_of, open_case
from belbaar.trace.calls import Change, apply, calls_around, forget, identity_of, mark
from belbaar.trace.cases import forget_ended
from belbaar.trace.deciding import refuse
from belbaar.trace.hand import trace_key
from belbaar.trace.lines import line_of
from belbaar.trace.lines import refuse as refuse_on_line
from belbaar.trace.spool import make_spool, read, take, tell
from tests.api.incoming import came_in, then
from tests.proof.erasures import DAY, NOON, PACK, REASON, START, opened

PERSON, ANNOYING = 31201000031, 31301990077
SIX_WEEKS = 42 * DAY
EPOCH = dt.date(1970, 1, 1).toordinal()
PLACE = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))
    target = tmp_path / "belbaar.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with opened(target, tmp_path / "keys") as store:
        add_organisation(store, "house", name="House", now=START)
        yield store


def hand(store, day):
    house = organisation(store, "house")
    actor = Actor("desk", house, "officer")
    return Hand(
        house.key,
        trace_key(log_of(store).keyring.folder),
        "desk",
        START + day * DAY + NOON,
        lambda act, details, number: note(store, actor, act, details, number=number),
    )


def call(store, day, *, called=PERSON, caller=ANNOYING):
    place = next(PLACE)
    at = START + day * DAY + NOON
    asserted = f"<sip:+{caller}@peer.example>"
    change = Change(
        id=place, at=at, what="call", of=0, call_id=f"{place}", called=str(called), asserted=asserted, hidden=1
    )
    apply(store, hand(store, day), "spool", [change])
    return at


def left(store, called=PERSON):
    return [each.received_at for each in calls_around(store, hand(store, 0).organisation, called, 0, 1 << 62)]


def asked(*times):
    return Request("A. de Vries", "Plein 1", "1012 AB", "Amsterdam", PERSON, times)


def test_calls_of_which_nobody_asks_go_after_their_days_and_marked_ones_wait_for_a_request(store):
    first = call(store, 0)
    assert mark(store, hand(store, 0), PERSON)
    second, third = call(store, 1), call(store, 2)
    forget(store, START + 43 * DAY + NOON, SIX_WEEKS)  # the second's 42 days end at this very instant: it stays
    assert left(store) == [first, second, third]
    forget(store, START + 43 * DAY + NOON + 1, SIX_WEEKS)
    assert left(store) == [first, third]
    forget(store, START + 92 * DAY + NOON + 1, SIX_WEEKS)
    assert left(store) == []


def test_what_a_case_is_about_goes_three_months_after_it_ended(store):
    at = call(store, 0)
    case = open_case(store, hand(store, 1), asked(at))
    forget(store, START + 400 * DAY, SIX_WEEKS)
    assert left(store) == [at]  # it runs
    refuse(store, hand(store, 10), case.id, "interest", "")
    gone = case_of(store, hand(store, 10), case.id).gone
    assert dt.date.fromordinal(gone) == dt.date(2025, 1, 14)  # it ended on 14 October
    forget_ended(store, (gone - EPOCH) * DAY + NOON)
    assert left(store) == [at]
    forget_ended(store, (gone + 1 - EPOCH) * DAY + NOON)
    found = case_of(store, hand(store, 200), case.id)
    assert (left(store), found.papers, found.number, found.state) == ([], None, 0, "refused")
    assert [each.step for each in found.history] == ["trace.open", "trace.refuse"]
    with pytest.raises(InputError):
        refuse(store, hand(store, 201), case.id, "interest", "")


def test_an_erasure_takes_the_calls_to_a_person_the_case_and_the_switch(store):
    at = call(store, 0)
    case = open_case(store, hand(store, 1), asked(at))
    refuse_on_line(store, hand(store, 1), PERSON, anonymous=True, unavailable=False)
    erase(log_of(store), PERSON, pack=PACK, reason=REASON)
    finish(log_of(store))
    assert left(store) == []
    assert case_of(store, hand(store, 2), case.id).papers is None
    assert line_of(store, hand(store, 2).organisation, PERSON).anonymous is False


def test_who_calls_cannot_erase_what_a_case_is_about_and_the_number_is_nowhere_to_be_read(store):
    traced, other = call(store, 0), call(store, 3, called=PERSON + 1)
    open_case(store, hand(store, 1), asked(traced))
    erase(log_of(store), ANNOYING, pack=PACK, reason=REASON)
    assert left(store) == [traced]
    assert left(store, PERSON + 1) == []
    assert other > traced
    if store.dialect == "sqlite":
        finish(log_of(store))
        assert search(log_of(store), Sought.of(ANNOYING)).found == []


def test_who_made_a_call_opens_with_its_own_name_only(store):
    call(store, 0)
    whose = hand(store, 0)
    (found,) = calls_around(store, whose.organisation, PERSON, 0, 1 << 62)
    assert identity_of(store, whose.key, found.ref).number == ANNOYING
    call(store, 1)
    later = calls_around(store, whose.organisation, PERSON, 0, 1 << 62)[1]
    assert later.tag == found.tag
    kept = store.connection.execute("SELECT sealed FROM incoming_call WHERE ref = ?", (found.ref,)).fetchone()[0]
    store.connection.execute("UPDATE incoming_call SET sealed = ? WHERE ref = ?", (kept, later.ref))
    with pytest.raises(Exception, match="another key"):
        identity_of(store, whose.key, later.ref)


def test_what_the_proxy_wrote_counts_once_whatever_is_undone_when(store, tmp_path):
    folder = tmp_path / "spool"
    make_spool(folder)
    came_in(folder, (START + NOON) / 1_000_000, called=str(PERSON))
    second = came_in(folder, (START + NOON) / 1_000_000 + 60, called=str(PERSON))
    then(folder, second, "ended", 90)
    then(folder, second | {"call_id": "another's"}, "mark", 91)  # a dialog that names a call that is not its own
    with suppress(RuntimeError), store.writing():
        take(store, hand(store, 0), read(folder))
        raise RuntimeError
    assert left(store) == []
    for _ in range(2):  # the second time as if the process had died before the proxy was told
        with store.writing():
            taken = take(store, hand(store, 0), read(folder))
    assert (taken.line, len(left(store))) == (4, 2)
    (_, call) = calls_around(store, hand(store, 0).organisation, PERSON, 0, 1 << 62)
    assert (call.ended_at - call.received_at, call.marked_at) == (90_000_000, 0)
    tell(folder, taken)
    with sqlite3.connect(folder / "told.db") as told:
        assert told.execute("SELECT id FROM taken").fetchone() == (4,)


def test_text_that_is_no_text_stops_nothing(store, tmp_path):
    folder = tmp_path / "spool"
    make_spool(folder)
    line = came_in(folder, (START + NOON) / 1_000_000, called=str(PERSON))
    with sqlite3.connect(folder / "calls.db") as spool:
        spool.execute("UPDATE line SET sender = CAST(X'ff00fe22' AS TEXT) WHERE id = ?", (line["id"],))
    with store.writing():
        take(store, hand(store, 0), read(folder))
    assert len(left(store)) == 1
