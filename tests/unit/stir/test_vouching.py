"""What the gate's service says of signatures, where it judges none, or cannot sign."""

import json
from base64 import urlsafe_b64decode

import pytest

from belbaar.api.gate import GateAnswer, GateQuestion, Vouching
from belbaar.stir import read_signer
from tests.loops import run as run_in_loop
from tests.sip.authority import Authority, one

OWN, CALLED, NOW = "+31201990001", "0201000007", 1_788_868_800_000_000
YES = GateAnswer(allow=1, permit="0f" * 16 + ".mark", ref="v-7")


def question(**more):
    return GateQuestion(called=CALLED, presented=OWN, sender=OWN, **more)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("more", "code"),
    [({}, 0), ({"identity": "x"}, 0), ({"signed": "required"}, 428), ({"identity": "x", "signed": "required"}, 437)],
)
def test_who_judges_no_signature_leaves_it_to_others_unless_one_is_required(more, code):
    came = run_in_loop(Vouching(None, None, held=True).objects(question(**more), NOW))
    assert (came.code if came else 0) == code


@pytest.mark.parametrize(("held", "attest"), [(True, "A"), (False, "B")])
def test_it_vouches_for_the_number_only_where_numbers_are_held(authority, held, attest):
    signer = read_signer(*authority.issue(f"signer-{attest}", tn=one(OWN[1:])), "https://voltix.example/stir.pem")
    header = Vouching(None, signer, held=held).signed(question(), YES, NOW).identity
    claims = header.split(".")[1]
    said = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert (said["attest"], said["dest"], said["orig"]) == (attest, {"tn": ["31201000007"]}, {"tn": OWN[1:]})
    assert said["iat"] == NOW // 1_000_000


def test_what_does_not_pass_brings_a_signature_or_cannot_be_signed_stays_as_it_is(authority):
    signer = read_signer(*authority.issue("narrow", tn=one("31201990002")), "https://voltix.example/stir.pem")
    no = GateAnswer(allow=0, code=603)
    vouching = Vouching(None, signer, held=True)
    assert vouching.signed(question(), no, NOW) == no
    assert vouching.signed(question(), YES, NOW) == YES
    assert vouching.signed(question(identity="x"), YES, NOW) == YES
