"""A receipt as linked data: every word has a meaning, all that 27560 and the GDPR ask is there, nothing is fetched."""

from dataclasses import replace

import pytest

from belbaar.proof.receipt.context import CONTEXT
from belbaar.proof.receipt.signed import as_json_ld, read_receipt
from tests.proof.receipts import GIVEN, GOOD, PARTY, VERIFIED, WHAT, WITHDRAWN, receipt

jsonld = pytest.importorskip("pyld.jsonld", reason="pyld is not installed: make setup")
DPV, BEL, DCT = "https://w3id.org/dpv#", "https://belbaar.example/ns/receipt/1#", "http://purl.org/dc/terms/"


def nothing_fetched(url, _options):
    raise AssertionError(url)


def expanded(read):
    (node,) = jsonld.expand(as_json_ld(read), {"documentLoader": nothing_fetched})
    return node


def keys_of(value):
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            if name != "log":
                yield from keys_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys_of(part)


@pytest.mark.parametrize(
    "bodies",
    [(GIVEN,), (GIVEN, VERIFIED, WITHDRAWN), (replace(GIVEN, what={**WHAT, "conditional_on": "korting"}),)],
    ids=str,
)
def test_every_word_of_a_receipt_has_a_meaning_in_its_context(bodies):
    assert set(keys_of(dict(read_receipt(receipt(bodies)).data))) <= set(CONTEXT)


def test_json_ld_is_what_was_signed_with_a_context_and_nothing_is_fetched():
    read = read_receipt(GOOD)
    document = as_json_ld(read)
    assert {name: value for name, value in document.items() if name != "@context"} == read.data
    node = expanded(read)
    assert node["@type"] == [f"{DPV}ConsentReceipt"]
    assert node[f"{DCT}conformsTo"] == [{"@id": "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"}]


def test_a_record_has_all_fields_that_27560_and_the_gdpr_ask_by_the_words_of_the_dpv():
    (record,) = expanded(read_receipt(receipt((GIVEN, VERIFIED, WITHDRAWN))))[f"{DPV}hasRecordOfActivity"]
    assert record["@type"] == [f"{DPV}ConsentRecord"]
    assert record[f"{DCT}conformsTo"] == [{"@id": "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"}]
    for name in (
        "hasApplicableLaw",
        "hasAuthority",
        "hasConsentControl",
        "hasConsentStatus",
        "hasDataController",
        "hasDataSubject",
        "hasJurisdiction",
        "hasNotice",
        "hasOrganisationalMeasure",
        "hasProcess",
        "hasRight",
    ):
        assert record[f"{DPV}{name}"], name
    (process,) = record[f"{DPV}hasProcess"]
    for name in (
        "hasDataSource",
        "hasLegalBasis",
        "hasPersonalData",
        "hasProcessing",
        "hasProcessingCondition",
        "hasPurpose",
        "hasRecipient",
        "hasStorageCondition",
    ):
        assert process[f"{DPV}{name}"], name
    (controller,) = record[f"{DPV}hasDataController"]
    assert all(controller[f"{DPV}{name}"] for name in ("hasAddress", "hasContact", "hasName"))
    assert controller[f"{DCT}identifier"] == [{"@value": "KvK 12345678"}]
    assert process[f"{DPV}hasLegalBasis"] == [{"@id": "https://w3id.org/dpv/legal/eu/gdpr#A6-1-a"}]
    (data,) = process[f"{DPV}hasPersonalData"]
    assert data["@type"] == ["https://w3id.org/dpv/pd#TelephoneNumber"]
    states = [status["@type"] for status in record[f"{DPV}hasConsentStatus"]]
    assert states == [[f"{DPV}ConsentGiven"], [f"{DPV}ConsentGiven"], [f"{DPV}ConsentWithdrawn"]]
    (control,) = record[f"{DPV}hasConsentControl"]
    assert control[f"{DPV}isExercisedAt"] == [{"@id": PARTY.withdraw_url}]


def test_boxes_keep_their_order_and_the_log_stays_as_it_is():
    node = expanded(read_receipt(GOOD))
    (record,) = node[f"{DPV}hasRecordOfActivity"]
    (notice,) = record[f"{DPV}hasNotice"]
    boxes = notice[f"{BEL}boxes"][0]["@list"]
    assert [box[f"{BEL}label"][0]["@value"] for box in boxes] == ["Ja, bel mij", "Ja, mail mij"]
    assert node[f"{BEL}log"] == [{"@type": "@json", "@value": read_receipt(GOOD).data["log"]}]


def test_a_receipt_survives_the_way_through_linked_data():
    read = read_receipt(GOOD)
    compacted = jsonld.compact(expanded(read), CONTEXT, {"documentLoader": nothing_fetched})
    assert compacted["record"]["notice"] == read.record["notice"]
    assert compacted["record"]["data_subject"] == read.record["data_subject"]
