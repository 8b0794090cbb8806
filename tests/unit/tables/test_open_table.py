"""What the sender says goes before what is found out."""

import subprocess
import sys

import pytest

from belbaar.errors import InputError
from belbaar.tables import open_table
from belbaar.tables.layout import find_header


def written(folder, raw):
    path = folder / "lijst.csv"
    path.write_bytes(raw)
    return path


def test_a_header_can_be_denied(tmp_path, rows_of):
    path = written(tmp_path, b"Naam;Plaats\nJansen;Ede\n")
    assert rows_of(open_table(path, header=False)) == [(1, "Naam", "Plaats"), (2, "Jansen", "Ede")]


def test_a_header_can_be_affirmed(tmp_path):
    assert open_table(written(tmp_path, b"0201000001;x\n0201000002;y\n"), header=True).columns == ("0201000001", "x")


def test_an_encoding_can_be_said(tmp_path, rows_of):
    path = written(tmp_path, "Naam;Tel\nŞahin;1\n".encode("cp1254"))
    assert rows_of(open_table(path, encoding="cp1254")) == [(2, "Şahin", "1")]


@pytest.mark.parametrize(
    ("raw", "said", "what"),
    [
        ("Naam;Tel\nÖz;1\n".encode("cp1252"), {"encoding": "utf-8"}, "byte 10 on line 2 is no utf-8"),
        (b"Naam;Tel\n", {"encoding": "utf-9"}, "no encoding"),
        (b"Naam;Tel\n", {"delimiter": ";;"}, "cannot be a delimiter"),
        (b"Naam;Tel\n", {"delimiter": '"'}, "cannot be a delimiter"),
        (b"Naam;Tel\n", {"sheet": "Blad1"}, "no worksheets"),
    ],
)
def test_what_is_said_wrongly_is_refused(raw, said, what, tmp_path):
    with pytest.raises(InputError) as caught:
        open_table(written(tmp_path, raw), **said)
    assert what in caught.value.what
    assert caught.value.todo


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot be opened"):
        open_table(tmp_path)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_batches_are_of_the_size_asked(size, tmp_path):
    table = open_table(written(tmp_path, b"Tel;Naam\n" + b"020;x\n030;y;z\n" * 5))
    batches = list(table.batches(size))
    assert max(len(batch.rows) for batch in batches) <= size
    assert [row for batch in batches for row in batch.rows.to_pylist()] == list(range(2, 12))
    assert [problem.row for batch in batches for problem in batch.problems] == [3, 5, 7, 9, 11]


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([["Naam", "Telefoon"]], 0),
        ([["Klanten", "", ""], ["Naam", "Plaats", "Wie"], ["Jansen", "Ede", "x"]], 1),
        ([["Jansen", "020-1136469"], ["Pot", "020-1136470"]], None),
        ([["0201000001", ""], ["0201000002", ""]], None),
        ([["Tel. 0970-17088571"], ["tel:+33199005727"]], None),
        (
            [
                ["Datum", "1-7-2026", ""],
                ["Product", "energy", ""],
                ["Naam", "Mobiel", "Plaats"],
                ["J", "0201000001", "Ede"],
            ],
            2,
        ),
        ([["Export", "2026-11-23", ""], ["Naam", "Mobiel", "Plaats"], ["Jansen", "0201000001", "Ede"]], 1),
        ([["Nummer"], ["0201000001"]], 0),
        ([], None),
    ],
)
def test_the_header_is_found(rows, index):
    assert find_header(rows) == index


def test_the_room_opens_without_heavy_furniture():
    code = "import sys, belbaar.tables; print([m for m in ('pyarrow', 'openpyxl', 'charset_normalizer') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
