"""Signed calls through the gate: what brings a signature must hold by it, and what brings none is signed on its way out."""

import json
import re
import subprocess
import time
import uuid

import jwt
import pytest
from cryptography import x509

from belbaar.stir.certificates import Certificates
from tests.api.conftest import CONSENTED, OTHERS, OWN, furnish
from tests.api.service import serving
from tests.loops import run as run_in_loop
from tests.sip.authority import Authority, one, span
from tests.sip.gate import gating
from tests.sip.incoming import until
from tests.sip.passports import identity
from tests.sip.publisher import late, publishing
from tests.sip.test_calls import permits
from tests.sip.test_torture import sent
from tests.sip.torture import _HEAD, _LINE

SEALED = "127.0.0.5"
"""The address of a dialer whose calls must be signed."""
OURS = "https://voltix.example/stir.pem"
ASSERTED = f"P-Asserted-Identity: <sip:{OWN}@dialer.example>"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def publisher():
    with publishing() as running:
        yield running


@pytest.fixture(scope="module")
def signer(authority):
    return authority.issue("voltix", tn=span("31201990000", 100))


@pytest.fixture(scope="module")
def service(tmp_path_factory, authority, publisher, signer):
    told = {
        "stir_roots": authority.path,
        "stir_urls": publisher.url,
        "stir_certificate": signer[0],
        "stir_key": signer[1],
    }
    folder = tmp_path_factory.mktemp("service")
    with serving(
        folder, "belbaar.db", held="on", stir_url=OURS, **{name: str(at) for name, at in told.items()}
    ) as started:
        furnish(started)
        started.command("caller", "held", "voltix", OWN, "--organisation", "house", "--document", "contract")
        yield started


@pytest.fixture(scope="module")
def gate(service, line, tmp_path_factory):
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    trunk = f'[[trunks]]\nname = "sealed"\nsources = ["{SEALED}"]\nkey = "{key}"\nproduct = "energy"\nidentity = "required"\n'
    with gating(tmp_path_factory.mktemp("gate"), line, url=service.url, key=key, shows=OWN, trunks=trunk) as running:
        yield running


@pytest.fixture(scope="module")
def key(authority, publisher, service):
    made = issued(authority, publisher, "dialer", tn=one(OWN[1:]))
    at_hand(service, signed(made, f"{publisher.url}dialer.pem", service))
    return made


def issued(authority, publisher, name, **how):
    certificate, key = authority.issue(name, **how)
    publisher.pages[f"/certs/{name}.pem"] = certificate.read_bytes()
    return key


def signed(key, url, service, **how):
    return identity(key, url, OWN, CONSENTED, service.now() + how.pop("off", 0), **how)


def at_hand(service, header):
    """Wait until the service has a certificate: on a busy machine the first call may come before it."""
    question = {"called": CONSENTED, "presented": OWN, "from": OWN, "product": "energy", "identity": header}
    until(lambda: service.post("/v1/gate", question).json().get("cause") != "no certificate", seconds=10)


def identities(invite):
    return re.findall(r"^(?:Identity|y): (.*?)\r?$", invite, re.MULTILINE)


@pytest.mark.parametrize("name", ["Identity", "y"])
@pytest.mark.parametrize("source", ["", SEALED])
def test_a_call_that_is_signed_right_passes_with_its_own_signature(gate, service, publisher, key, name, source):
    header = signed(key, f"{publisher.url}dialer.pem", service)
    how = {"source": source} if source else {}
    placed = gate.dialer.calls(CONSENTED, headers=f"{ASSERTED}\n{name}: {header}", **how)
    (invite,) = gate.carrier.invites(placed.call_id)
    assert identities(invite) == [header]
    assert len(permits(invite)) == 1


def test_a_signature_may_be_written_on_several_lines(gate, service, publisher, key):
    header = signed(key, f"{publisher.url}dialer.pem", service).replace(";alg", "\n  ;alg")
    text = _LINE + _HEAD.replace("Max-Forwards: 70", f"Max-Forwards: 70\nIdentity: {header}") + "\n"
    before = len(gate.carrier.received)
    sent(gate, text, 990)
    (invite,) = {each for each in gate.carrier.received[before:] if each.startswith("INVITE")}
    assert f"Identity: {header}".replace("\n", "\r\n") in invite
    assert len(permits(invite)) == 1


WRONG = {
    "another number": (438, "false identity", {"claims": {"orig": {"tn": OTHERS[1:]}}}),
    "another called": (438, "false identity", {"claims": {"dest": {"tn": [OTHERS[1:]]}}}),
    "long ago": (403, "stale identity", {"off": -90}),
    "tampered": (438, "false identity", {"info": "http://127.0.0.1/certs/dialer.pem"}),
    "elsewhere": (436, "no certificate", {"url": "http://127.0.0.1:{port}/other/dialer.pem"}),
    "nowhere": (436, "no certificate", {"url": "{certs}none.pem"}),
    "another key": (438, "false identity", {"url": "{certs}another.pem"}),
    "unknown authority": (437, "untrusted certificate", {"url": "{certs}unknown.pem"}),
    "expired": (437, "untrusted certificate", {"url": "{certs}expired.pem"}),
    "not for the number": (437, "untrusted certificate", {"url": "{certs}narrow.pem"}),
}
PHRASES = {403: "Stale Date", 436: "Bad Identity Info", 437: "Unsupported Credential", 438: "Invalid Identity Header"}


@pytest.mark.parametrize("name", WRONG)
def test_a_signature_that_does_not_hold_is_refused_and_the_call_never_leaves(
    gate, service, authority, publisher, key, name, tmp_path
):
    code, cause, how = WRONG[name]
    if name == "another key":
        issued(authority, publisher, "another", tn=one(OWN[1:]))
    elif name == "unknown authority":
        key = issued(Authority(tmp_path), publisher, "unknown", tn=one(OWN[1:]))
    elif name == "expired":
        key = issued(authority, publisher, "expired", tn=one(OWN[1:]), days=-120)
    elif name == "not for the number":
        key = issued(authority, publisher, "narrow", tn=one(OTHERS[1:]))
    how = dict(how)
    port = publisher.url.split(":")[2].partition("/")[0]
    url = how.pop("url", "{certs}dialer.pem").format(certs=publisher.url, port=port)
    header = signed(key, url, service, **how)
    if cause != "no certificate":
        at_hand(service, header)
    placed = gate.dialer.refused(CONSENTED, code, headers=f"{ASSERTED}\nIdentity: {header}")
    assert placed.status == f"SIP/2.0 {code} {PHRASES[code]}"
    assert placed.header("Reason") == f'STIR;cause={code};text="{cause}"'
    assert placed.header("X-Belbaar-Text").endswith(".")
    assert gate.carrier.invites(placed.call_id) == []
    assert gate.record(placed.call_id).cause == cause
    assert not any(path.startswith("/other/") for path in publisher.asked)


def test_one_good_signature_does_not_cover_a_bad_one(gate, service, publisher, key):
    good, bad = (signed(key, f"{publisher.url}dialer.pem", service, off=off) for off in (0, -90))
    placed = gate.dialer.refused(CONSENTED, 403, headers=f"{ASSERTED}\nIdentity: {good}\nIdentity: {bad}")
    assert 'text="stale identity"' in placed.header("Reason")
    placed = gate.dialer.calls(CONSENTED, headers=f"{ASSERTED}\nIdentity: {good}\nIdentity: {good}")
    assert identities(gate.carrier.invites(placed.call_id)[0]) == [good, good]


@pytest.mark.parametrize(
    "headers",
    [
        "Identity: " + "A" * 8000,
        "Identity: x",
        'Identity: ;;;="<>',
        "\n".join(f"Identity: {'a' * 700}" for _ in range(12)),
    ],
    ids=lambda headers: f"{len(headers)}",
)
def test_garbage_is_refused_however_much_of_it_there_is(gate, headers):
    placed = gate.dialer.refused(CONSENTED, 438, headers=f"{ASSERTED}\n{headers}")
    assert placed.header("Reason") == 'STIR;cause=438;text="false identity"'
    assert gate.carrier.invites(placed.call_id) == []


def test_where_a_signature_is_required_a_call_without_one_is_refused(gate, service, publisher, key):
    placed = gate.dialer.refused(CONSENTED, 428, source=SEALED)
    assert placed.status == "SIP/2.0 428 Use Identity Header"
    assert placed.header("Reason") == 'STIR;cause=428;text="no identity"'
    diverted = signed(key, f"{publisher.url}dialer.pem", service, ppt="div")
    gate.dialer.refused(CONSENTED, 428, source=SEALED, headers=f"{ASSERTED}\nIdentity: {diverted}")
    gate.dialer.calls("112", source=SEALED)


def test_a_call_that_brings_no_signature_is_signed_on_its_way_out(gate, service, authority, signer):
    placed = gate.dialer.calls(CONSENTED)
    (invite,) = gate.carrier.invites(placed.call_id)
    (header,) = identities(invite)
    token, *params = header.split(";")
    assert params == [f"info=<{OURS}>", "alg=ES256", "ppt=shaken"]
    certificate = x509.load_pem_x509_certificate(signer[0].read_bytes())
    whole = jwt.api_jws.PyJWS().decode_complete(token, certificate.public_key(), algorithms=["ES256"])
    assert whole["header"] == {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": OURS}
    claims = json.loads(whole["payload"])
    origin = uuid.UUID(claims.pop("origid"))
    assert abs(claims.pop("iat") - service.now()) < 10
    assert claims == {"attest": "A", "dest": {"tn": [CONSENTED[1:]]}, "orig": {"tn": OWN[1:]}}
    assert origin == uuid.UUID(hex=permits(invite)[0].partition(".")[0], version=4)
    trusted = subprocess.run(
        ["openssl", "verify", "-CAfile", str(authority.path), str(signer[0])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert trusted.returncode == 0, trusted.stderr


def test_a_call_that_is_denied_is_not_signed_and_a_key_stands_nowhere(gate, service, signer):
    answer = service.post("/v1/gate", {"called": OTHERS, "presented": OWN, "from": OWN, "product": "energy"}).json()
    assert (answer["allow"], "identity" in answer) == (0, False)
    written = (gate.folder / "gate.cfg").read_text() + (service.folder / "serve.log").read_text()
    assert signer[1].read_text().splitlines()[1] not in written


def test_a_certificate_is_fetched_once_and_one_that_comes_late_is_there_for_the_next_call(
    gate, service, authority, publisher
):
    key = issued(authority, publisher, "slow", tn=one(OWN[1:]))
    publisher.pages["/certs/slow.pem"] = late(0.8, publisher.pages["/certs/slow.pem"])
    url = f"{publisher.url}slow.pem"
    headers = f"{ASSERTED}\nIdentity: {signed(key, url, service)}"
    assert 'text="no certificate"' in gate.dialer.refused(CONSENTED, 436, headers=headers).header("Reason")
    time.sleep(1)
    for _ in range(2):
        gate.dialer.calls(CONSENTED, headers=headers)
    assert publisher.asked.count("/certs/slow.pem") == 1


def test_many_certificates_that_come_late_hold_up_nobody(gate, service, authority, publisher):
    """The gate would ask nothing for three seconds, for any trunk, where an answer takes one."""
    headers = []
    for n in range(4):
        key = issued(authority, publisher, f"crawling{n}", tn=one(OWN[1:]))
        publisher.pages[f"/certs/crawling{n}.pem"] = late(3, b"")
        headers.append(f"Identity: {signed(key, f'{publisher.url}crawling{n}.pem', service)}")
    gate.dialer.refused(CONSENTED, 436, headers="\n".join([ASSERTED, *headers]))
    gate.dialer.calls(CONSENTED)


def test_what_is_no_certificate_is_not_read_to_its_end(publisher, caplog):
    publisher.pages |= {
        "/certs/moved.pem": lambda: (302, {"Location": f"{publisher.url}good.pem"}, b""),
        "/certs/large.pem": b"x" * 65_537,
        "/certs/good.pem": b"x" * 65_536,
    }

    async def got():
        certificates = Certificates([publisher.url])
        return [
            len(await certificates.get(f"{publisher.url}{name}.pem", 5)) for name in ("moved", "large", "good", "none")
        ]

    assert run_in_loop(got()) == [0, 0, 65_536, 0]
    assert [record.message for record in caplog.records if record.name == "belbaar.stir"] == [
        f"no certificate from 127.0.0.1:{publisher.url.split('/')[2].partition(':')[2]}: {why}"
        for why in ("status 302", "it is too large", "status 404")
    ]
