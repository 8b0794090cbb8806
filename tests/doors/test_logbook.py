"""The log on the command line: check, copies for others, entries of a number, keys, texts, and who signs along."""

import json
import signal
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from belbaar.proof.keys.trust import read_trust
from belbaar.proof.log.note_keys import COSIGNER, SignerKey, VerifierKey
from belbaar.proof.log.tile_files import file_tiles
from belbaar.proof.log.tiles import nodes
from belbaar.proof.log.tree import root_hash
from belbaar.proof.outsiders.witness import Witness
from belbaar.proof.outsiders.witness_http import WitnessServer, serving
from tests.proof.tsa import Authority

pytestmark = pytest.mark.usefixtures("recorded")

ENERGY = ("--caller", "voltix", "--product", "energy")
KEY = SignerKey.generate("witness.example/w1", COSIGNER, seed=b"\1" * 32)


def test_the_log_of_a_store_is_sound(belbaar):
    result = belbaar("log", "check")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (
        0,
        "The log is sound: every event is what its entry says, and its keys have signed all of it.",
    )
    told = json.loads(belbaar("log", "check", "--json").stdout)
    assert (told["sound"], told["entries"], told["events"], told["faults"], told["witnesses"]) == (True, 6, 5, [], {})


def test_after_whatever_is_done_the_log_is_sound(belbaar):
    for words in (
        ("screen", "leads.csv", *ENERGY),
        ("text", "add", "toestemming.txt"),
        ("may-call", "020-1000001", *ENERGY, "--at", "2026-09-08T14:00", "--keep"),
        ("dossier", "020-1000001", "--caller", "voltix"),
        ("log", "keys", "rotate"),
        ("erase", "020-1000001", "--reason", "request 2026-014"),
        ("screen", "leads.csv", *ENERGY),
    ):
        assert belbaar(*words).exit_code in (0, 1, 3), words
        assert belbaar("log", "check").exit_code == 0, words


def test_without_its_keys_the_log_cannot_be_checked(belbaar, recorded):
    Path(f"{recorded}.keys").rename(recorded.with_name("away"))
    result = belbaar("log", "check")
    assert (result.exit_code, "keys" in result.stderr) == (2, True)
    assert json.loads(belbaar("log", "check", "--json").stdout)["error"] == "key-missing"


def test_to_ask_witnesses_some_must_be_named(belbaar):
    result = belbaar("log", "check", "--witness")
    assert (result.exit_code, "no witness is asked yet" in result.stderr) == (0, True)


def test_the_exported_files_are_the_tree_of_the_signed_head(belbaar):
    assert belbaar("log", "export", "public").exit_code == 0
    origin, size, root, *_ = Path("public/checkpoint").read_text(encoding="utf-8").splitlines()
    assert (origin.startswith("belbaar.local/"), size) == (True, "6")
    tree = root_hash(6, nodes(file_tiles(Path("public"), 6)))
    assert b64decode(root) == tree
    assert not Path("public/tile/entries").exists()
    told = json.loads(belbaar("log", "export", "audit", "--entries", "--json").stdout)
    assert (told["entries"], told["files"], Path("audit/tile/entries").is_dir()) == (6, 3, True)
    assert b"31201" not in b"".join(
        path.read_bytes() for path in Path().rglob("*") if "audit" in path.parts and path.is_file()
    )


def test_there_is_nothing_to_export_of_an_empty_log(belbaar, recorded):
    assert belbaar("init", "--store", "empty.db").exit_code == 0
    result = belbaar("log", "export", "public", "--store", "empty.db")
    assert (result.exit_code, "nothing is in the log yet" in result.stderr) == (2, True)
    assert belbaar("log", "check", "--store", "empty.db").exit_code == 0
    assert belbaar("log", "anchor", "--tsa", "http://127.0.0.1:9", "--store", "empty.db").exit_code == 2
    assert recorded.exists()


def test_the_entries_of_a_number_tell_their_places(belbaar):
    assert belbaar("may-call", "020-1000001", *ENERGY, "--at", "2026-09-08T14:00", "--keep").exit_code == 0
    told = json.loads(belbaar("log", "entries", "020-1000001", "--json").stdout)
    assert [(entry["entry"], entry["kind"], entry["caller"]) for entry in told] == [
        (1, "consent.given", "voltix"),
        (7, "verdict", "voltix"),
    ]
    assert told[1]["at"] == "2026-09-08T14:00:00+02:00"
    shown = belbaar("log", "entries", "020-1000001", "--caller", "voltix").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["entry", "1", "7"]
    assert belbaar("log", "entries", "020-1000001", "--caller", "fonds").exit_code == 1
    assert belbaar("log", "entries", "020-1000009").exit_code == 1
    assert belbaar("log", "entries", "020-1000001", "--caller", "voltx").exit_code == 2


def test_whom_to_trust_is_told_as_it_is_to_be_published(belbaar):
    trust = read_trust(belbaar("log", "trust").stdout.strip().encode())
    assert belbaar("log", "trust", "--out", "published.json").exit_code == 0
    assert read_trust(Path("published.json").read_bytes().strip()) == trust
    assert belbaar("log", "trust", "--out", "belbaar.db").exit_code == 2


def test_a_rotated_key_is_among_those_to_trust(belbaar):
    told = json.loads(belbaar("log", "keys", "rotate", "--json").stdout)
    trust = read_trust(belbaar("log", "trust").stdout.strip().encode())
    assert [str(dated.key) for dated in trust.logs[0].keys][1:] == [told["key"]]
    assert "log.1.key" in told["former"]
    assert belbaar("log", "keys", "rotate", "kek").stdout.startswith("5 keys are wrapped anew")
    assert belbaar("log", "keys", "rotate", "suppression").stdout.startswith("A new key is over the 0 tags")
    assert belbaar("log", "keys", "rotate").stdout.count("\n") == 3
    assert belbaar("log", "check").exit_code == 0


def test_a_text_is_logged_once_before_it_is_used(belbaar):
    Path("nieuw.txt").write_text("\n  Ja, Fonds mag mij bellen.\n", encoding="utf-8")
    first = json.loads(belbaar("text", "add", "nieuw.txt", "--text-version", "2", "--json").stdout)
    again = json.loads(belbaar("text", "add", "-", "--json", stdin="Ja, Fonds mag mij bellen.").stdout)
    assert (first, first["entry"]) == (again, 6)
    listed = json.loads(belbaar("text", "list", "--json").stdout)
    assert [(item["entry"], item["text"]) for item in listed] == [
        (0, "Ja, Voltix mag mij bellen over energie."),
        (6, "Ja, Fonds mag mij bellen."),
    ]
    assert belbaar("text", "list").stdout.splitlines()[2].split()[0] == "6"
    rows = "Telefoon;Datum;Tekst\n020-1000008;1-9-2026 10:00;Ja, Fonds mag mij bellen.\n"
    Path("fonds.csv").write_text(rows, encoding="utf-8")
    words = ("record", "fonds.csv", "--event", "consent.given", "--caller", "fonds", "--product", "gifts")
    assert belbaar(*words).exit_code == 0
    assert json.loads(belbaar("log", "entries", "020-1000008", "--json").stdout)[0]["entry"] == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ja, bel mij op 020-1000007.", "telephone number"),
        ("Ja, bel mij op +31 6 12 34 56 78", "telephone number"),
        ("   \n", "between 1 and"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_text_that_cannot_stay_for_ever_is_refused(belbaar, text, said):
    result = belbaar("text", "add", "-", stdin=text)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert "1000007" not in result.output


def test_a_callers_own_number_may_stand_in_a_text(belbaar):
    assert belbaar("text", "add", "-", stdin="Voltix (020-1990001) mag mij bellen.").exit_code == 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def witness(belbaar, tmp_path):
    keys = json.loads(belbaar("log", "trust").stdout)["logs"][0]["keys"]
    log = VerifierKey.parse(keys[0]["vkey"])
    made = Witness(tmp_path / "witness.db", KEY, {log.name: [log]}, clock=lambda: 1_796_000_000)
    with serving(WitnessServer("127.0.0.1", 0, made)) as server:
        yield f"{server.url}={KEY.verifier()}"


def test_a_witness_and_an_authority_sign_along(belbaar, witness, authority):
    with authority.serving() as url:
        Path("root.pem").write_text(authority.root, encoding="ascii")
        result = belbaar("log", "anchor", "--witness", witness, "--tsa", url, "--tsa-root", "root.pem")
        assert result.exit_code == 0, result.output
        assert "witness.example/w1 signed the head of 6 entries." in result.stdout
        assert "The head of 6 entries was stamped at " in result.stdout
        told = json.loads(belbaar("log", "anchor", "--json").stdout)
        assert (told["cosigned"], told["stamped_at"], told["current"]) == ([], None, ["witness.example/w1", url])
    assert belbaar("log", "check", "--witness").exit_code == 0
    assert "BEGIN CERTIFICATE" in belbaar("log", "trust").stdout
    assert belbaar("log", "anchor", "--without", "witness.example/w2").exit_code == 2


def test_one_that_does_not_answer_is_told_and_the_other_signs(belbaar, witness):
    result = belbaar("log", "anchor", "--witness", witness, "--tsa", "http://127.0.0.1:9", "--tsa-root", "root.pem")
    assert result.exit_code == 2
    root = Path(__file__).parents[1] / "proof" / "assets" / "trust.json"
    Path("root.pem").write_text(json.loads(root.read_text())["tsa_roots"][0], encoding="ascii")
    result = belbaar("log", "anchor", "--tsa", "http://127.0.0.1:9", "--tsa-root", "root.pem")
    assert (result.exit_code, "witness.example/w1 signed" in result.stdout) == (2, True)
    assert "does not answer" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--witness", "http://127.0.0.1:9"),
        ("--witness", "x=y"),
        ("--tsa-root", "opt-ins.csv"),
        ("--tsa", "http://127.0.0.1:9", "--tsa-root", "toestemming.txt"),
        ("--tsa", "http://127.0.0.1:9"),
        ("--every", "-1"),
    ],
)
def test_who_is_to_sign_along_must_be_named_well(belbaar, words):
    result = belbaar("log", "anchor", *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") >= 2


@pytest.mark.parametrize(
    "words", [("--log", "x"), ("--log", str(KEY.verifier())), ("--log", "x", "--listen", "7380"), ("--listen", "a:b")]
)
def test_a_witness_must_be_told_whose_log_it_watches_and_where_it_answers(belbaar, words):
    assert belbaar("witness", *words).exit_code == 2


def test_asking_again_and_again_goes_on_until_it_is_ended(belbaar, witness):
    assert belbaar("log", "anchor", "--witness", witness).exit_code == 0
    command = [sys.executable, "-m", "belbaar.cli", "log", "anchor", "--every", "0.05", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert belbaar("may-call", "020-1000001", *ENERGY, "--keep").exit_code in (0, 1)
        assert json.loads(process.stdout.readline())["cosigned"] == ["witness.example/w1"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
