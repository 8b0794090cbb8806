"""Callers, on whose behalf calls are made, and agents, who dial for them."""

__all__ = ["add_agent", "add_caller", "describe_caller", "list_agents", "list_callers"]

from collections.abc import Mapping
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store, read_number
from belbaar.cli.output import print_json, show, table
from belbaar.ledger import Store as Ledger
from belbaar.ledger import callers, details, organisations
from belbaar.ledger.callers import agents, describe
from belbaar.opening import opened
from belbaar.verdict.levels import check_level

Demanded = Annotated[
    int | None,
    typer.Option("--evidence", metavar="LEVEL", help="The least evidence it demands of a consent, 0 to 4."),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="A short word to name it by, such as voltix.")]


def _add_caller(
    name_id: Id,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Name of the legal entity.")],
    sector: Annotated[
        str, typer.Option(metavar="WORD", help="commercial, charity, ideal, political, press or lottery.")
    ],
    number: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="A number it shows when calling; may be given again.")
    ] = None,
    evidence: Demanded = None,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Register a caller, or further numbers of one."""
    numbers = [read_number(text, "--number") for text in number or []]
    demand = _demand(evidence)
    with opened(store) as ledger, ledger.writing():
        caller = callers.add_caller(ledger, name_id, name=name, sector=sector, numbers=numbers)
        if demand is not None:
            details.describe_caller(ledger, name_id, {"evidence": demand})
    if json:
        print_json(describe(caller))
    else:
        typer.echo(_line(describe(caller)))
    return 0


def _describe_caller(
    name_id: Id,
    *,
    kvk: Annotated[str | None, typer.Option(metavar="NUMBER", help="Its number in the trade register.")] = None,
    address: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it has its seat.")] = None,
    email: Annotated[str | None, typer.Option(metavar="MAIL", help="Where it reads what people write.")] = None,
    phone: Annotated[str | None, typer.Option(metavar="NUMBER", help="Where people can call it.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Its site.")] = None,
    privacy_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where it says what it does with personal data.")
    ] = None,
    withdraw_url: Annotated[str | None, typer.Option(metavar="URL", help="Where consent is taken back.")] = None,
    withdraw_phone: Annotated[str | None, typer.Option(metavar="NUMBER", help="The number to call for that.")] = None,
    stored_in: Annotated[
        list[str] | None,
        typer.Option(metavar="CC", help="A country where it keeps the data, two letters; may be given again."),
    ] = None,
    evidence: Demanded = None,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Say more of a caller, for receipts, and what it demands. An empty text takes a detail away; no option shows what is known."""
    given = {
        "kvk": kvk,
        "address": address,
        "email": email,
        "phone": phone,
        "url": url,
        "privacy_url": privacy_url,
        "withdraw_url": withdraw_url,
        "withdraw_phone": withdraw_phone,
        "stored_in": None if stored_in is None else " ".join(stored_in),
        "evidence": _demand(evidence),
    }
    with opened(store) as ledger:
        known = details.describe_caller(
            ledger, name_id, {name: text for name, text in given.items() if text is not None}
        )
    missing = details.missing_details(known)
    if json:
        print_json({"caller": name_id, **known, "missing": missing})
        return 0
    show(table([[name, known.get(name, "")] for name in details.DETAILS]))
    typer.echo(f"A receipt still needs: {', '.join(missing)}." if missing else "A receipt needs nothing more.")
    return 0


def _demand(evidence: int | None) -> str | None:
    return None if evidence is None else str(check_level(evidence, "--evidence"))


def _list_callers(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the registered callers."""
    with opened(store) as ledger:
        found = [describe(caller) for caller in ledger.callers().values()]
    if json:
        print_json(found)
    elif found:
        rows = ([str(item["caller"]), str(item["sector"]), _numbers(item), str(item["name"])] for item in found)
        show(table(rows, header=("caller", "sector", "numbers", "name")))
    else:
        typer.echo("No caller is registered yet. Register one with: belbaar caller add ID --name … --sector …")
    return 0


def _add_agent(
    name_id: Id,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Name of the bureau.")],
    organisation: Annotated[
        str,
        typer.Option(
            metavar="ID", show_default="the only one", help="Whose agent it is, where several share the store."
        ),
    ] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Register a bureau that dials for callers."""
    with opened(store) as ledger:
        callers.add_agent(ledger, name_id, name=name, organisation=_key_of(ledger, organisation))
        known = agents(ledger)[name_id]
    if json:
        print_json({"agent": name_id, "name": known})
    else:
        typer.echo(f"{name_id}: {known}")
    return 0


def _key_of(ledger: Ledger, organisation: str) -> int | None:
    if not organisation:
        return None

    return organisations.organisation(ledger, organisation).key


def _list_agents(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the registered agents."""
    with opened(store) as ledger:
        found = agents(ledger)
    if json:
        print_json([{"agent": agent, "name": name} for agent, name in found.items()])
    elif found:
        show(table(found.items(), header=("agent", "name")))
    else:
        typer.echo("No agent is registered yet. Register one with: belbaar agent add ID --name …")
    return 0


def _line(caller: Mapping[str, object]) -> str:
    return f"{caller['caller']}: {caller['name']} ({caller['sector']}), {_numbers(caller) or 'no number registered'}"


def _numbers(caller: Mapping[str, object]) -> str:
    numbers = caller["numbers"]
    return " ".join(map(str, numbers)) if isinstance(numbers, list) else ""


_STATUS = "0 done, 2 a mistake in what was asked"

add_caller = Command(
    _add_caller,
    ('belbaar caller add voltix --name "Voltix Energie B.V." --sector commercial --number +31201990001',),
    _STATUS,
)
describe_caller = Command(
    _describe_caller,
    (
        "belbaar caller describe voltix",
        'belbaar caller describe voltix --kvk 12345678 --address "Plein 1, 1012 AB Amsterdam" --stored-in NL',
        "belbaar caller describe voltix --withdraw-url https://voltix.example/stop",
        "belbaar caller describe voltix --evidence 2",
    ),
    _STATUS,
)
list_callers = Command(_list_callers, ("belbaar caller list", "belbaar caller list --json"), _STATUS)
add_agent = Command(
    _add_agent,
    (
        'belbaar agent add belhuis --name "Belhuis Noord B.V."',
        'belbaar agent add belhuis --name "Belhuis Noord B.V." --organisation house',
    ),
    _STATUS,
)
list_agents = Command(_list_agents, ("belbaar agent list",), _STATUS)
