"""An Identity header holds when everything that it says does, and nothing of it was touched."""

import json
import subprocess
import uuid
from email.utils import formatdate

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.stir import Call, Flaw, Signed, Verifier, read_signer
from belbaar.stir.authority import covers
from belbaar.stir.certificates import Certificates, address_of
from belbaar.stir.passport import encoded
from tests.loops import run as run_in_loop
from tests.sip.authority import Authority, one, pem, span, spc
from tests.sip.passports import identity

URL = "https://sti.example/certs/voltix.pem"
OWN, CALLED = "31201990001", "31201000007"
NOW = now_us() // 86_400_000_000 * 86_400
"""Midnight: tests are named by it, on every worker alike."""
CALL = Call(OWN, CALLED, NOW * 1_000_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("certificates")
    (made / "sti.example/certs").mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def verifier(authority, folder):
    return Verifier.of(authority.path, [], folder)


@pytest.fixture(scope="module")
def key(authority, folder):
    return published(folder, authority, URL, tn=one(OWN))


def published(folder, authority, url, **how):
    """Issue a certificate, and put it where its address is; give the file of its key."""
    certificate, key = authority.issue(url.rpartition("/")[2], **how)
    (folder / address_of(url)).write_bytes(certificate.read_bytes())
    return key


def says(verifier, header, call=CALL):
    fresh = Verifier(verifier.roots, Certificates([], verifier.certificates._folder))  # each event loop has its own
    return run_in_loop(fresh.says(header, call, 5))


def cause(verifier, header, call=CALL):
    came = says(verifier, header, call)
    return came.cause if isinstance(came, Flaw) else came


@pytest.mark.parametrize("attest", ["A", "B", "C"])
def test_what_is_signed_right_holds_and_says_how_far_it_vouches(verifier, key, attest):
    header = identity(key, URL, OWN, CALLED, NOW, claims={"attest": attest})
    assert says(verifier, header) == Signed(attest, "CN=voltix.pem")


@pytest.mark.parametrize(
    "params", ["", ";alg=ES256", ";ppt=shaken", ' ; ppt="shaken" ; alg=ES256', ";ALG=ES256;extra=1"]
)
def test_a_header_may_be_written_in_several_ways(verifier, key, params):
    assert says(verifier, identity(key, URL, OWN, CALLED, NOW, params=params)) == Signed("A", "CN=voltix.pem")


def test_the_short_form_holds_by_what_the_request_says(verifier, key):
    header = identity(key, URL, OWN, CALLED, NOW, ppt="", compact=True)
    assert header.startswith("..")
    assert says(verifier, header, CALL._replace(date=formatdate(NOW, usegmt=True))) == Signed("", "CN=voltix.pem")
    assert cause(verifier, header, CALL._replace(date=formatdate(NOW - 1, usegmt=True))) == "false identity"
    assert cause(verifier, header, CALL._replace(date="yesterday")) == "stale identity"
    assert cause(verifier, identity(key, URL, OWN, CALLED, NOW, compact=True)) == "false identity"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"claims": {"orig": {"tn": "31201990002"}}}, "false identity"),
        ({"claims": {"orig": {"tn": f"+{OWN}"}}}, "false identity"),
        ({"claims": {"orig": {"uri": "sip:voltix@example.org"}}}, "false identity"),
        ({"claims": {"dest": {"tn": ["31201000008"]}}}, "false identity"),
        ({"claims": {"dest": {"tn": CALLED}}}, "false identity"),
        ({"claims": {"dest": {"tn": []}}}, "false identity"),
        ({"claims": {"iat": NOW - 61}}, "stale identity"),
        ({"claims": {"iat": NOW + 61}}, "stale identity"),
        ({"claims": {"iat": str(NOW)}}, "false identity"),
        ({"claims": {"attest": "D"}}, "false identity"),
        ({"claims": {"origid": "mine"}}, "false identity"),
        ({"head": {"alg": "none"}}, "false identity"),
        ({"head": {"alg": "HS256"}}, "false identity"),
        ({"head": {"typ": "JWT"}}, "false identity"),
        ({"head": {"x5u": "https://sti.example/certs/other.pem"}}, "false identity"),
        ({"head": {"crit": ["exp"], "exp": 1}}, "false identity"),
        ({"params": ";alg=ES512"}, "false identity"),
        ({"params": ";ppt=div"}, "false identity"),
        ({"params": ";alg=ES256;alg=ES256"}, "false identity"),
        ({"info": "https://sti.example/certs/other.pem"}, "false identity"),
    ],
    ids=str,
)
def test_what_is_signed_wrong_does_not_hold(verifier, key, how, expected):
    assert cause(verifier, identity(key, URL, OWN, CALLED, NOW, **how)) == expected


@pytest.mark.parametrize("off", [-60, 0, 60])
def test_a_minute_either_way_is_just_now(verifier, key, off):
    assert isinstance(says(verifier, identity(key, URL, OWN, CALLED, NOW + off)), Signed)


@pytest.mark.parametrize(
    "header", ["x", "..", "a.b.c;info=<https://x.example/y>", ",", "A" * 8000, "..;info=<>", "\x00\xff;;;==", "a,b,c,d"]
)
def test_garbage_is_no_identity(verifier, header):
    assert cause(verifier, header) == "false identity"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_bit_is_turned_it_holds_no_more(verifier, key, data):
    token, rest = identity(key, URL, OWN, CALLED, NOW).split(";", 1)
    place = data.draw(st.integers(0, len(token) - 1))
    turned = chr(ord(token[place]) ^ 1 << data.draw(st.integers(0, 6)))
    header = f"{token[:place]}{turned}{token[place + 1 :]};{rest}"
    assert isinstance(says(verifier, header), Flaw), (token[place], turned)


@settings(max_examples=60, deadline=None)
@given(
    header=st.text(max_size=300)
    | st.from_regex(r"[A-Za-z.]{3,9};info=<[a-z:/.]{0,9}>(;ppt=[a-z]{1,3})?", fullmatch=True)
)
def test_whatever_is_written_there_has_an_answer_and_never_holds(verifier, header):
    came = says(verifier, header)
    assert came is None if not header else isinstance(came, Flaw)
    if isinstance(came, Flaw):
        assert came.text.isascii()
        assert '"' not in came.text


def test_each_of_several_must_hold_and_the_least_counts(verifier, key):
    good, less = (identity(key, URL, OWN, CALLED, NOW, claims={"attest": each}) for each in "AC")
    bad = identity(key, URL, OWN, CALLED, NOW - 100)
    assert says(verifier, f"{good},{less}") == Signed("C", "CN=voltix.pem")
    for pair in (f"{good},{bad}", f"{bad},{good}"):
        assert cause(verifier, pair) == "stale identity"


def test_what_says_another_thing_than_who_calls_is_passed_over(verifier, key):
    diverted = identity(key, URL, OWN, CALLED, NOW, ppt="div")
    assert says(verifier, diverted) is None
    assert says(verifier, f"{diverted},{identity(key, URL, OWN, CALLED, NOW)}") == Signed("A", "CN=voltix.pem")


def test_the_certificate_must_be_of_a_trusted_authority_of_its_time_and_for_the_number(
    verifier, authority, folder, tmp_path
):
    other = Authority(tmp_path, "authority")  # of the same name
    between = Authority(tmp_path, "between", under=authority)
    expected = {
        "unknown": (other, {"tn": one(OWN)}, "untrusted certificate"),
        "expired": (authority, {"tn": one(OWN), "days": -1}, "untrusted certificate"),
        "unlisted": (authority, {}, "untrusted certificate"),
        "others": (authority, {"tn": one("31201990002")}, "untrusted certificate"),
        "garbled": (authority, {"tn": b"\x30\x03\xa0\x01\x16"}, "untrusted certificate"),
        "authority": (authority, {"tn": one(OWN), "own": True}, "untrusted certificate"),
        "provider": (authority, {"tn": spc("7031")}, Signed("A", "CN=provider.pem")),
        "range": (between, {"tn": span("31201990000", 100)}, Signed("A", "CN=range.pem")),
    }
    for name, (signer, how, came) in expected.items():
        url = f"https://sti.example/certs/{name}.pem"
        key = published(folder, signer, url, **how)
        assert cause(verifier, identity(key, url, OWN, CALLED, NOW)) == came, name


def test_a_token_is_written_as_the_standard_writes_it():
    """RFC 8225, appendix A."""
    head = encoded({"x5u": "https://cert.example.org/passport.cer", "typ": "passport", "alg": "ES256"})
    claims = encoded({"orig": {"tn": "12155551212"}, "iat": 1471375418, "dest": {"uri": ["sip:alice@example.com"]}})
    assert (head, claims) == (
        "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9",
        "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQxOCwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEyIn19",
    )


def test_another_key_than_the_certificates_does_not_sign(verifier, authority, key):
    _, other = authority.issue("somebody", tn=one(OWN))
    assert key != other
    assert cause(verifier, identity(other, URL, OWN, CALLED, NOW)) == "false identity"


@pytest.mark.parametrize(
    "other",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
)
def test_a_certificate_whose_key_is_of_another_kind_signs_nothing(verifier, authority, folder, key, other):
    url = f"https://sti.example/certs/{type(other).__name__.lower()}.pem"
    published(folder, authority, url, tn=one(OWN), key=other)
    assert cause(verifier, identity(key, url, OWN, CALLED, NOW)) in ("false identity", "untrusted certificate")
    with pytest.raises(BelbaarError):
        read_signer(*authority.issue("kind", tn=one(OWN), key=other), url)


def test_a_root_that_is_no_certificate_is_said_so(verifier, folder, key):
    url = "https://sti.example/certs/page.pem"
    for content in (b"<html>", b"\xff" * 100, b""):
        (folder / address_of(url)).write_bytes(content)
        header = identity(key, url, OWN, CALLED, NOW)
        assert cause(verifier, header) == ("untrusted certificate" if content else "no certificate")


@given(start=st.integers(10, 10**12), count=st.integers(2, 10**6), off=st.integers(-(10**6), 2 * 10**6))
def test_a_range_covers_its_numbers_and_no_others(start, count, off):
    certificate = _Certificate(span(str(start), count))
    number = str(start + off)
    assert covers(certificate, number) == (0 <= off < count and len(number) == len(str(start)))


class _Certificate:
    """A certificate of which only the extension is looked at: signing one for each example takes long."""

    def __init__(self, tn):
        oid = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.26")
        self.extensions = x509.Extensions(
            [x509.Extension(oid, critical=False, value=x509.UnrecognizedExtension(oid, tn))]
        )


def test_what_we_sign_others_can_verify(authority, verifier, folder):
    certificate, key = authority.issue("signer.pem", tn=span("31201990000", 100))
    url = "https://sti.example/certs/signer.pem"
    (folder / address_of(url)).write_bytes(certificate.read_bytes())
    signer = read_signer(certificate, key, url)
    origin = uuid.uuid4()
    header = signer.signs(OWN, CALLED, "B", origin, NOW * 1_000_000)
    token, info, alg, ppt = header.split(";")
    assert (info, alg, ppt) == (f"info=<{url}>", "alg=ES256", "ppt=shaken")
    whole = jwt.api_jws.PyJWS().decode_complete(token, signer.certificate.public_key(), algorithms=["ES256"])
    assert whole["header"] == {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": url}
    assert json.loads(whole["payload"]) == {
        "attest": "B", "dest": {"tn": [CALLED]}, "iat": NOW, "orig": {"tn": OWN}, "origid": str(origin),
    }  # fmt: skip
    trusted = subprocess.run(
        ["openssl", "verify", "-CAfile", str(authority.path), str(certificate)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert trusted.returncode == 0, trusted.stderr
    assert says(verifier, header) == Signed("B", "CN=signer.pem")


def test_nothing_is_signed_for_a_number_or_a_time_that_the_certificate_is_not_for(authority):
    signer = read_signer(*authority.issue("narrow", tn=one(OWN), days=1), URL)
    assert signer.signs(OWN, CALLED, "A", uuid.uuid4(), NOW * 1_000_000)
    assert signer.signs("31201990002", CALLED, "A", uuid.uuid4(), NOW * 1_000_000) == ""
    assert signer.signs(OWN, CALLED, "A", uuid.uuid4(), (NOW + 2 * 86_400) * 1_000_000) == ""


def test_what_cannot_sign_is_refused_when_it_is_read(authority, tmp_path):
    certificate, key = authority.issue("a", tn=one(OWN))
    _, other = authority.issue("b", tn=one(OWN))
    exposed = tmp_path / "exposed.key"
    exposed.write_bytes(key.read_bytes())
    exposed.chmod(0o644)
    for paths in ((certificate, other), (key, key), (certificate, certificate), (certificate, tmp_path / "none"),
                  (certificate, exposed)):  # fmt: skip
        with pytest.raises(BelbaarError):
            read_signer(*paths, URL)
    with pytest.raises(BelbaarError):
        read_signer(certificate, key, "https://sti.example/a?b")


def test_certificates_come_from_nowhere_but_where_they_may(tmp_path):
    certificates = Certificates([], tmp_path)
    (tmp_path / "secret").write_bytes(b"a secret")
    (tmp_path / "sti.example").mkdir()
    for url in (
        "https://sti.example/../secret", "file:///etc/passwd", "https://sti.example@evil.example/", "https://sti.example/%2e%2e/secret",
        "HTTPS://sti.example/x", "https:///secret", "https://./secret", "https://sti.example/", "http://127.0.0.1:1/secret",
    ):  # fmt: skip
        assert run_in_loop(_got(certificates, url)) == b"", url
    for prefix in (
        "https://sti.example",
        "sti.example/",
        "https://sti.example/a",
        "https://*/",
        "https://sti.example/../",
    ):
        with pytest.raises(BelbaarError):
            Certificates([prefix])


async def _got(certificates, url):
    return await certificates.get(url, 5)


def test_the_root_itself_is_read(authority, tmp_path):
    path = tmp_path / "roots.pem"
    path.write_bytes(b"nothing")
    with pytest.raises(BelbaarError):
        Verifier.of(path, [], tmp_path)
    path.write_bytes(pem(authority.certificate) * 2)
    assert Verifier.of(path, [], tmp_path)
