"""Scenario cases: small histories, a call, and what the law says of it; read strictly.

The format is ``belbaar-cases/1``, in YAML or JSON: see docs/reference/cases.md.
"""

__all__ = ["Case", "CaseFile", "Expected", "read_cases"]

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from belbaar.errors import InputError, nearest
from belbaar.law import PACKS, Pack, Term
from belbaar.law.cards import CODE, DECREE, STATUTE, SUPERVISOR, Step
from belbaar.law.words import CHANNELS, KINDS, PURPOSES, SECTORS
from belbaar.ledger import Event, read_event
from belbaar.ledger.callers import check_id
from belbaar.ledger.events import in_field
from belbaar.ledger.values import read_day, read_instant, read_product, read_text, read_word, read_yes_no
from belbaar.numbers import parse_e164
from belbaar.verdict.question import ANONYMOUS, Call

T = TypeVar("T")

FORMAT = "belbaar-cases/1"
_ERRORS = ("law-unknown",)
_AUTHORITIES = (STATUTE, DECREE, SUPERVISOR, CODE)
_LISTS = ("grounds", "vetoes", "defects", "duties")

Expected = Mapping[str, Any]
"""What a case expects of a verdict: only what it names is checked; ``until`` in UTC microseconds or None."""


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario."""

    id: str
    says: str
    history: tuple[Event, ...]
    call: Call
    expect: Expected


@dataclass(frozen=True, slots=True)
class CallerSpec:
    """A caller as a case file introduces it."""

    id: str
    name: str
    sector: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases: who calls, what-if values of parameters, and the cases."""

    name: str
    pack: Pack
    callers: tuple[CallerSpec, ...]
    steps: tuple[tuple[str, Step], ...]
    cases: tuple[Case, ...]


def read_cases(path: Path) -> CaseFile:
    """Read a case file.

    Raises:
        InputError: when it is malformed: names file, case and field, and what to do.
    """
    data = _mapping(_parse(path), str(path), {"format", "law", "callers", "cases"}, {"parameters"})
    where = str(path)
    if data["format"] != FORMAT:
        raise InputError(
            f'"{data["format"]}" is not a format this belbaar reads.',
            where=f"{where}, format",
            todo=f'It reads "{FORMAT}".',
        )
    packs = {pack.jurisdiction: pack for pack in PACKS.values()}
    if not isinstance(data["law"], str) or data["law"] not in packs:
        raise InputError(
            f'no law "{data["law"]}" is installed.', where=f"{where}, law", todo=nearest(str(data["law"]), packs)
        )
    pack = packs[data["law"]]
    callers = tuple(
        _caller(name, spec, f"{where}, callers, {name}")
        for name, spec in _of_type(data["callers"], dict, f"{where}, callers").items()
    )
    steps = _steps(_of_type(_present(data.get("parameters"), []), list, f"{where}, parameters"), pack, where)
    sectors = {caller.id for caller in callers}
    cases: dict[str, Case] = {}
    for index, item in enumerate(_of_type(data["cases"], list, f"{where}, cases")):
        case = _case(item, f"{where}, cases[{index}]", where, sectors, pack)
        if case.id in cases:
            raise InputError(
                "another case has this id too.", where=f"{where}, case {case.id}, id", todo="Make it unique."
            )
        cases[case.id] = case
    return CaseFile(where, pack, callers, steps, tuple(cases.values()))


def _parse(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}.", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8 text.", where=str(path), todo="Save it as UTF-8.") from error
    if path.suffix == ".json":
        try:
            return json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, str(path)))
        except ValueError as error:
            raise InputError(f"the file is not JSON: {error}.", where=str(path)) from error
    if path.suffix not in (".yaml", ".yml"):
        raise InputError("cases are .yaml or .json files.", where=str(path), todo="Rename the file.")
    return _parse_yaml(text, str(path))


def _once(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f'"{key}" is given twice in one mapping.', where=where, todo="Keep one.")
        found[key] = value
    return found


def _parse_yaml(text: str, where: str) -> object:
    import yaml  # noqa: PLC0415

    class Loader(yaml.SafeLoader):
        """YAML in which dates stay text, and a key given twice is an error."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            for key in keys:
                if keys.count(key) > 1:
                    line = node.start_mark.line + 1
                    raise InputError(
                        f'"{key}" is given twice in the mapping of line {line}.', where=where, todo="Keep one."
                    )
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise InputError(f"the file is not YAML: {error}", where=where) from error


def _case(item: object, place: str, where: str, callers: set[str], pack: Pack) -> Case:
    named = item.get("id") if isinstance(item, dict) else None
    here = f"{where}, case {named}" if isinstance(named, str) and named else place
    data = _mapping(item, here, {"id", "number", "history", "call", "expect"}, {"says"})
    if not isinstance(data["id"], str) or not data["id"]:
        raise InputError("an id is a text.", where=f"{here}, id", todo="Put it in quotes.")
    number = _number(data["number"], f"{here}, number")
    history = _of_type(_present(data["history"], []), list, f"{here}, history")
    events = tuple(
        _event(entry, number, pack.zone, f"{here}, history[{index}]", callers) for index, entry in enumerate(history)
    )
    says = _of_type(data.get("says") or "", str, f"{here}, says")
    return Case(
        data["id"],
        says,
        events,
        _call(data["call"], number, pack.zone, f"{here}, call", callers),
        _expect(data["expect"], pack.zone, f"{here}, expect"),
    )


def _event(entry: object, number: int, zone: ZoneInfo, where: str, callers: set[str]) -> Event:
    data = _of_type(entry, dict, where)
    if "number" in data:
        raise InputError(
            "an event of a case has no number of its own.",
            where=f"{where}, number",
            todo="Leave it out: it is about the case's number.",
        )
    if "agent" in data:
        raise InputError("an event of a case has no agent.", where=f"{where}, agent", todo="Leave it out.")
    event = read_event(data, number=number, zone=zone, where=where, recorded_at=None)
    if event.caller and event.caller not in callers:
        raise InputError(
            f'"{event.caller}" is not among the file\'s callers.',
            where=f"{where}, caller",
            todo=nearest(event.caller, callers),
        )
    return event


_CALL_REQUIRED, _CALL_OPTIONAL = {"caller", "at", "product"}, {"channel", "kind", "purpose", "presents", "known_at"}


def _call(item: object, number: int, zone: ZoneInfo, where: str, callers: set[str]) -> Call:
    data = {
        name: value
        for name, value in _mapping(item, where, _CALL_REQUIRED, _CALL_OPTIONAL).items()
        if value not in ("", None)
    }
    for name in sorted(_CALL_REQUIRED - set(data)):
        raise InputError("a call needs this field, and it is empty.", where=f"{where}, {name}")
    if not isinstance(data["caller"], str) or data["caller"] not in callers:
        raise InputError(
            f'"{data["caller"]}" is not among the file\'s callers.',
            where=f"{where}, caller",
            todo=nearest(str(data["caller"]), callers),
        )
    presents = data.get("presents")
    return Call(
        number=number,
        caller=data["caller"],
        at=in_field("at", where, read_instant, data["at"], zone),
        product=in_field("product", where, read_product, data["product"], all_allowed=False),
        channel=in_field("channel", where, read_word, data.get("channel", "voice"), CHANNELS),
        kind=in_field("kind", where, read_word, data.get("kind", "marketing"), KINDS),
        purpose=in_field("purpose", where, read_word, data["purpose"], PURPOSES) if "purpose" in data else None,
        presents=presents if presents in (None, ANONYMOUS) else _number(presents, f"{where}, presents"),
        known_at=in_field("known_at", where, read_instant, data["known_at"], zone) if "known_at" in data else None,
    )


def _expect(item: object, zone: ZoneInfo, where: str) -> Expected:
    optional = {"allowed", "ground", "until", "error", *_LISTS}
    data = _mapping(item, where, set(), optional)
    expected: dict[str, Any] = {}
    for name, value in data.items():
        here = f"{where}, {name}"
        if name == "allowed":
            expected[name] = in_field(name, where, read_yes_no, value)
        elif name == "error":
            expected[name] = in_field(name, where, read_word, value, _ERRORS)
        elif name in _LISTS:
            expected[name] = tuple(_of_type(entry, str, here) for entry in _of_type(value, list, here))
        elif value is None:
            expected[name] = None
        elif name == "until":
            expected[name] = in_field(name, where, read_instant, value, zone)
        else:
            expected[name] = _of_type(value, str, here)
    return expected


def _caller(name: object, item: object, where: str) -> CallerSpec:
    data = _mapping(item, where, {"sector"}, {"name", "numbers"})
    handle = in_field("id", where, check_id, name)
    sector = in_field("sector", where, read_word, data["sector"], SECTORS)
    numbers = _of_type(data.get("numbers", ["-"]), list, f"{where}, numbers")
    if not numbers:
        raise InputError("the list is empty.", where=f"{where}, numbers", todo="Leave the field out instead.")
    read = tuple(_number(number, f"{where}, numbers") for number in numbers) if "numbers" in data else ()
    return CallerSpec(handle, str(data.get("name") or handle), sector, read)


def _steps(items: list[Any], pack: Pack, where: str) -> tuple[tuple[str, Step], ...]:
    steps: dict[tuple[str, str, int], Step] = {}
    for index, item in enumerate(items):
        here = f"{where}, parameters[{index}]"
        data = _mapping(item, here, {"name", "value", "from"}, {"authority"})
        name = in_field("name", here, read_word, data["name"], [known.id for known in pack.parameters])
        authority = in_field("authority", here, read_word, data.get("authority") or DECREE, _AUTHORITIES)
        first = dt.date.fromisoformat(in_field("from", here, read_day, data["from"])).toordinal()
        value = in_field("value", here, _value, data["value"], name, pack)
        if (name, authority, first) in steps:
            raise InputError("another value has the same name, authority and day.", where=here, todo="Keep one.")
        steps[name, authority, first] = Step(first, value, authority)
    return tuple((name, step) for (name, _, _), step in steps.items())


def _value(value: object, name: str, pack: Pack) -> Term | tuple[int, ...]:
    if name == pack.customer_term:
        return Term.parse(read_text(value))
    if not isinstance(value, list):
        raise InputError("the value of this parameter is a list of dates.", todo='Write it as ["2027-05-04"].')
    return tuple(dt.date.fromisoformat(read_day(day)).toordinal() for day in value)


def _number(value: object, where: str) -> int:
    if not isinstance(value, str):
        raise InputError(
            "a number is a text in E.164.", where=where, todo='Put it in quotes, with its plus: "+31201000001".'
        )
    try:
        return parse_e164(value)
    except InputError as error:
        raise InputError(error.what, where=where, todo=error.todo) from error


def _mapping(item: object, where: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    data = _of_type(item, dict, where)
    for name in data:
        if name not in required | optional:
            raise InputError(
                f'there is no field "{name}" here.', where=where, todo=nearest(str(name), required | optional)
            )
    for name in sorted(required):
        if name not in data or (data[name] in ("", None) and name != "history"):
            raise InputError("this field is required, and it is missing.", where=f"{where}, {name}")
    return data


def _present(value: object, otherwise: object) -> object:
    return otherwise if value is None else value


_NAMES: dict[type, str] = {dict: "a mapping", list: "a list", str: "a text"}


def _of_type(value: object, wanted: type[T], where: str) -> T:
    if not isinstance(value, wanted):
        raise InputError(f"this is {type(value).__name__}, and should be {_NAMES[wanted]}.", where=where)
    return value
