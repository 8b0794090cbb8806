"""Outside the hours in which may be called: a no that says when it will be a yes."""

from tests.api.conftest import CONSENTED, OWN, furnish
from tests.api.service import serving
from tests.sip.gate import gating


def test_a_call_outside_hours_is_told_when_to_come_back(line, tmp_path):
    with serving(tmp_path, "belbaar.db", at="2026-09-08 23:00:00", seconds="5") as service:
        furnish(service)
        key = service.make_key("integrator")
        with gating(tmp_path, line, url=service.url, key=key, shows=OWN) as gate:
            placed = gate.dialer.refused(CONSENTED, 603)
    assert placed.header("Reason") == 'SIP;cause=603;text="outside hours"'
    assert 10 * 3600 - 120 < int(placed.header("Retry-After")) <= 10 * 3600  # at nine the next morning
    assert line.invites(placed.call_id) == []
