"""History, dossiers and receipts over HTTP: what is an organisation's own to see, and nothing of another's."""

import io
import json
import zipfile
from datetime import datetime

import pytest

from tests.api.conftest import ASKED, CONSENTED
from tests.api.others import FOREIGN, SHARED, with_another


@pytest.fixture(scope="module")
def other(service):
    """Another organisation's key; the first one has a consent of the shared number too."""
    consent = {
        "event": "consent.given",
        "number": SHARED,
        "caller": "voltix",
        "product": "energy",
        "at": "2026-09-01T10:00:00+02:00",
        "wording": "Ja, Voltix mag mij bellen over energie.",
        "verified": "sms",
    }
    assert service.post("/v1/events", consent).json()["new"] == 1
    return with_another(service)


def kinds(answer):
    return [(event["event"], event["caller"]) for event in answer.json()["events"]]


def test_history_tells_what_was_known_at_an_instant_with_its_place_in_the_log(service):
    known = service.post("/v1/history", {"number": CONSENTED}).json()
    (event,) = known["events"]
    assert (event["event"], event["caller"], event["own"], event["by"] is not None) == (
        "consent.given",
        "voltix",
        True,
        True,
    )
    assert event["fields"]["wording"] == "Ja, Voltix mag mij bellen over energie."
    assert datetime.fromisoformat(event["recorded_at"]) > datetime.fromisoformat(event["at"])
    listed = service.command("log", "entries", CONSENTED)
    assert event["entry"] in [each["entry"] for each in listed]
    earlier = service.post("/v1/history", {"number": CONSENTED, "known_at": "2026-09-05T00:00"}).json()
    assert earlier["events"] == []


def test_history_holds_nothing_of_anothers_callers_and_not_who_recorded_what(service, other):
    assert kinds(service.post("/v1/history", {"number": FOREIGN})) == []
    assert kinds(service.post("/v1/history", {"number": FOREIGN}, key=other)) == [("consent.given", "waterdruppel")]
    own = service.post("/v1/history", {"number": SHARED})
    assert kinds(own) == [("consent.given", "voltix"), ("objection.made", None)]
    objection = own.json()["events"][1]
    assert (objection["own"], objection["by"], objection["source"], objection["row"]) == (False, None, None, None)
    theirs = service.post("/v1/history", {"number": SHARED}, key=other)
    assert kinds(theirs) == [("consent.given", "waterdruppel"), ("objection.made", None), ("complaint.filed", None)]
    assert all(event["by"] for event in theirs.json()["events"])


def test_history_is_for_who_has_the_right(service):
    key = service.make_key("integrator")
    refused = service.post("/v1/history", {"number": CONSENTED}, key=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert service.post("/v1/history", {"number": "06"}).json()["pointer"] == "/number"
    assert service.post("/v1/history", {"number": CONSENTED, "known_at": "gisteren"}).json()["pointer"] == "/known_at"


def parts(answer):
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_dossier_proves_itself_and_its_making_is_logged(service):
    before = service.command("log", "check")["entries"]
    made = service.post("/v1/dossiers", {"number": CONSENTED})
    assert (made.headers["content-type"], made.headers["belbaar-proven"]) == ("application/zip", "partly")
    # no authority has stamped the log: that is what is not shown
    shown = json.loads(parts(made)["dossier.json"])
    assert "consent.given" in [
        leaf["sections"]["what"]["body"]["kind"] for leaf in shown["leaves"] if "sections" in leaf
    ]
    assert (
        service.command("log", "check")["entries"] == before + 3
    )  # that it was made; who made it, and of which number


def test_a_dossier_of_a_call_shows_that_call(service):
    told = service.post("/v1/verdicts", ASKED).json()
    made = parts(service.post("/v1/dossiers", {"number": CONSENTED, "call": told["entry"]}))
    assert f"proofs/verdict-{told['entry']}.tlog-proof" in made
    refused = service.post("/v1/dossiers", {"number": CONSENTED, "call": told["entry"] + 999}).json()
    assert refused["pointer"] == "/call"


def test_a_dossier_holds_nothing_of_anothers_callers(service, other):
    foreign = service.post("/v1/dossiers", {"number": FOREIGN})
    nobody = service.post("/v1/dossiers", {"number": "+31201000099"})
    assert foreign.status_code == nobody.status_code == 422
    assert foreign.json() == nobody.json()
    unknown = service.post("/v1/dossiers", {"number": SHARED, "callers": ["nobody"]}).json()
    others = service.post("/v1/dossiers", {"number": SHARED, "callers": ["waterdruppel"]}).json()
    assert (others["code"], others["pointer"]) == ("unknown-caller", "/callers/0")
    assert others["detail"].replace("waterdruppel", "nobody") == unknown["detail"]

    their_key_id = other.split("_")[1]
    own, theirs = (parts(service.post("/v1/dossiers", {"number": SHARED}, key=key)) for key in ("", other))
    for secret in (b"waterdruppel", b"Waterdruppel", b"charity", b"werd boos", their_key_id.encode()):
        assert any(secret in content for content in theirs.values())
        assert not [name for name, content in own.items() if secret in content], secret
    leaves = {leaf["name"]: leaf for leaf in json.loads(own["dossier.json"])["leaves"]}
    (objection,) = [leaf for name, leaf in leaves.items() if name.startswith("objection-made")]
    assert objection["sections"]["what"]["body"]["scope"] == "all"
    assert list(objection["sections"]["how"]) == ["hash"]


def test_a_dossier_needs_the_right_and_says_what_it_is_of(service):
    key = service.make_key("supervisor")
    assert service.post("/v1/dossiers", {"number": CONSENTED}, key=key).status_code == 403
    assert service.post("/v1/dossiers", {}).json()["pointer"] == "/number"
    assert service.post("/v1/dossiers", {"screening": 1, "call": 2}).json()["pointer"] == "/screening"
    assert service.post("/v1/dossiers", {"screening": 0, "rows": [1]}).json()["pointer"] == "/screening"


def test_a_receipt_is_made_for_own_callers_only(service, other):
    asked = {"number": CONSENTED, "caller": "voltix", "about": "energie"}
    incomplete = service.post("/v1/receipts", asked)
    assert incomplete.status_code == 422
    service.command(
        "caller", "describe", "voltix", "--kvk", "12345678", "--address", "Plein 1, 1012 AB Amsterdam",
        "--email", "privacy@voltix.example", "--privacy-url", "https://voltix.example/privacy",
        "--withdraw-url", "https://voltix.example/stop", "--stored-in", "NL",
    )  # fmt: skip
    signed = service.post("/v1/receipts", {**asked, "form": "signed"})
    assert signed.status_code == 200, signed.text
    (service.folder / "own.receipt").write_text(signed.text, encoding="utf-8")
    assert service.command("check-receipt", "own.receipt", "--number", CONSENTED)
    assert "Voltix Energie B.V." in service.post("/v1/receipts", {**asked, "form": "text"}).text
    assert service.post("/v1/receipts", asked).json()
    refused = service.post("/v1/receipts", asked, key=other)
    assert (refused.status_code, refused.json()["code"], refused.json()["pointer"]) == (
        422,
        "unknown-caller",
        "/caller",
    )
    assert service.post("/v1/receipts", {**asked, "number": FOREIGN}).json()["code"] == "no-consent"
