"""Every command says the same of a ledger in PostgreSQL as of one in a file; and what goes wrong there is told."""

import json
import re
from pathlib import Path

import pytest

from tests.doors.conftest import DESCRIBED
from tests.postgres import PASSWORD

ENERGY = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00")
CALLER = ("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
CONSENTS = ("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltix", "--product", "energy")
OBJECTIONS = ("record", "verzet.txt", "--event", "objection.made", "--caller", "voltix", "--at", "2026-07-01")
ALL_COMMANDS = [
    ("init",),
    CALLER,
    ("caller", "list"),
    ("agent", "add", "belhuis", "--name", "Belhuis Noord B.V."),
    ("agent", "list", "--json"),
    CONSENTS,
    CONSENTS,
    OBJECTIONS,
    ("record", "klanten.jsonl", "--json"),
    *(("may-call", number, *ENERGY) for number in ("020-1000001", "+31201000002", "+31201000003", "+31201000004")),
    ("may-call", "020-1000001", *ENERGY, "--json"),
    ("may-call", "020-1000004", *ENERGY, "--json"),
    *(("may-call", number, *ENERGY, "--keep") for number in ("020-1000001", "020-1000004")),
    ("may-call", "020-1000001", *ENERGY, "--known-at", "2026-09-02T12:00", "--lang", "nl"),
    ("screen", "leads.csv", *ENERGY),
    ("screen", "leads.csv", *ENERGY, "--compare", "2026-12-01", "--json"),
    ("law", "switch", "nl.hours", "off", "--reason", "No member.", "--by", "iris"),
    ("law", "show", "nl.hours"),
    ("may-call", "020-1000001", *ENERGY),
    ("rebuild",),
    ("rebuild", "--json"),
    ("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltx"),
    ("record", "nope.csv", *CONSENTS[2:]),
]
_PASSING = re.compile(r"20\d\d-\d\d-\d\dT[\d:.]+[^\s\"]*|\b[0-9a-f]{16,64}\b")
"""Instants of recording and hashes: they are of the run."""


@pytest.fixture(autouse=True)
def snapshots(tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))


@pytest.fixture
def ledger(postgres, empty_database):
    """The URL of a database in which nothing is made yet."""
    return postgres.url(empty_database)


def told(belbaar, store):
    outputs = []
    for words in ALL_COMMANDS:
        result = belbaar(*words, BELBAAR_STORE=store)
        name = re.escape(store if store.endswith(".db") else store.replace("%2F", "/"))
        said = re.sub(rf"postgresql://\S+/test_\d+|{name}", "STORE", result.stdout + result.stderr)
        outputs.append((words, result.exit_code, _PASSING.sub("…", re.sub(r"\S+\.keys", "KEYS", said))))
    return outputs


@pytest.mark.usefixtures("folder")
def test_every_command_says_the_same_on_both_stores(belbaar, ledger):
    for here, there in zip(told(belbaar, "belbaar.db"), told(belbaar, ledger), strict=True):
        assert here == there


@pytest.mark.usefixtures("folder")
def test_an_export_goes_from_one_kind_of_store_to_the_other_and_back(belbaar, ledger):
    def export(store):
        return belbaar("export", "--store", store).stdout

    for words in (("init",), CALLER, CONSENTS, OBJECTIONS):
        assert belbaar(*words).exit_code == 0
    Path("all.jsonl").write_text(export("belbaar.db"), encoding="utf-8")
    for store in (ledger, "back.db"):
        assert belbaar("init", "--store", store).exit_code == 0
        assert belbaar("record", "all.jsonl", "--store", store).exit_code == 0
        assert export(store) == Path("all.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_making_a_store_says_whether_it_was_there(belbaar, ledger):
    assert json.loads(belbaar("init", "--store", ledger, "--json").stdout)["made"] is True
    assert json.loads(belbaar("init", "--store", ledger, "--json").stdout)["made"] is False


@pytest.mark.usefixtures("folder")
def test_a_long_list_is_screened_by_the_snapshot_and_alike(belbaar, ledger, monkeypatch):
    for store in ("belbaar.db", ledger):
        for words in (("init",), CALLER, CONSENTS, OBJECTIONS):
            assert belbaar(*words, "--store", store).exit_code == 0
    by_key = belbaar("screen", "leads.csv", *ENERGY, "--out", "a.csv", "--store", ledger, "--json")
    monkeypatch.setattr("belbaar.verdict.standing_view._BY_KEY", 0)
    for store, out in (("belbaar.db", "b.csv"), (ledger, "c.csv")):
        result = belbaar("screen", "leads.csv", *ENERGY, "--out", out, "--store", store, "--json")
        assert result.exit_code == 0, result.output
        own = {"out": "", "entry": 0}  # where it went, and its place in the log
        assert json.loads(result.stdout) | own == json.loads(by_key.stdout) | own
    assert len({Path(name).read_bytes() for name in ("a.csv", "b.csv", "c.csv")}) == 1
    assert [path.suffix for path in Path("snapshots").iterdir()] == [".snapshot"]


@pytest.fixture
def refused(belbaar):
    """Run a command that cannot be done; gives what it says."""

    def run(*words, store):
        result = belbaar(*words, "--store", store)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert PASSWORD not in result.output
        assert result.stderr.startswith("belbaar: postgresql://")
        assert len(result.stderr.splitlines()) >= 3  # where, what, what to do
        return result.stderr

    return run


COMMANDS = [("init",), ("may-call", "020-1000001", *ENERGY), ("rebuild",), ("export",), CONSENTS]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_server_is_told(refused, words):
    said = refused(*words, store=f"postgresql://iris:{PASSWORD}@127.0.0.1:1/belbaar")
    assert "the server does not answer" in said
    assert "iris@127.0.0.1:1/belbaar" in said
    assert "Start it" in said


@pytest.mark.usefixtures("folder")
def test_a_socket_that_is_not_there_is_told(refused):
    assert "the server does not answer" in refused("export", store="postgresql:///belbaar?host=/nowhere")


@pytest.mark.usefixtures("folder")
def test_a_host_without_an_address_is_told(refused):
    assert "name is not known" in refused("export", store="postgresql://nowhere.invalid/belbaar")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_database_is_told(refused, postgres, words):
    assert "createdb" in refused(*words, store=postgres.url("nowhere"))


@pytest.mark.usefixtures("folder")
def test_a_wrong_password_and_none_are_told(refused, postgres, postgres_url):
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"DROP ROLE IF EXISTS iris; CREATE ROLE iris LOGIN PASSWORD '{PASSWORD}'")
    for store in (
        postgres.url(name, user="iris", password=f"{PASSWORD}-not", tcp=True),
        postgres.url(name, user="iris", password=f"{PASSWORD}-not"),
        postgres.url(name, user="iris"),
        postgres.url(name, user="nobody-here", password=PASSWORD, tcp=True),
    ):
        said = refused("export", store=store)
        assert "password" in said
        assert "PGPASSWORD" in said


@pytest.mark.usefixtures("folder")
def test_another_programs_database_is_left_alone(refused, postgres, empty_database):
    postgres.execute("CREATE TABLE contacts (name text)", empty_database)
    for words in COMMANDS:
        assert "not a belbaar store" in refused(*words, store=postgres.url(empty_database))


@pytest.mark.usefixtures("folder")
def test_a_database_without_a_ledger_says_how_to_make_one(refused, ledger):
    assert "belbaar init" in refused("export", store=ledger)


@pytest.mark.usefixtures("folder")
def test_a_newer_store_is_left_alone(refused, postgres, postgres_url):
    postgres.execute("UPDATE alembic_version SET version_num = '9999'", postgres_url.rpartition("/")[2])
    for words in COMMANDS:
        assert "newer belbaar" in refused(*words, store=postgres_url)


@pytest.mark.usefixtures("folder")
def test_a_user_who_may_only_read_gets_answers_and_writes_nothing(belbaar, refused, postgres, postgres_url):
    for words in (("init",), CALLER, CONSENTS):
        assert belbaar(*words, "--store", postgres_url).exit_code == 0
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    postgres.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)
    reader = postgres.url(name, user="reader", password=PASSWORD, tcp=True)
    assert belbaar("may-call", "020-1000001", *ENERGY, "--store", reader).stdout.startswith("Allowed: ")
    before = belbaar("export", "--store", reader).stdout
    logged = ("screen", "leads.csv", *ENERGY)  # a screening is an entry in the log
    for words in (logged, OBJECTIONS, CALLER[:-1] + ("+31201990002",), ("rebuild",)):  # noqa: RUF005  CALLER but for its end
        assert "lacks the right" in refused(*words, store=reader)
    assert belbaar("export", "--store", postgres_url).stdout == before


@pytest.mark.usefixtures("folder")
def test_a_standby_refuses_to_write(refused, postgres, postgres_url):
    store = postgres.url(postgres_url.rpartition("/")[2], options="-c default_transaction_read_only=on")
    assert "read-only copy" in refused(*CALLER, store=store)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("store", ["postgresql://[", "postgresql://h/d?colour=red", "postgresql://h:port/d"])
def test_a_url_that_cannot_be_read_is_told(belbaar, store):
    result = belbaar("export", "--store", store)
    assert result.exit_code == 2
    assert "URL" in result.stderr


def test_cases_are_checked_in_a_schema_that_is_gone_afterwards(belbaar, folder, postgres_url):
    def schemas():
        return belbaar("export", "--store", postgres_url).stdout

    assert belbaar(*CALLER, "--store", postgres_url).exit_code == 0
    before = schemas()
    result = belbaar("law", "check", "nl.yaml", "--engine", "postgres", "--store", postgres_url)
    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed\n"), folder
    assert schemas() == before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("store", [(), ("--store", "belbaar.db")])
def test_cases_are_not_checked_on_postgres_without_a_server(belbaar, store):
    result = belbaar("law", "check", "nl.yaml", "--engine", "postgres", *store)
    assert result.exit_code == 2
    assert "postgresql://host/name" in result.stderr


def test_who_may_not_make_a_schema_is_told(belbaar, folder, postgres, postgres_url):
    postgres.execute(f"DROP ROLE IF EXISTS schemaless; CREATE ROLE schemaless LOGIN PASSWORD '{PASSWORD}'")
    store = postgres.url(postgres_url.rpartition("/")[2], user="schemaless", password=PASSWORD, tcp=True)
    result = belbaar("law", "check", str(folder / "nl.yaml"), "--engine", "postgres", "--store", store)
    assert result.exit_code == 2
    assert "lacks the right" in result.stderr


@pytest.mark.usefixtures("folder")
def test_a_receipt_is_made_and_checked_there_too(belbaar, ledger):
    for words in (
        ("init",),
        CALLER,
        ("caller", "describe", "voltix", *DESCRIBED),
        CONSENTS,
        ("receipt", "020-1000001", "--caller", "voltix", "--out", "voltix.receipt"),
        ("check-receipt", "voltix.receipt", "--number", "020-1000001"),
    ):
        result = belbaar(*words, BELBAAR_STORE=ledger)
        assert result.exit_code == 0, result.output
