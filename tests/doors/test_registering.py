"""Stores, callers and agents."""

import json

import pytest

VOLTIX = ("caller", "add", "voltix", "--name", "Voltix Energie B.V.", "--sector", "commercial")


@pytest.mark.usefixtures("store")
def test_init_makes_a_store_once_and_keeps_what_is_in_it(belbaar):
    again = belbaar("init", "--json")
    told = json.loads(again.stdout)
    assert (told["store"], told["schema"], told["made"], told["keys"]) == (
        "belbaar.db",
        "0023b",
        False,
        "belbaar.db.keys",
    )
    assert "voltix" in belbaar("caller", "list").stdout


@pytest.mark.parametrize("name", ["other.db", "sqlite:///other.db"])
def test_a_store_is_named_by_option_or_environment(belbaar, folder, name):
    assert belbaar("init", "--store", name).exit_code == 0
    assert (folder / "other.db").is_file()
    assert belbaar("caller", "list", BELBAAR_STORE=name).exit_code == 0
    assert not (folder / "belbaar.db").exists()


@pytest.mark.usefixtures("store")
def test_a_caller_has_the_numbers_that_people_write(belbaar):
    added = belbaar(*VOLTIX, "--number", "030-1990003", "--json")
    assert added.exit_code == 0
    assert json.loads(added.stdout)["numbers"] == ["+31201990001", "+31301990003"]


DESCRIBED = (
    "--kvk", "1234 5678", "--address", "Plein 1,  1012 AB Amsterdam", "--email", "privacy@voltix.example",
    "--phone", "020-1990001", "--privacy-url", "https://voltix.example/privacy",
    "--withdraw-url", "https://voltix.example/stop", "--stored-in", "nl", "--stored-in", "IE",
)  # fmt: skip


@pytest.mark.usefixtures("store")
def test_more_is_said_of_a_caller_and_kept_as_it_should_be(belbaar):
    told = json.loads(belbaar("caller", "describe", "voltix", *DESCRIBED, "--json").stdout)
    assert told == {
        "caller": "voltix",
        "kvk": "12345678",
        "address": "Plein 1, 1012 AB Amsterdam",
        "email": "privacy@voltix.example",
        "phone": "+31201990001",
        "privacy_url": "https://voltix.example/privacy",
        "withdraw_url": "https://voltix.example/stop",
        "stored_in": "NL IE",
        "missing": [],
    }
    shown = belbaar("caller", "describe", "voltix").stdout
    assert "12345678" in shown
    assert "A receipt needs nothing more." in shown


@pytest.mark.usefixtures("store")
def test_what_a_receipt_still_needs_is_told(belbaar):
    belbaar("caller", "describe", "voltix", *DESCRIBED)
    told = belbaar("caller", "describe", "voltix", "--kvk", "", "--withdraw-url", "").stdout
    assert "A receipt still needs: kvk, withdraw_url or withdraw_phone." in told
    assert json.loads(belbaar("caller", "describe", "fonds", "--json").stdout)["missing"][0] == "kvk"


@pytest.mark.usefixtures("store")
def test_what_was_said_of_a_caller_goes_out_and_comes_in_again(belbaar, folder):
    belbaar("caller", "describe", "voltix", *DESCRIBED)
    lines = belbaar("export").stdout
    (folder / "all.jsonl").write_text(lines, encoding="utf-8")
    assert belbaar("init", "--store", "other.db").exit_code == 0
    assert belbaar("record", "all.jsonl", "--store", "other.db").exit_code == 0
    assert belbaar("export", "--store", "other.db").stdout == lines
    assert '"event": "caller.described", "caller": "voltix", "kvk": "12345678"' in lines


@pytest.mark.usefixtures("store", "unchanged")
@pytest.mark.parametrize(
    ("detail", "told"),
    [
        (("--kvk", "123"), "kvk"),
        (("--email", "voltix"), "email"),
        (("--phone", "bel mij"), "phone"),
        (("--url", "http://voltix.example"), "https://"),
        (("--privacy-url", "javascript:x"), "privacy_url"),
        (("--withdraw-url", "https://a b"), "withdraw_url"),
        (("--stored-in", "Nederland"), "stored_in"),
        (("--kvk", "12345678", "--stored-in", "1"), "stored_in"),
    ],
)
def test_a_detail_that_cannot_be_kept_is_refused_and_none_is_kept(belbaar, detail, told):
    result = belbaar("caller", "describe", "voltix", *detail)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.usefixtures("store", "unchanged")
def test_nothing_can_be_said_of_a_caller_that_nobody_registered(belbaar):
    result = belbaar("caller", "describe", "voltx", "--kvk", "12345678")
    assert result.exit_code == 2
    assert 'Did you mean "voltix"?' in result.stderr


@pytest.mark.usefixtures("store")
def test_callers_are_listed(belbaar):
    listed = json.loads(belbaar("caller", "list", "--json").stdout)
    assert [caller["caller"] for caller in listed] == ["fonds", "voltix"]
    assert listed[1] == {
        "caller": "voltix",
        "name": "Voltix Energie B.V.",
        "sector": "commercial",
        "numbers": ["+31201990001"],
    }


@pytest.mark.usefixtures("store")
def test_agents_are_registered_and_listed(belbaar):
    assert belbaar("agent", "add", "belhuis", "--name", "Belhuis Noord B.V.").exit_code == 0
    assert json.loads(belbaar("agent", "list", "--json").stdout) == [{"agent": "belhuis", "name": "Belhuis Noord B.V."}]


@pytest.mark.usefixtures("folder")
def test_empty_lists_say_what_to_do(belbaar):
    belbaar("init")
    assert "belbaar caller add" in belbaar("caller", "list").stdout
    assert "belbaar agent add" in belbaar("agent", "list").stdout


@pytest.mark.usefixtures("store", "unchanged")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("caller", "add", "x", "--name", "X", "--sector", "comercial"), 'Did you mean "commercial"?'),
        (("caller", "add", "X Y", "--name", "X", "--sector", "press"), "lower-case"),
        (("caller", "add", "x", "--name", " ", "--sector", "press"), "--name"),
        (("caller", "add", "voltix", "--name", "Another", "--sector", "press"), "registered already"),
        (("caller", "add", "x", "--name", "X", "--sector", "press", "--number", "O20-1000001"), "digits"),
        (("agent", "add", "A B", "--name", "X"), "lower-case"),
    ],
)
def test_what_cannot_be_registered_is_refused(belbaar, words, told):
    result = belbaar(*words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.usefixtures("recorded")
def test_rebuild_says_when_nothing_differed(belbaar):
    assert json.loads(belbaar("rebuild", "--json").stdout) == {"rows": 5, "differing": 0}


def test_rebuild_mends_what_differed(belbaar, recorded):
    from belbaar.ledger import open_store  # noqa: PLC0415

    with open_store(recorded) as ledger, ledger.writing() as connection:
        connection.execute("UPDATE standing SET affirmative = 0 WHERE fact = 1 AND affirmative = 1")
    mended = belbaar("rebuild", "--json")
    assert mended.exit_code == 1
    assert json.loads(mended.stdout)["differing"] == 6  # three rows as they were, and as they should be
    assert belbaar("rebuild").exit_code == 0
