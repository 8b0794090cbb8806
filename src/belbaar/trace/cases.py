"""A case at the trace desk: a request, the calls that may be meant, every step an entry of the log.

    received ──► investigating ──► found
        ▲            │      └────► refused
    incomplete ◄─────┘ (what is missing was asked for)

What people wrote, and what was decided about whom, is sealed. Three months after a case has ended its calls and its
papers go; that it was, and its steps, stay.
"""

__all__ = [
    "STATES", "Case", "Papers", "Party", "Step", "add", "call_marked", "case_of", "cases", "forget_ended", "kept", "open_case", "step",
]  # fmt: skip

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from belbaar.errors import InputError
from belbaar.law.calendar import local_day
from belbaar.law.nl.hours import working_day_after
from belbaar.ledger import Store
from belbaar.proof.keys.sealed import sealed
from belbaar.reading import ZONE
from belbaar.trace.calls import Incoming, calls_around
from belbaar.trace.deadlines import ANSWER, ASK, DECIDE, KEPT, TELL
from belbaar.trace.hand import Hand, Reader, opened
from belbaar.trace.matching import Candidate, candidates
from belbaar.trace.names import new_name
from belbaar.trace.requests import Request, completed, missing

STATES = ("received", "incomplete", "investigating", "found", "refused")
"""Ontvangen, Er ontbreekt iets, In onderzoek, Bekend, Geweigerd."""
ENDED = frozenset({"found", "refused"})
_ALWAYS = 1 << 62
_CASE = "SELECT id, number, state, opened_at, ended_at, sealed FROM trace_case WHERE organisation = ?"


class Party(msgspec.Struct, frozen=True):
    """The subscriber from whose line a call came: what is disclosed of it."""

    number: str
    name: str
    address: str
    postcode: str
    town: str


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of a case.

    Args:
        request: what was asked.
        reason: why it was decided as it was; "" before.
        party: who was disclosed; None: nobody.
        calls: the names of the calls that the decision is about.
        provider: another provider that was asked; "": none.
        asks: another provider that asks; "": a person does.
        received: what that provider sent, as it was signed.
        sent: what it was sent.
        looked_for: of which calls it was read who made them, and why.
        letters: which were made.
    """

    request: Request
    reason: str = ""
    party: Party | None = None
    calls: tuple[str, ...] = ()
    provider: str = ""
    asks: str = ""
    received: str = ""
    sent: str = ""
    looked_for: tuple[tuple[str, str], ...] = ()
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What was done: one of the acts ``trace.…``, when (UTC microseconds), by whom, its entry in the log."""

    step: str
    at: int
    by: str
    entry: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case.

    Args:
        id: by which it is named.
        number: that was called, E.164; 0 once its papers are gone.
        state: one of ``STATES``.
        opened_at: UTC microseconds, as is ``ended_at``; 0: it has not.
        papers: the request and what came of it; None once they are gone.
        missing: what the request does not say yet.
        due: the last day by which the next step is due, an ordinal; 0: none is.
        gone: the last day on which its calls and papers are kept, an ordinal; 0: it has not ended.
        history: its steps, oldest first.
        calls: the calls that may be meant.
        looked: the names of calls of which it was read who made them.
    """

    id: str
    number: int
    state: str
    opened_at: int
    ended_at: int
    papers: Papers | None
    missing: tuple[str, ...]
    due: int
    gone: int
    history: tuple[Step, ...]
    calls: tuple[Candidate, ...]
    looked: frozenset[str]


def open_case(
    store: Store, hand: Hand, request: Request, *, name: str = "", asks: str = "", received: str = ""
) -> Case:
    """Take a request in; inside the write transaction. Marked calls fill in the times, where it states none.

    Args:
        store: with its log.
        hand: who acts.
        request: what is asked.
        name: the case's name; "": one that is made up.
        asks: the provider that asks; "": a person does.
        received: what that provider sent.

    Raises:
        InputError: when a time lies in the future, or a text is too long.
    """
    texts = {name: getattr(request, name) for name in ("name", "address", "postcode", "town")}
    bare = Request("", "", "", "", request.number, lang=request.lang)
    asked = completed(bare, texts, request.times, hand.now)
    id_ = name or new_name()
    store.connection.execute(
        "INSERT INTO trace_case (id, organisation, number, state, opened_at, ended_at, sealed) VALUES (?, ?, ?, ?, ?, 0, ?)",
        (id_, hand.organisation, request.number, "received", hand.now, b""),
    )
    _keep(store, hand, id_, Papers(request=asked, asks=asks, received=received))
    step(store, hand, id_, "asked" if asks else "open")
    return _matched(store, hand, id_)


def add(store: Store, hand: Hand, case_id: str, more: dict[str, str], times: tuple[int, ...]) -> Case:
    """Add what was missing, and later calls; inside the write transaction.

    Raises:
        InputError: for no such case, one that has ended, or what cannot be added.
    """
    found, papers = running(store, hand, case_id)
    _keep(store, hand, case_id, _with(papers, request=completed(papers.request, more, times, hand.now)))
    step(store, hand, found.id, "add")
    return _matched(store, hand, case_id)


def running(store: Store, reader: Reader, case_id: str) -> tuple[Case, Papers]:
    """Give a case that has not ended, and its papers.

    Raises:
        InputError: for no such case, or one that has ended.
    """
    found = case_of(store, reader, case_id)
    if found.state in ENDED or found.papers is None:
        raise InputError("this case has ended.", todo="Open a new one for later calls.", code="case-ended")
    return found, found.papers


def kept(store: Store, hand: Hand, case_id: str, *, state: str = "", **changes: object) -> None:
    """Change the papers of a case, and its state; one that has ended now has its calls and papers go in three months."""
    papers = case_of(store, hand, case_id).papers
    if papers is not None and changes:
        _keep(store, hand, case_id, _with(papers, **changes))
    if state:
        ended = hand.now if state in ENDED else 0
        store.connection.execute("UPDATE trace_case SET state = ?, ended_at = ? WHERE id = ?", (state, ended, case_id))


def step(store: Store, hand: Hand, case_id: str, what: str, **details: str) -> int:
    """Make a step of a case an entry of the log, and of the case's history; give its place in the log."""
    query = store.connection.execute
    (number,) = query("SELECT number FROM trace_case WHERE id = ?", (case_id,)).fetchone()
    entry = hand.notes(f"trace.{what}", {"case": case_id, **details}, number)
    (count,) = query("SELECT count(*) FROM trace_step WHERE case_id = ?", (case_id,)).fetchone()
    query(
        "INSERT INTO trace_step (case_id, place, organisation, at, step, who, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (case_id, count, hand.organisation, hand.now, f"trace.{what}", hand.by, entry),
    )
    return entry


def cases(store: Store, reader: Reader) -> list[Case]:
    """Give the cases of an organisation, newest first."""
    query = "SELECT id FROM trace_case WHERE organisation = ? ORDER BY opened_at DESC, id"
    rows = store.connection.execute(query, (reader.organisation,)).fetchall()
    return [case_of(store, reader, case_id) for (case_id,) in rows]


def case_of(store: Store, reader: Reader, case_id: str) -> Case:
    """Give a case.

    Raises:
        InputError: when the organisation has none such.
    """
    query, whose = store.connection.execute, (reader.organisation, case_id)
    row = query(f"{_CASE} AND id = ?", whose).fetchone()
    if row is None:
        raise InputError(
            "there is no such case.", todo="Your cases are listed by GET /v1/trace/cases.", code="not-found"
        )
    steps = query(
        "SELECT step, at, who, entry FROM trace_step WHERE organisation = ? AND case_id = ? ORDER BY place", whose
    )
    history = tuple(Step(*each) for each in steps.fetchall())
    links = query("SELECT ref, looked_at FROM trace_case_call WHERE organisation = ? AND case_id = ?", whose).fetchall()
    id_, number, state, opened_at, ended_at, content = row
    papers = msgspec.json.decode(opened(reader.key, content, id_), type=Papers) if content else None
    attached = {ref for ref, _ in links}
    calls = [each for each in _to(store, reader, number) if each.ref in attached] if attached else []
    return Case(
        id=id_,
        number=number,
        state=state,
        opened_at=opened_at,
        ended_at=ended_at,
        papers=papers,
        missing=missing(papers.request) if papers and not papers.asks else (),
        due=_due(state, opened_at, ended_at, papers, history) if papers else 0,
        gone=KEPT.after(local_day(ended_at, ZONE)) if ended_at else 0,
        history=history,
        calls=tuple(candidates(papers.request.times if papers else (), calls)),
        looked=frozenset(ref for ref, at in links if at),
    )


def call_marked(store: Store, hand: Hand, number: int) -> None:
    """Have the cases of a number that run take in a call that was marked since; inside the write transaction."""
    rows = store.connection.execute(
        "SELECT id FROM trace_case WHERE organisation = ? AND number = ? AND ended_at = 0", (hand.organisation, number)
    ).fetchall()
    for (case_id,) in rows:
        _matched(store, hand, case_id)


def forget_ended(store: Store, now: int) -> None:
    """Let the calls and papers go of cases that ended three months ago; inside the write transaction."""
    query, today = store.connection.execute, local_day(now, ZONE)
    for case_id, ended in query("SELECT id, ended_at FROM trace_case WHERE ended_at > 0 AND number <> 0").fetchall():
        if KEPT.after(local_day(ended, ZONE)) < today:
            forget_case(store, case_id)


def forget_case(store: Store, case_id: str) -> None:
    """Leave of a case that it was, its state and its steps."""
    query = store.connection.execute
    refs = query("SELECT ref FROM trace_case_call WHERE case_id = ?", (case_id,)).fetchall()
    query("DELETE FROM trace_case_call WHERE case_id = ?", (case_id,))
    for (ref,) in refs:
        query(
            "DELETE FROM incoming_call WHERE ref = ? AND NOT EXISTS (SELECT 1 FROM trace_case_call WHERE ref = ?)",
            (ref, ref),
        )
    query("UPDATE trace_case SET number = 0, sealed = ? WHERE id = ?", (b"", case_id))


def _matched(store: Store, hand: Hand, case_id: str) -> Case:
    """Find the calls that may be meant, take times from marked ones where none is stated, and say where the case stands."""
    found = case_of(store, hand, case_id)
    papers = found.papers
    if papers is None or papers.asks:
        return found
    request = papers.request
    meant = candidates(request.times, _to(store, hand, request.number))
    if not request.times and meant:
        request = msgspec.structs.replace(request, times=tuple(each.call.received_at for each in meant))
        _keep(store, hand, case_id, _with(papers, request=request))
    for each in meant:
        store.connection.execute(
            "INSERT INTO trace_case_call (case_id, ref, organisation, looked_at) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
            (case_id, each.call.ref, hand.organisation),
        )
    state = "incomplete" if missing(request) else found.state if found.state == "investigating" else "received"
    store.connection.execute("UPDATE trace_case SET state = ? WHERE id = ?", (state, case_id))
    return case_of(store, hand, case_id)


def _to(store: Store, reader: Reader, number: int) -> list[Incoming]:
    return calls_around(store, reader.organisation, number, 0, _ALWAYS)


def _keep(store: Store, hand: Hand, case_id: str, papers: Papers) -> None:
    content = sealed(hand.key, msgspec.json.encode(papers), case_id)
    store.connection.execute("UPDATE trace_case SET sealed = ? WHERE id = ?", (content, case_id))


def _with(papers: Papers, **changes: object) -> Papers:
    return msgspec.structs.replace(papers, **changes)


def _due(state: str, opened_at: int, ended_at: int, papers: Papers, history: Sequence[Step]) -> int:
    """Give the day by which the next step is due, 0 where none is.

    Reckoned from when the case was last added to, or a provider asked; of one in which a subscriber of one's own was
    disclosed, from that: this subscriber has to be told.
    """
    if state in ENDED:
        untold = papers.party is not None and not papers.provider and "named" not in papers.letters
        return working_day_after(local_day(ended_at, ZONE), TELL) if untold else 0
    asked = [each.at for each in history if each.step == "trace.ask"]
    said = [each.at for each in history if each.step in ("trace.open", "trace.asked", "trace.add", "trace.replied")]
    since, days = max([opened_at, *said]), ASK if state == "incomplete" else DECIDE
    if asked and max(asked) > since:
        since, days = max(asked), ANSWER
    return working_day_after(local_day(since, ZONE), days)
