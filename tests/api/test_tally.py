"""Verdicts given are compared with entries written: what is missing is an alarm."""

import httpx
import psycopg

from tests.api.conftest import ASKED, CONSENTED, furnish
from tests.api.service import serving


def test_an_entry_that_is_gone_is_told(postgres, tmp_path):
    store = postgres.url(postgres.database())
    with serving(tmp_path, store) as service:
        furnish(service)
        assert service.get("/readyz").status_code == httpx.codes.OK
        entry = service.post("/v1/verdicts", ASKED).json()["entry"]
        with psycopg.connect(store, autocommit=True) as connection:  # as when an older copy is put back
            connection.execute("SET session_replication_role = replica")
            assert connection.execute("DELETE FROM leaf WHERE ix = %s", (entry,)).rowcount == 1
        for _ in range(2):
            told = service.get("/readyz")
            assert (told.status_code, told.json()["code"]) == (409, "entries-missing")
            assert told.json()["details"] == [f"entry {entry}"]
        assert "entries are not in the log" in (tmp_path / "serve.log").read_text(encoding="utf-8")


def test_calls_of_a_batch_are_kept_where_a_permit_is_asked_for(service):
    calls = [{**ASKED, "permit": True, "id": "a"}, {**ASKED, "id": "b"}, {**ASKED, "permit": True, "caller": "nobody"}]
    kept, looked, refused = service.post("/v1/verdicts/batch", {"calls": calls}).json()["verdicts"]
    assert kept["verdict"]["entry"] is not None
    assert kept["verdict"]["permit"]["token"]
    assert (looked["verdict"]["entry"], looked["verdict"]["permit"]) == (None, None)
    assert refused["problem"]["code"] == "unknown-caller"
    figures = service.get("/metrics").text
    given = next(line for line in figures.splitlines() if line.startswith("belbaar_verdicts_given_total"))
    assert float(given.split()[-1]) >= 1
    assert service.get("/readyz").json()["status"] == "ready"
    assert CONSENTED not in figures
