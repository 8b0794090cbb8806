"""Writing: all or nothing, in the dialect of the original, harmless to spreadsheets."""

import pyarrow as pa
import pytest

from belbaar.errors import InputError, InternalError
from belbaar.tables import open_table, write_like

DANGEROUS = ["=1+1", "@SUM(A1)", "\tx", "\rx", "\nx", "+A1", "-cmd|'/c calc'!A0", "\uff1d1", "- geen", "+31 20 x"]
HARMLESS = [
    "+31 (0)20-1136469",
    "+31\xa020\xa01136469",
    "-",
    "-5",
    "+",
    "Jansen",
    "",
    "'=1",
    "a=b",
    "06-12345678",
    "+\uff13\uff11",
]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes("Naam;Telefoon\r\nÇelik;0201000001\r\n".encode("cp1252"))
    return open_table(path)


def answer(*cells):
    names = ["Naam", "Telefoon", "belbaar_allowed"]
    return pa.table([["Çelik"] * len(cells), list(cells), [True] * len(cells)], names=names)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_cells_that_a_spreadsheet_runs_are_neutralised(suffix, table, tmp_path, rows_of):
    out = tmp_path / f"out.{suffix}"
    write_like(table, out, ["x", "y"], [pa.table({"x": DANGEROUS + HARMLESS, "y": ["1"] * 21})])
    cells = [row[1] for row in rows_of(open_table(out, header=True))]
    wanted = [f"'{cell}" for cell in DANGEROUS] + HARMLESS
    if suffix == "xlsx":  # XML has one line end, unless lxml is installed: then openpyxl writes both
        cells, wanted = ([cell.replace("\r", "\n") for cell in some] for some in (cells, wanted))
    assert cells == wanted


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_header_is_neutralised_too(suffix, table, tmp_path):
    out = tmp_path / f"out.{suffix}"
    write_like(table, out, ["=cmd()", "Telefoon"], [pa.table({"=cmd()": ["a"], "Telefoon": ["b"]})])
    assert open_table(out).columns == ("'=cmd()", "Telefoon")


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_what_no_spreadsheet_opens_is_left_alone(suffix, table, tmp_path, rows_of):
    out = tmp_path / f"out.{suffix}"
    write_like(table, out, ["x"], [pa.table({"x": DANGEROUS})])
    assert [row[1] for row in rows_of(open_table(out))] == DANGEROUS


def test_new_columns_follow_in_the_same_dialect(table, tmp_path):
    write_like(table, tmp_path / "out.csv", ["Naam", "Telefoon", "belbaar_allowed"], [answer("1;2")])
    assert (tmp_path / "out.csv").read_bytes() == 'Naam;Telefoon;belbaar_allowed\r\nÇelik;"1;2";true\r\n'.encode(
        "cp1252"
    )


def test_a_list_without_header_gets_one_when_columns_are_added(tmp_path):
    (tmp_path / "verzet.txt").write_text("0201000001\n0201000002\n", encoding="utf-8")
    table = open_table(tmp_path / "verzet.txt")
    batches = (batch.data.append_column("belbaar_error", pa.array(["", "x"])) for batch in table.batches())
    write_like(table, tmp_path / "out.txt", ["kolom 1", "belbaar_error"], batches)
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "kolom 1;belbaar_error\n0201000001;\n0201000002;x\n"


def test_a_character_the_encoding_lacks_turns_the_file_to_utf8(table, tmp_path, rows_of):
    notes = write_like(table, tmp_path / "out.csv", ["Naam", "Telefoon"], [answer("a"), answer("ş"), answer("b")])
    assert notes == ('written as UTF-8: cp1252 has no "ş"',)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfNaam;Telefoon\r\n")
    assert rows_of(open_table(tmp_path / "out.csv")) == [(2, "Çelik", "a"), (3, "Çelik", "ş"), (4, "Çelik", "b")]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt", "xlsx", "parquet", "jsonl"])
def test_the_suffix_chooses_the_format(suffix, table, tmp_path, rows_of):
    out = tmp_path / f"out.{suffix}"
    assert not write_like(table, out, table.columns, (batch.data for batch in table.batches()))
    assert [row[1:] for row in rows_of(open_table(out))] == [("Çelik", "0201000001")]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "jsonl"])
def test_no_rows_are_written_as_no_rows(suffix, table, tmp_path):
    out = tmp_path / f"out.{suffix}"
    write_like(table, out, table.columns, [])
    assert out.stat().st_size > 0 or suffix == "jsonl"
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", out.name}


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_failure_halfway_leaves_the_old_file_and_no_trace(suffix, table, tmp_path):
    out = tmp_path / f"out.{suffix}"
    out.write_text("old", encoding="utf-8")

    def broken():
        yield answer("a")
        raise RuntimeError("the engine stopped")

    with pytest.raises(RuntimeError):
        write_like(table, out, ["Naam"], broken())
    assert out.read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", out.name}


def test_a_file_can_be_replaced_by_its_own_answer(table):
    write_like(table, table.path, ["Telefoon", "Naam"], (batch.data for batch in table.batches()))
    assert table.path.read_bytes() == "Telefoon;Naam\r\n0201000001;Çelik\r\n".encode("cp1252")


def test_permissions_are_kept(table, tmp_path):
    (tmp_path / "out.csv").touch(mode=0o640)
    (tmp_path / "out.csv").chmod(0o640)
    write_like(table, tmp_path / "out.csv", table.columns, [])
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_refused(table, tmp_path):
    with pytest.raises(InputError) as caught:
        write_like(table, tmp_path / "nowhere" / "out.csv", table.columns, [])
    assert "--out" in caught.value.todo


def test_a_full_disk_is_said_and_leaves_nothing(table, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_like(table, tmp_path / "out.csv", table.columns, [])
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv"}


def test_a_workbook_with_macros_is_not_promised(table, tmp_path):
    with pytest.raises(InputError, match="macros"):
        write_like(table, tmp_path / "out.xlsm", table.columns, [])


def test_a_missing_column_is_our_own_mistake(table, tmp_path):
    with pytest.raises(InternalError):
        write_like(table, tmp_path / "out.csv", ["nope"], [answer("a")])


def test_a_batch_without_rows_writes_nothing(tmp_path):
    (tmp_path / "in.csv").write_bytes(b"Naam;Telefoon\r\nJansen;0201000007\r\nBos;0201000008\r\n")
    table = open_table(tmp_path / "in.csv")
    batches = [batch.data.slice(0, rows) for batch in table.batches() for rows in (0, 1, 0)]
    write_like(table, tmp_path / "out.csv", table.columns, batches)
    assert (tmp_path / "out.csv").read_bytes() == b"Naam;Telefoon\r\nJansen;0201000007\r\n"
