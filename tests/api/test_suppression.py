"""Objections to all callers count for every organisation, and tell none who recorded them or whose customer it is."""

import io
import zipfile

import pytest

from tests.api.conftest import CONSENT
from tests.api.service import Service

NUMBER, OTHER = "+31201000061", "+31201000062"
TO_ALL = {"event": "objection.made", "scope": "all", "at": "2026-09-03T10:00:00+02:00"}
TELLING = ("voltix", "Voltix", "house", "dialer", "zomeractie")


@pytest.fixture(scope="module")
def rival(service: Service) -> str:
    """The key of an organisation whose caller has the consent of the same persons."""
    service.command("organisation", "add", "rival", "--name", "Rival B.V.")
    key = service.make_key("administrator", "rival")
    service.post("/v1/callers", {"caller": "rival.gas", "name": "Gas", "sector": "commercial", "numbers": ["+31201990008"]}, key=key)  # fmt: skip
    given = [
        {**CONSENT, "caller": "rival.gas", "number": number, "wording": "Ja, Gas mag."} for number in (NUMBER, OTHER)
    ]
    assert service.post("/v1/events", given, key=key).json()["new"] == 2
    return key


@pytest.mark.parametrize(("number", "named"), [(NUMBER, {"caller": "voltix"}), (OTHER, {})])
def test_an_objection_to_all_counts_for_all_and_tells_nothing_of_who_recorded_it(service, rival, number, named):
    asked = {"number": number, "caller": "rival.gas", "product": "energy"}
    permit = service.post("/v1/verdicts", asked, key=rival).json()["permit"]["token"]
    recorded = service.post("/v1/events", {**TO_ALL, "number": number, **named}).json()
    event = recorded["results"][0]["event"]
    for more in ({}, {"known_at": "2026-09-08T15:00:00+02:00", "at": "2026-09-08T15:00:00+02:00", "explain": True}):
        denied = service.post("/v1/verdicts", {**asked, **more}, key=rival)
        assert (denied.json()["allowed"], denied.json()["vetoes"]) == (False, ["nl.objection"])
        (rests_on,) = [each for each in denied.json()["events"] if each["event"] == "objection.made"]
        assert [rests_on[name] for name in ("id", "source", "row", "by")] == [None] * 4
        _tells_nothing(denied.text, event)
    used = service.post("/v1/permits/use", {"permit": permit, "number": number, "presents": "+31201990008"}, key=rival)
    assert used.json()["code"] == "permit-revoked"
    history = service.post("/v1/history", {"number": number}, key=rival)
    assert [(each["event"], each["caller"]) for each in history.json()["events"]][-1] == ("objection.made", None)
    for answer in (
        history,
        service.get("/v1/changes", key=rival, limit=1000),
        service.post("/v1/changes/confirmations", {"number": number}, key=rival),
        service.get("/v1/audit", key=rival),
    ):
        assert answer.status_code < 500
        _tells_nothing(answer.text, event)


def test_whoever_records_the_same_objection_does_not_hear_that_it_was_known(service, rival):
    number = "+31201000063"
    event = {**TO_ALL, "number": number}
    assert service.post("/v1/events", event).json()["new"] == 1
    first, again = (service.post("/v1/events", event, key=rival).json() for _ in range(2))
    assert (first["new"], first["known"], first["results"][0]["known"]) == (1, 0, False)
    assert (again["new"], again["known"], again["results"][0]["seq"]) == (0, 1, first["results"][0]["seq"])


def test_a_dossier_holds_that_there_was_an_objection_and_not_whose(service, rival):
    made = service.post("/v1/dossiers", {"number": NUMBER}, key=rival)
    assert made.status_code == 200, made.text
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        for name in parts.namelist():
            if name.endswith((".json", ".html", ".txt")) and not name.startswith("verify"):
                _tells_nothing(parts.read(name).decode(), "")


def _tells_nothing(text: str, event: str) -> None:
    assert not [word for word in TELLING if word in text], text
    assert not event or event not in text
