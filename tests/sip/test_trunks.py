"""Trunks: known by a certificate, a password, an address, or several; each with its own rate."""

import json
import ssl
import time
from contextlib import closing

import pytest

from belbaar.errors import InputError
from belbaar.sip import read_gate
from tests.api.conftest import CONSENTED, OWN
from tests.api.service import free_port
from tests.sip.answerer import answering
from tests.sip.authority import Authority
from tests.sip.dialer import BUREAU, PLAIN, STRANGER
from tests.sip.gate import gating
from tests.sip.speaker import Speaker

KEY = "bel_0f3a_secret"
PASSWORD = "correct.horse.battery"
SECURE = free_port()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def service():
    with answering() as answerer:
        yield answerer


@pytest.fixture(scope="module")
def gate(service, line, authority, tmp_path_factory):
    certificate, key = authority.issue("gate.example")
    tls = f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\nauthority = "{authority.path}"\n'
    more = (
        f'[[trunks]]\nname = "sealed"\ncertificate = "dialer.bureau.example"\nkey = "{KEY}"\ncampaign = "sealed"\n'
        f'[[trunks]]\nname = "told"\nuser = "bureau"\npassword = "{PASSWORD}"\nkey = "{KEY}"\ncampaign = "told"\n'
        f'[[trunks]]\nname = "slow"\nsources = ["127.0.0.4"]\nkey = "{KEY}"\ncampaign = "slow"\nper_second = 3\n'
    )
    url = f"http://127.0.0.1:{service.port}"
    folder = tmp_path_factory.mktemp("trunks")
    with gating(folder, line, url=url, key=KEY, shows=OWN, trunks=more, tables=tls, secure=SECURE) as running:
        yield running


def called(gate, authority=None, name="", **signing):
    """Call from nobody's address, over TLS where there is an authority; give the code and the answer."""
    context = trusting(authority) if authority else None
    if context and name:
        context.load_cert_chain(*map(str, authority.issue(name)))
    port = SECURE if context else gate.dialer.port
    with closing(Speaker(port, OWN, context, STRANGER)) as speaker:
        return speaker.invite(CONSENTED, **signing)


def trusting(authority):
    context = ssl.create_default_context(cafile=str(authority.path))
    context.check_hostname = False
    return context


def asked(service):
    return [each["campaign"] for each in service.questions]


def test_a_trunk_is_known_by_the_certificate_that_it_shows(gate, service, authority):
    service.says()
    code, answer = called(gate, authority, "dialer.bureau.example")
    assert code == 200
    assert asked(service) == ["sealed"]
    assert "X-Belbaar-Call" in answer


def test_a_certificate_of_another_name_or_none_is_nobodys(gate, service, authority):
    service.says()
    for name in ("dialer.other.example", ""):
        code, _ = called(gate, authority, name)
        assert code == 407, name  # it may still be who has a password
    assert asked(service) == []


@pytest.mark.usefixtures("gate")
def test_a_certificate_that_another_authority_signed_gets_no_connection(authority, tmp_path):
    other = Authority(tmp_path, "other")
    context = trusting(authority)
    context.load_cert_chain(*map(str, other.issue("dialer.bureau.example")))
    with (
        pytest.raises((OSError, AssertionError)),  # it hangs up, sooner or later
        closing(Speaker(SECURE, OWN, context, STRANGER)) as speaker,
    ):
        speaker.invite(CONSENTED)


def test_a_trunk_is_known_by_its_password_which_goes_no_further(gate, service, line):
    service.says()
    before = len(line.received)
    code, _ = called(gate, user="bureau", password=PASSWORD)
    assert code == 200
    assert asked(service) == ["told"]
    assert not any("Proxy-Authorization" in text for text in line.received[before:])


@pytest.mark.parametrize(("user", "password"), [("bureau", "wrong.horse.battery"), ("nobody", PASSWORD), ("", "")])
def test_who_has_no_password_calls_nobody(gate, service, user, password):
    service.says()
    code, _ = called(gate, user=user, password=password)
    assert code in (403, 407)
    assert asked(service) == []


def test_the_password_itself_stands_nowhere(gate):
    assert PASSWORD not in (gate.folder / "gate.cfg").read_text()


def test_an_address_goes_on_telling_a_trunk_without_any_password(gate, service):
    service.says()
    gate.dialer.calls(CONSENTED, source=BUREAU)
    assert asked(service) == [""]


def test_one_trunk_that_floods_is_told_to_wait_and_no_other(gate, service):
    service.says(seconds=0.02)
    answers, start = gate.dialer.floods(CONSENTED, count=60, source="127.0.0.4"), time.monotonic()
    assert answers.count(503) >= 40
    assert 3 <= answers.count(200) <= 20
    placed = gate.dialer.calls(CONSENTED, source=PLAIN)
    assert placed.status.startswith("SIP/2.0 200")
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "trunk",
    [
        'name = "a"',
        'name = "a"\nuser = "x"',
        'name = "a"\nuser = "x"\npassword = "short"',
        'name = "a"\ncertificate = "x"',
        'name = "a"\nsources = ["10.0.0.1"]\npassword = "correct.horse.battery"',
        'name = "a"\nuser = "x\\"y"\npassword = "correct.horse.battery"',
    ],
)
def test_a_trunk_that_nothing_tells_from_another_is_not_written(trunk):
    told = (
        'listen = ["udp:10.0.0.5:5060"]\ngate = "http://127.0.0.1:8080/v1/gate"\ncarrier = "sip:c.example"\n'
        f'jcard = "https://x.example/j"\n[[trunks]]\nkey = {json.dumps(KEY)}\n{trunk}\n'
    )
    with pytest.raises(InputError):
        read_gate(told)
