"""A receipt as the Kantara Initiative's Consent Receipt 1.1 has it: for systems that read that older form.

It is a view, unsigned, as that specification leaves it; the signed receipt is what counts.
"""

__all__ = ["as_kantara"]

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.receipt.signed import Receipt

_VERSION = "KI-CR-v1.1.0"


def as_kantara(receipt: Receipt, key: VerifierKey) -> dict[str, Any]:
    """Give a receipt as a Kantara Consent Receipt.

    Args:
        receipt: as read and checked.
        key: that signed it; told as the receipt's public key.
    """
    record, given = receipt.record, receipt.record["consent_status"][0]
    agents = [recipient["name"] for recipient in record["process"]["recipient"] if "name" in recipient]
    party = record["data_controller"]
    return {
        "version": _VERSION,
        "jurisdiction": record["jurisdiction"].removeprefix("loc:"),
        "consentTimestamp": int(dt.datetime.fromisoformat(given["date"]).timestamp()),
        "collectionMethod": _collected(record["notice"]),
        "consentReceiptID": receipt.data["identifier"],
        "publicKey": str(key),
        "language": record["notice"]["language"],
        "piiPrincipalId": record["data_subject"]["identifier"],
        "piiControllers": [_controller(party)],
        "policyUrl": party["privacy_notice"],
        "services": [
            {
                "service": party["name"],
                "purposes": [_purpose(record, agents)],
            }
        ],
        "sensitive": False,
        "spiCat": [],
    }


def _collected(notice: Mapping[str, Any]) -> str:
    page = notice.get("page", "")
    if not page:
        return "not kept"
    return f"web form: {page}" if page.startswith(("https://", "http://")) else f"script: {page}"


def _controller(party: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "piiController": party["name"],
        "onBehalf": False,
        "contact": party["contact"][0],
        "address": {"streetAddress": party["address"]},
    }
    for way in party["contact"]:
        name = "email" if "@" in way else "piiControllerUrl" if way.startswith("https://") else "phone"
        told[name] = way
    return told


def _purpose(record: Mapping[str, Any], agents: Sequence[str]) -> dict[str, Any]:
    control = record["consent_control"]
    told: dict[str, Any] = {
        "purpose": f"calls about {record['process']['purpose']['title']}",
        "purposeCategory": ["Marketing"],
        "consentType": "EXPLICIT",
        "piiCategory": ["Contact"],
        "primaryPurpose": True,
        "termination": control.get("exercised_at") or control["contact"][0],
        "thirdPartyDisclosure": bool(agents),
    }
    return told | ({"thirdPartyName": ", ".join(agents)} if agents else {})
