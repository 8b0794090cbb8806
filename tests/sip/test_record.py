"""The record of calls as files: what has grown large is put aside, nothing of it is lost, and what was sent goes."""

import msgspec
import pytest

from belbaar.clock import now_us
from belbaar.errors import StoreUnavailable
from belbaar.sip import following
from belbaar.sip.following import send_new, tidy
from tests.api.conftest import CONSENTED, OWN
from tests.api.service import free_port
from tests.sip.answerer import answering
from tests.sip.gate import gating

HOUR = 3_600_000_000
LINE = "INVITE|a|b|{id}|603|Decline|0|1788868801.25|1788868800|bureau||||objection|||||\n"


def test_files_are_put_aside_while_kamailio_writes_and_each_line_is_sent_once(line, tmp_path, monkeypatch):
    monkeypatch.setattr(following, "_LARGE", 10)
    sent = []

    def send(trunk, told):
        sent.extend((trunk, each.path, each.body.get("call_id")) for each in told)
        return [""] * len(told)

    with (
        answering() as service,
        gating(tmp_path, line, url=f"http://127.0.0.1:{service.port}", key="bel_0f3a_secret", shows=OWN) as gate,
    ):
        service.says(b'{"allow":0,"code":603,"phrase":"Decline","cause":"objection","text":"No.","ref":"v-1"}')
        calls, folder = [], gate.folder / "calls"
        for _ in range(3):
            calls.append(gate.dialer.refused(CONSENTED, 603).call_id)
            gate.record(calls[-1])
            send_new(folder, send)
            tidy(folder, str(gate.folder), now_us())
        aside = {file.name for file in folder.glob("acc_*.*.log")}
        assert aside
        assert send_new(folder, send).lines == 0
        tidy(folder, str(gate.folder), now_us() + 2 * HOUR)
        assert {file.name for file in folder.glob("acc_*.*.log")} & aside == set()
    assert sent == [("bureau", "/v1/calls", call) for call in calls]


def test_a_line_that_is_half_written_waits_and_one_that_is_none_is_kept_apart(tmp_path):
    file, sent = tmp_path / "acc_1.log", []

    def send(_, told):
        sent.extend(each.body["call_id"] for each in told)
        return ["no such trunk" if each.body["call_id"] == "two" else "" for each in told]

    whole = LINE.format(id="one") + "nonsense\n" + LINE.format(id="two")
    file.write_text(whole + LINE.format(id="three")[:30])
    assert send_new(tmp_path, send) == (3, 2)
    refused = [msgspec.json.decode(text) for text in (tmp_path / "refused.jsonl").read_text().splitlines()]
    assert {each["line"].split("|")[0] for each in refused} == {"nonsense", "INVITE"}
    file.write_text(whole + LINE.format(id="three"))
    assert send_new(tmp_path, send) == (1, 0)
    assert sent == ["one", "two", "three"]


def test_nothing_is_passed_over_while_nobody_answers(tmp_path):
    (tmp_path / "acc_1.log").write_text(LINE.format(id="one"))

    def away(*_):
        raise StoreUnavailable("nobody is there.")

    with pytest.raises(StoreUnavailable):
        send_new(tmp_path, away)
    assert send_new(tmp_path, lambda _, told: [""] * len(told)) == (1, 0)


def test_a_number_in_the_record_is_gone_a_day_after_it_was_sent(line, tmp_path):
    with gating(tmp_path, line, url=f"http://127.0.0.1:{free_port()}", key="bel_0f3a_secret", shows=OWN) as gate:
        gate.command("break-glass", "gate.toml", "--minutes", "10", "--reason", "a leak of gas")
        placed = gate.dialer.calls(CONSENTED)
        gate.command("break-glass", "gate.toml", "--minutes", "0", "--reason", "mended")
        assert gate.record(placed.call_id).called == CONSENTED
        folder, number = gate.folder / "calls", CONSENTED.removeprefix("+").encode()

        def named() -> bool:
            return any(number in file.read_bytes() for file in folder.iterdir())

        for at, sent, there in ((0, False, True), (25, False, True), (27, False, True), (27, True, False)):
            if sent:
                send_new(folder, lambda _, told: [""] * len(told))
            tidy(folder, str(gate.folder), now_us() + at * HOUR)
            assert named() == there
        assert gate.dialer.refused(CONSENTED, 503).call_id  # Kamailio writes on, in a new file
        assert not named()


def test_what_was_refused_is_kept_for_thirty_days(tmp_path):
    broken = LINE.format(id="one").replace("objection|||||", f"break-glass||||{CONSENTED}|{OWN}")
    (tmp_path / "acc_1.log").write_text(broken)
    assert send_new(tmp_path, lambda _, told: ["no such trunk"] * len(told)) == (1, 1)
    refused = tmp_path / "refused.jsonl"
    tidy(tmp_path, "", 0)
    assert CONSENTED in refused.read_text()
    (tmp_path / "acc_1.log").unlink()
    tidy(tmp_path, "", now_us() + 29 * 24 * HOUR)
    assert CONSENTED in refused.read_text()
    tidy(tmp_path, "", now_us() + 31 * 24 * HOUR)
    assert refused.read_text() == ""
