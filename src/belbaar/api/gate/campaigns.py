"""A campaign that is registered by somebody with the right to, and noted in the trail."""

__all__ = ["NewCampaign", "add_campaign"]

from typing import Annotated

import msgspec

from belbaar.api.access.audit import Actor, note
from belbaar.ledger import Store
from belbaar.ledger.campaigns import Campaign, register_campaign
from belbaar.numbers import e164
from belbaar.reading import read_number

_Short = Annotated[str, msgspec.Meta(max_length=200)]


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


def add_campaign(store: Store, actor: Actor, new: NewCampaign, *, now: int) -> Campaign:
    """Register a campaign of the organisation that acts; the very same again changes nothing.

    Raises:
        InputError: for an ill-formed id or product, a number that is not the caller's, an id that is another's.
    """
    made = Campaign(new.campaign, new.caller, new.product, e164(read_number(new.presents, "/presents")))
    with store.writing():
        if register_campaign(store, actor.organisation.key, made, now=now):
            note(store, actor, "campaign.register", {"campaign": made.campaign, "caller": made.caller})
    return made
