"""JSON Lines: one event a line, as ``belbaar export`` writes them.

More kinds of lines register what events name, and whose it is: ``organisation.registered`` (organisation, name, facts),
``caller.registered`` (caller, name, sector, numbers, organisation), ``caller.described`` (caller, and any of
``belbaar.ledger.details``), ``agent.registered`` (agent, name, organisation), ``mandate.given`` (organisation, caller,
since), ``campaign.registered`` (organisation, campaign, caller, product, presents) and ``rule.switched`` (rule, off,
reason, at, by).
"""

__all__ = ["REGISTRATIONS", "read", "register", "registered_numbers"]

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from belbaar.errors import BelbaarError, InputError
from belbaar.ledger.callers import add_agent, add_caller
from belbaar.ledger.campaigns import Campaign, register_campaign
from belbaar.ledger.details import DETAILS, check_detail, describe_caller
from belbaar.ledger.events import EVENTS, in_field, read_event
from belbaar.ledger.importing import Batch, ImportOptions
from belbaar.ledger.organisations import add_mandate, add_organisation, organisation, organisations, trust
from belbaar.ledger.store import Store
from belbaar.ledger.switches import switch
from belbaar.ledger.values import read_instant, read_text, read_yes_no
from belbaar.numbers import parse_e164
from belbaar.numbers import read as read_number

REGISTRATIONS: Mapping[str, frozenset[str]] = {
    "organisation.registered": frozenset({"event", "organisation", "name", "facts"}),
    "caller.registered": frozenset({"event", "caller", "name", "sector", "numbers", "organisation"}),
    "caller.described": frozenset({"event", "caller", *DETAILS}),
    "agent.registered": frozenset({"event", "agent", "name", "organisation"}),
    "mandate.given": frozenset({"event", "organisation", "caller", "since"}),
    "campaign.registered": frozenset({"event", "organisation", "campaign", "caller", "product", "presents"}),
    "rule.switched": frozenset({"event", "rule", "off", "reason", "at", "by"}),
}


_MAY_BE_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "organisation.registered": frozenset(),
    "caller.registered": frozenset({"numbers", "organisation"}),
    "caller.described": frozenset(DETAILS),
    "agent.registered": frozenset({"organisation"}),
    "mandate.given": frozenset({"since"}),
    "campaign.registered": frozenset(),
    "rule.switched": frozenset({"at", "by"}),
}


def read(path: Path, options: ImportOptions, *, zone: ZoneInfo, now: int, undated: int) -> Batch:
    """Read events from JSON Lines; every line is looked at, and what is wrong with any is told."""
    batch = Batch()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8 text.", where=str(path), todo="Save it as UTF-8.") from error
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        batch.rows += 1
        try:
            _line(_parsed(line, place), place, batch, options, zone=zone, now=now, undated=undated)
        except InputError as error:
            remedy = f" {error.todo}" if error.todo else ""
            batch.problems.append(f"{error.where}: {error.what}{remedy}")
    return batch


def _parsed(line: str, place: int) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise InputError(f"this is not JSON: {error}.", where=f"line {place}") from error
    if not isinstance(data, dict):
        raise InputError("this is not an object with the fields of an event.", where=f"line {place}")
    return data


def _line(
    data: dict[str, Any], place: int, batch: Batch, options: ImportOptions, *, zone: ZoneInfo, now: int, undated: int
) -> None:
    where = f"line {place}"
    if data.get("event") in REGISTRATIONS:
        _check_registration(data, where)
        batch.registrations.append((place, data))
        return
    data = completed(data, options)
    if not data["event"]:
        raise InputError("it does not say what happened.", where=f"{where}, event", todo="Give it, or say --event.")
    raw = data.pop("number", None)
    reading = read_number(raw, options.region)
    if reading.number is None:
        problem = f"{where}, number: unreadable number ({reading.code})."
        (batch.left_out if options.leave_out_unreadable else batch.problems).append(problem)
        return
    if not data.get("at"):
        data["at"] = undated_at(str(data.get("event")), options, undated, where)
    batch.events.append((place, read_event(data, number=reading.number, zone=zone, where=where, recorded_at=now)))


PROTECTIVE = frozenset({"objection.made", "consent.withdrawn", "register.entered", "number.reassigned"})
"""Events that can only protect the person: without a date they count from the moment they became known."""
HELPFUL = frozenset({"number.published", "register.left", "subscriber.described"})
"""Events about a number alone that can make a call lawful, of any caller: whoever says it, it counts for all."""


def undated_at(kind: str, options: ImportOptions, undated: int, where: str) -> str:
    """Give the instant of an event that says none, as text.

    Raises:
        InputError: where a guess could harm the person.
    """
    import datetime as dt  # noqa: PLC0415

    if options.at is None and kind in EVENTS and kind not in PROTECTIVE:
        raise InputError(f"{kind} needs a date, and it is missing.", where=f"{where}, at", todo="Give it, or say --at.")
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=undated)).isoformat()


def completed(data: Mapping[str, Any], options: ImportOptions) -> dict[str, Any]:
    """Fill in what the options say and the data leave out."""
    filled = {name: value for name, value in data.items() if value not in ("", None)}
    kind = filled.setdefault("event", options.event)
    spec = EVENTS.get(kind)
    if spec is not None:
        if options.caller and spec.caller != "none" and filled.get("scope") != "all":
            filled.setdefault("caller", options.caller)
        if options.product and "product" in spec.required + spec.optional:
            filled.setdefault("product", options.product)
    return filled


def register(
    store: Store, registrations: Sequence[tuple[int, Mapping[str, Any]]], *, path: str, now: int, by: str
) -> int:
    """Register what a file tells beside events; what is there already stays as it is. Gives how many callers it tells."""
    for place, data in registrations:
        try:
            if data["event"] == "rule.switched":
                at = _instant(data, "at", now)
                switch(store, data["rule"], off=data["off"], reason=data["reason"], at=at, by=data.get("by", by))
            else:
                _REGISTER[data["event"]](store, data, now)
        except BelbaarError as error:
            raise InputError(error.what, where=f"{path}, line {place}", todo=error.todo) from error
    return sum(data["event"] == "caller.registered" for _, data in registrations)


def _organisation(store: Store, data: Mapping[str, Any], now: int) -> None:
    if data["organisation"] not in organisations(store):
        made = add_organisation(store, data["organisation"], name=data["name"], now=now)
        trust(store, made, trusted=data["facts"])


def _caller(store: Store, data: Mapping[str, Any], _: int) -> None:
    numbers = [parse_e164(number) for number in _numbers(data)]
    whose = {"name": data["name"], "sector": data["sector"], "organisation": _owner(store, data)}
    add_caller(store, data["caller"], numbers=numbers, **whose)


def _details(store: Store, data: Mapping[str, Any], _: int) -> None:
    describe_caller(store, data["caller"], {name: value for name, value in data.items() if name in DETAILS})


def _agent(store: Store, data: Mapping[str, Any], _: int) -> None:
    add_agent(store, data["agent"], name=data["name"], organisation=_owner(store, data))


def _mandate(store: Store, data: Mapping[str, Any], now: int) -> None:
    who = organisation(store, data["organisation"])
    add_mandate(store, who, data["caller"], now=_instant(data, "since", now))


def _campaign(store: Store, data: Mapping[str, Any], now: int) -> None:
    told = Campaign(*(data[name] for name in Campaign.__struct_fields__))
    register_campaign(store, organisation(store, data["organisation"]).key, told, now=now)


_REGISTER: Mapping[str, Callable[[Store, Mapping[str, Any], int], None]] = {
    "organisation.registered": _organisation,
    "caller.registered": _caller,
    "caller.described": _details,
    "agent.registered": _agent,
    "mandate.given": _mandate,
    "campaign.registered": _campaign,
}


def _owner(store: Store, data: Mapping[str, Any]) -> int | None:
    return organisation(store, data["organisation"]).key if "organisation" in data else None


def _instant(data: Mapping[str, Any], name: str, now: int) -> int:
    return read_instant(data[name], ZoneInfo("UTC")) if name in data else now


def registered_numbers(registrations: Iterable[tuple[int, Mapping[str, Any]]]) -> set[int]:
    """Give the numbers that a file registers as callers' own."""
    return {parse_e164(number) for _, data in registrations for number in _numbers(data)}


def _numbers(data: Mapping[str, Any]) -> list[Any]:
    """Give the numbers of a caller; of one alone it may say so without a list."""
    told = data.get("numbers", [])
    return told if isinstance(told, list) else [told]


def _check_registration(data: Mapping[str, Any], where: str) -> None:
    known = REGISTRATIONS[data["event"]]
    for name in sorted(known - _MAY_BE_LEFT_OUT[data["event"]] - data.keys()):
        raise InputError(f"{data['event']} needs this field, and it is missing.", where=f"{where}, {name}")
    for name, value in data.items():
        if name not in known:
            raise InputError(f'{data["event"]} has no field "{name}".', where=f"{where}, {name}")
        if name in ("off", "facts"):
            read_yes_no(value)
        elif name == "numbers":
            for number in _numbers(data):
                parse_e164(read_text(number))
        elif name in DETAILS:
            in_field(name, where, check_detail, name, value)
        else:
            read_text(value)
