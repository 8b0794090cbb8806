"""What is uploaded to do harm is refused, and says what is wrong: real bombs, at a real service."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.conftest import CONSENTED
from tests.api.service import serving
from tests.api.test_lists import LIST, ended, upload

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
MOST = 3_000_000


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of which uploads are small."""
    with serving(tmp_path_factory.mktemp("bombs"), "belbaar.db", upload_bytes=str(MOST)) as started:
        started.command(
            "caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001"
        )  # fmt: skip
        yield started


def workbook(**changed):
    """A sound workbook, with some parts put in the place of its own, or added."""
    sheet = openpyxl.Workbook()
    sheet.active.append(["Telefoon"])
    sheet.active.append([CONSENTED])
    sound, made = io.BytesIO(), io.BytesIO()
    sheet.save(sound)
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | {
            name.replace("__", "/"): part for name, part in changed.items()
        }
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(body):
    """A worksheet."""
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{body}</sheetData></worksheet>"
    )


def refused(service, content, name):
    """Send it; tell why it was refused, and that the service lives."""
    answer = upload(service, content, name)
    if answer.status_code == 202:
        told = ended(service, answer)
        assert told["state"] == "failed", told
        problem = told["problem"]
    else:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        problem = answer.json()
    assert service.get("/readyz").status_code == 200
    assert problem["remedy"]
    assert problem["pointer"] == "/file"
    assert str(service.folder) not in str(problem)
    return problem["code"], problem["detail"]


def test_a_zip_bomb_is_refused_unpacked_by_nobody(service):
    zeros = b"0" * 600_000_000
    bomb = workbook(**{"xl__worksheets__sheet2.xml": zeros})
    assert len(bomb) < MOST
    code, detail = refused(service, bomb, "leads.xlsx")
    assert code == "hostile-file"
    assert "times its size" in detail


def test_a_workbook_of_very_many_parts_is_refused(service):
    made = io.BytesIO(workbook())
    with zipfile.ZipFile(made, "a") as archive:
        for n in range(10_001):
            archive.writestr(f"x/{n}", b"")
    code, detail = refused(service, made.getvalue(), "leads.xlsx")
    assert (code, "parts" in detail) == ("hostile-file", True)


@pytest.mark.parametrize(
    "xml",
    [
        BILLION + sheet_xml('<row r="1"><c t="inlineStr"><is><t>&l9;</t></is></c></row>'),
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + sheet_xml("&f;"),
        "<!-- " + "x" * 70_000 + " -->" + BILLION + sheet_xml(""),
        ("\ufeff" + BILLION.replace("?>", ' encoding="utf-16"?>')).encode("utf-16-le"),
        b'<?xml version="1.0" encoding="cp037"?>' + (BILLION[21:] + sheet_xml("")).encode("cp037"),
    ],
    ids=["billion laughs", "outside entity", "behind a comment", "in UTF-16", "in EBCDIC"],
)
def test_xml_with_a_document_type_is_refused(service, xml):
    code, detail = refused(service, workbook(**{SHEET: xml}), "leads.xlsx")
    assert (code, "XML" in detail) == ("hostile-file", True)


def test_a_sheet_that_says_it_has_rows_without_end_is_refused(service):
    xml = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    )
    code, _ = refused(service, workbook(**{SHEET: xml}), "leads.xlsx")
    assert code == "bad-input"


def test_absurd_parquet_is_refused(service):
    bomb = io.BytesIO()
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["9" * 100_000]))
    pq.write_table(pa.table({"phone": long}), bomb, use_dictionary=True)
    assert len(bomb.getvalue()) < MOST
    code, detail = refused(service, bomb.getvalue(), "leads.parquet")
    assert (code, "bytes of text" in detail) == ("hostile-file", True)
    wide = io.BytesIO()
    pq.write_table(pa.table({f"c{n}": pa.array([1]) for n in range(17_000)}), wide, compression="zstd")
    many = wide.getvalue()
    if len(many) < MOST:
        assert refused(service, many, "leads.parquet")[0] == "hostile-file"
    nested = io.BytesIO()
    pq.write_table(pa.table({"phone": [[CONSENTED]]}), nested)
    assert "lists" in refused(service, nested.getvalue(), "leads.parquet")[1]
    assert refused(service, b"PAR1" + b"\xff" * 100 + b"PAR1", "leads.parquet")[0] == "hostile-file"


def test_absurd_csv_is_refused(service):
    assert refused(service, "a;" * 20_000 + f"\n{CONSENTED}\n", "leads.csv")[0] == "too-wide"
    assert refused(service, f'telefoon;naam\n{CONSENTED};"' + "x" * 2_000_000, "leads.csv")[0] == "bad-input"


def test_more_than_may_be_uploaded_is_refused_and_nothing_stays(service):
    assert refused(service, "telefoon\n" + "0201000007\n" * 400_000, "leads.csv")[0] == "too-large"
    jobs = service.folder / "keys.lists" / "jobs"
    assert not [path for path in jobs.glob("*/list.*") if path.stat().st_size > MOST]
    kept = {each["id"] for each in service.get("/v1/lists").json()["lists"]}
    assert {path.name for path in jobs.iterdir()} <= kept


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x.csv", "..\\..\\x.csv", "/etc/passwd.csv", "a\x00b.csv", "..", "x.exe"]
)
def test_a_name_that_is_a_path_is_refused(service, name):
    boundary = "xyz"
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in (("caller", "voltix"), ("product", "energy"))
    )
    form = (
        f'{fields}--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        f"{LIST}\r\n--{boundary}--\r\n"
    )
    answer = service.client.post(
        "/v1/lists", content=form.encode(), headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] in ("bad-name", "malformed")
    assert answer.json()["remedy"]
