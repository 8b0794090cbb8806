"""The second wall: on PostgreSQL a reader sees nothing of others, whatever it asks for."""

import psycopg
import pytest
from psycopg import sql

from belbaar.api.figures.denials import keep
from belbaar.api.figures.keeping import TODAY, want
from belbaar.errors import StoreUnavailable
from belbaar.ledger import create_store, open_store
from belbaar.ledger.wall import OPEN, ROLE, WALLED
from tests.api.conftest import CONSENT, CONSENTED, OWN
from tests.api.incoming import PERSON, came_in
from tests.api.service import serving

RIVALS = "+31201000051"


NONE = {
    "broken_glass",
    "suppression",
    "campaign",
    "form",
    "form_version",
    "asked",
    "outgoing",
    "receipt_link",
    "portal_code",
    "portal_session",
}
"""Tables of which there are no rows here; those of forms are looked at in tests/capture/test_on_postgres.py."""


@pytest.fixture(scope="module")
def walled(postgres, tmp_path_factory):
    """The URL of a store that a service has filled for two organisations."""
    url = str(postgres.url(postgres.database()))
    folder = tmp_path_factory.mktemp("wall")
    with serving(folder, url, seconds="20", trace_spool=str(folder / "spool")) as service:
        service.command("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", OWN)
        service.command("organisation", "add", "rival", "--name", "Rival")
        rival = service.make_key("administrator", "rival")
        gas = {"caller": "rival.gas", "name": "Gas", "sector": "commercial", "numbers": ["+31201990008"]}
        service.post("/v1/callers", gas, key=rival)
        service.client.patch("/v1/callers/voltix", json={"kvk": "12345678"})
        service.post("/v1/events", CONSENT, **{"Idempotency-Key": "k"})
        service.post("/v1/events", {**CONSENT, "caller": "rival.gas", "number": RIVALS}, key=rival)
        to_all = {"event": "objection.made", "scope": "all", "caller": "voltix", "number": "+31201000052"}
        service.post("/v1/events", to_all)
        service.post("/v1/verdicts", {"number": CONSENTED, "caller": "voltix", "product": "energy"})
        call = {"event": "call.made", "number": CONSENTED, "caller": "voltix", "at": "2026-09-03T15:00+02:00"}
        assert service.post("/v1/events", call).json()["new"] == 1
        complaint = {"number": CONSENTED, "caller": "voltix", "about": "Te laat."}
        assert service.post("/v1/complaints", complaint).status_code == 201
        glass = {"minutes": 1, "reason": "Gas leak in the north."}
        assert service.post("/v1/gate/broken-glass", glass).status_code == 200
        refused = {"call_id": "1", "code": 603, "begun_at": "2026-09-08T13:59:00+02:00"}
        assert service.post("/v1/calls", {"calls": [refused]}).json()["results"][0]["call"]
        listed = {
            "data": {"caller": "voltix", "product": "energy"},
            "files": {"file": ("l.csv", b"tel\n+31201000007\n")},
        }
        assert service.client.post("/v1/lists", **listed).status_code == 202
        came_in(folder / "spool", service.now() - 60)
        assert service.post("/v1/trace/marks", {"number": PERSON}).json()["marked"]
        assert service.post("/v1/trace/cases", {"number": PERSON}).json()["calls"]
        service.post("/v1/trace/lines", {"number": PERSON, "refuse_anonymous": True})
        keys = {"keys": service.get("/v1/trace/keys").json()["keys"]}
        told = {"provider": "belnet", "name": "Belnet", "issuer": "belnet.example/x", "keys": keys}
        assert service.post("/v1/trace/providers", told).status_code == 200
        with open_store(url) as store, store.writing():
            want(store, 1, TODAY, 0)
            keep(store, {(1, 739_867, "no-ground"): 1})
        yield url


def rows(store, table, organisation=None, callers=()):
    with store.reading() as connection:
        if organisation is not None:
            store.narrow(organisation, callers)
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_every_table_is_walled_or_it_is_said_why_not(walled):
    with open_store(walled) as store:
        found = {name for (name,) in store.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()}  # fmt: skip
    assert found == WALLED.keys() | OPEN.keys()


@pytest.mark.parametrize("table", sorted(WALLED))
def test_a_query_without_a_where_shows_nothing_of_others(walled, table):
    """The owner sees rows of the house; the rival, and whoever does not say for whom he reads, see none of these."""
    with open_store(walled) as owner, open_store(walled).behind_wall() as reader:
        keys = {name: caller.key for name, caller in owner.callers().items()}
        all_rows = rows(owner, table)
        house = rows(reader, table, 1, [keys["voltix"]])
        rival = rows(reader, table, 2, [keys["rival.gas"]])
        nobody = rows(reader, table)
        assert rows(reader, table) == nobody  # what was said counts for one transaction
    if table not in NONE:
        assert len(house) > len(nobody)
    assert set(house) | set(rival) == set(all_rows)
    assert set(house) & set(rival) == set(nobody)


def test_a_reader_can_write_nothing_and_not_become_another(walled):
    with open_store(walled).behind_wall() as reader, pytest.raises(StoreUnavailable), reader.reading() as connection:
        connection.execute("DELETE FROM event")


def test_the_position_is_the_ledgers_and_not_that_of_what_is_seen(walled):
    with open_store(walled) as owner, open_store(walled).behind_wall() as reader, reader.reading():
        reader.narrow(2, [])
        assert reader.position() == owner.position() == 5
        assert reader.known().revision == owner.known().revision
        assert set(reader.callers()) == set(owner.callers())


def test_a_user_who_may_make_no_role_is_told_what_is_missing_and_may_go_without(postgres):
    with create_store(str(postgres.url(postgres.database()))) as others:
        others.make_wall()  # so that the role is there; but it is not this user's
    name = postgres.database()
    postgres.execute("CREATE ROLE humble LOGIN PASSWORD 'zeer-geheim'")
    postgres.execute(sql.SQL("ALTER DATABASE {} OWNER TO humble").format(sql.Identifier(name)))
    postgres.execute("GRANT ALL ON SCHEMA public TO humble", name)
    url = str(postgres.url(name, user="humble", password="zeer-geheim", tcp=True))
    with create_store(url) as store:
        with pytest.raises(StoreUnavailable) as refused:
            store.make_wall()
        assert refused.value.code == "wall-missing"
        assert f"GRANT {ROLE} TO" in refused.value.todo
        assert "BELBAAR_WALL=off" in refused.value.todo
        assert store.position() == 0
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as superuser:
            superuser.execute(f"GRANT {ROLE} TO humble".encode())
        store.make_wall()
