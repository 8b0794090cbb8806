"""A drawer of odd and broken files, each named by what is odd about it."""

import pytest

from belbaar.errors import InputError
from belbaar.tables import open_table, write_like

READ = {  # columns, notes, rows; and whether writing gives the same bytes
    "all-quoted.csv": (("Naam", "Telefoon"), (), [(2, "Jansen", "0201000001"), (3, "", "0201000002")], True),
    "blank-lines.csv": (
        ("Naam", "Telefoon"),
        (),
        [(2, "Jansen", "0201000001"), (4, "Pot", "0201000002"), (5, "   ", "")],
        False,
    ),
    "cp850.csv": (
        ("Naam", "Telefoon", "Plaats"),
        ("encoding cp850 is a guess; name it with --encoding if wrong",),
        [(2, "Müller", "0201000001", "Súdwest-Fryslân"), (3, "Réné", "0201000002", "Zwolle")],
        True,
    ),
    "decimal-comma.csv": (("Naam", "Bedrag"), (), [(2, "Jansen", "1,50"), (3, "Pot", "2,75")], True),
    "mixed.jsonl": (
        ("number", "n", "big", "yes", "list", "é", "extra"),
        (),
        [
            (1, "0201000001", "1.50", "31101462206", "true", '["voice", 1]', "", ""),
            (3, "0201000002", "", "", "", "", "", "x"),
        ],
        False,
    ),
    "names-missing.csv": (
        ("Naam", "Telefoon", "kolom 3", "Naam (2)"),
        ('column 3 has no name: called "kolom 3"', 'column 4 repeats "Naam": called "Naam (2)"'),
        [(2, "Jansen", "0201000001", "x", "y")],
        True,
    ),
    "no-header-words.csv": (
        ("kolom 1", "kolom 2"),
        ("no header: columns are numbered",),
        [(1, "0201000009", "Mobiel"), (2, "0201000001", "Vast")],
        True,
    ),
    "no-header.csv": (
        ("kolom 1", "kolom 2"),
        ("no header: columns are numbered",),
        [(1, "Jansen", "0201000001"), (2, "Pot", "0201000002")],
        True,
    ),
    "odd-quotes.csv": (
        ("Naam", "Telefoon"),
        (),
        [(2, "Jansen, Piet", "0201000001"), (3, '5" pijp BV', "0201000002"), (4, "Pot\nen zonen", "0201000003")],
        False,
    ),
    "one-column.csv": (("Telefoonnummer",), (), [(2, "0201000001")], True),
    "sep-line.csv": (("Naam", "Telefoon"), ("header found on row 2",), [(3, "Jansen", "0201000001")], True),
    "title-above.csv": (
        ("Naam", "Telefoon", "Plaats"),
        ("header found on row 4",),
        [(5, "Jansen", "0201000001", "Utrecht"), (6, "Pot", "0201000002", "Ede")],
        True,
    ),
    "utf16-be-no-mark.csv": (
        ("Naam", "Telefoon"),
        ("encoding utf-16-be, without byte order mark",),
        [(2, "Özdemir", "0201000001")],
        True,
    ),
    "utf16-le.csv": (("Naam", "Telefoon"), ("encoding utf-16-le",), [(2, "Özdemir", "0201000001")], True),
}
REFUSED = {  # what is wrong, and what to do
    "bad-lines.jsonl": ("3 of its lines cannot be read", "one JSON object a line"),
    "binary.csv": ("no text and no table", "Save it as"),
    "mostly-utf8.csv": ("byte 59 on line 4", "--encoding cp1252"),
    "no-such-file.csv": ("no such file", "Check the name"),
    "old.xls": ("an old Excel file (.xls)", "Save it as .xlsx"),
    "only-blank.csv": ("it is empty", "Export it again"),
    "quote-open-late.csv": ("never closed", "Close the quote"),
    "quote-open.csv": ("never closed", "Close the quote"),
    "really-a-pdf.csv": ("a PDF document", "Save it as"),
    "really-csv.xlsx": ("not an Excel file", "rename it to .csv"),
    "really-html.xls": ("a web page", "Save it as .xlsx"),
    "really-json.csv": ("JSON, not CSV", ".jsonl"),
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_and_what_was_noticed_is_said(name, assets, rows_of):
    columns, notes, rows, _ = READ[name]
    table = open_table(assets / name)
    assert (table.columns, table.notes) == (columns, notes)
    assert rows_of(table) == rows


@pytest.mark.parametrize("name", [name for name, (*_, same) in READ.items() if same])
def test_it_is_written_back_byte_for_byte(name, assets, tmp_path):
    table = open_table(assets / name)
    write_like(table, tmp_path / name, table.columns, (batch.data for batch in table.batches()))
    assert (tmp_path / name).read_bytes() == (assets / name).read_bytes()


@pytest.mark.parametrize("name", [name for name, (*_, same) in READ.items() if not same])
def test_it_is_written_back_with_the_same_cells(name, assets, tmp_path, rows_of):
    table = open_table(assets / name)
    write_like(table, tmp_path / name, table.columns, (batch.data for batch in table.batches()))
    assert [row[1:] for row in rows_of(open_table(tmp_path / name))] == [row[1:] for row in rows_of(table)]


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_a_remedy(name, assets, rows_of):
    what, todo = REFUSED[name]
    with pytest.raises(InputError) as caught:
        rows_of(open_table(assets / name))
    assert what in caught.value.what
    assert todo in caught.value.todo
    assert name in caught.value.where


def test_every_file_of_the_drawer_is_tried(assets):
    assert {path.name for path in assets.iterdir()} == (READ.keys() | REFUSED.keys()) - {"no-such-file.csv"}


def test_an_open_quote_is_told_by_the_line_it_opens_on(assets, rows_of):
    with pytest.raises(InputError) as caught:
        rows_of(open_table(assets / "quote-open-late.csv"))
    assert caught.value.where.endswith("line 4")


def test_bad_lines_are_named(assets):
    with pytest.raises(InputError) as caught:
        open_table(assets / "bad-lines.jsonl")
    assert [detail.split(":")[0] for detail in caught.value.details] == ["line 2", "line 3", "line 4"]
