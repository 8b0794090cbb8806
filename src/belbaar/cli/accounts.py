"""Accounts of persons who sign in to the service."""

__all__ = ["add_account", "end_account", "invite_again", "list_accounts"]

from typing import TYPE_CHECKING, Annotated

import typer

from belbaar.cli.access import OrganisationId
from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store
from belbaar.cli.output import print_json, show, table
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger import Store as OpenStore
from belbaar.ledger import organisations
from belbaar.opening import opened

if TYPE_CHECKING:
    from belbaar.api.access.accounts import Account

Email = Annotated[str, typer.Argument(metavar="MAIL", help="The person's mail address.")]
Of = Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose account, where there are several.")]


def _add_account(
    email: Email,
    *,
    organisation: OrganisationId,
    role: Annotated[
        str, typer.Option(metavar="WORD", help="administrator, officer, supervisor, agent, integrator or auditor.")
    ],
    name: Annotated[str, typer.Option(metavar="TEXT", help="What people call the person.")] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Invite a person. What is shown sets the account up, once, within three days."""
    from belbaar.api.access import accounts  # noqa: PLC0415  the service's libraries load slowly

    with opened(store) as ledger:
        owner = organisations.organisation(ledger, organisation)
        code = accounts.add_account(ledger, owner, email, name=name, role=role, now=now_us())
    return _invited(email, code, json=json)


def _invite_again(email: Email, *, organisation: Of = "", store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """Invite a person again, who lost the password or the telephone. The person's sessions end."""
    from belbaar.api.access import accounts  # noqa: PLC0415

    with opened(store) as ledger:
        code = accounts.invite_again(ledger, _account(ledger, email, organisation), now=now_us())
    return _invited(email, code, json=json)


def _end_account(email: Email, *, organisation: Of = "", store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """End an account. Its sessions are refused at once."""
    from belbaar.api.access import accounts  # noqa: PLC0415

    with opened(store) as ledger:
        accounts.end_account(ledger, _account(ledger, email, organisation), now=now_us())
    if json:
        print_json({"email": email, "ended": True})
    else:
        typer.echo(f"{email} signs in no more.")
    return 0


def _list_accounts(*, organisation: OrganisationId, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List who may sign in."""
    from belbaar.api.access import accounts  # noqa: PLC0415

    with opened(store) as ledger:
        found = accounts.accounts(ledger, organisations.organisation(ledger, organisation).key)
    now = now_us()
    told = [
        {
            "email": each.email,
            "name": each.name,
            "role": each.role,
            "set_up": bool(each.password),
            "open": each.open(now),
        }
        for each in found
    ]
    if json:
        print_json(told)
    else:
        show(table([each.email, each.name, each.role, "open" if each.open(now) else "closed"] for each in found))
    return 0


def _invited(email: str, code: str, *, json: bool) -> int:
    if json:
        print_json({"email": email, "invitation": code})
    else:
        typer.echo(f"Give {email} this invitation, by a road that reaches nobody else: {code}")
    return 0


def _account(ledger: OpenStore, email: str, organisation: str) -> "Account":
    """Find an account; an address may have several, of as many organisations."""
    from belbaar.api.access import accounts  # noqa: PLC0415

    names = {each.key: name_id for name_id, each in organisations.organisations(ledger).items()}
    found = [
        each for each in accounts.accounts_of_email(ledger, email) if organisation in ("", names[each.organisation])
    ]
    if len(found) > 1:
        of = ", ".join(names[each.organisation] for each in found)
        raise InputError("this address has several accounts.", where=email, todo=f"Say --organisation: {of}.")
    if not found:
        raise InputError("there is no such account.", where=email, todo="See: belbaar account list", code="not-found")
    return found[0]


add_account = Command(
    _add_account,
    ('belbaar account add an@voltix.example --organisation house --role officer --name "An de Vries"',),
    "0 invited, 2 a mistake in what was asked",
)
invite_again = Command(_invite_again, ("belbaar account invite an@voltix.example",), "0 invited, 2 no such account")
end_account = Command(_end_account, ("belbaar account end an@voltix.example",), "0 ended, 2 no such account")
list_accounts = Command(
    _list_accounts, ("belbaar account list --organisation house",), "0 listed, 2 no such organisation"
)
