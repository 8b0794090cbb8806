"""Who may ask the service: organisations, their keys, and the callers that they speak for."""

__all__ = [
    "add_organisation",
    "assign_caller",
    "create_key",
    "list_keys",
    "list_organisations",
    "revoke_key",
    "trust_organisation",
]

from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Store, read_instant, whoever
from belbaar.cli.output import print_json, show, table
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law.calendar import iso
from belbaar.law.words import FOREVER
from belbaar.ledger import organisations
from belbaar.opening import opened

OrganisationId = Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose it is.")]


def _add_organisation(
    name_id: Annotated[str, typer.Argument(metavar="ID", help="A short word to name it by.")],
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Add an organisation to the installation. The first one gets the callers that are there."""
    from belbaar.api.access import audit  # noqa: PLC0415  the service's libraries load slowly

    with opened(store) as ledger, ledger.writing():
        made = organisations.add_organisation(ledger, name_id, name=name, now=now_us())
        audit.note(ledger, audit.Actor.operator(made, whoever("")), "organisation.add", {"organisation": made.id})
    if json:
        print_json({"organisation": made.id, "name": made.name})
    else:
        typer.echo(f"{made.id}: {made.name}")
    return 0


def _list_organisations(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the organisations."""
    with opened(store) as ledger:
        found = organisations.organisations(ledger).values()
    if json:
        print_json([{"organisation": each.id, "name": each.name, "trusted": each.facts} for each in found])
    else:
        show(table([each.id, each.name, "trusted" if each.facts else ""] for each in found))
    return 0


def _trust_organisation(
    name_id: Annotated[str, typer.Argument(metavar="ID", help="The organisation.")],
    *,
    end: Annotated[bool, typer.Option("--end", help="It is trusted with that no longer.")] = False,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Let an organisation say what counts for all.

    Who a subscriber is, that a number was published, or left the register.
    Such a fact can make the calls of every organisation lawful. The first organisation is trusted with it; what others
    send of this kind over HTTP is refused until you say so.
    """
    from belbaar.api.access import audit  # noqa: PLC0415

    with opened(store) as ledger, ledger.writing():
        who = organisations.organisation(ledger, name_id)
        organisations.trust(ledger, who, trusted=not end)
        details = {"organisation": who.id, "trusted": "no" if end else "yes"}
        audit.note(ledger, audit.Actor.operator(who, whoever("")), "organisation.trust", details)
    if json:
        print_json({"organisation": who.id, "trusted": not end})
    else:
        typer.echo(f"{who.id}: what it says of a number alone {'counts for nobody' if end else 'counts for all'}.")
    return 0


def _assign_caller(
    caller: Annotated[str, typer.Argument(metavar="CALLER", help="The id of a caller.")],
    *,
    organisation: OrganisationId,
    mandate: Annotated[bool, typer.Option("--mandate", help="It only works for the caller, as an agent.")] = False,
    end: Annotated[bool, typer.Option("--end", help="It works for the caller no longer.")] = False,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Say whose a caller is, or which agent works for it. From then on that organisation's keys speak for it."""
    from belbaar.api.access import audit  # noqa: PLC0415

    if end and not mandate:
        raise InputError("only a mandate ends.", where="--end", todo="Say --mandate --end.")
    with opened(store) as ledger, ledger.writing():
        owner = organisations.organisation(ledger, organisation)
        actor = audit.Actor.operator(owner, whoever(""))
        if end:
            organisations.end_mandate(ledger, owner, caller)
        elif mandate:
            organisations.add_mandate(ledger, owner, caller, now=now_us())
        else:
            organisations.assign_caller(ledger, caller, owner)
        act = "mandate.end" if end else "mandate.give" if mandate else "caller.assign"
        audit.note(ledger, actor, act, {"caller": caller, "organisation": organisation})
    what = "works for it no longer" if end else "works for it" if mandate else "owns it"
    if json:
        print_json({"caller": caller, "organisation": organisation, "mandate": mandate, "ended": end})
    else:
        typer.echo(f"{caller}: {organisation} {what}.")
    return 0


def _create_key(
    *,
    organisation: OrganisationId,
    role: Annotated[
        str, typer.Option(metavar="WORD", help="administrator, officer, supervisor, agent, integrator or auditor.")
    ],
    label: Annotated[str, typer.Option(metavar="TEXT", help="What you call it.")] = "",
    right: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", show_default="all of the role", help="Only this right; may be given again."),
    ] = None,
    caller: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", show_default="all of the organisation", help="Only for this caller; may be given again."
        ),
    ] = None,
    expires: Annotated[
        str, typer.Option(metavar="INSTANT", show_default="never", help="From when on it is no good.")
    ] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Make a key for a program. It is shown once: what is kept can check it, and not give it back."""
    from belbaar.api.access import audit, keys  # noqa: PLC0415

    now = now_us()
    with opened(store) as ledger, ledger.writing():
        owner = organisations.organisation(ledger, organisation)
        until = read_instant(expires, "--expires", default=FOREVER)
        made = keys.make_key(
            ledger, owner, role, label=label, now=now, rights=right or (), callers=caller or (), expires_at=until
        )
        told = {"key": keys.read_token(made)[0], "role": role}
        audit.note(ledger, audit.Actor.operator(owner, whoever("")), "key.make", told)
    if json:
        print_json({"key": made, "organisation": organisation, "role": role, "expires_at": _when(until)})
    else:
        typer.echo(made)
    return 0


def _list_keys(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the keys: whose, what for, until when, last used when."""
    from belbaar.api.access import keys  # noqa: PLC0415

    with opened(store) as ledger:
        names = {each.key: each.id for each in organisations.organisations(ledger).values()}
        used = keys.last_used(ledger)
        found = [
            {
                "id": key.id,
                "organisation": names[key.organisation],
                "role": key.role,
                "label": key.label,
                "rights": sorted(key.rights),
                "callers": sorted(key.callers),
                "made_at": _when(key.made_at),
                "expires_at": _when(key.expires_at),
                "revoked_at": _when(key.revoked_at),
                "last_used_at": _when(used.get(key.id, FOREVER)),
            }
            for key in keys.all_keys(ledger).values()
        ]
    if json:
        print_json(found)
    else:
        shown = ("id", "organisation", "role", "label", "expires_at", "revoked_at", "last_used_at")
        show(table([str(each[name] or "") for name in shown] for each in found))
    return 0


def _revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id: what stands between bel_ and its secret.")],
    *,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Take a key back. The next request with it is refused, on every process."""
    from belbaar.api.access import audit, keys  # noqa: PLC0415

    with opened(store) as ledger, ledger.writing():
        keys.revoke_key(ledger, key_id, now=now_us())
        owners = {each.key: each for each in organisations.organisations(ledger).values()}
        actor = audit.Actor.operator(owners[keys.key_of(ledger, key_id).organisation], whoever(""))
        audit.note(ledger, actor, "key.revoke", {"key": key_id})
    if json:
        print_json({"id": key_id, "revoked": True})
    else:
        typer.echo(f"{key_id} is good no more.")
    return 0


def _when(at: int) -> str | None:
    return None if at >= FOREVER else iso(at, ZONE)


add_organisation = Command(
    _add_organisation, ('belbaar organisation add bureau --name "Belbureau B.V."',), "0 added, 2 it cannot be"
)
list_organisations = Command(_list_organisations, ("belbaar organisation list",), "0 listed, 2 no usable store")
trust_organisation = Command(
    _trust_organisation,
    ("belbaar organisation trust bureau", "belbaar organisation trust bureau --end"),
    "0 done, 2 no such organisation",
)
assign_caller = Command(
    _assign_caller,
    (
        "belbaar organisation caller voltix --organisation house",
        "belbaar organisation caller voltix --organisation bureau --mandate",
    ),
    "0 done, 2 no such caller or organisation",
)
create_key = Command(
    _create_key,
    (
        "belbaar key create --organisation house --role integrator --label dialer",
        "belbaar key create --organisation house --role integrator --right ask --caller voltix --expires 2027-01-01",
    ),
    "0 made, 2 a mistake in what was asked",
)
list_keys = Command(_list_keys, ("belbaar key list",), "0 listed, 2 no usable store")
revoke_key = Command(_revoke_key, ("belbaar key revoke 0f3a5c7e9b1d",), "0 it is good no more, 2 no such key")
