"""Who calls: a number is shown by calls that pass the gate only when it was shown to be held."""

import json

import httpx
from joserfc import jws
from joserfc.jwk import KeySet

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
        keys = KeySet.import_key_set(httpx.get(f"{service.url}/.well-known/jwks.json").json())
        card = jws.deserialize_compact(answer.text, keys, registry=jws.JWSRegistry(algorithms=["Ed25519"]))
        assert card.protected["typ"] == "vcard+json"
        properties = {name: value for name, _, _, value in json.loads(card.payload)["jcard"][1]}
        assert properties["fn"] == "Voltix Energie B.V."
        assert (properties["tel"], properties["email"]) == ("tel:+31201990001", "privacy@voltix.example")
