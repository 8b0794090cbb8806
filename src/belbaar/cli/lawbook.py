"""The law, looked up: the rules of a day, what changes between two days, the events that rules look at."""

__all__ = ["diff", "events", "show"]

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated

import typer
from rich.text import Text

from belbaar.cli.cards import card_lines, parameter_lines
from belbaar.cli.changes import change_lines
from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Lang, Law, Store, read_instant, switched_off
from belbaar.cli.output import print_json, table
from belbaar.cli.output import show as show_parts
from belbaar.clock import now_us
from belbaar.errors import InputError, nearest
from belbaar.law import PACKS, Ruleset, announced, ruleset
from belbaar.law import Law as LawInUse
from belbaar.law.calendar import local_day
from belbaar.law.cards import CONDITION, DUTY, GROUND, VETO, Parameter, Rule
from belbaar.law.plain import day_in_words
from belbaar.law.told import compared, ruleset_mapping
from belbaar.ledger.events import EVENTS, FIELD_DOCS, EventSpec

_PACK = PACKS["NL"]
_TITLES = {
    GROUND: ("Grondslagen: minstens één is nodig", "Grounds: at least one is needed"),
    CONDITION: ("Voorwaarden van een grondslag", "Conditions of a ground"),
    VETO: ("Beletsels: één is genoeg", "Vetoes: one is enough"),
    DUTY: ("Plichten in het gesprek", "Duties in the call"),
}
_EVIDENCE = (
    "Bewijs van een toestemming: niveau {level} of meer",
    "Evidence of a consent: level {level} or more",
)
_PARAMETERS = ("Termijnen en dagen", "Terms and days")

Day = Annotated[str, typer.Argument(metavar="DATE", help="A day, such as 2026-07-01.")]


def _show(
    rule: Annotated[str, typer.Argument(metavar="RULE", show_default="all", help="One rule, such as nl.consent.")] = "",
    *,
    at: Annotated[str, typer.Option(metavar="DATE", show_default="today", help="The day.")] = "",
    law: Law = "",
    lang: Lang = "en",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Show the rules in force on a day. Rules that this store has switched off are marked."""
    day = _day(at, "--at")
    off = switched_off(store)
    rules = ruleset(_law(law), day)
    in_use = ruleset(_law(law, off), day)
    if rule:
        _check_in_force(rule, rules, day)
    shown = [item for item in rules.rules if rule in ("", item.id)]
    parameters = [item for item in _PACK.parameters if rule in ("", item.id)]
    if json:
        print_json(ruleset_mapping(rules, in_use, day, off=off, only=rule))
        return 0
    place = 0 if lang == "nl" else 1
    show_parts(Text(f"{in_use.name} · {day_in_words(dt.date.fromordinal(day), lang)} · {in_use.hash[:12]}", "bold"))
    for role, titles in _TITLES.items():
        found = _in_order([item for item in shown if item.role == role], role)
        if found and not rule:
            show_parts(Text(f"\n{titles[place]}", "bold"))
        for item in found:
            show_parts(*card_lines(item, in_use, lang, off=item.id in off, whole=bool(rule)))
    _show_parameters(parameters, in_use, lang, off, titled=not rule)
    return 0


def _show_parameters(
    parameters: Sequence[Parameter], in_use: Ruleset, lang: str, off: Collection[str], *, titled: bool
) -> None:
    """Show terms and days, and with all of them what evidence the law demands."""
    place = 0 if lang == "nl" else 1
    if parameters and titled:
        show_parts(Text(f"\n{_PARAMETERS[place]}", "bold"))
    for parameter in parameters:
        show_parts(*parameter_lines(parameter, in_use, lang, off=parameter.id in off))
    if in_use.evidence and titled:
        show_parts(Text(f"\n{_EVIDENCE[place].format(level=in_use.evidence)}", "bold"))


def _day(text: str, where: str) -> int:
    return local_day(read_instant(text, where, default=now_us()), ZONE)


def _law(name: str, off: frozenset[str] = frozenset()) -> LawInUse:
    law = LawInUse(_PACK, off=off)
    return announced(law, name) if name else law


def _check_in_force(name: str, rules: Ruleset, day: int) -> None:
    if name in {rule.id for rule in rules.rules} | {parameter.id for parameter in _PACK.parameters}:
        return
    versions = [rule for rule in _PACK.rules if rule.id == name]
    if not versions:
        raise InputError(
            f'"{name}" is not a rule.', where="RULE", todo=nearest(name, {rule.id for rule in _PACK.rules})
        )
    periods = "; ".join(str(rule.in_force) for rule in versions)
    raise InputError(
        f"{name} was not in force on {dt.date.fromordinal(day).isoformat()}.",
        where="RULE",
        todo=f"Its versions: {periods}. Choose a day with --at.",
        code="not-in-force",
    )


def _in_order(rules: list[Rule], role: str) -> list[Rule]:
    return sorted(rules, key=lambda rule: _PACK.grounds.index(rule.id)) if role == GROUND else rules


def _diff(
    before: Day,
    after: Day,
    *,
    law: Law = "",
    lang: Lang = "en",
    json: Json = False,
) -> int:
    """Show what changes in the law between two days. Rules gone, new and changed, and parameters."""
    first, second = (ruleset(_law(law), _day(text, "DATE")) for text in (before, after))
    changes = compared(first, second)
    if json:
        print_json(changes.mapping())
        return 0
    head = f"{first.name} {first.hash[:12]} → {second.name} {second.hash[:12]}"
    show_parts(Text(head, "bold"), *change_lines(changes, lang))
    return 0


def _events(*, json: Json = False) -> int:
    """List the events that can be recorded, and their fields."""
    if json:
        print_json({name: _event_mapping(spec) for name, spec in EVENTS.items()})
        return 0
    for name, spec in EVENTS.items():
        show_parts(Text.assemble((name, "bold cyan"), f"  {spec.doc}"))
        fields = [*spec.required, *spec.optional]
        rows = [
            ["  caller", _CALLER_NEEDS[spec.caller]],
            *([f"  {field}", _field_doc(field, spec)] for field in fields),
        ]
        show_parts(table(rows))
    return 0


_CALLER_NEEDS = {
    "required": "on whose behalf; required",
    "optional": "on whose behalf",
    "by-scope": "on whose behalf; required, unless the scope is all",
    "none": "none: it is about the number",
}


def _field_doc(field: str, spec: EventSpec) -> str:
    return FIELD_DOCS[field][2] + ("; required" if field in spec.required else "")


def _event_mapping(spec: EventSpec) -> dict[str, object]:
    fields = {name: FIELD_DOCS[name][2] for name in (*spec.required, *spec.optional)}
    return {"doc": spec.doc, "caller": spec.caller, "required": list(spec.required), "fields": fields}


show = Command(
    _show,
    (
        "belbaar law show",
        "belbaar law show --at 2021-06-30 --lang nl",
        "belbaar law show nl.consent-verified",
        "belbaar law show nl.customer-term --at 2027-01-01 --law nl/example-decree-1y",
    ),
    "0 shown, 2 no such rule, or no law on that day",
)
diff = Command(
    _diff, ("belbaar law diff 2026-06-30 2026-07-01",), "0 shown, changes or none, 2 a day belbaar knows no law of"
)
events = Command(_events, ("belbaar law events", "belbaar law events --json"), "0 shown")
