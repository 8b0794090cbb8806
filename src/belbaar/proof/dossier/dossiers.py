"""Dossiers: what is known of a person, a call or a screened list, put together so that it proves itself.

A dossier is made twice: first the proofs, which the verifier then checks, and after that the pages for readers, which
repeat what the verifier found and no more: so nothing is called proven that is not, and what is not shown is said.
That it was made is an entry too: whoever reads a person's data leaves a trace.
"""

__all__ = ["Asked", "Dossier", "in_clear", "made", "of_number", "parties", "personal"]

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import local_day
from belbaar.ledger import EVENTS
from belbaar.numbers import e164
from belbaar.proof.dossier.readable import Page, pages
from belbaar.proof.dossier.readable_words import PAGE
from belbaar.proof.dossier.zip_file import ALL, Evidence, ShownLeaf, dossier_zip, sections
from belbaar.proof.entries.bodies import event_of
from belbaar.proof.entries.commit import Body, derive
from belbaar.proof.entries.jcs import Value
from belbaar.proof.entries.opened import Clear, Opened, entries_of, erasures, leaf_at, texts_of
from belbaar.proof.log.heads import Shown, heads_for
from belbaar.proof.log.keeping import Log
from belbaar.proof.open_days import open_entries
from belbaar.proof.verifier import findings_in_both
from belbaar.verdict.levels import QUIET, evidence_of, level_of

_TEXT_FIELDS = ("wording", "rules")
"""Fields of *what* that name a logged text by its hash."""
_CALL = "call.made"
_COMPLAINT = "complaint.filed"
_DELIVERED = "receipt.delivered"
_WHAT_HAPPENED = ("what", "who")
"""The sections of an entry that do not tell who recorded it, from which file and through whom."""
_LOOKED_AT = "act"
"""The kind of what tells that somebody looked at a number: by itself it proves nothing about a person."""
_PROOF_OF_CONSENT = ("consent.", "receipt")
"""What a caller shows a person who asks on what consent they were called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom a dossier is, and what of it.

    Args:
        number: E.164.
        callers: only what concerns these; none: all.
        call: the place in the log of one call or verdict; other calls and verdicts are left out then.
        consents_only: only consents, their texts and receipts: what is the person's own to see.
        to: the person who asked for it; logged under that person's key.
        reader: the organisation that asks. Of what is about the number alone and was recorded by others it sees what
            happened, and not how that came to be known; None: whoever runs the installation, who sees all.
    """

    number: int
    callers: tuple[str, ...] = ()
    call: int | None = None
    consents_only: bool = False
    to: str = ""
    reader: int | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A finished dossier: the file, its SHA-256, the verifier's exit status, and what was found in words."""

    content: bytes
    sha256: str
    code: int
    page: Page


def of_number(log: Log, asked: Asked, *, at: int) -> Dossier:
    """Make the dossier of a number.

    Args:
        log: with its keys.
        asked: of whom, and what.
        at: when it is made, UTC microseconds.

    Raises:
        InputError: when the log knows nothing of it.
    """
    entries = entries_of(log, asked.number, asked.callers)
    foreign = _of_others(log, entries, asked.reader)
    entries = _chosen([entry for entry in entries if entry.index not in foreign or entry.kind != _COMPLAINT], asked)
    if not entries:
        raise InputError(
            "the log says nothing of this number.",
            where=f"{e164(asked.number)[:5]}…",
            todo="Look whether it was recorded, or erased; name another number or caller.",
            code="nothing-logged",
        )
    hashes = {str(entry.body.what[field]) for entry in entries for field in _TEXT_FIELDS if field in entry.body.what}
    texts = texts_of(log, sorted(hashes))
    gone = erasures(log, _not_opened(entries))
    days = _open_days(log, entries)
    told_in_clear = (
        *(entry for entry, _ in texts.values()),
        *gone.values(),
        *(day for some in days.values() for day in some),
    )
    clear = {entry.index: entry for entry in told_in_clear}
    shown = heads_for(log, [*(entry.index for entry in entries), *clear, *gone])
    leaves = [personal(log, shown, entry, *([_WHAT_HAPPENED] if entry.index in foreign else [])) for entry in entries]
    leaves += [in_clear(log, shown, entry) for entry in clear.values()]
    leaves += [_shredded(log, shown, index, by) for index, by in gone.items()]
    about: dict[str, Value] = {
        "call": asked.call if asked.call is not None else -1,
        "callers": [*sorted({entry.caller for entry in entries} - {""})],
        "made_at": at,
        "number": asked.number,
    }
    evidence = Evidence(
        texts=[text.encode() for _, text in texts.values()],
        anchors=shown.anchors(),
        consistency=shown.consistency(log),
    )
    if asked.to:
        _log_who_asked(log, asked, at)
    levels = _levels(entries, texts, log.store.known().open_days, at)
    told = [replace(entry, body=replace(entry.body, how={})) if entry.index in foreign else entry for entry in entries]
    page = Page(asked.number, at, log.keyring.origin, told, texts, parties(log, entries), levels)
    claims = [*_claims(entries, texts, gone), *_of_days(days)]
    return made(log, sorted(leaves, key=lambda leaf: leaf.index), claims, evidence, about, page)


def made(
    log: Log,
    leaves: Sequence[ShownLeaf],
    claims: Sequence[Mapping[str, Value]],
    evidence: Evidence,
    about: Mapping[str, Value],
    page: Page,
) -> Dossier:
    """Put a dossier together, check it, and add the pages that say what was found; then log that it was made."""
    origin, trust, signer = log.keyring.origin, log.keyring.trust(), log.log_key()

    def put(more: Evidence) -> bytes:
        return dossier_zip(origin, leaves, claims, trust=trust, evidence=more, about=about, signer=signer)

    bare = put(evidence)
    found = findings_in_both(bare)
    content = put(replace(evidence, others={**evidence.others, **pages(page, found)}))
    digest = sha256(content).hexdigest()
    log.keep_clear("dossier", {"at": page.made_at, "sha256": digest})
    return Dossier(content, digest, found["en"].code, page)


def parties(log: Log, entries: Sequence[Opened]) -> dict[str, str]:
    """Name the callers that entries are about."""
    known = log.store.callers()
    return {entry.caller: known[entry.caller].name for entry in entries if entry.caller in known}


def _log_who_asked(log: Log, asked: Asked, at: int) -> None:
    """Keep that a person was shown the proof, under their own key: it goes when they are erased."""
    caller = log.store.caller(asked.callers[0])
    what: dict[str, Value] = {"at": at, "caller": caller.id, "kind": "proof.shown", "to": asked.to}
    log.keep(Body(what=what, who={"number": asked.number}), asked.number, caller.key, "standing")


def _open_days(log: Log, entries: Sequence[Opened]) -> dict[str, list[Clear]]:
    """Find the days on which a person could deny a receipt, by the receipt's name: as many as the third level needs."""
    days, zone = dict[str, list[Clear]](), PACKS["NL"].zone
    for entry in entries:
        if entry.kind == _DELIVERED:
            there = local_day(int(str(entry.body.what["at"])), zone)
            days[entry.name] = open_entries(log, entry.index, there, QUIET.days)
    return days


def _of_days(days: Mapping[str, Sequence[Clear]]) -> list[dict[str, Value]]:
    return [{"claim": "open", "days": [day.name for day in some], "leaf": leaf} for leaf, some in days.items() if some]


def _levels(
    entries: Sequence[Opened], texts: Mapping[str, tuple[Clear, str]], open_days: Collection[int], at: int
) -> dict[int, dict[str, str]]:
    """Say of each consent how much evidence there is, and what is missing for more."""
    wordings = {hash_: text for hash_, (_, text) in texts.items()}
    events = {entry.index: event_of(entry.body, wordings) for entry in entries if entry.kind in EVENTS}
    told = {}
    for entry in entries:
        if entry.kind != "consent.given":
            continue
        shown = texts.get(str(entry.body.what.get("wording", "")))
        logged = shown is not None and shown[0].index < entry.index
        there = evidence_of(events[entry.index], events.values(), at=at, text_logged=logged, open_days=open_days)
        found = level_of(there, at=at, zone=PACKS["NL"].zone)
        told[entry.index] = {
            lang: " ".join(
                [
                    PAGE["level"][lang].format(level=found.level, means=found.words[place]),
                    *(words[place] for words in found.missing),
                ]
            )
            for place, lang in enumerate(("nl", "en"))
        }
    return told


def _chosen(entries: list[Opened], asked: Asked) -> list[Opened]:
    if asked.consents_only:
        return [entry for entry in entries if entry.kind.startswith(_PROOF_OF_CONSENT)]
    if asked.call is None:
        return entries if any(entry.kind != _LOOKED_AT for entry in entries) else []
    found = next((entry for entry in entries if entry.index == asked.call), None)
    if found is None or found.kind not in (_CALL, "verdict"):
        places = ", ".join(str(entry.index) for entry in entries if entry.kind in (_CALL, "verdict"))
        raise InputError(
            f"entry {asked.call} is no call or verdict on this number.",
            where="--call",
            todo=f"Calls and verdicts on it: {places or 'none'}.",
        )
    judged = _verdict_before(entries, found) if found.kind == _CALL else found
    kept = {found.index, judged.index if judged else found.index}
    return [entry for entry in entries if entry.kind not in (_CALL, "verdict") or entry.index in kept]


def _claims(
    entries: Sequence[Opened], texts: Mapping[str, tuple[Clear, str]], gone: Collection[int]
) -> list[dict[str, Value]]:
    names = {index: _shredded_name(index) for index in gone} | {entry.index: entry.name for entry in entries}
    claims: list[dict[str, Value]] = []
    for entry in entries:
        what = entry.body.what
        for field in _TEXT_FIELDS:
            hash_ = str(what.get(field, ""))
            if hash_ in texts:
                claims.append({"claim": "text", "field": field, "leaf": entry.name, "text": texts[hash_][0].name})
        if entry.kind == "verdict":
            claims.append(_of_verdict(entry, names))
        if entry.kind == _CALL and (verdict := _verdict_before(entries, entry)):
            claims.append({"call": entry.name, "claim": "screened", "leaf": verdict.name})
    if len(entries) > 1:
        everything: list[Value] = [entry.name for entry in entries]
        claims.append({"claim": "same", "field": "number", "leaves": everything, "section": "who"})
    return claims


def _of_verdict(entry: Opened, names: Mapping[int, str]) -> dict[str, Value]:
    """Claim the facts of a verdict where all are shown; of a part of them nothing can be claimed."""
    places = _rests_on(entry)
    if all(place in names for place in places):
        return {"claim": "facts", "leaf": entry.name, "rests_on": [names[place] for place in places]}
    return {"claim": "position", "leaf": entry.name}


def _rests_on(entry: Opened) -> list[int]:
    places = entry.body.what.get("rests_on", [])
    return [int(str(place)) for place in places] if isinstance(places, list) else []


def _not_opened(entries: Sequence[Opened]) -> set[int]:
    """Give the places of facts that verdicts rest on and that are not among the entries."""
    return {place for entry in entries for place in _rests_on(entry)} - {entry.index for entry in entries}


def _verdict_before(entries: Sequence[Opened], call: Opened) -> Opened | None:
    """Find the last verdict that was logged before a call, for its caller and, where it says so, its product."""
    product = call.body.what.get("product")
    before = [
        entry
        for entry in entries
        if entry.kind == "verdict"
        and entry.index < call.index
        and entry.caller == call.caller
        and product in (None, entry.body.what.get("product"))
    ]
    return before[-1] if before else None


def _of_others(log: Log, entries: Sequence[Opened], reader: int | None) -> set[int]:
    """Give the places of the entries that are about the number alone and that others than the reader recorded."""
    if reader is None:
        return set()
    alone = {entry.leaf.about: entry.index for entry in entries if not entry.caller}
    query = "SELECT organisation FROM event JOIN source ON source.id = event.source WHERE seq = ?"
    recorded = {seq: log.store.connection.execute(query, (seq,)).fetchone() for seq in alone}
    return {alone[seq] for seq, row in recorded.items() if row is None or row[0] != reader}


def personal(log: Log, shown: Shown, entry: Opened, open_sections: Collection[str] = ALL) -> ShownLeaf:
    """Show an entry about a person or a list, opened, or some sections of it."""
    opened = sections(derive(entry.key, entry.leaf.id), entry.body, open_sections)
    return ShownLeaf(entry.name, entry.index, entry.leaf.entry, shown.proof(log, entry.index), opened)


def in_clear(log: Log, shown: Shown, clear: Clear) -> ShownLeaf:
    """Show an entry that everybody may read."""
    return ShownLeaf(clear.name, clear.index, clear.leaf.entry, shown.proof(log, clear.index))


def _shredded(log: Log, shown: Shown, index: int, by: Clear) -> ShownLeaf:
    leaf = leaf_at(log, index)
    return ShownLeaf(_shredded_name(index), index, leaf.entry, shown.proof(log, index), erased_by=by.name)


def _shredded_name(index: int) -> str:
    return f"erased-{index}"
