"""What is written and read again is the same, whatever the delimiter, encoding, quotes and line ends."""

import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.tables import open_table, write_like
from belbaar.tables.csv_writer import Writer, render
from belbaar.tables.table import Dialect, Table

CELL = st.text(st.sampled_from("ab;,\t|\"\n\r é€'5. "), max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=20)
DIALECT = st.builds(
    Dialect,
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16-le"]),
    quote_all=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    header=st.just(("Naam", "Telefoon", "Tekst")),
    header_row=st.just(1),
)


def safe(rows):
    """Leave out what would be neutralised: that it is so is tested elsewhere."""
    return [row for row in rows if not any(cell[:1] in tuple("\t\r\n") for cell in row)]


@settings(max_examples=200, deadline=None)
@given(rows=ROWS.map(safe), dialect=DIALECT, size=st.sampled_from([1, 3, 1000]))
def test_cells_come_back(rows, dialect, size, tmp_path_factory, rows_of):
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    table = Table(path, "csv", dialect.header, dialect)
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)] or [pa.array([], pa.string())] * 3
    data = pa.table(columns, names=dialect.header)
    write_like(table, path, table.columns, data.to_batches(max_chunksize=size))
    read = open_table(path, encoding=dialect.encoding, delimiter=dialect.delimiter)
    assert read.columns == table.columns
    assert [row[1:] for row in rows_of(read, size)] == rows


@settings(max_examples=200, deadline=None)
@given(rows=ROWS.map(safe), dialect=DIALECT)
def test_files_come_back_byte_for_byte(rows, dialect, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    lines = [render(row, dialect.delimiter, quote_all=dialect.quote_all) for row in [dialect.header, *rows]]
    (folder / "in.csv").write_bytes("".join(line + dialect.line_end for line in lines).encode(dialect.encoding))
    table = open_table(folder / "in.csv", encoding=dialect.encoding, delimiter=dialect.delimiter)
    write_like(table, folder / "out.csv", table.columns, (batch.data for batch in table.batches()))
    assert (folder / "out.csv").read_bytes() == (folder / "in.csv").read_bytes()


@settings(max_examples=100, deadline=None)
@given(fields=st.lists(CELL, min_size=1, max_size=3), quote_all=st.booleans())
def test_one_record_and_many_are_rendered_alike(fields, quote_all, tmp_path_factory):
    out = tmp_path_factory.getbasetemp() / "one.csv"
    names = tuple("abc"[: len(fields)])
    table = Table(out, "csv", names, Dialect(delimiter=";", quote_all=quote_all))
    if not safe([fields]):
        return
    writer = Writer(table, out, names)
    writer.write(pa.table([[field] for field in fields], names=names))
    writer.close()
    assert out.read_bytes().decode() == render(fields, ";", quote_all=quote_all) + "\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter, tmp_path):
    text = io.StringIO()
    for row in (["Naam", "Telefoon", "Adres"], *[[f"J; {n}, x", "020-1136469", "Kade 1, Ede; \t|"] for n in range(9)]):
        text.write(render(row, delimiter, quote_all=False) + "\n")
    (tmp_path / "a.csv").write_text(text.getvalue(), encoding="utf-8")
    assert open_table(tmp_path / "a.csv").dialect.delimiter == delimiter


@pytest.mark.parametrize(("given", "found"), [("tab", "\t"), ("\\t", "\t"), (":", ":"), ("§", "§")])
def test_a_delimiter_can_be_said(given, found, tmp_path, rows_of):
    (tmp_path / "a.csv").write_text(f"Naam{found}Telefoon\nJansen{found}020\n", encoding="utf-8")
    table = open_table(tmp_path / "a.csv", delimiter=given)
    assert table.dialect.delimiter == found
    assert rows_of(table) == [(2, "Jansen", "020")]
