"""A number is shown by calls that pass the gate only when it was shown to be held."""

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
