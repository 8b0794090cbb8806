"""What the words of a receipt mean: the JSON-LD context that turns its canonical keys into terms of the W3C DPV.

    >>> CONTEXT["record"], CONTEXT["created"]
    ('dpv:hasRecordOfActivity', {'@id': 'dct:created', '@type': 'xsd:dateTime'})

It is shipped here and stands in every JSON-LD export; nothing is ever fetched. A receipt is signed without it, in the
profile of canonical JSON (``belbaar.proof.entries.jcs``), and is the same document with it.
"""

__all__ = ["CONTEXT", "RECEIPT_PROFILE", "RECORD_PROFILE"]

from typing import Any

RECORD_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
RECEIPT_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
"""The profiles of ISO/IEC TS 27560:2023 that records and receipts follow, as the DPVCG published them."""


def _iri(term: str) -> dict[str, str]:
    return {"@id": term, "@type": "@id"}


def _time(term: str) -> dict[str, str]:
    return {"@id": term, "@type": "xsd:dateTime"}


_PREFIXES = {
    "bel": "https://belbaar.example/ns/receipt/1#",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_DPV: dict[str, Any] = {
    "address": "dpv:hasAddress",
    "applicable_law": _iri("dpv:hasApplicableLaw"),
    "authority": "dpv:hasAuthority",
    "consent_control": "dpv:hasConsentControl",
    "consent_status": "dpv:hasConsentStatus",
    "contact": "dpv:hasContact",
    "data_controller": "dpv:hasDataController",
    "data_source": _iri("dpv:hasDataSource"),
    "data_subject": "dpv:hasDataSubject",
    "duration": "dpv:hasDuration",
    "exercised_at": _iri("dpv:isExercisedAt"),
    "implemented_by": _iri("dpv:isImplementedByEntity"),
    "jurisdiction": _iri("dpv:hasJurisdiction"),
    "legal_basis": _iri("dpv:hasLegalBasis"),
    "location": _iri("dpv:hasLocation"),
    "name": "dpv:hasName",
    "necessity": _iri("dpv:hasNecessity"),
    "notice": "dpv:hasNotice",
    "organisational_measure": "dpv:hasOrganisationalMeasure",
    "personal_data": "dpv:hasPersonalData",
    "process": "dpv:hasProcess",
    "processing": _iri("dpv:hasProcessing"),
    "processing_condition": "dpv:hasProcessingCondition",
    "purpose": "dpv:hasPurpose",
    "recipient": "dpv:hasRecipient",
    "record": "dpv:hasRecordOfActivity",
    "right": _iri("dpv:hasRight"),
    "service": "dpv:hasService",
    "storage_condition": "dpv:hasStorageCondition",
}
_DCT: dict[str, Any] = {
    "conforms_to": _iri("dct:conformsTo"),
    "created": _time("dct:created"),
    "date": _time("dct:date"),
    "identifier": "dct:identifier",
    "language": "dct:language",
    "publisher": _iri("dct:publisher"),
    "title": "dct:title",
    "valid": "dct:valid",
}
_BEL: dict[str, Any] = {
    "boxes": {"@id": "bel:boxes", "@container": "@list"},
    "caller": "bel:caller",
    "captured_by": "bel:capturedBy",
    "channels": "bel:channels",
    "conditional_on": "bel:conditionalOn",
    "contact_by": "bel:contactBy",
    "final": "bel:final",
    "initial": "bel:initial",
    "ip_prefix": "bel:ipPrefix",
    "label": "bel:label",
    "log": {"@id": "bel:log", "@type": "@json"},
    "method": "bel:method",
    "page": "bel:page",
    "privacy_notice": _iri("bel:privacyNotice"),
    "product": "bel:product",
    "sent": _time("bel:sent"),
    "sha256": "bel:sha256",
    "shown_at": _time("bel:shownAt"),
    "special_category": "bel:specialCategory",
    "text": "bel:text",
    "to_number": "bel:toNumber",
    "verification": "bel:verification",
    "version": "bel:version",
}
CONTEXT: dict[str, Any] = {"@version": 1.1, **_PREFIXES, "id": "@id", "type": "@type", **_DPV, **_DCT, **_BEL}
"""The ``@context`` of a receipt."""
