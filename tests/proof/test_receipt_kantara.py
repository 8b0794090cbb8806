"""A receipt as a Kantara Consent Receipt 1.1, for those who read that."""

from dataclasses import replace

import pytest

from belbaar.proof.receipt.kantara import as_kantara
from tests.proof.receipts import GIVEN, GIVEN_AT, GOOD, HOW, PARTY, SIGNER, checked, receipt


def test_kantara_has_what_its_specification_demands():
    made = as_kantara(checked(GOOD), SIGNER.verifier())
    assert made["consentTimestamp"] == GIVEN_AT // 1_000_000
    assert made["piiPrincipalId"] == "+31201000007"
    assert made["jurisdiction"] == "NL"
    assert made["collectionMethod"] == "web form: https://voltix.example/aanvraag"
    (controller,) = made["piiControllers"]
    assert controller == {
        "piiController": PARTY.name,
        "onBehalf": False,
        "contact": PARTY.email,
        "address": {"streetAddress": PARTY.address},
        "email": PARTY.email,
        "phone": PARTY.phone,
        "piiControllerUrl": PARTY.url,
    }
    (service,) = made["services"]
    (purpose,) = service["purposes"]
    assert (purpose["consentType"], purpose["thirdPartyName"]) == ("EXPLICIT", "Belhuis Noord B.V.")
    assert (made["sensitive"], made["spiCat"], made["policyUrl"]) == (False, [], PARTY.privacy_url)


@pytest.mark.parametrize(
    ("page", "told"),
    [(None, "not kept"), ("script-7", "script: script-7"), ("http://a.example", "web form: http://a.example")],
)
def test_kantara_says_how_the_consent_was_collected(page, told):
    how = {name: value for name, value in {**HOW, "page": page}.items() if value}
    assert as_kantara(checked(receipt((replace(GIVEN, how=how),))), SIGNER.verifier())["collectionMethod"] == told
