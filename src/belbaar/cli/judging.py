"""One call: may it be made?"""

__all__ = ["may_call"]

from typing import Annotated, Any

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import (
    DEFAULT_STORE,
    At,
    CallerId,
    Channel,
    Evidence,
    Json,
    Kind,
    Lang,
    Presents,
    Product,
    Purpose,
    Region,
    Store,
    read_instant,
    read_number,
    read_presents,
)
from belbaar.cli.output import hint, print_json, show
from belbaar.cli.verdicts import lines
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import ruleset_text
from belbaar.ledger import Store as OpenStore
from belbaar.opening import opened
from belbaar.verdict import Call, Verdict, with_evidence
from belbaar.verdict import explain as explained
from belbaar.verdict import may_call as judged
from belbaar.verdict.hints import hints
from belbaar.verdict.laws import law_for, rules_of
from belbaar.verdict.levels import check_level
from belbaar.verdict.told import as_mapping, filled, provenance

_KEPT = {"nl": "Bewaard als bewijs: regel {} van het logboek.", "en": "Kept as evidence: entry {} of the log."}


def _may_call(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number to call, as people write it.")],
    *,
    caller: CallerId,
    product: Product,
    at: At = "",
    known_at: Annotated[
        str,
        typer.Option(metavar="INSTANT", show_default="all that is recorded", help="Judge by what was known by then."),
    ] = "",
    channel: Channel = "voice",
    kind: Kind = "marketing",
    purpose: Purpose = "",
    presents: Presents = "",
    evidence: Evidence = 0,
    keep: Annotated[bool, typer.Option("--keep", help="The call will be made: keep the verdict as evidence.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell it all in plain words.")] = False,
    region: Region = "NL",
    lang: Lang = "en",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """May this caller call this number now? Answers with the ground, or with what forbids it.

    With --keep the verdict is logged with what it rests on, so that it can be shown to have come before the call. With
    --evidence a consent with less evidence is no ground; the caller may demand more.
    """
    call = Call(
        number=read_number(number, "NUMBER", lang=lang, region=region),
        caller=caller,
        at=read_instant(at, "--at", default=now_us()),
        product=product,
        channel=channel,
        kind=kind,
        purpose=purpose or None,
        presents=read_presents(presents, lang=lang),
        known_at=read_instant(known_at, "--known-at", default=0) if known_at else None,
    )
    check_level(evidence, "--evidence")
    if keep and known_at:
        raise InputError(
            "a verdict that is acted on rests on all that is known.",
            where="--keep",
            todo="Leave out --known-at, or --keep.",
        )
    with opened(store) as ledger, ledger.writing() if keep else ledger.reading():
        verdict = with_evidence(ledger, judged(ledger, call), evidence)
        entry = {"entry": _kept(ledger, verdict)} if keep else {}
        notes = hints(ledger.known().products, product, at=at, reasons=verdict.vetoes)
        told = as_mapping(verdict, lang) | filled(verdict, ledger.caller(caller)) | {"hints": notes} | entry
        told |= {"events": [_without_owner(each) for each in provenance(ledger, verdict.events)]} if json else {}
    if json:
        print_json(told | ({"explanation": explained(verdict, lang)} if explain else {}))
        return _status(verdict)
    if explain:
        typer.echo("\n".join(explained(verdict, lang)))
    else:
        law = law_for(verdict.call.number, off=frozenset(verdict.switched_off))
        show(*lines(verdict, law, lang))
    if keep:
        typer.echo(_KEPT[lang].format(entry["entry"]))
    for note in notes:
        hint(note)
    return _status(verdict)


def _kept(ledger: OpenStore, verdict: Verdict) -> int:
    """Keep a verdict as evidence, in the transaction in which it was reached; give its place in the log."""
    from belbaar.proof.log.keeping import log_of  # noqa: PLC0415  cryptography loads slowly

    return log_of(ledger).keep_verdict(verdict, ruleset_text(rules_of(verdict)))


def _without_owner(event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only the service tells apart."""
    return {name: value for name, value in event.items() if name not in ("organisation", "caller_key")}


def _status(verdict: Verdict) -> int:
    return 0 if verdict.allowed else 1


may_call = Command(
    _may_call,
    (
        "belbaar may-call +31201000007 --caller voltix --product energy",
        "belbaar may-call 020-1000007 --caller voltix --product energy --at 2026-06-30T14:00 --json",
        "belbaar may-call +31201000007 --caller voltix --product energy --explain --lang nl",
        "belbaar may-call +31201000007 --caller voltix --product energy --keep",
        "belbaar may-call +31201000007 --caller voltix --product energy --evidence 2",
    ),
    "0 allowed, 1 denied, 2 a mistake in the question",
)
