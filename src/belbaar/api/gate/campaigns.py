"""Campaigns: a word by which a dialer says on whose behalf it calls, about what, and which number it shows."""

__all__ = ["Campaign", "NewCampaign", "add_campaign", "campaign_of", "campaigns"]

from typing import Annotated

import msgspec

from belbaar.api.access.audit import Actor, note
from belbaar.errors import InputError
from belbaar.law.products import check_product
from belbaar.ledger import Store
from belbaar.ledger.callers import check_id
from belbaar.numbers import e164, parse_e164
from belbaar.reading import read_number

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_SELECT = (
    "SELECT campaign.handle, caller.handle, campaign.product, campaign.presents FROM campaign "
    "JOIN caller ON caller.id = campaign.caller WHERE campaign.organisation = ?"
)


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign to be registered.

    Args:
        campaign: a word to name it by, your own; what is registered under it is not changed any more.
        caller: the id of the caller on whose behalf.
        product: what its calls are about, such as ``energy.electricity``.
        presents: the number that its calls show, one of the caller's.
    """

    campaign: _Short
    caller: _Short
    product: _Short
    presents: _Short


class Campaign(msgspec.Struct, frozen=True):
    """A campaign as it is registered: on whose behalf, about what, and the number its calls show."""

    campaign: str
    caller: str
    product: str
    presents: str


def add_campaign(store: Store, actor: Actor, new: NewCampaign, *, now: int) -> Campaign:
    """Register a campaign of the organisation that acts; the very same again changes nothing.

    Raises:
        InputError: for an ill-formed id or product, a number that is not the caller's, an id that is another's.
    """
    _check_id(new.campaign)
    check_product(new.product, all_allowed=False)
    presents = read_number(new.presents, "/presents")
    caller = store.caller(new.caller)
    if presents not in caller.numbers:
        raise InputError(
            "this is not a number that the caller registered.",
            where="/presents",
            todo="Register it: belbaar caller add",
        )
    organisation, wanted = actor.organisation.key, Campaign(new.campaign, caller.id, new.product, e164(presents))
    with store.writing() as connection:
        known = campaign_of(store, organisation, new.campaign)
        if known not in (None, wanted):
            raise InputError(
                f'"{new.campaign}" is another campaign already.',
                where="/campaign",
                todo="Choose another id.",
                code="taken",
            )
        if known is None:
            connection.execute(
                "INSERT INTO campaign (organisation, handle, caller, product, presents, made_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (organisation, wanted.campaign, caller.key, wanted.product, presents, now),
            )
            note(store, actor, "campaign.register", {"campaign": wanted.campaign, "caller": caller.id})
    return wanted


def campaigns(store: Store, organisation: int) -> list[Campaign]:
    """Give the campaigns of an organisation."""
    rows = store.connection.execute(f"{_SELECT} ORDER BY campaign.handle", (organisation,)).fetchall()
    return [_campaign(*row) for row in rows]


def campaign_of(store: Store, organisation: int, name_id: str) -> Campaign | None:
    """Give a campaign of an organisation; None when it has none of that id."""
    row = store.connection.execute(f"{_SELECT} AND campaign.handle = ?", (organisation, name_id)).fetchone()
    return _campaign(*row) if row else None


def _campaign(name_id: str, caller: str, product: str, presents: int) -> Campaign:
    return Campaign(name_id, caller, product, e164(presents))


def presented_by(campaign: Campaign) -> int:
    """Give the number that a campaign shows."""
    return parse_e164(campaign.presents)


def _check_id(text: str) -> None:
    try:
        check_id(text)
    except InputError as error:
        error.where = "/campaign"
        raise
