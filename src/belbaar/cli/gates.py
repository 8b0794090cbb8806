"""The gate in the path of calls: its configuration, and the campaigns by which it knows who calls."""

__all__ = ["add_campaign", "config", "list_campaigns"]

from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, CallerId, Json, Product, Store, whoever
from belbaar.cli.output import print_json, show, table
from belbaar.cli.told import text_of
from belbaar.clock import now_us
from belbaar.ledger import organisations
from belbaar.ledger.campaigns import campaigns
from belbaar.opening import opened

OrganisationId = Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose it is.")]


def _config(
    told: Annotated[Path, typer.Argument(metavar="FILE", help="What the gate is told, in TOML.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the configuration.")] = Path("gate.cfg"),
    check: Annotated[bool, typer.Option(help="Have Kamailio look at what was written.")] = True,
    json: Json = False,
) -> int:
    """Write the configuration of a gate, for Kamailio. It is explained in the file itself.

    In it are keys to belbaar, so only its owner can read it. Start it with: kamailio -f gate.cfg -DD -E
    """
    from belbaar.sip import check_written, read_gate, write_gate, written  # noqa: PLC0415

    gate = read_gate(text_of(told), str(told))
    write_gate(out, written(gate))
    if check:
        check_written(out)
    trunks = [{"trunk": trunk.name, "sources": trunk.sources} for trunk in gate.trunks]
    if json:
        print_json({"written": str(out), "checked": check, "listen": gate.listen, "trunks": trunks})
    else:
        typer.echo(f"{out}: listens on {', '.join(gate.listen)}, asks {gate.gate}")
        show(table([trunk.name, ", ".join(trunk.sources), trunk.campaign or trunk.product] for trunk in gate.trunks))
    return 0


def _add_campaign(
    name_id: Annotated[str, typer.Argument(metavar="ID", help="A short word to name it by.")],
    *,
    organisation: OrganisationId,
    caller: CallerId,
    product: Product,
    presents: Annotated[str, typer.Option(metavar="NUMBER", help="The number that its calls show.")],
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Register a campaign: on whose behalf its calls are made, about what, and which number they show."""
    from belbaar.api.access import audit  # noqa: PLC0415  the service's libraries load slowly
    from belbaar.api.gate.campaigns import NewCampaign, add_campaign  # noqa: PLC0415

    new = NewCampaign(name_id, caller, product, presents)
    with opened(store) as ledger, ledger.writing():
        owner = organisations.organisation(ledger, organisation)
        made = add_campaign(ledger, audit.Actor.operator(owner, whoever("")), new, now=now_us())
    if json:
        print_json(_told(made))
    else:
        typer.echo(f"{made.campaign}: {made.caller} calls about {made.product}, and shows {made.presents}.")
    return 0


def _list_campaigns(*, organisation: OrganisationId, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the registered campaigns of an organisation."""
    with opened(store) as ledger:
        found = campaigns(ledger, organisations.organisation(ledger, organisation).key)
    if json:
        print_json([_told(each) for each in found])
    else:
        show(table([each.campaign, each.caller, each.product, each.presents] for each in found))
    return 0


def _told(campaign: object) -> object:
    import msgspec  # noqa: PLC0415

    return msgspec.to_builtins(campaign)


config = Command(
    _config,
    ("belbaar sip config gate.toml --out gate.cfg",),
    "0 written, 2 a mistake in what it is told, or Kamailio does not take it",
)
add_campaign = Command(
    _add_campaign,
    ("belbaar campaign add autumn --organisation house --caller voltix --product energy --presents +31201990001",),
    "0 registered, 2 it cannot be",
)
list_campaigns = Command(
    _list_campaigns, ("belbaar campaign list --organisation house",), "0 listed, 2 no usable store"
)
