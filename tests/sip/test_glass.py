"""A glass that is broken: at the service, and at the gate itself while nobody can be asked; and what is known of it after."""

import pytest

from tests.api.conftest import CONSENTED, OWN, UNKNOWN
from tests.api.service import free_port
from tests.sip.gate import gating

REASON = "Gas leak in the north, case 2026-014."


def test_at_the_service_each_call_is_judged_all_the_same_and_says_that_the_glass_was_broken(gate, service):
    gate.dialer.refused(UNKNOWN, 608)
    assert service.post("/v1/gate/broken-glass", {"minutes": 5, "reason": REASON}).status_code == 200
    try:
        placed = gate.dialer.calls(UNKNOWN)
        assert placed.header("X-Belbaar-Glass") == "broken"
        assert gate.record(placed.call_id).cause == "break-glass"
        assert "glass" not in gate.dialer.calls(CONSENTED).answer.lower()
        gate.dialer.refused(UNKNOWN, 433, headers=f"P-Asserted-Identity: <sip:{OWN}@dialer.example>\nPrivacy: id")
    finally:
        service.client.delete("/v1/gate/broken-glass")
    gate.dialer.refused(UNKNOWN, 608)


def test_at_a_gate_that_can_ask_nobody_calls_pass_are_written_down_and_judged_afterwards(service, line, tmp_path):
    port, key = free_port(), service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    with gating(tmp_path, line, url=f"http://127.0.0.1:{port}", key=key, shows=OWN) as gate:
        gate.dialer.refused(UNKNOWN, 503)
        gate.command("break-glass", "gate.toml", "--minutes", "10", "--reason", REASON)
        placed = gate.dialer.calls(UNKNOWN)
        assert placed.header("X-Belbaar-Glass") == "broken"
        (invite,) = gate.carrier.invites(placed.call_id)
        assert "X-Belbaar-Glass: broken" in invite
        assert "X-Belbaar-Permit" not in invite
        hidden = f"P-Asserted-Identity: <sip:{OWN}@dialer.example>\nPrivacy: id"
        gate.dialer.refused(UNKNOWN, 433, headers=hidden)
        gate.command("break-glass", "gate.toml", "--minutes", "0", "--reason", "mended")
        gate.dialer.refused(UNKNOWN, 503)
        told = gate.folder / "gate.toml"
        told.write_text(told.read_text().replace(f":{port}/", f"{service.url.rpartition('127.0.0.1')[2]}/"))
        gate.tell()
    (glass,) = [
        each for each in service.get("/v1/gate/broken-glass").json()["glasses"] if each["by"].startswith("gate:")
    ]
    assert glass["reason"] == REASON
    missing = {each["call_id"]: each for each in service.get("/v1/calls/missing").json()["calls_without_permit"]}
    verdict = missing[placed.call_id]["verdict"]
    assert missing[placed.call_id]["cause"] == "break-glass"
    listed = service.command("log", "entries", UNKNOWN)
    assert int(verdict.removeprefix("v-")) in [each["entry"] for each in listed]


@pytest.mark.parametrize("minutes", ["-1", "241"])
def test_no_glass_is_broken_for_ever(gate, minutes):
    with pytest.raises(AssertionError, match="--minutes"):
        gate.command("break-glass", "gate.toml", "--minutes", minutes, "--reason", REASON)


def test_whoever_was_called_through_a_broken_glass_can_be_erased(service):
    number, at = "+31201000631", "2026-09-08T13:59:00+02:00"
    told = {"call_id": "erased", "cause": "break-glass", "code": 200, "called": number, "presented": OWN}
    told |= {"product": "energy", "begun_at": at, "answered_at": at, "ended_at": at}
    (came,) = service.post("/v1/calls", {"calls": [told]}).json()["results"]
    assert came["call"]["kept"] == "broken glass"
    done = service.command("erase", number, "--reason", "request 2026-014")
    assert (done["events"], done["found"]) == (1, [])
    assert service.post("/v1/history", {"number": number}).json()["events"] == []
