"""The same on PostgreSQL, behind its second wall: from a form to a code, a receipt, a stop and an erasure."""

import pytest

from belbaar.ledger import open_store
from belbaar.ledger.wall import WALLED
from tests.capture.conftest import published
from tests.capture.people import confirm, fill, may_call, outside

NUMBER = "+31201004900"


@pytest.fixture(scope="module")
def store(postgres) -> str:
    return str(postgres.url(postgres.database()))


def _count(opened, table, organisation=None):
    with opened.reading() as connection:
        if organisation:
            opened.narrow(organisation, [1, 2])
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_from_a_form_to_an_erasure(service, store, texts):
    form = published(service)
    assert service.get(f"/v1/forms/{form}").json()["version"] == 1
    asked = fill(service, form, NUMBER).json()["id"]
    for page in (f"/nl/o/{form}", f"/nl/o/{form}/code?a={asked}"):
        assert outside(service).get(page).status_code == 200, page
    done = confirm(service, form, asked, texts.code(NUMBER))
    assert done.status_code == 200, done.text
    assert may_call(service, NUMBER)["allowed"] is True
    assert texts.wait_for(NUMBER, 2).startswith("Voltix Energie B.V. mag u bellen")
    with open_store(store) as owner, open_store(store).behind_wall() as reader:
        for table in ("form", "form_version", "asked", "receipt_link"):
            assert (_count(reader, table, 1), _count(reader, table, 2)) == (_count(owner, table), 0), table
            assert _count(owner, table) > 0, table
            assert table in WALLED
    receipt = outside(service).get(f"/r/{done.json()['receipt']}", follow_redirects=True)
    assert "Uw toestemming is vastgelegd" in receipt.text
    stopped = outside(service).post(f"/v1/public/receipts/{done.json()['receipt']}/stop")
    assert stopped.status_code == 200, stopped.text
    assert may_call(service, NUMBER)["allowed"] is False
    service.command("erase", NUMBER, "--reason", "request 2026-014")
    assert outside(service).post(f"/v1/public/receipts/{done.json()['receipt']}/stop").status_code == 404
    assert service.command("log", "check")["sound"] is True
