"""Lists as jobs: uploaded, screened by a process of their own, followed, fetched, called off."""

import io
import json
import stat
import time

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.conftest import CONSENTED, UNKNOWN
from tests.api.others import with_another

ASKED = {"caller": "voltix", "product": "energy"}
LIST = f"naam;telefoon\r\nDe Vries;{CONSENTED}\r\nKok;{UNKNOWN}\r\nBos;geen\r\n"
_SECONDS = 60


def upload(service, content, name="leads.csv", *, key="", **fields):
    """Send a list."""
    content = content.encode() if isinstance(content, str) else content
    return service.client.post(
        "/v1/lists",
        data={**ASKED, **fields},
        files={"file": (name, content)},
        headers={"Authorization": f"Bearer {key}"} if key else {},
    )


def ended(service, answer, *, key=""):
    """Wait until a list is done, or failed."""
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        told = service.get(f"/v1/lists/{answer.json()['id']}", key=key).json()
        if told["state"] not in ("waiting", "running"):
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def result(service, told):
    """Fetch a list that is done."""
    assert told["state"] == "done", told
    return service.get(f"/v1/lists/{told['id']}/result")


@pytest.fixture(scope="module")
def done(service):
    """A list that was screened."""
    return ended(service, upload(service, LIST, id="crm-7"))


def test_a_list_comes_back_with_its_verdicts_counts_and_log_entry(service, done):
    assert (done["state"], done["name"], done["own_id"], done["rows"]) == ("done", "leads.csv", "crm-7", 3)
    counts = done["counts"]
    assert (counts["allowed"], counts["denied"], counts["unreadable"]) == (1, 1, {"not-a-number": 1})
    assert counts["position"] >= 1
    assert "path" not in json.dumps(done).lower()
    fetched = result(service, done)
    assert fetched.headers["content-disposition"] == 'attachment; filename="leads.belbaar.csv"'
    lines = fetched.content.decode().splitlines()
    assert lines[0].startswith("naam;telefoon;belbaar_number;belbaar_allowed")
    assert [line.split(";")[3] for line in lines[1:]] == ["true", "false", "false"]
    dossier = service.post("/v1/dossiers", {"screening": done["entry"], "rows": [1]})
    assert dossier.status_code == 200, dossier.text
    assert service.command("log", "check")["sound"] is True


def test_a_caller_that_was_registered_a_moment_ago_may_send_a_list(service, done):
    assert done  # so who may speak for whom has been read before
    service.command(
        "caller", "add", "nieuw", "--name", "Nieuw B.V.", "--sector", "commercial", "--number", "+31201990004"
    )
    assert ended(service, upload(service, LIST, caller="nieuw"))["state"] == "done"


def test_it_is_the_file_that_the_command_line_writes(service, done):
    (service.folder / "leads.csv").write_bytes(LIST.encode())
    service.command(
        "screen", "leads.csv", "--caller", "voltix", "--product", "energy", "--at", done["counts"]["at"], "--out", "own.csv"
    )  # fmt: skip
    assert (service.folder / "own.csv").read_bytes() == result(service, done).content


def test_excel_and_parquet_come_back_as_such_or_in_the_format_asked(service):
    sheet = openpyxl.Workbook()
    sheet.active.append(["Telefoon"])
    sheet.active.append([CONSENTED])
    written = io.BytesIO()
    sheet.save(written)
    back = result(service, ended(service, upload(service, written.getvalue(), "leads.xlsx")))
    rows = list(openpyxl.load_workbook(io.BytesIO(back.content)).active.values)
    assert rows[1][:3] == (CONSENTED, CONSENTED, "true")
    table = io.BytesIO()
    pq.write_table(pa.table({"phone": [CONSENTED, UNKNOWN]}), table)
    back = result(service, ended(service, upload(service, table.getvalue(), "leads.parquet", format="jsonl")))
    assert [json.loads(line)["belbaar_allowed"] for line in back.text.splitlines()] == [True, False]


def test_progress_is_told_as_events_until_the_end(service):
    sent = upload(service, LIST).json()
    with service.client.stream("GET", f"/v1/lists/{sent['id']}/progress") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in stream.iter_lines() if line and not line.startswith(":")]
    told = list(zip(lines[::2], lines[1::2], strict=True))
    assert told[0][0] == "event: progress"
    assert told[-1][0] == "event: end"
    assert json.loads(told[-1][1].removeprefix("data: "))["state"] == "done"


def test_a_list_is_called_off_and_its_files_go(service, done):
    jobs = service.folder / "keys.lists" / "jobs"
    assert stat.S_IMODE(jobs.stat().st_mode) == stat.S_IMODE((jobs / done["id"]).stat().st_mode) == 0o700
    files = [path for path in (jobs / done["id"]).iterdir() if path.name != "lock"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    removed = service.client.delete(f"/v1/lists/{done['id']}")
    assert removed.json()["state"] == "removed"
    assert not (jobs / done["id"]).exists()
    gone = service.get(f"/v1/lists/{done['id']}/result")
    assert (gone.status_code, gone.json()["code"]) == (409, "not-ready")
    sent = upload(service, LIST).json()
    assert service.client.delete(f"/v1/lists/{sent['id']}").json()["state"] == "cancelled"
    end = time.monotonic() + _SECONDS
    while (jobs / sent["id"]).exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not (jobs / sent["id"]).exists()
    assert service.get(f"/v1/lists/{sent['id']}").json()["state"] == "cancelled"


def test_what_cannot_be_asked_is_refused_with_its_field(service):
    def refused(**fields):
        answer = upload(service, LIST, **fields)
        return answer.status_code, answer.json()["pointer"], answer.json()["allowed"]

    assert refused(caller="nobody") == (422, "/caller", False)
    assert refused(product="Energy!")[0] == 422
    assert refused(channel="fax") == (422, "/channel", False)
    assert refused(at="morgen") == (422, "/at", False)
    assert refused(evidence="9") == (422, "/evidence", False)
    assert refused(region="ZZ")[0] == 422
    assert refused(law="nl.nothing")[0] == 422
    assert refused(colour="red")[0] == 400
    nothing = service.client.post("/v1/lists", data=ASKED)
    assert (nothing.status_code, nothing.json()["code"]) == (400, "malformed")
    assert service.post("/v1/lists", {"caller": "voltix"}).json()["code"] == "malformed"


def test_a_list_without_numbers_fails_and_says_why(service):
    told = ended(service, upload(service, "naam;plaats\r\nDe Vries;Ee\r\n"))
    assert told["state"] == "failed"
    assert told["problem"]["pointer"] == "/file"
    assert "--" not in told["problem"]["remedy"]
    fetched = service.get(f"/v1/lists/{told['id']}/result")
    assert (fetched.status_code, fetched.json()["detail"]) == (422, told["problem"]["detail"])


def test_lists_are_an_organisations_own(service, done):
    other = with_another(service)
    for method, path in (("GET", ""), ("GET", "/result"), ("GET", "/progress"), ("DELETE", "")):
        refusals = [
            service.client.request(method, f"/v1/lists/{list_id}{path}", headers={"Authorization": f"Bearer {other}"})
            for list_id in (done["id"], "0" * 32)
        ]
        assert [each.status_code for each in refusals] == [404, 404]
        assert refusals[0].json() == refusals[1].json()
    assert service.get("/v1/lists", key=other).json()["lists"] == []
    assert done["id"] in [each["id"] for each in service.get("/v1/lists").json()["lists"]]
    theirs = upload(service, LIST, key=other)
    assert theirs.json()["pointer"] == "/caller"
    unknown = service.post("/v1/dossiers", {"screening": done["entry"]}, key=other).json()
    nothing = service.post("/v1/dossiers", {"screening": 10**9}, key=other).json()
    assert unknown["detail"].replace(str(done["entry"]), str(10**9)) == nothing["detail"]
    assert service.get("/v1/lists", key=service.make_key("auditor")).status_code == 403


def test_cells_that_a_spreadsheet_would_run_come_back_as_text(service):
    cells = ["=1+1", "+A1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\uff1d1+1"]
    content = "telefoon;opmerking\r\n" + "".join(f"{CONSENTED};{cell}\r\n" for cell in cells)
    for name in ("csv", "xlsx"):
        back = result(service, ended(service, upload(service, content, format=name)))
        if name == "csv":
            rows = [line.split(";")[:2] for line in back.content.decode().splitlines()[1:]]
        else:
            rows = [row[:2] for row in openpyxl.load_workbook(io.BytesIO(back.content)).active.values][1:]
        assert [row[0] for row in rows] == [CONSENTED] * len(cells)
        assert [row[1] for row in rows] == [f"'{cell}" for cell in cells]


def test_an_erasure_takes_the_lists_along_that_hold_the_number(service):
    number = "+31201000055"
    with_it = ended(service, upload(service, f"telefoon\n{number}\n", "a.csv", format="xlsx"))
    without = ended(service, upload(service, f"telefoon\n{UNKNOWN}\n", "b.csv"))
    service.command("erase", number, "--reason", "request 2026-014")
    jobs = service.folder / "keys.lists" / "jobs"
    assert (jobs / without["id"]).exists()
    assert not (jobs / with_it["id"]).exists()
    gone = service.get(f"/v1/lists/{with_it['id']}/result")
    assert (gone.status_code, gone.json()["code"]) == (404, "not-found")
