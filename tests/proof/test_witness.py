"""The witness: the specification's answers one by one, a real server, and every fork refused."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.proof.log.checkpoint import Checkpoint, signed_checkpoint
from belbaar.proof.log.note import check, parse, parse_lines
from belbaar.proof.log.note_keys import COSIGNER, SignerKey
from belbaar.proof.log.tree import consistency_proof, leaf_hash, perfect_nodes, root_hash
from belbaar.proof.outsiders.witness import Witness, submission
from belbaar.proof.outsiders.witness_http import WitnessServer, cosigned, serving

ORIGIN = "belbaar.example/demo/2026"
LOG, STRANGER = (SignerKey.generate(ORIGIN, seed=bytes([n]) * 32) for n in (1, 2))
KEY = SignerKey.generate("witness.example/w1", COSIGNER, seed=b"\3" * 32)
NOW = 1_796_000_000


class History:
    """A log in memory; a fork has other leaves from some place on."""

    def __init__(self, fork_at=10**9):
        self.node = perfect_nodes(leaf_hash(b"%d%s" % (n, b"forged" * (n >= fork_at))) for n in range(300))

    def head(self, size, key=LOG):
        return signed_checkpoint(Checkpoint(ORIGIN, size, root_hash(size, self.node)), key)

    def proof(self, old, new):
        return consistency_proof(old, new, self.node)

    def submission(self, old, new):
        return submission(old, self.proof(old, new), self.head(new))


TRUE, FORGED = History(), History(fork_at=3)


@pytest.fixture
def witness(tmp_path):
    made = Witness(tmp_path / "witness.db", KEY, {ORIGIN: [LOG.verifier()]}, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def server(witness):
    with serving(WitnessServer("127.0.0.1", 0, witness)) as running:
        yield running


def test_it_signs_a_log_that_grows(witness):
    for old, new in ((0, 5), (5, 5), (5, 8), (8, 300)):
        answer = witness.answer(TRUE.submission(old, new))
        assert (answer.status, witness.head(ORIGIN)[0]) == (200, new)
        (line,) = parse_lines(answer.body)
        note = parse(TRUE.head(new))
        assert check(note._replace(signatures=(line,)), [KEY.verifier()]).times == (NOW,)


def test_another_size_than_it_remembers_is_a_conflict_that_tells_its_own(witness):
    assert witness.answer(TRUE.submission(3, 5)) == (409, "0\n", "text/x.tlog.size")
    witness.answer(TRUE.submission(0, 5))
    for old in (0, 3, 7):
        assert witness.answer(TRUE.submission(old, 8)) == (409, "5\n", "text/x.tlog.size")
    assert witness.head(ORIGIN)[0] == 5


def test_a_fork_is_refused_whatever_it_claims(witness):
    witness.answer(TRUE.submission(0, 5))
    assert witness.answer(FORGED.submission(5, 8)).status == 422
    assert witness.answer(FORGED.submission(5, 5)).status == 409
    assert witness.answer(submission(5, TRUE.proof(5, 8), FORGED.head(8))).status == 422
    assert witness.answer(submission(5, [], TRUE.head(8))).status == 422
    assert witness.answer(submission(5, [*TRUE.proof(5, 8), bytes(32)], TRUE.head(8))).status == 422
    assert witness.answer(FORGED.submission(0, 8)).status == 409
    assert witness.head(ORIGIN)[0] == 5
    assert witness.answer(TRUE.submission(5, 8)).status == 200


def test_a_smaller_tree_after_a_larger_is_refused(witness):
    witness.answer(TRUE.submission(0, 8))
    assert witness.answer(submission(8, [], TRUE.head(5))).status == 400
    assert witness.answer(TRUE.submission(5, 5)).status == 409


def test_from_nothing_there_is_no_proof(witness):
    assert witness.answer(submission(0, [bytes(32)], TRUE.head(5))).status == 422
    empty = signed_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    assert witness.answer(submission(0, [], empty)).status == 409
    assert witness.answer(TRUE.submission(0, 0)).status == 200


def test_who_is_not_trusted_is_not_signed(witness):
    assert witness.answer(submission(0, [], TRUE.head(5, STRANGER))).status == 403
    other = SignerKey.generate("other.example", seed=b"\4" * 32)
    unknown = signed_checkpoint(Checkpoint("other.example", 0, bytes(32)), other)
    assert witness.answer(submission(0, [], unknown)).status == 404
    head = TRUE.head(5)
    assert witness.answer(submission(0, [], head.replace("\n5\n", "\n6\n"))).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 0\n", b"old 00\n\nx", b"old -1\n\nx", b"old 0\nAAAA\n\nx", b"size 0\n\nx", b"old 0\n\nno note\n",
        b"\xff\n\nx", b"old 0\n" + b"A" * 43 + b"=\n" * 64 + b"\nx",
    ],
)  # fmt: skip
def test_nonsense_is_a_bad_request(witness, body):
    assert witness.answer(body).status == 400


def test_it_remembers_after_a_restart(witness, tmp_path):
    witness.answer(TRUE.submission(0, 5))
    again = Witness(tmp_path / "witness.db", KEY, {ORIGIN: [LOG.verifier()]}, clock=lambda: NOW)
    assert again.answer(FORGED.submission(0, 8)).status == 409
    again.close()


def test_of_many_at_once_one_history_remains(witness, tmp_path):
    """Two witnesses on one store, eight threads, true and forged: whatever was signed is one history."""
    other = Witness(tmp_path / "witness.db", KEY, {ORIGIN: [LOG.verifier()]}, clock=lambda: NOW)
    asked = [(who, history, 0, size) for size in range(4, 40) for history in (TRUE, FORGED) for who in (witness, other)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: (one[0].answer(one[1].submission(*one[2:])).status, one[1]), asked))
    other.close()
    assert [status for status, _ in answers].count(200) == 1
    (winner,) = [history for status, history in answers if status == 200]
    size, root = witness.head(ORIGIN)
    assert root == root_hash(size, winner.node)


def test_a_log_gets_its_cosignature_over_http(server):
    size = 0
    for new in (5, 8, 300):
        note = cosigned(server.url, KEY.verifier(), TRUE.head(new), lambda old, new=new: TRUE.proof(old, new))
        assert check(parse(note), [LOG.verifier(), KEY.verifier()]).times == (0, NOW)
        size = new
    assert server.witness.head(ORIGIN)[0] == size


def test_two_histories_cannot_be_shown_to_two_readers(server):
    cosigned(server.url, KEY.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5), known_size=0)
    for size in (5, 8):
        with pytest.raises(ProofError) as caught:
            cosigned(server.url, KEY.verifier(), FORGED.head(size), lambda old, size=size: FORGED.proof(old, size))
        assert caught.value.code == "log-forked"


def test_an_older_copy_of_the_log_is_told(server):
    cosigned(server.url, KEY.verifier(), TRUE.head(8), lambda old: TRUE.proof(old, 8))
    with pytest.raises(ProofError) as caught:
        cosigned(server.url, KEY.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5), known_size=5)
    assert caught.value.code == "log-behind"


def test_the_signature_of_another_witness_is_not_taken(server):
    other = SignerKey.generate("witness.example/w2", COSIGNER, seed=b"\5" * 32)
    with pytest.raises(ProofError, match="no known key"):
        cosigned(server.url, other.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5))


def test_a_witness_that_is_not_there_is_unavailable(server):
    with pytest.raises(StoreUnavailable, match="403"):
        cosigned(server.url, KEY.verifier(), TRUE.head(5, STRANGER), lambda old: TRUE.proof(old, 5))
    with pytest.raises(StoreUnavailable, match="does not answer"):
        cosigned("http://127.0.0.1:9", KEY.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5))
    with pytest.raises(InputError, match="address"):
        cosigned("file:///etc/passwd", KEY.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5))
    with pytest.raises(StoreUnavailable, match="cannot listen"):
        WitnessServer("127.0.0.1", server.server_address[1], server.witness)


def test_requests_of_another_form_are_refused(server):
    def status(method, path, body=None, headers=()):
        with closing(http.client.HTTPConnection(*server.server_address, timeout=5)) as connection:
            connection.request(method, path, body, dict(headers))
            with connection.getresponse() as response:
                return response.status

    assert status("POST", "/elsewhere", b"x") == 404
    assert status("GET", "/add-checkpoint") == 501
    assert status("POST", "/add-checkpoint", b"x") == 400
    assert status("POST", "/add-checkpoint", headers={"Content-Length": "999999999"}) == 413
    assert status("POST", "/add-checkpoint", headers={"Content-Length": "-1"}) == 411


PROGRAM = """
import sys
from pathlib import Path
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.outsiders.witness_http import serve_witness
key, log = SignerKey.parse(sys.argv[2]), SignerKey.parse(sys.argv[3])
serve_witness("127.0.0.1", 0, Path(sys.argv[1]), key, {log.name: [log.verifier()]}, clock=lambda: 1_796_000_000,
              ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_witness_process_ends_cleanly_and_forgets_nothing_even_when_killed(tmp_path, how):
    store = tmp_path / "witness.db"
    arguments = [sys.executable, "-c", PROGRAM, str(store), KEY.secret_text(), LOG.secret_text()]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    guard = threading.Timer(60, process.kill)
    guard.start()
    try:
        url = process.stdout.readline().strip()
        cosigned(url, KEY.verifier(), TRUE.head(5), lambda old: TRUE.proof(old, 5))
        os.kill(process.pid, how)
        rest, _ = process.communicate(timeout=30)
    finally:
        guard.cancel()
        process.kill()
    assert (process.returncode, rest) == ((0, "ended\n") if how == signal.SIGTERM else (-9, ""))
    again = Witness(Path(store), KEY, {ORIGIN: [LOG.verifier()]}, clock=lambda: NOW)
    assert again.answer(FORGED.submission(5, 8)).status == 422
    again.close()


def test_a_log_key_cannot_be_a_witness(tmp_path):
    with pytest.raises(InputError, match="cosigner"):
        Witness(tmp_path / "w.db", LOG, {}, clock=lambda: NOW)
