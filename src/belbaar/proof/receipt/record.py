"""The record of a consent by ISO/IEC TS 27560:2023, in the profile that the W3C DPV community group made of it.

A record has two sorts of fields. What is *proven* follows from the leaves of the log that are opened beside it: who,
when, about what, on which words and boxes. What is *told* is the caller's own word: its address, its agents, where it
keeps the data. ``proven`` is one function of the opened bodies, so whoever checks a receipt makes it again.

    >>> given = Body(what={"kind": "consent.given", "at": 0, "caller": "voltix", "product": "energy",
    ...                    "wording": sha256(b"Ja.").hexdigest()}, who={"number": 31201000007})
    >>> proven([given], "Ja.")["data_subject"]
    {'identifier': '+31201000007', 'type': 'dpv:DataSubject'}
"""

__all__ = ["UTC", "Party", "Told", "agrees", "check_party", "event_of", "party_of", "proven", "record_of"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from belbaar.errors import InputError, ProofError
from belbaar.law.calendar import moment_of
from belbaar.law.products import ALL
from belbaar.ledger.details import TOLD, check_detail, missing_details
from belbaar.numbers import e164
from belbaar.proof.entries.commit import ID_BYTES, Body
from belbaar.proof.entries.jcs import Value, encode
from belbaar.proof.erasure.retention import ROW_OF
from belbaar.proof.receipt.context import RECORD_PROFILE

UNKNOWN_LANGUAGE = "und"
"""How BCP 47 says that a language is not known."""
_LARGEST_NUMBER = 10**15
"""E.164 numbers have fifteen digits at most."""
UTC = ZoneInfo("UTC")
_RIGHTS = ("A7-3", "A13", "A15", "A16", "A17", "A18", "A20", "A21", "A77")
_TOLD = frozenset(
    {
        "applicable_law",
        "authority",
        "conforms_to",
        "consent_control",
        "contact_by",
        "data_controller",
        "id",
        "identifier",
        "jurisdiction",
        "organisational_measure",
        "process",
        "right",
        "type",
    }
)
"""What a record says on the caller's word, wholly or in part."""
_LATER = {"consent.verified": "dpv:ConsentGiven", "consent.withdrawn": "dpv:ConsentWithdrawn"}


@dataclass(frozen=True, slots=True)
class Party:
    """Who may call: what a person must know to find, stop and hold them to account.

    Args:
        name: of the legal entity.
        kvk: its number in the trade register, eight digits.
        address: where it has its seat.
        email: where it reads what people write.
        phone: where people can call it.
        url: its site.
        privacy_url: where it says what it does with personal data.
        withdraw_url: where consent is taken back.
        withdraw_phone: the number to call for that.
        stored_in: the countries where it keeps the data, two letters each.
    """

    name: str
    kvk: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    url: str = ""
    privacy_url: str = ""
    withdraw_url: str = ""
    withdraw_phone: str = ""
    stored_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says on the caller's word.

    Args:
        party: the caller.
        record_id: of the consent's leaf, 16 bytes.
        product: the product in words, such as ``energie``; as in the event when empty.
        agents: names of the bureaus that call for it.
        contact_by: the last day on which a first call keeps the consent good, where the law sets one; ISO.
    """

    party: Party
    record_id: bytes
    product: str = ""
    agents: tuple[str, ...] = ()
    contact_by: str = ""


def party_of(name: str, details: Mapping[str, str]) -> Party:
    """Give the party of a caller: its name, and the details that the ledger keeps of it."""
    known = {key: value for key, value in details.items() if key in TOLD and key != "stored_in"}
    return Party(name, **known, stored_in=tuple(details.get("stored_in", "").split()))


def check_party(party: Party) -> None:
    """See to it that a party says all that a receipt must hold.

    Raises:
        InputError: names all that is missing, or what is malformed.
    """
    details = {name: getattr(party, name) for name in TOLD} | {"stored_in": " ".join(party.stored_in)}
    for name, value in details.items():
        if check_detail(name, value) != value:
            raise InputError(f'"{value}" is not written as it is kept.', where=name, todo="Let check_detail read it.")
    missing = missing_details(details)
    if missing:
        raise InputError(
            f"a receipt cannot be made: of {party.name} is not known: {', '.join(missing)}.",
            todo="Say it with: belbaar caller describe ID --kvk … --address … --withdraw-url https://… (and so on)",
            code="party-incomplete",
        )


def event_of(body: Body) -> dict[str, Value]:
    """Give what an opened body says of its event, *what* and *how* together."""
    return {**body.how, **body.what}


def proven(bodies: Sequence[Body], wording: str) -> dict[str, Value]:
    """Make the part of a record that follows from opened leaves and the text they name.

    Args:
        bodies: of the consent, then of what later confirmed or took it back.
        wording: the text in full.

    Raises:
        ProofError: when these leaves are not of one consent, or its text is another.
    """
    given, number = event_of(bodies[0]), _number(bodies[0])
    _check_story(bodies)
    digest = sha256(wording.encode()).hexdigest()
    if given.get("wording") != digest:
        raise ProofError("the wording is not the one that the person saw.", code="another-wording")
    notice: dict[str, Value] = {
        "language": given.get("language", UNKNOWN_LANGUAGE),
        "sha256": digest,
        "text": wording,
        "type": "dpv:ConsentNotice",
        **{name: given[name] for name in ("boxes", "page", "shown_at") if name in given},
        **({"version": given["wording_version"]} if "wording_version" in given else {}),
    }
    record: dict[str, Value] = {
        "channels": given.get("channels", ["voice"]),
        "consent_status": [_status(event_of(body), str(given.get("until", ".."))) for body in bodies],
        "data_controller": {"caller": _text(given, "caller")},
        "data_subject": {"identifier": e164(number), "type": "dpv:DataSubject"},
        "notice": notice,
        "process": {
            "personal_data": {"identifier": e164(number)},
            "purpose": {"product": given.get("product", ALL)},
        },
    }
    return record | {name: given[name] for name in ("captured_by", "conditional_on", "ip_prefix") if name in given}


def record_of(bodies: Sequence[Body], wording: str, told: Told) -> dict[str, Value]:
    """Make the whole record.

    Raises:
        InputError: when the caller does not say all that a record must hold.
        ProofError: when the leaves are not of one consent, or its text is another.
    """
    if len(told.record_id) != ID_BYTES:
        raise InputError(f"the id of a leaf has {ID_BYTES} bytes.")
    check_party(told.party)
    _check_story(bodies)
    if not event_of(bodies[0]).get("wording"):
        raise InputError(
            "a receipt cannot be made: the wording of this consent was not kept.",
            todo="Record consents with the text that was shown: wording.",
            code="no-wording",
        )
    made = proven(bodies, wording)
    product = told.product or str(event_of(bodies[0]).get("product", ALL))
    controller = f"urn:x-kvk:{told.party.kvk}"
    said: dict[str, Value] = {
        "applicable_law": ["eu-gdpr:GDPR"],
        "authority": [
            {
                "name": "Autoriteit Consument & Markt",
                "contact": ["https://www.consuwijzer.nl"],
                "type": "dpv:Authority",
            },
            {
                "name": "Autoriteit Persoonsgegevens",
                "contact": ["https://www.autoriteitpersoonsgegevens.nl"],
                "type": "dpv:DataProtectionAuthority",
            },
        ],
        "conforms_to": RECORD_PROFILE,
        "consent_control": _withdrawal(told.party),
        "data_controller": _controller(told.party, controller),
        "id": f"urn:uuid:{UUID(bytes=told.record_id)}",
        "identifier": told.record_id.hex(),
        "jurisdiction": "loc:NL",
        "organisational_measure": {"title": "Code Telemarketing", "type": "dpv:CodeOfConduct"},
        "process": _process(told, product, controller),
        "right": [f"eu-gdpr:{right}" for right in _RIGHTS],
        "type": "dpv:ConsentRecord",
    }
    if told.contact_by:
        said["contact_by"] = told.contact_by
    return _joined(said, made)


def agrees(record: Mapping[str, Any], bodies: Sequence[Body]) -> bool:
    """Tell whether a record says what the opened leaves say, and of what they do not say no more than a caller may.

    Raises:
        ProofError: when the leaves are not of one consent, or the text is another.
    """
    true = proven(bodies, str(record["notice"]["text"]))
    whole = all(name in true and _same(record[name], true[name]) for name in record if name not in _TOLD)
    there = all(name in record for name in true)
    controller = _same(record["data_controller"]["caller"], _text(event_of(bodies[0]), "caller"))
    process, said = true["process"], record["process"]
    parts = isinstance(process, dict) and all(
        _same({name: said[part][name] for name in value}, value)
        for part, value in process.items()
        if isinstance(value, dict)
    )
    return whole and there and controller and parts


def _same(one: object, other: object) -> bool:
    """Tell whether two values have the same canonical bytes: so ``1`` is not ``true``."""
    return encode(one) == encode(other)


def _check_story(bodies: Sequence[Body]) -> None:
    first = event_of(bodies[0])
    if first.get("kind") != "consent.given":
        raise ProofError("the first leaf of a receipt is not that of a consent.")
    for body in bodies[1:]:
        later = event_of(body)
        if later.get("kind") not in _LATER or _number(body) != _number(bodies[0]):
            raise ProofError("a leaf of this receipt is of another person, or no part of a consent.")
        if later.get("caller") != first.get("caller") or _whole(later, "at") < _whole(first, "at"):
            raise ProofError("a leaf of this receipt is of another consent.")


def _status(event: Mapping[str, Value], until: str) -> dict[str, Value]:
    """Say in which state an event left the consent, when, and until when it is good; ``..`` is an open end."""
    kind, at = _text(event, "kind"), _whole(event, "at")
    expressed = "dpv:ImpliedConsent" if event.get("affirmative") is False else "dpv:ExplicitlyExpressedConsent"
    status: dict[str, Value] = {
        "date": _instant(at),
        "implemented_by": "dpv:DataSubject",
        "legal_basis": expressed,
        "type": _LATER.get(kind, "dpv:ConsentGiven"),
        "valid": _instant(at) if kind == "consent.withdrawn" else f"{_instant(at)}/{until}",
    }
    method = event.get("method", event.get("verified"))
    if method is not None:
        verification: dict[str, Value] = {"method": method, "to_number": event.get("challenge_to_number", False)}
        if "challenge_sent" in event:
            verification["sent"] = event["challenge_sent"]
        status["verification"] = verification
    return status


def _controller(party: Party, id_: str) -> dict[str, Value]:
    contact: list[Value] = [way for way in (party.email, party.phone, party.url) if way]
    return {
        "address": party.address,
        "contact": contact,
        "id": id_,
        "identifier": f"KvK {party.kvk}",
        "name": party.name,
        "privacy_notice": party.privacy_url,
        "type": ["dpv:DataController", "dpv:LegalEntity"],
    }


def _withdrawal(party: Party) -> dict[str, Value]:
    control: dict[str, Value] = {"type": "dpv:WithdrawConsent"}
    if party.withdraw_url:
        control["exercised_at"] = party.withdraw_url
    if party.withdraw_phone:
        control["contact"] = [party.withdraw_phone]
    return control


def _process(told: Told, product: str, controller: str) -> dict[str, Value]:
    row = ROW_OF["consent.given"]
    places: list[Value] = [f"loc:{country}" for country in told.party.stored_in]
    agents: list[Value] = [{"name": agent, "type": "dpv:DataProcessor"} for agent in told.agents]
    return {
        "data_source": "dpv:DataSubject",
        "legal_basis": "eu-gdpr:A6-1-a",
        "personal_data": {"necessity": "dpv:Required", "special_category": False, "type": "pd:TelephoneNumber"},
        "processing": ["dpv:Collect", "dpv:Store", "dpv:Use"],
        "processing_condition": {"location": places, "type": "dpv:ProcessingLocation"},
        "purpose": {"title": product, "type": "dpv:DirectMarketing"},
        "recipient": [{"id": controller, "type": "dpv:DataController"}, *agents],
        "storage_condition": [
            {"location": places, "type": "dpv:StorageLocation"},
            {"duration": f"{row.term} after {row.since[1]}", "type": "dpv:StorageDuration"},
        ],
        "type": "dpv:Process",
    }


def _joined(one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    """Put two objects into one, the objects inside them too."""
    both: dict[str, Value] = dict(one)
    for name, value in other.items():
        there = both.get(name)
        both[name] = _joined(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return both


def _number(body: Body) -> int:
    number = _whole(body.who, "number")
    if not 0 < number < _LARGEST_NUMBER:
        raise ProofError("an opened leaf names no telephone number.")
    return number


def _whole(section: Mapping[str, Value], name: str) -> int:
    value = section.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProofError(f'an opened leaf does not say "{name}" as it should.')
    return value


def _text(section: Mapping[str, Value], name: str) -> str:
    value = section.get(name)
    if not isinstance(value, str):
        raise ProofError(f'an opened leaf does not say "{name}" as it should.')
    return value


def _instant(at: int) -> str:
    return moment_of(at, UTC).replace(tzinfo=None).isoformat() + "Z"  # canonical integers stay inside the calendar
