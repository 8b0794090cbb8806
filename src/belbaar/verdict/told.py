"""A question and its verdict as plain values, for programs: the names are those of the API and of ``--json``."""

__all__ = ["as_mapping", "filled", "provenance"]

from collections.abc import Iterable
from typing import Any

from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.law.words import DEFAULT_PURPOSE
from belbaar.ledger import Caller, Store
from belbaar.numbers import e164
from belbaar.verdict.question import Call, Verdict

_ZONE = PACKS["NL"].zone


def as_mapping(verdict: Verdict, lang: str) -> dict[str, Any]:
    """Give the question and the answer as plain values; instants in local time with their offset."""
    call, evidence = verdict.call, verdict.evidence
    place = 0 if lang == "nl" else 1
    return {
        **_question(call),
        "allowed": verdict.allowed,
        "ground": verdict.ground,
        "grounds": list(verdict.grounds),
        "vetoes": list(verdict.vetoes),
        "defects": list(verdict.defects),
        "duties": list(verdict.duties),
        "evidence": evidence.level if evidence else None,
        "evidence_missing": [words[place] for words in evidence.missing] if evidence else [],
        "evidence_demanded": verdict.demanded,
        "until": None if verdict.until is None else iso(verdict.until, _ZONE),
        "events": list(verdict.events),
        "ruleset": verdict.ruleset,
        "ruleset_hash": verdict.ruleset_hash,
        "switched_off": list(verdict.switched_off),
        "metadata": verdict.metadata,
    }


def _question(call: Call) -> dict[str, Any]:
    return {
        "number": e164(call.number),
        "caller": call.caller,
        "product": call.product,
        "at": iso(call.at, _ZONE),
        "known_at": None if call.known_at is None else iso(call.known_at, _ZONE),
        "channel": call.channel,
        "kind": call.kind,
        "purpose": call.purpose,
        "presents": e164(call.presents) if isinstance(call.presents, int) else call.presents,
    }


def provenance(store: Store, events: Iterable[int]) -> list[dict[str, Any]]:
    """Tell of events where they come from: what, when, and in which file and row it stood.

    ``organisation`` and ``caller_key`` say whose it is, for whoever may not show it to everybody.
    """
    places = list(events)
    if not places:
        return []
    one_of, value = store.among(places)
    found = store.connection.execute(
        "SELECT event.seq, event.id, kind, at, event.recorded_at, source.name, event.row, recorded_by, organisation, "
        "caller "
        "FROM event LEFT JOIN source ON source.id = event.source "
        f"WHERE event.seq {one_of} ORDER BY event.seq",
        (value,),
    )
    return [
        {
            "seq": seq,
            "id": bytes(id_).hex(),
            "event": kind,
            "at": iso(at, _ZONE),
            "recorded_at": iso(recorded_at, _ZONE),
            "source": source,
            "row": row,
            "by": by,
            "organisation": organisation,
            "caller_key": caller,
        }
        for seq, id_, kind, at, recorded_at, source, row, by, organisation, caller in found
    ]


def filled(verdict: Verdict, caller: Caller) -> dict[str, Any]:
    """Give what the question left to the caller: its purpose, and the number it shows."""
    call = verdict.call
    presents = call.presents if call.presents is not None else (caller.numbers or ("anonymous",))[0]
    return {
        "purpose": call.purpose or DEFAULT_PURPOSE[caller.sector],
        "presents": e164(presents) if isinstance(presents, int) else presents,
    }
