"""Campaigns: a word by which a dialer says on whose behalf it calls, about what, and which number it shows."""

__all__ = ["Campaign", "campaign_of", "campaigns", "every_campaign", "register_campaign"]

import msgspec

from belbaar.errors import InputError
from belbaar.law.products import check_product
from belbaar.ledger.callers import check_id
from belbaar.ledger.store import Store
from belbaar.numbers import e164, parse_e164

_SELECT = (
    "SELECT campaign.handle, caller.handle, campaign.product, campaign.presents FROM campaign "
    "JOIN caller ON caller.id = campaign.caller WHERE campaign.organisation = ?"
)
_EVERY = (
    "SELECT organisation.handle, campaign.handle, caller.handle, campaign.product, campaign.presents FROM campaign "
    "JOIN caller ON caller.id = campaign.caller JOIN organisation ON organisation.id = campaign.organisation "
    "ORDER BY organisation.handle, campaign.handle"
)


class Campaign(msgspec.Struct, frozen=True):
    """A campaign as it is registered: on whose behalf, about what, and the number its calls show (E.164)."""

    campaign: str
    caller: str
    product: str
    presents: str

    @property
    def number(self) -> int:
        """The number its calls show."""
        return parse_e164(self.presents)


def register_campaign(store: Store, organisation: int, new: Campaign, *, now: int) -> bool:
    """Register a campaign of an organisation; tell whether it is new: the very same again changes nothing.

    Raises:
        InputError: for an ill-formed id or product, a number that is not the caller's, an id that is another's.
    """
    _check_id(new.campaign)
    check_product(new.product, all_allowed=False)
    caller = store.caller(new.caller)
    if new.number not in caller.numbers:
        raise InputError(
            "this is not a number that the caller registered.",
            where="/presents",
            todo="Register it: belbaar caller add",
        )
    with store.writing() as connection:
        known = campaign_of(store, organisation, new.campaign)
        if known not in (None, new):
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
                (organisation, new.campaign, caller.key, new.product, new.number, now),
            )
    return known is None


def campaigns(store: Store, organisation: int) -> list[Campaign]:
    """Give the campaigns of an organisation."""
    rows = store.connection.execute(f"{_SELECT} ORDER BY campaign.handle", (organisation,)).fetchall()
    return [_campaign(*row) for row in rows]


def campaign_of(store: Store, organisation: int, name_id: str) -> Campaign | None:
    """Give a campaign of an organisation; None when it has none of that id."""
    row = store.connection.execute(f"{_SELECT} AND campaign.handle = ?", (organisation, name_id)).fetchone()
    return _campaign(*row) if row else None


def every_campaign(store: Store) -> list[tuple[str, Campaign]]:
    """Give all campaigns, each with the id of its organisation."""
    return [(owner, _campaign(*row)) for owner, *row in store.connection.execute(_EVERY).fetchall()]


def _campaign(name_id: str, caller: str, product: str, presents: int) -> Campaign:
    return Campaign(name_id, caller, product, e164(presents))


def _check_id(text: str) -> None:
    try:
        check_id(text)
    except InputError as error:
        error.where = "/campaign"
        raise
