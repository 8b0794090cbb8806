"""How long what is kept, and why: a table, and the day on which a thing may go.

    >>> row = ROW_OF["call.made"]
    >>> row.id, str(row.term), row.since[1], row.why[1]
    ('call', 'P5Y', 'the call', 'The supervisor may fine for five years after a call, and a claim lapses after five.')
    >>> may_go_on(dt.date(2031, 9, 8).toordinal())
    datetime.date(2031, 9, 9)

A change of policy or law is a line of the table. Days are local to the called person; the last day counts whole. What
has no last day is kept until something happens, such as a withdrawal; it goes, when it may, at a request for erasure.
Dutch law only; evidence.md has what other countries ask.
"""

__all__ = ["ROWS", "ROW_OF", "Row", "last_day_kept", "last_day_of", "may_go_on"]

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from belbaar.law import Pack
from belbaar.law.calendar import local_day
from belbaar.law.cards import Citation
from belbaar.law.products import ALL, ancestors, related
from belbaar.law.rulesets import Law, boundaries, ruleset
from belbaar.law.terms import Term, days, months, years
from belbaar.law.words import FACT_KINDS, FOREVER, FOREVER_DAY
from belbaar.ledger import Event, fold
from belbaar.ledger.standing import Row as Fact

AT_ONCE, PROOF, CDR, RECORDING, LIST, FOR_EVER = "standing", "proof", "cdr", "recording", "list", "clear"
"""Classes of retention: each has keys of its own. ``standing`` goes at once when erasure is asked; ``clear`` has no key,
for it holds nothing personal."""

_WETTEN = "https://wetten.overheid.nl/jci1.3:c:{law}&artikel={article}&g=2026-08-15"
_AVG = "https://eur-lex.europa.eu/eli/reg/2016/679/art_{article}/oj"
TW1111 = Citation("Tw 11.11", _WETTEN.format(law="BWBR0009950", article="11.11"))
AWB = Citation("Awb 5:45", _WETTEN.format(law="BWBR0005537", article="5:45"))
BW3 = Citation("BW 3:310", _WETTEN.format(law="BWBR0005291", article="310"))
AVG5, AVG7, AVG17, AVG21 = (
    Citation(f"AVG {art}", _AVG.format(article=art.partition("(")[0]))
    for art in ("5(1)(c)", "7(1)", "17(3)(e)", "21(3)")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Args:
        id: a short word for it.
        kinds: the kinds of events it is about; none for what is no event.
        what: what it is, in Dutch and English.
        retention: the class, which is the key that opens it.
        term: how long after ``since``; None: no time by itself ends it.
        since: from when the term runs, in Dutch and English.
        why: in Dutch and English.
        cites: where that stands.
    """

    id: str
    kinds: tuple[str, ...]
    what: tuple[str, str]
    retention: str
    term: Term | None
    since: tuple[str, str]
    why: tuple[str, str]
    cites: tuple[Citation, ...]


_FIVE_YEARS = (
    "De toezichthouder mag tot vijf jaar na een gesprek een boete opleggen, en een vordering verjaart na vijf jaar.",
    "The supervisor may fine for five years after a call, and a claim lapses after five.",
)

_OBJECTION_NL = (
    "Verzet werkt tot de persoon het intrekt. Na wissing blijft alleen een kenmerk waaruit het nummer niet te lezen is, "
    "en dat werkt door."
)
_OBJECTION_EN = (
    "An objection works until the person takes it back. After an erasure only a mark stays from which the number cannot "
    "be read, and it goes on working."
)

ROWS: tuple[Row, ...] = (
    Row(
        "consent",
        ("consent.given", "consent.verified", "consent.withdrawn", "consent.frozen", "receipt.delivered"),
        ("bewijs van toestemming", "proof of consent"),
        PROOF,
        years(5),
        (
            "het laatste gesprek dat erop rustte, en nooit zolang zij geldt",
            "the last call that rested on it, and never while it holds",
        ),
        (
            f"Wie belt moet de toestemming kunnen bewijzen. {_FIVE_YEARS[0]}",
            f"Whoever calls must be able to prove the consent. {_FIVE_YEARS[1]}",
        ),
        (AVG7, AVG17, AWB, BW3),
    ),
    Row(
        "relation",
        ("relation.started", "relation.ended", "callback.requested", "number.published"),
        ("bewijs van een andere grondslag", "proof of another ground"),
        PROOF,
        years(5),
        ("de laatste dag waarop de grondslag geldt", "the last day on which the ground holds"),
        _FIVE_YEARS,
        (AVG17, AWB, BW3),
    ),
    Row(
        "call",
        ("call.made", "call.attempted", "objection.offered"),
        ("gegevens van een eigen gesprek, zonder geluid", "data of a call of one's own, without sound"),
        CDR,
        years(5),
        ("het gesprek", "the call"),
        _FIVE_YEARS,
        (AVG17, AWB, BW3),
    ),
    Row(
        "complaint",
        ("complaint.filed",),
        ("een klacht", "a complaint"),
        PROOF,
        years(5),
        ("de klacht", "the complaint"),
        _FIVE_YEARS,
        (AVG17, AWB, BW3),
    ),
    Row(
        "verdict-acted-on",
        (),
        ("een oordeel waarop is gebeld", "a verdict that was acted on"),
        PROOF,
        years(5),
        ("het gesprek", "the call"),
        _FIVE_YEARS,
        (AVG17, AWB, BW3),
    ),
    Row(
        "verdict-not-acted-on",
        (),
        ("een oordeel waarop niet is gebeld", "a verdict that was not acted on"),
        PROOF,
        days(90),
        ("het oordeel", "the verdict"),
        ("Wat niet meer nodig is, gaat weg.", "What is no longer needed goes."),
        (AVG5,),
    ),
    Row(
        "list-row",
        (),
        ("een regel van een getoetste lijst", "a row of a screened list"),
        LIST,
        days(90),
        ("de toetsing", "the screening"),
        (
            "Wat niet meer nodig is, gaat weg; dat en hoe de lijst is getoetst blijft in het logboek.",
            "What is no longer needed goes; that and how the list was screened stays in the log.",
        ),
        (AVG5,),
    ),
    Row(
        "recording",
        (),
        (
            "een opname; één die een toestemming bewijst blijft zo lang als die toestemming",
            "a recording; one that proves a consent stays as long as that consent",
        ),
        RECORDING,
        months(6),
        ("de opname", "the recording"),
        ("Wat niet meer nodig is, gaat weg.", "What is no longer needed goes."),
        (AVG5,),
    ),
    Row(
        "objection",
        ("objection.made",),
        ("verzet", "an objection"),
        AT_ONCE,
        None,
        ("", ""),
        (_OBJECTION_NL, _OBJECTION_EN),
        (AVG21,),
    ),
    Row(
        "standing",
        ("register.entered", "register.left", "number.reassigned", "subscriber.described"),
        ("wat over het nummer bekend is", "what is known of the number"),
        AT_ONCE,
        None,
        ("", ""),
        (
            "Het is nodig zolang er over het nummer geoordeeld wordt; het bewijst niets wat na wissing nog nodig is.",
            "It is needed for as long as the number is judged; it proves nothing that is still needed after an erasure.",
        ),
        (AVG5,),
    ),
    Row(
        "incoming-call",
        (),
        (
            "een gesprek dat binnenkwam, met wie belde, verzegeld; gemarkeerd 92 dagen",
            "a call that came in, with who made it, sealed; 92 days when it is marked",
        ),
        AT_ONCE,
        days(42),
        ("het gesprek", "the call"),
        (
            "Wie anoniem gebeld is, kan vragen wie het was. Wat niet meer nodig is, gaat weg.",
            "Who was called anonymously may ask who it was. What is no longer needed goes.",
        ),
        (TW1111, AVG5),
    ),
    Row(
        "trace",
        (),
        ("de gesprekken en papieren van een herleiding", "the calls and papers of a trace"),
        AT_ONCE,
        months(3),
        ("het besluit", "the decision"),
        (
            "Verkeersgegevens van een onderzoek gaan uiterlijk drie maanden na het einde weg.",
            "Traffic data of an investigation go at the latest three months after its end.",
        ),
        (TW1111,),
    ),
    Row(
        "log",
        (),
        (
            "het logboek: regels, handtekeningen, tijdstempels, teksten en regelsets",
            "the log: entries, signatures, timestamps, texts and rulesets",
        ),
        FOR_EVER,
        None,
        ("", ""),
        (
            "Er staan geen persoonsgegevens in, en zonder het geheel bewijst geen deel nog iets.",
            "It holds no personal data, and without the whole no part proves anything.",
        ),
        (AVG7,),
    ),
)
"""The table for the Netherlands."""

ROW_OF: dict[str, Row] = {kind: row for row in ROWS for kind in row.kinds}
"""The row of a kind of event."""
_BY_ID = {row.id: row for row in ROWS}


def may_go_on(last: int | None) -> dt.date | None:
    """Give the first day on which a thing may go, from the last on which it is kept; None: time alone does not say."""
    return None if last is None else dt.date.fromordinal(last + 1)


def last_day_of(what: str, at: int, zone: ZoneInfo) -> int | None:
    """Give the last local day on which something is kept whose term runs from one instant.

    Args:
        what: the id of a row, such as ``verdict-acted-on``, ``list-row`` or ``recording``.
        at: of the call, the verdict, the screening or the recording; UTC microseconds.
        zone: of the called person.

    Returns:
        An ordinal; None when no time by itself ends it.
    """
    term = _BY_ID[what].term
    return None if term is None else term.after(local_day(at, zone))


def last_day_kept(event: Event, history: Iterable[Event], pack: Pack) -> int | None:
    """Give the last local day on which an event is kept.

    Args:
        event: one of ``history``, with its place in the ledger.
        history: all events of the number, of all callers.
        pack: the law by which grounds end.

    Returns:
        An ordinal; None when no time by itself ends it: a ground that still holds, an objection.
    """
    row = ROW_OF[event.kind]
    if row.term is None:
        return None
    events, own = list(history), row.term.after(local_day(event.at, pack.zone))
    if row.id == "consent":
        consents = [_consent_kept(consent, events, row.term, pack) for consent in _consents_of(event, events)]
        days_kept = consents if consents and event.kind in ("consent.given", "consent.verified") else [*consents, own]
        last = max(days_kept)
    else:
        last = row.term.after(_ground_ends(event, events, pack)) if row.id == "relation" else own
    return None if last == FOREVER_DAY else last


def _consents_of(event: Event, events: list[Event]) -> list[Event]:
    """Give the consents that an event bears on: itself, the newest that it confirms, those of its product."""
    if event.kind == "consent.given":
        return [event]
    before = [
        other
        for other in events
        if other.kind == "consent.given" and other.caller == event.caller and other.at <= event.at
    ]
    if event.kind == "consent.verified":
        newest = max((consent.at for consent in before), default=0)
        return [consent for consent in before if consent.at == newest]
    return [consent for consent in before if related(_product(consent), _product(event))]


def _consent_kept(consent: Event, events: list[Event], term: Term, pack: Pack) -> int:
    """A consent stays while it holds, and for the term after the last call made on it; without any, after it was given."""
    ends = _consent_ends(consent, events, pack)
    used = [
        day
        for call in events
        if call.kind == "call.made" and call.caller == consent.caller and _may_rest_on(call, consent)
        if call.at >= consent.at and (day := local_day(call.at, pack.zone)) <= ends
    ]
    return max(ends, term.after(max(used, default=local_day(consent.at, pack.zone))))


def _may_rest_on(call: Event, consent: Event) -> bool:
    """In doubt it did: a call that does not say what it was about may have rested on any consent."""
    product = _product(call)
    return ALL in (product, _product(consent)) or _product(consent) in ancestors(product)


def _consent_ends(consent: Event, events: list[Event], pack: Pack) -> int:
    """Give the last day on which a consent holds: by its own day, a withdrawal, a new person, or for want of a call."""
    fact = _fact_of(consent, events, pack, "consent")
    withdrawn = [
        other.at
        for other in events
        if other.kind == "consent.withdrawn"
        and other.caller == consent.caller
        and other.at >= consent.at
        and related(_product(other), _product(consent))
    ]
    unused = fact.contact_by if fact.contacted_at == FOREVER else FOREVER_DAY
    return min(fact.last_day, unused, *(_day_before_end(at, pack) for at in (fact.ended, *withdrawn)))


def _ground_ends(event: Event, events: list[Event], pack: Pack) -> int:
    """Give the last day on which a ground that is no consent holds; FOREVER_DAY while it does."""
    if event.kind == "relation.ended":
        return _with_customer_term(local_day(event.at, pack.zone), pack)
    kind = {"relation.started": "relation", "callback.requested": "callback"}.get(event.kind, "publication")
    fact = _fact_of(event, events, pack, kind)
    last = _with_customer_term(fact.last_day, pack) if kind == "relation" else fact.last_day
    return min(last, _day_before_end(fact.ended, pack))


def _with_customer_term(day: int, pack: Pack) -> int:
    """A relation stays a ground for a term after its end: that of the latest law known, which judges old ends too."""
    law = Law(pack)
    term = ruleset(law, boundaries(law)[-1]).values[pack.customer_term]
    return term.after(day) if isinstance(term, Term) else FOREVER_DAY


def _fact_of(event: Event, events: list[Event], pack: Pack, kind: str) -> Fact:
    return next(row for row in fold(events, pack) if row.event == event.seq and row.fact == FACT_KINDS[kind])


def _day_before_end(at: int, pack: Pack) -> int:
    """Give the day of an end; what ends in the course of a day held on that day."""
    return FOREVER_DAY if at == FOREVER else local_day(at, pack.zone)


def _product(event: Event) -> str:
    return str(event.fields.get("product", ALL))
