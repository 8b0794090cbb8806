"""Persons sign in: with a password and a code of the moment, or on somebody else's word."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest

from tests.api.conftest import ASKED
from tests.api.service import Service, serving

PASSWORD = "een zin die niemand raadt"
AN = {"email": "an@voltix.example", "name": "An de Vries", "role": "officer"}


class Person:
    """Somebody with an authenticator, whose clock is the service's."""

    def __init__(self, service: Service, email: str, invitation: str, password: str = PASSWORD) -> None:
        self.service, self.email, self.password = service, email, password
        ticket = service.post("/v1/set-up/begin", {"invitation": invitation}).json()
        self.codes = pyotp.parse_uri(ticket["uri"])
        self.answer = service.post(
            "/v1/set-up",
            {"invitation": invitation, "ticket": ticket["ticket"], "password": password, "code": self.code(-1)},
        )

    def code(self, steps: int = 0) -> str:
        """Give the code of the moment, or of some steps on."""
        return str(self.codes.at(int(self.service.now()) + 30 * steps))

    def signs_in(self, *, steps: int = 0, password: str = "", code: str = "") -> httpx.Response:
        """Sign in."""
        shown = {"email": self.email, "password": password or self.password, "code": code or self.code(steps)}
        return self.service.post("/v1/sign-in", shown)


@pytest.fixture
def person(service: Service, request: pytest.FixtureRequest) -> Iterator[Person]:
    """A person with an account that is set up."""
    email = f"{request.node.name[:40].replace('[', '-').rstrip(']')}@voltix.example".lower()
    invited = service.post("/v1/accounts", {**AN, "email": email}).json()
    made = Person(service, email, invited["invitation"])
    assert made.answer.status_code == 200, made.answer.text
    yield made
    service.post("/v1/accounts/end", {"email": email})


def test_a_person_signs_in_and_asks_with_the_key_until_signing_out(service, person):
    signed = person.signs_in()
    key = signed.json()["key"]
    assert service.post("/v1/verdicts", ASKED, key=key).status_code == 200
    assert service.get("/v1/accounts", key=key).status_code == 403  # an officer administers nobody
    assert service.post("/v1/sign-out", {}, key=key).status_code == 200
    assert service.post("/v1/verdicts", ASKED, key=key).status_code == 401


def test_a_programs_key_is_no_session(service):
    refused = service.post("/v1/sign-out", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "no-session")
    assert service.post("/v1/verdicts", ASKED).status_code == 200


def test_a_code_is_good_once(person):
    code = person.code()
    assert person.signs_in(code=code).status_code == 200
    assert person.signs_in(code=code).status_code == 401


def test_whatever_is_wrong_the_answer_is_the_same(service, person):
    answers = [
        person.signs_in(password="een andere zin dan de mijne"),
        person.signs_in(code="000000"),
        service.post("/v1/sign-in", {"email": "nobody@voltix.example", "password": PASSWORD, "code": "123456"}),
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}


def test_five_wrong_answers_lock_an_account_for_the_right_one_too(person):
    for _ in range(5):
        assert person.signs_in(password="een andere zin dan de mijne").status_code == 401
    assert person.signs_in().status_code == 401


def test_an_invitation_is_good_once_and_a_weak_password_does_not_use_it_up(service):
    invited = service.post("/v1/accounts", {**AN, "email": "bo@voltix.example"}).json()["invitation"]
    assert Person(service, "bo@voltix.example", invited, "kort").answer.json()["pointer"] == "/password"
    assert Person(service, "bo@voltix.example", invited).answer.status_code == 200
    again = service.post("/v1/set-up/begin", {"invitation": invited})
    assert (again.status_code, again.json()["code"]) == (422, "setup-invalid")


def test_who_is_invited_again_or_ended_has_no_session_left(service, person):
    key = person.signs_in().json()["key"]
    service.post("/v1/accounts/invite-again", {"email": person.email})
    assert service.post("/v1/verdicts", ASKED, key=key).status_code == 401
    later = person.signs_in(steps=1).json()["key"]
    service.post("/v1/accounts/end", {"email": person.email})
    assert service.post("/v1/verdicts", ASKED, key=later).status_code == 401
    assert person.signs_in(steps=2).status_code == 401


def test_an_address_has_one_account_of_an_organisation_and_another_sees_none_of_it(service, other):
    service.post("/v1/accounts", {**AN, "email": "cor@voltix.example"})
    assert service.post("/v1/accounts", {**AN, "email": "Cor@Voltix.example "}).status_code == 409
    assert service.get("/v1/accounts", key=other).json() == []
    theirs, none = (
        service.post("/v1/accounts/end", {"email": email}, key=other)
        for email in ("cor@voltix.example", "none@voltix.example")
    )
    assert (theirs.status_code, theirs.text) == (404, none.text)


@pytest.fixture(scope="module")
def other(service):
    """The key of an administrator of another organisation."""
    service.command("organisation", "add", "elsewhere", "--name", "Elders B.V.")
    return service.make_key("administrator", "elsewhere")


def test_who_works_for_two_signs_in_to_the_one_whose_code_it_is(service, other, person):
    """An invitation of another organisation reaches that one only, and tells nothing of the first."""
    mine = {**AN, "email": person.email, "role": "auditor"}
    invited, stranger = (
        service.post("/v1/accounts", {**mine, "email": email}, key=other)
        for email in (person.email, "only@elsewhere.example")
    )
    assert {**invited.json(), "invitation": ""} == {**stranger.json(), "invitation": "", "email": person.email}
    assert (invited.status_code, stranger.status_code) == (201, 201)
    code = invited.json()["invitation"]
    assert service.post("/v1/set-up/begin", {"invitation": code}).json()["organisation"] == "Elders B.V."
    there = Person(service, person.email, code, "een heel andere zin dan die")
    assert there.codes.name == f"{person.email} (Elders B.V.)"
    here, elsewhere = person.signs_in().json()["key"], there.signs_in().json()["key"]
    roles = [{each["role"] for each in service.get("/v1/accounts", key=key).json()} for key in ("", other)]
    assert (roles, person.email in service.get("/v1/accounts").text) == ([{"officer"}, {"auditor"}], True)
    assert service.post("/v1/verdicts", ASKED, key=here).status_code == 200
    assert service.post("/v1/verdicts", ASKED, key=elsewhere).status_code != 200
    assert person.signs_in(steps=1, password=there.password).status_code == 401
    service.post("/v1/accounts/end", {"email": person.email}, key=other)
    assert service.post("/v1/verdicts", ASKED, key=here).status_code == 200
    assert person.signs_in(steps=1).status_code == 200
    assert there.signs_in(steps=1).status_code == 401


def test_whoever_guesses_codes_locks_every_account_of_the_address(service, other, person):
    invited = service.post("/v1/accounts", {**AN, "email": person.email}, key=other).json()
    there = Person(service, person.email, invited["invitation"])
    for _ in range(5):
        assert person.signs_in(code="000000").status_code == 401
    assert [each.signs_in().status_code for each in (person, there)] == [401, 401]
    service.post("/v1/accounts/end", {"email": person.email}, key=other)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the other place is written for an older authlib
def test_a_person_signs_in_on_the_word_of_another_place(tmp_path):
    provider_mock = pytest.importorskip("oidc_provider_mock")
    with (
        provider_mock.run_server_in_thread() as provider,
        serving(
            tmp_path,
            "belbaar.db",
            at="",
            oidc_issuer=f"http://localhost:{provider.server_port}",
            oidc_client="belbaar",
            oidc_secret="geheim",
        ) as service,
    ):
        issuer = f"http://localhost:{provider.server_port}"
        service.post("/v1/accounts", {**AN, "email": "an@voltix.example"})
        known = _signs_in_elsewhere(service, issuer, "an@voltix.example")
        assert known.status_code == 200, known.text
        assert service.get("/readyz", key=known.json()["key"]).status_code == 200
        assert _signs_in_elsewhere(service, issuer, "stranger@voltix.example").status_code == 401
        service.command("organisation", "add", "bureau", "--name", "Bureau B.V.")
        service.command("account", "add", "an@voltix.example", "--organisation", "bureau", "--role", "agent")
        which = _signs_in_elsewhere(service, issuer, "an@voltix.example")
        assert (which.json()["code"], which.json()["details"]) == ("which-organisation", ["house", "bureau"])
        for organisation in ("house", "bureau", "house"):
            signed = _signs_in_elsewhere(service, issuer, "an@voltix.example", organisation)
            assert signed.status_code == 200, signed.text
        assert _signs_in_elsewhere(service, issuer, "an@voltix.example", "nobody").status_code == 401
        asked = _signs_in_elsewhere(service, issuer, "an@voltix.example", path="/nl/sign-in/elsewhere")
        assert "Voor wie werkt u nu?" in asked.text
        assert re.findall(r"/nl/sign-in/elsewhere\?organisation=(\w+)", asked.text) == ["house", "bureau"]
        there = _signs_in_elsewhere(service, issuer, "an@voltix.example", "bureau", path="/nl/sign-in/elsewhere")
        assert (there.status_code, there.headers["location"]) == (303, "/nl/home")
        forged = service.client.get("/v1/sign-in/back", params={"code": "x", "state": "y"})
        assert (forged.status_code, forged.json()["code"]) == (422, "sign-in-refused")


def _signs_in_elsewhere(
    service: Service, issuer: str, email: str, organisation: str = "", *, path: str = "/v1/sign-in/elsewhere"
) -> httpx.Response:
    """Go where the service sends a browser, say who one is, and come back."""
    user = httpx.put(f"{issuer}/users/{email}", json={"email": email, "email_verified": True}, timeout=10)
    assert user.is_success, user.text
    with httpx.Client(base_url=service.url, timeout=20) as browser:
        away = browser.get(path, params={"organisation": organisation}).headers["location"]
        assert parse_qs(urlsplit(away).query)["code_challenge_method"] == ["S256"]
        allowed = httpx.post(away, data={"sub": email}, timeout=10)
        return browser.get(allowed.headers["location"])
