"""Who calls: a number is shown by calls that pass the gate only when it was shown to be held."""

import json
from base64 import urlsafe_b64decode

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from belbaar.api.gate.card_key import card_key
from belbaar.errors import StoreUnavailable
from tests.api.conftest import CONSENTED, furnish
from tests.api.service import serving

SHOWN = {"called": CONSENTED, "product": "energy"}


def test_a_number_is_shown_by_calls_only_when_it_was_shown_to_be_held(tmp_path):
    with serving(tmp_path, "held.db", held="on") as service:
        furnish(service)
        new = "+31201990006"
        words = ("--name", "Voltix Energie B.V.", "--sector", "commercial", "--number", new)
        service.command("caller", "add", "voltix", *words)
        question = {**SHOWN, "presented": new, "from": new}
        refused = service.post("/v1/gate", question).json()
        assert (refused["cause"], refused["code"]) == ("not held", 403)
        code = service.command("caller", "code", "voltix", new)["code"]
        wrong = {"caller": "voltix", "number": new, "code": f"{(int(code) + 1) % 1_000_000:06}"}
        assert service.post("/v1/numbers/held", wrong).json()["code"] == "code-refused"
        assert service.post("/v1/gate", question).json()["cause"] == "not held"
        assert service.post("/v1/numbers/held", {**wrong, "code": code}).json()["how"] == "code"
        assert service.post("/v1/gate", question).json()["allow"] == 1
        code = service.command("caller", "code", "voltix", new)["code"]
        wrong["code"] = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(5):
            service.post("/v1/numbers/held", wrong)
        assert service.post("/v1/numbers/held", {**wrong, "code": code}).json()["code"] == "code-refused"
        assert [each["how"] for each in service.get("/v1/numbers/held").json()["numbers"] if each["number"] == new] == [
            "code"
        ]


def test_a_caller_that_can_be_reached_has_a_signed_card_and_no_other_has_one(tmp_path):
    with serving(tmp_path, "card.db") as service:
        furnish(service)
        nobodys, before = (service.client.get(f"/v1/jcards/{name}") for name in ("nobody", "voltix"))
        assert nobodys.status_code == before.status_code == 404
        assert nobodys.json() == before.json()
        told = ("--email", "privacy@voltix.example", "--url", "https://voltix.example")
        service.command("caller", "describe", "voltix", *told)
        answer = httpx.get(f"{service.url}/v1/jcards/voltix")
        assert answer.headers["content-type"].startswith("application/jose")
        head, payload, signature = (urlsafe_b64decode(f"{part}==") for part in answer.text.split("."))
        told = json.loads(head)
        assert (told["alg"], told["typ"], told["x5u"]) == (
            "ES256",
            "vcard+json",
            f"{service.url}/.well-known/jcard.pem",
        )
        public = load_pem_x509_certificate(httpx.get(told["x5u"]).content).public_key()
        signing, (r, s) = answer.text.rpartition(".")[0].encode(), (signature[:32], signature[32:])
        public.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signing, ECDSA(SHA256()))
        with pytest.raises(InvalidSignature):
            public.verify(encode_dss_signature(int.from_bytes(s), int.from_bytes(r)), signing, ECDSA(SHA256()))
        assert json.loads(payload)["iat"] <= service.now()
        properties = {name: value for name, _, _, value in json.loads(payload)["jcard"][1]}
        assert properties["fn"] == "Voltix Energie B.V."
        assert (properties["tel"], properties["email"]) == ("tel:+31201990001", "privacy@voltix.example")


def test_a_certificate_of_ones_own_is_the_one_that_is_published_and_another_keys_is_none(tmp_path):
    mine, theirs = (
        card_key(folder, "belbaar.example") for folder in (_folder(tmp_path / "a"), _folder(tmp_path / "b"))
    )
    (tmp_path / "b" / "jcard.pem").write_bytes(mine.certificates)
    card_key.cache_clear()
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        card_key(tmp_path / "b", "belbaar.example")
    (tmp_path / "b" / "jcard.pem").write_bytes(theirs.certificates + mine.certificates)
    assert card_key(tmp_path / "b", "") == (theirs.secret, theirs.certificates + mine.certificates)


def _folder(path):
    path.mkdir()
    return path
