"""The decision of a case: who called is disclosed, or that is refused, each with a reason; and what follows from it."""

__all__ = ["REFUSALS", "disclose", "refuse", "told"]

from dataclasses import dataclass

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import Event, Source, Store, record
from belbaar.reading import read_number
from belbaar.trace.calls import identity_of
from belbaar.trace.cases import Case, Papers, Party, case_of, kept, running, step
from belbaar.trace.hand import Hand
from belbaar.trace.looking import rested_on

REFUSALS = {
    "not-found": (
        "wij geen anoniem gesprek rond deze tijden vonden",
        "we found no call without a number around these times",
    ),
    "no-number": ("het gesprek zonder nummer bij ons aankwam", "the call reached us without a number"),
    "not-annoying": (
        "het niet om hinderlijke of kwaadwillige gesprekken gaat",
        "these were no annoying or malicious calls",
    ),
    "interest": (
        "het belang van wie belde om onbekend te blijven zwaarder weegt",
        "the interest of the person who called to stay unknown weighs more",
    ),
    "other-provider": ("de andere aanbieder de gegevens niet gaf", "the other provider did not give the details"),
    "incomplete": ("wij niet kregen wat nog ontbrak", "we did not get what was still missing"),
}
"""Why a name is not given, as it stands in the letter: in Dutch and English."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Who is disclosed: the party, for which calls, and why."""

    party: Party
    calls: tuple[str, ...]
    reason: str


def disclose(store: Store, hand: Hand, case_id: str, decided: Disclosed) -> Case:
    """Disclose who called; inside the write transaction. A complaint about each call is recorded with it.

    Raises:
        InputError: for no such case, one that has ended or is not complete, a call that nobody looked at, or calls of
            another number than the party's; and where something of the party is missing.
    """
    case, papers = running(store, hand, case_id)
    if papers.asks:
        raise InputError(
            "another provider asks: answer it.", todo="POST /v1/trace/cases/{case}/answer", code="not-asked"
        )
    _check_party(decided)
    number = read_number(decided.party.number, "/party/number")
    for place, ref in enumerate(decided.calls):
        if ref not in case.looked:
            raise InputError(
                "nobody looked who made this call.", where=f"/calls/{place}", todo="Look first.", code="not-looked"
            )
        identity = identity_of(store, hand.key, ref)
        if identity.number != number:
            raise InputError("this call came from another number.", where=f"/calls/{place}", todo="Look at it again.")
    step(store, hand, case_id, "disclose")
    kept(store, hand, case_id, state="found", party=decided.party, calls=decided.calls, reason=decided.reason.strip())
    for ref in decided.calls:
        _complain(store, hand, case, ref)
    return case_of(store, hand, case_id)


def refuse(store: Store, hand: Hand, case_id: str, why: str, reason: str) -> Case:
    """Refuse to disclose; ``why``: one of ``REFUSALS``; ``reason``: of the officer's own, for the file.

    Raises:
        InputError: for no such case, one that has ended, or without a reason.
    """
    _, papers = running(store, hand, case_id)
    if why not in REFUSALS:
        raise InputError(f'"{why}" is no reason to refuse.', where="/why", todo=f"Known: {', '.join(REFUSALS)}.")
    step(store, hand, case_id, "refuse", why=why)
    kept(store, hand, case_id, state="refused", reason=f"{why}\n{reason.strip()}".strip(), calls=papers.calls)
    return case_of(store, hand, case_id)


def told(papers: Papers, lang: str) -> str:
    """Give why a name was not given, in words of a letter."""
    dutch, english = REFUSALS[papers.reason.partition("\n")[0]]
    return dutch if lang == "nl" else english


def _check_party(decided: Disclosed) -> None:
    for name in ("name", "address", "postcode", "town"):
        if not getattr(decided.party, name).strip():
            raise InputError("article 11.11 Tw asks for this too.", where=f"/party/{name}")
    if not decided.reason.strip():
        raise InputError("say why it is disclosed.", where="/reason")
    if not decided.calls:
        raise InputError("name the calls that came from this party.", where="/calls")


def _complain(store: Store, hand: Hand, case: Case, ref: str) -> None:
    """Record a complaint about a call of a caller that is known here: it counts in that caller's figures."""
    call = next(each.call for each in case.calls if each.call.ref == ref)
    rested = rested_on(store, call, identity_of(store, hand.key, ref).number)
    if rested is None:
        return
    about = "trace; verdict allowed the call" if rested.allowed else "trace; no verdict allowed the call"
    event = Event("complaint.filed", call.called, call.received_at, hand.now, rested.caller, "", {"about": about})
    source = Source(f"trace {case.id}", "", hand.now, hand.by, hand.organisation)
    record(store, [(1, event)], source, PACKS["NL"])
