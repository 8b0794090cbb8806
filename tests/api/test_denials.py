"""Single questions that were denied count in the figures, by week and reason, of whoever asked and of nobody else."""

import pytest

from belbaar.api.figures.computing import today_of
from belbaar.opening import opened
from tests.api.conftest import ASKED, CONSENT, CONSENTED, OWN
from tests.api.service import serving

NOW = 1_788_868_800_000_000  # 2026-09-08T14:00 in Amsterdam
OBJECTED, UNKNOWN = "+31201000071", "+31201000072"
KEYED = {"Idempotency-Key": "k"}
MONDAY = "2026-09-07"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_denials_of_kept_verdicts_are_counted_and_survive_a_stop(tmp_path, kind, request, monkeypatch):
    monkeypatch.setenv("BELBAAR_KEYS", str(tmp_path / "keys"))
    store = str(tmp_path / "belbaar.db") if kind == "sqlite" else request.getfixturevalue("postgres_url")
    with serving(tmp_path, store) as service:
        service.command("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", OWN)
        objection = {"event": "objection.made", "number": OBJECTED, "caller": "voltix"}
        told = service.post("/v1/events", [CONSENT, {**CONSENT, "number": OBJECTED}, objection], **KEYED)
        assert told.status_code == 200, told.text
        calls = [{**ASKED, "number": number} for number in (CONSENTED, OBJECTED, OBJECTED, UNKNOWN)]
        said = [service.post("/v1/verdicts", {**each, "permit": True}).json()["allowed"] for each in calls]
        assert said == [True, False, False, False]
        service.post("/v1/verdicts", {**calls[1], "permit": False})
        service.post("/v1/verdicts/batch", {"calls": [{**calls[3], "permit": True}, {**calls[3], "permit": False}]})
    with opened(store) as ledger:
        weeks = today_of(ledger, 1, NOW, spill=tmp_path).weeks
        assert today_of(ledger, 2, NOW, spill=tmp_path).weeks == {}
    assert list(weeks) == [MONDAY]
    assert (weeks[MONDAY]["nl.objection"], weeks[MONDAY]["no-ground"]) == (2, 2)
