"""The organisation itself: its keys, the mandates it gives and has, and the audit trail."""

__all__ = ["ROUTES"]

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.access.audit import Noted, entries
from belbaar.api.books import keys as books
from belbaar.api.books.keys import KeyMade, KeyTold, KeyWanted, MandateTold, MandateWanted, OrganisationTold
from belbaar.api.books.reading import reads
from belbaar.api.service import Service
from belbaar.reading import written

_MOST = 1000
_DAY_MINUTES = 1440
_LAST = 2**53 - 1


class Keys(msgspec.Struct, frozen=True):
    """The keys of an organisation."""

    keys: list[KeyTold]


class Grace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many minutes the old key is still good, at most 90 days."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=90 * _DAY_MINUTES)] = _DAY_MINUTES


class Mandates(msgspec.Struct, frozen=True):
    """The mandates that an organisation gave and has."""

    mandates: list[MandateTold]


class AuditEntry(msgspec.Struct, frozen=True):
    """Something that was done.

    Args:
        entry: its place in the log.
        act: what, such as ``key.make``.
        at: when.
        by: the id of the key or account, or ``cli:`` and who used the command line.
        role: in which role.
        details: what it was about: ids.
        about: the place of the entry, under the key of its number, that tells of which number.
    """

    entry: int
    act: str
    at: str
    by: str
    role: str
    details: dict[str, str]
    about: int | None


class Trail(msgspec.Struct, frozen=True):
    """Entries in the order in which they were made. ``next``: ask with it as ``after`` for more; None: there are none yet."""

    entries: list[AuditEntry]
    next: int | None


@get("/v1/organisation", operation_id="getOrganisation", tags=["Access"], summary="Who am I?")
async def get_organisation(principal: Principal, service: Service) -> OrganisationTold:
    """Tell whose the key is that asks, and what it may do."""
    return await reads(
        service,
        principal,
        "",
        lambda _, who: OrganisationTold(
            who.organisation.id, who.organisation.name, who.id, who.role, sorted(who.rights), sorted(who.callers)
        ),
    )


@get("/v1/keys", operation_id="listKeys", tags=["Access"], summary="Your organisation's keys.")
async def list_keys(principal: Principal, service: Service) -> Keys:
    """Give keys as they are known, and when each was last used; a key itself is never shown again."""
    return Keys(await reads(service, principal, "books", books.keys_of))


@post("/v1/keys", status_code=201, operation_id="makeKey", tags=["Access"], summary="Make a key.")
async def make_key(data: KeyWanted, principal: Principal, service: Service) -> KeyMade:
    """Make a key for a program of your organisation, that may do no more than the key that asks. It is shown once."""
    act = service.books.act(principal, "administer", lambda store, who: books.make(store, who, data))
    made: KeyMade = await service.desk.does(act)
    return made


@post(
    "/v1/keys/{key_id:str}/rotate", status_code=201, operation_id="rotateKey", tags=["Access"], summary="Renew a key."
)
async def rotate_key(key_id: str, data: Grace, principal: Principal, service: Service) -> KeyMade:
    """Make a key that may do what another may; the old one is good for some minutes yet, a day where nothing is said."""
    act = service.books.act(principal, "administer", lambda store, who: books.rotate(store, who, key_id, data.minutes))
    made: KeyMade = await service.desk.does(act)
    return made


@delete("/v1/keys/{key_id:str}", operation_id="revokeKey", tags=["Access"], summary="Take a key back.")
async def revoke_key(key_id: str, principal: Principal, service: Service) -> None:
    """Take a key back: the next request with it is refused, on every process. Again changes nothing."""
    await service.desk.does(
        service.books.act(principal, "administer", lambda store, who: books.revoke(store, who, key_id))
    )


@get("/v1/mandates", operation_id="listMandates", tags=["Access"], summary="Who works for whom.")
async def list_mandates(principal: Principal, service: Service) -> Mandates:
    """Give the mandates that your organisation gave of its callers, and those it has of others'."""
    return Mandates(await reads(service, principal, "books", books.mandates_of))


@post("/v1/mandates", status_code=200, operation_id="giveMandate", tags=["Access"], summary="Give a mandate.")
async def give_mandate(data: MandateWanted, principal: Principal, service: Service) -> MandateTold:
    """Let another organisation, an agent, ask and record for one of your callers; it sees that caller and no other."""
    act = service.books.act(principal, "administer", lambda store, who: books.give(store, who, data))
    told: MandateTold = await service.desk.does(act)
    return told


@post("/v1/mandates/end", status_code=204, operation_id="endMandate", tags=["Access"], summary="End a mandate.")
async def end_mandate(data: MandateWanted, principal: Principal, service: Service) -> None:
    """Let it work for that caller no longer: its next request is refused, on every process. Again changes nothing."""
    await service.desk.does(service.books.act(principal, "administer", lambda store, who: books.end(store, who, data)))


@get("/v1/audit", operation_id="listAudit", tags=["Access"], summary="The audit trail.")
async def list_audit(
    principal: Principal,
    service: Service,
    after: Annotated[int, QueryParameter(ge=-1, le=_LAST)] = -1,
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = 100,
) -> Trail:
    """Give what was done in your organisation's name: each an entry of the log, sealed under a key of its own."""
    found = await reads(
        service, principal, "audit", lambda store, who: entries(store, who.organisation, after=after, limit=limit)
    )
    return Trail([_told(each) for each in found], found[-1].entry if len(found) == limit else None)


def _told(noted: Noted) -> AuditEntry:
    return AuditEntry(noted.entry, noted.act, written(noted.at), noted.by, noted.role, dict(noted.details), noted.about)


ROUTES = (
    get_organisation,
    list_keys,
    make_key,
    rotate_key,
    revoke_key,
    list_mandates,
    give_mandate,
    end_mandate,
    list_audit,
)
