"""The feed over HTTP: all that concerns a key's callers, once, in the order of the ledger, and nothing of others'."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.feeds import CONSENT, OBJECTION, OTHER, add_other, followed, number


@pytest.fixture(scope="module")
def other(service):
    return add_other(service)


def end(service, key=""):
    return service.get("/v1/changes", key=key, after="now").json()["next"]


def record(service, *events, key=""):
    while (answer := service.post("/v1/events", list(events), key=key)).status_code == httpx.codes.SERVICE_UNAVAILABLE:
        time.sleep(0.1)  # a busy machine: sending again does no harm
    told = answer.json()
    assert told["refused"] == 0, told
    return [row["seq"] for row in told["results"]]


def test_a_change_tells_what_was_recorded(service):
    before = end(service)
    service.post("/v1/events", {**CONSENT, "number": number(1)})
    ((change,), after) = followed(service, after=before)
    assert (change["event"], change["number"], change["caller"]) == ("consent.given", number(1), "voltix")
    assert change["fields"] == {"product": "energy", "wording": CONSENT["wording"]}
    assert change["at"] == "2026-09-01T10:00:00+02:00"
    assert after == change["cursor"]
    assert number(1)[1:] not in after


def test_what_concerns_others_is_not_told_and_what_concerns_all_is_told_without_who_recorded_it(service, other):
    mine, theirs = end(service), end(service, other)
    everybody = {"event": "objection.made", "number": number(12), "caller": "voltix", "scope": "all"}
    record(
        service,
        {**OBJECTION, "number": number(10)},
        {"event": "number.reassigned", "number": number(11)},
        everybody,
        {"event": "complaint.filed", "number": number(13), "about": "Called at night.", "at": OBJECTION["at"]},
    )
    record(service, {**OBJECTION, "number": number(14), "caller": OTHER}, key=other)
    own, _ = followed(service, after=mine)
    told, _ = followed(service, after=theirs, key=other)
    assert [(each["number"], each["caller"]) for each in own] == [
        (number(10), "voltix"),
        (number(11), None),
        (number(12), "voltix"),
    ]
    assert [(each["number"], each["caller"], each["event"]) for each in told] == [
        (number(11), None, "number.reassigned"),
        (number(12), None, "objection.made"),
        (number(14), OTHER, "objection.made"),
    ]
    assert [each["id"] is None for each in told] == [True, True, False]
    assert [each["id"] is None for each in own] == [False, False, False]
    assert told[1]["fields"] == {"scope": "all"}
    assert "voltix" not in str(told)


def test_a_key_for_one_caller_and_one_kind_is_told_no_more(service):
    service.command(
        "caller", "add", "voltwee", "--name", "Volt Twee B.V.", "--sector", "commercial", "--number", "+31201990011"
    )
    service.command("organisation", "caller", "voltwee", "--organisation", "house")
    narrow = service.make_key("integrator", "house", "--caller", "voltwee")
    before = end(service, narrow)
    record(service, {**OBJECTION, "number": number(20)}, {**OBJECTION, "number": number(21), "caller": "voltwee"})
    record(service, {**CONSENT, "number": number(22), "caller": "voltwee"})
    assert [each["number"] for each in followed(service, after=before, key=narrow)[0]] == [number(21), number(22)]
    objections, _ = followed(service, after=before, key=narrow, kinds="objection.made")
    assert [each["number"] for each in objections] == [number(21)]


def test_who_waits_hears_at_once_and_who_hears_nothing_is_answered_in_time(service):
    before = end(service)
    begun = time.monotonic()
    assert service.get("/v1/changes", after=before, wait=0.5).json()["changes"] == []
    assert 0.4 < time.monotonic() - begun < 3
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(service.get, "/v1/changes", after=before, wait=20)
        time.sleep(0.5)
        recorded = time.monotonic()
        record(service, {**OBJECTION, "number": number(30)})
        (change,) = waiting.result().json()["changes"]
    assert change["number"] == number(30)
    assert time.monotonic() - recorded < 1.5


def test_what_the_command_line_records_is_heard_too(service):
    before = end(service)
    (service.folder / "verzet.txt").write_text(number(31) + "\n", encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(service.get, "/v1/changes", after=before, wait=20)
        service.command("record", "verzet.txt", "--event", "objection.made", "--caller", "voltix")
        (change,) = waiting.result().json()["changes"]
    assert change["number"] == number(31)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [({"after": "x"}, "/after"), ({"kinds": "objection"}, "/kinds"), ({"limit": 0}, "/limit"), ({"wait": 99}, "/wait")],
)
def test_a_mistake_is_told_with_its_field(service, query, pointer):
    refused = service.get("/v1/changes", **query)
    assert refused.status_code in (400, 422)
    assert refused.json()["pointer"] == pointer


def test_a_cursor_of_a_ledger_that_went_further_is_refused(service):
    refused = service.get("/v1/changes", after="YzEAAAAAAAD__w")
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor-unknown")


def test_only_who_follows_confirms_and_an_auditor_looks(service):
    auditor, supervisor = service.make_key("auditor"), service.make_key("supervisor")
    assert service.get("/v1/changes", key=auditor).status_code == 200
    assert service.get("/v1/changes", key=supervisor).status_code == 403
    assert service.post("/v1/changes/confirm", {"cursor": end(service)}, key=auditor).status_code == 403


WRITES = st.lists(
    st.lists(st.tuples(st.sampled_from(["voltix", OTHER]), st.integers(1, 4)), min_size=1, max_size=3), min_size=2, max_size=4
)  # fmt: skip
_SERIAL = iter(range(100_000, 900_000))


@settings(max_examples=8)
@given(WRITES, st.integers(1, 5))
def test_nothing_is_missed_and_nothing_comes_twice_while_many_write(service, other, writes, limit):
    keys = {"voltix": "", OTHER: other}
    cursors = {caller: end(service, key) for caller, key in keys.items()}
    lock, recorded = threading.Lock(), {caller: [] for caller in keys}

    def write(requests):
        for caller, count in requests:
            with lock:
                events = [{**OBJECTION, "caller": caller, "number": number(next(_SERIAL))} for _ in range(count)]
            places = record(service, *events, key=keys[caller])
            with lock:
                recorded[caller] += zip(places, (each["number"] for each in events), strict=True)

    def follow(caller, done):
        heard, cursor = [], cursors[caller]
        while True:
            last = done.is_set()
            more, cursor = followed(service, after=cursor, key=keys[caller], limit=limit)
            done.wait(0.02)
            heard += more
            if last:
                return [(each["seq"], each["number"]) for each in heard]

    done = threading.Event()
    with ThreadPoolExecutor(8) as pool:
        following = {caller: pool.submit(follow, caller, done) for caller in keys}
        writing = [pool.submit(write, requests) for requests in writes]
        for each in writing:
            each.result()
        done.set()
        heard = {caller: each.result() for caller, each in following.items()}
    assert heard == {caller: sorted(places) for caller, places in recorded.items()}
