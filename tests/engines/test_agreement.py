"""Whatever happened, the engines agree, standing is a function of the set of events, and the law never turns round.

Histories are drawn close together: few callers and products, instants in clusters around the law's own dates, so that
ties, edges and ends happen all the time.
"""

import dataclasses
import datetime as dt
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from belbaar.law import PACKS
from belbaar.law.calendar import instant, instant_of_day, local_day
from belbaar.law.words import CHANNELS, DEFAULT_PURPOSE, METHODS, PURPOSES, RELATION_KINDS
from belbaar.ledger import Source, add_caller, events_of, memory_store, read_event, rebuild, record
from belbaar.ledger.events import content_id
from belbaar.ledger.record import stored_rows
from belbaar.verdict import Group, judge_alike, may_call, weigh_alike, with_evidence
from belbaar.verdict.check import ENGINES
from belbaar.verdict.laws import law_for
from belbaar.verdict.question import Call

PACK = PACKS["NL"]
ZONE = ZoneInfo("Europe/Amsterdam")
NUMBER = 31201000001
SECTORS = {"voltix": "commercial", "dagpost": "press", "druppel": "charity", "plein": "political", "lot": "lottery"}
OWN, FOREIGN = 31201990001, 31201990099
PRODUCTS = ["energy", "energy", "*", "energy.gas", "energy.gas.grid", "energy.power", "telecom"]
MINUTE, SECOND = 60_000_000, 1_000_000
EDGES = [
    "2009-10-01", "2012-07-01", "2015-03-02", "2018-06-30", "2018-07-01", "2020-02-29", "2020-06-01", "2021-06-30",
    "2021-07-01", "2023-02-28", "2024-04-15", "2024-10-14", "2024-10-15", "2025-06-30", "2025-07-01", "2026-03-29",
    "2026-06-30", "2026-07-01", "2026-09-08",
]  # fmt: skip
DAYS = sorted({dt.date.fromisoformat(edge) + dt.timedelta(shift) for edge in EDGES for shift in (-1, 0, 1, 30, 184)})
INSTANTS = [
    instant_of_day(date.toordinal(), ZONE) + shift
    for date in DAYS
    for shift in (0, SECOND, 14 * 60 * MINUTE)
    if date >= dt.date(2009, 10, 1)
]

WINDOWS = [INSTANTS[first : first + 75] for first in range(0, len(INSTANTS) - 30, 15)]

instants = st.shared(st.sampled_from(WINDOWS), key="window").flatmap(st.sampled_from)
afternoons = instants.map(lambda at: instant_of_day(local_day(at, ZONE), ZONE) + 14 * 60 * MINUTE)
dates = st.sampled_from([date.isoformat() for date in DAYS])
products = st.sampled_from(PRODUCTS)
anyone = st.sampled_from(sorted(SECTORS))
callers = st.sampled_from([True, True, True, True, False]).flatmap(
    lambda main: st.shared(anyone, key="caller") if main else anyone
)
yes_no = st.booleans()
often = st.sampled_from([True, True, True, False])


def event(kind, **fields):
    return st.fixed_dictionaries({"event": st.just(kind)}, optional=fields)


def needing(kind, required, **optional):
    return st.fixed_dictionaries({"event": st.just(kind), **required}, optional=optional)


SOUND = {"product": "energy", "wording": "Ja.", "verified": "sms", "channels": ["voice", "robocall", "sms"]}
KINDS = st.sampled_from(sorted(RELATION_KINDS))
consents = needing(
    "consent.given",
    {
        "caller": callers,
        "product": products,
        "wording": st.sampled_from(["Ja.", "Ja.", "Ja.", ""]),
        "affirmative": often,
        "verified": st.sampled_from(["sms", "letter", ""]),
    },
    channels=st.lists(st.sampled_from(sorted(CHANNELS)), min_size=1, max_size=3, unique=True),
    bundled=st.sampled_from([False, False, True]),
    until=dates,
    first_contact_within=st.sampled_from(["P1Y", "P3M", "P26W", "P1M3D"]),
)
relations = needing(
    "relation.started",
    {"caller": callers, "kind": KINDS, "product": products, "opt_out_offered": often},
    opted_out=st.sampled_from([False, False, True]),
)
ends = needing("relation.ended", {"caller": callers, "kind": KINDS}, product=products)
objections = st.one_of(
    needing("objection.made", {"caller": callers}, scope=st.sampled_from(["caller", "all"])),
    st.just({"event": "objection.made", "scope": "all"}),
)
sound = st.one_of(
    needing(
        "relation.started",
        {"caller": callers, "kind": KINDS, "product": st.just("energy"), "opt_out_offered": st.just(True)},
    ),
    needing("consent.given", {"caller": callers, **{n: st.just(v) for n, v in SOUND.items()}}, until=dates),
    needing("callback.requested", {"caller": callers, "product": st.just("energy")}, until=dates),
    needing("subscriber.described", {"type": st.just("legal")}),
)
happenings = st.one_of(
    sound,
    sound,
    sound,
    consents,
    needing("consent.verified", {"caller": callers, "method": st.sampled_from(sorted(METHODS))}),
    needing("consent.withdrawn", {"caller": callers}, product=products),
    needing("consent.frozen", {"caller": callers, "product": products, "given_at": instants, "why": st.just("source")}),
    relations,
    relations,
    ends,
    objections,
    needing("callback.requested", {"caller": callers, "product": products}, until=dates),
    event("register.entered", product=products),
    event("register.left", product=products),
    event("number.reassigned"),
    needing("number.published", {"product": products}),
    event("subscriber.described", type=st.sampled_from(["natural", "legal", "unknown"]), minor=yes_no),
    needing("call.made", {"caller": callers}, product=products),
)


def written(at):
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=at)).isoformat()


def read(data, at, late=0):
    """Make an event of what happened, known after ``late`` days."""
    if "given_at" in data:
        data = {**data, "given_at": written(min(data["given_at"], at))}
    text = written(at)
    made = read_event({**data, "at": text}, number=NUMBER, zone=ZONE, where="test", recorded_at=None)
    return dataclasses.replace(made, recorded_at=at + late * 86_400 * SECOND)


events = st.builds(read, happenings, instants, st.sampled_from([0, 0, 1, 400]))


@st.composite
def histories(draw):
    """A few events; some of them are moved to instants that others have."""
    least = draw(st.sampled_from([0, 2, 4, 6]))
    drawn = draw(st.lists(events, min_size=least, max_size=least + 3))
    together = draw(st.lists(st.sampled_from(drawn), max_size=3)) if drawn else []
    moved = [read(draw(happenings), other.at) for other in together]
    return list({content_id(each): each for each in drawn + moved}.values())


calls = st.builds(
    Call,
    number=st.just(NUMBER),
    caller=callers,
    at=st.one_of(afternoons, afternoons, instants),
    product=st.sampled_from(["energy.gas", "energy.gas", "energy", "energy.gas.grid", "energy.power", "telecom"]),
    channel=st.sampled_from([*CHANNELS, "voice"]),
    kind=st.sampled_from(["marketing"] * 12 + ["service", "research"]),
    purpose=st.sampled_from([None, None, *PURPOSES]),
    presents=st.sampled_from([OWN, OWN, None, None, "anonymous", FOREIGN]),
)

checked, quick = settings(max_examples=30), settings(max_examples=100)


@pytest.fixture(scope="session")
def lenders(postgres_ledgers):
    """Name who lends an empty ledger to each engine."""
    return {name: postgres_ledgers if name == "postgres" else memory_store for name in ENGINES}


@contextmanager
def ledger(*batches, lend=memory_store):
    """Open a ledger with the callers, and record batches in their order."""
    with lend() as store:
        for name, sector in SECTORS.items():
            add_caller(store, name, name=name.title(), sector=sector, numbers=[OWN] if name != "lot" else [])
        for batch in batches:
            record(store, list(enumerate(batch)), Source("test", "", 0, "test"), PACK)
        yield store


def told(store, verdict):
    """Give a verdict without the places in this ledger: the events it rests on by content."""
    of = {each.seq: content_id(each) for each in events_of(store, NUMBER)}
    return dataclasses.replace(verdict, call=None, events=tuple(sorted(of[seq] for seq in verdict.events)))


def judged(history, call, engine="sqlite", lend=memory_store):
    with ledger(history, lend=lend) as store:
        return told(store, ENGINES[engine](store, call, law_for(NUMBER)))


@checked
@given(histories(), st.lists(calls, min_size=1, max_size=2), st.one_of(st.none(), instants))
def test_one_number_and_a_list_get_the_same_verdict_on_every_engine(lenders, history, asked, known_at):
    with ledger(history) as here, ledger(history, lend=lenders["postgres"]) as there:
        for call in (dataclasses.replace(call, known_at=known_at) for call in asked):
            verdicts = {
                name: told(store, judge(store, call, law_for(NUMBER)))
                for name, judge in ENGINES.items()
                for store in [there if name == "postgres" else here]
            }
            assert all(verdict == verdicts["sqlite"] for verdict in verdicts.values())


OTHERS = [NUMBER + 1, NUMBER + 2, NUMBER + 3]
of_several = st.lists(histories(), min_size=1, max_size=3)


@checked
@given(of_several, st.lists(calls, max_size=3), st.integers(0, 4), st.one_of(st.just(0), instants), st.data())
def test_numbers_that_are_asked_alike_get_the_verdicts_that_each_gets_alone(lenders, told, asked, level, heard, data):
    asked = [dataclasses.replace(call, heard=heard) for call in asked]
    numbers = data.draw(st.lists(st.sampled_from([NUMBER, *OTHERS]), max_size=5))
    events = [
        dataclasses.replace(event, number=NUMBER + place) for place, history in enumerate(told) for event in history
    ]
    for lend in (lenders["sqlite"], lenders["postgres"]):
        with ledger(events, lend=lend) as store, store.reading(), store.still():
            alone = [
                with_evidence(store, may_call(store, dataclasses.replace(call, number=number)), level)
                for call in asked
                for number in numbers
            ]
            came = judge_alike(store, [Group(call, numbers) for call in asked])
            weighed = weigh_alike(store, [(alike, level) for alike in came])
            assert [each for alike in weighed for each in alike.each()] == alone


def test_what_is_wrong_with_a_number_or_a_group_is_told_in_its_place(lenders):
    good = Call(NUMBER, next(iter(SECTORS)), 1_788_869_000_000_000, "energy")
    groups = [Group(dataclasses.replace(good, caller="nobody"), [NUMBER] * 2), Group(good, [14155550100, NUMBER])]
    for lend in (lenders["sqlite"], lenders["postgres"]):
        with ledger([], lend=lend) as store, store.reading():
            codes = [[getattr(each, "code", "") for each in alike.each()] for alike in judge_alike(store, groups)]
            assert codes == [["unknown-caller", "unknown-caller"], ["law-unknown", ""]]


@quick
@given(histories(), st.data())
def test_standing_depends_on_the_set_of_events_alone(history, data):
    shuffled = data.draw(st.permutations(history))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(history)), max_size=3)))
    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(history)], strict=True)]
    with ledger(history) as at_once, ledger(*batches) as piecemeal:
        assert rows(piecemeal) == rows(at_once)
        grown = standing(piecemeal)
        rebuild(piecemeal, PACK)
        assert standing(piecemeal) == grown
        assert sorted(stored_rows(piecemeal, events_of(piecemeal, NUMBER), PACK)) == grown


def standing(store):
    return sorted(tuple(row) for row in store.connection.execute("SELECT * FROM standing").fetchall())


def rows(store):
    """Give standing without the ids of this ledger. Of descriptions of one instant any may be the one that is named."""
    paths = {0: "*", **dict(store.connection.execute("SELECT id, path FROM product"))}
    named = store.connection.execute("SELECT * FROM standing")
    columns = [column[0] for column in named.description]
    found = [dict(zip(columns, row, strict=True)) for row in named.fetchall()]
    return sorted(
        sorted((row | {"event": 0, "product": paths[row["product"]], "segment": paths[row["segment"]]}).items())
        for row in found
    )


@quick
@given(histories(), calls, st.data())
def test_the_order_of_arrival_changes_no_verdict(history, call, data):
    other = data.draw(st.permutations(history))
    one, two = judged(history, call), judged(other, call)
    assert dataclasses.replace(one, events=()) == dataclasses.replace(two, events=())


@quick
@given(histories(), calls)
def test_recording_everything_twice_changes_nothing(history, call):
    with ledger(history) as once, ledger(history, history) as twice:
        assert standing(once) == standing(twice)
        assert told(once, ENGINES["sqlite"](once, call, law_for(NUMBER))) == told(
            twice, ENGINES["sqlite"](twice, call, law_for(NUMBER))
        )


@quick
@given(histories(), calls, st.builds(read, objections, instants))
def test_an_objection_more_never_makes_a_call_more_allowed(history, call, objection):
    before, after = judged(history, call), judged([*history, objection], call)
    assert before.allowed or not after.allowed
    assert after.grounds == before.grounds


def never(until):
    return float("inf") if until is None else until


@quick
@given(histories(), calls, st.builds(read, consents, instants), dates, dates)
def test_a_later_end_of_a_consent_never_shortens(history, call, consent, one, other):
    sooner, later = sorted((one, other))
    short, long = (
        judged([*history, dataclasses.replace(consent, fields={**consent.fields, "until": until})], call)
        for until in (sooner, later)
    )
    assert set(short.grounds) <= set(long.grounds)
    assert long.allowed or not short.allowed
    if short.allowed:
        assert never(short.until) <= never(long.until)


@quick
@given(histories(), calls, st.builds(read, relations, instants), instants, instants)
def test_a_later_end_of_a_relation_never_shortens(history, call, relation, one, other):
    alike = {"kind": relation.fields["kind"]}
    rest = [each for each in history if each.caller != relation.caller or each.fields.get("kind") != alike["kind"]]
    sooner, later = sorted((one, other))
    short, long = (
        judged([*rest, relation, read({"event": "relation.ended", "caller": relation.caller, **alike}, end)], call)
        for end in (sooner, later)
    )
    if sooner < relation.at <= later:
        return  # the sooner end finds nothing open, and ends nothing
    assert set(short.grounds) <= set(long.grounds)
    assert long.allowed or not short.allowed
    if short.allowed:
        assert never(short.until) <= never(long.until)


@checked
@given(histories(), calls, instants, st.sampled_from(sorted(ENGINES)))
def test_nothing_recorded_after_known_at_changes_the_answer(lenders, history, call, known_at, engine):
    asked = dataclasses.replace(call, known_at=known_at)
    known = [each for each in history if each.recorded_at <= known_at]
    lend = lenders[engine]
    one, two, three = (
        judged(events, question, engine, lend) for events, question in ((history, asked), (known, asked), (known, call))
    )
    assert one == two == three


@quick
@given(histories(), calls)
def test_nothing_that_happens_after_the_call_changes_the_answer(history, call):
    by_then = [each for each in history if each.at <= call.at]
    assert judged(history, call) == judged(by_then, call)


@quick
@given(histories(), calls, st.data())
def test_until_is_the_first_midnight_without_a_ground(history, call, data):
    frozen = [each for each in history if each.at < call.at or (each.at == call.at and each.kind != "call.made")]
    with ledger(frozen) as store:

        def grounds(at):
            return ENGINES["sqlite"](store, dataclasses.replace(call, at=at), law_for(NUMBER)).grounds

        verdict = ENGINES["sqlite"](store, call, law_for(NUMBER))
        assume(verdict.allowed)
        end = verdict.until if verdict.until is not None else instant(dt.datetime(2060, 1, 1, tzinfo=dt.UTC))
        assert grounds(end - MINUTE)
        between = [at for at in INSTANTS if call.at <= at < end]
        assert all(grounds(at) for at in data.draw(st.lists(st.sampled_from(between), max_size=4)))
        if verdict.until is not None:
            assert not grounds(end)
            local = dt.datetime.fromtimestamp(end // SECOND, ZONE)
            assert (local.hour, local.minute, end % SECOND) == (0, 0, 0)


@quick
@given(histories(), calls)
def test_a_verdict_is_made_of_its_parts(history, call):
    verdict = judged(history, call)
    assert verdict.allowed == (bool(verdict.grounds) and not verdict.vetoes)
    assert verdict.ground == (verdict.grounds[0] if verdict.grounds else None)
    assert list(verdict.grounds) == [name for name in PACK.grounds if name in verdict.grounds]
    for ids in (verdict.vetoes, verdict.defects, verdict.duties):
        assert list(ids) == sorted(ids)
    assert verdict.allowed or verdict.until is None
    if call.kind != "marketing":
        assert (verdict.allowed, verdict.vetoes, verdict.duties) == (True, (), ())


@pytest.mark.parametrize("sector", sorted(set(SECTORS.values())))
def test_a_purpose_left_out_is_the_sectors_own(sector):
    caller = next(name for name, its in SECTORS.items() if its == sector)
    history = [
        read({"event": "relation.started", "caller": caller, "kind": kind, "product": "*", "opt_out_offered": True},
             INSTANTS[0])
        for kind in RELATION_KINDS
    ]  # fmt: skip
    call = Call(NUMBER, caller, instant(dt.datetime(2025, 9, 9, 12, tzinfo=dt.UTC)), "energy", presents=OWN)
    named = dataclasses.replace(call, purpose=DEFAULT_PURPOSE[sector])
    assert judged(history, call) == judged(history, named)
