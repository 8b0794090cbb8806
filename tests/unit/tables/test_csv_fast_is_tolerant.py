"""The fast way of reading CSV and the tolerant way give the very same rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.tables import Dialect, Table, csv_pieces, encoding

SIGNS = st.lists(st.sampled_from(['"', '""', ";", ",", "\n", "\r\n", "\r", "a", "é", " ", "\0", "\ufeff"]), max_size=40)
FIELD = st.text(st.sampled_from('ab;,"\n\ré \0=+'), max_size=6)
REGULAR = st.lists(st.tuples(FIELD, FIELD, st.booleans()), max_size=12)


def whole(table):
    """All rows of a file in one list; or the message of its refusal after the rows before it."""
    result = []
    try:
        for batch in csv_pieces.pieces(table):
            columns = [column.to_pylist() for column in batch.data.columns]
            result += zip(batch.rows.to_pylist(), *columns, batch.overflow.to_pylist(), strict=True)
            result += [(problem.row, problem.what) for problem in batch.problems]
    except InputError as error:
        result.append(str(error))
    return sorted(map(repr, result))


def both_ways(text, path, block):
    path.write_bytes(text.encode())
    table = Table(path, "csv", ("a", "b"), Dialect(delimiter=";"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "BLOCK", block)
        fast = whole(table)
        patch.setattr(csv_pieces.Parser, "_arrow", lambda _self, _text: None)
        patch.setattr(encoding, "BLOCK", 1 << 22)
        patch.setattr(csv_pieces.Parser, "_regular_end", lambda _self, _text, _whole: 0)
        tolerant = whole(table)
    return fast, tolerant


@settings(max_examples=400, deadline=None)
@given(text=SIGNS.map("".join), block=st.sampled_from([3, 7, 1000]))
def test_any_text_is_read_alike(text, block, tmp_path_factory):
    fast, tolerant = both_ways(text.removeprefix("\ufeff"), tmp_path_factory.getbasetemp() / "any.csv", block)
    assert fast == tolerant


@settings(max_examples=300, deadline=None)
@given(rows=REGULAR, end=st.sampled_from(["\n", "\r\n", "\r"]), block=st.sampled_from([5, 11, 1000]))
def test_regular_files_are_read_alike(rows, end, block, tmp_path_factory):
    def dressed(field, quoted):
        return f'"{field.replace(chr(34), 2 * chr(34))}"' if quoted or set(field) & set(';"\r\n') else field

    text = "".join(f"{dressed(a, quoted)};{dressed(b, not quoted)}{end}" for a, b, quoted in rows)
    fast, tolerant = both_ways(text, tmp_path_factory.getbasetemp() / "regular.csv", block)
    assert fast == tolerant
    assert len(fast) == len(rows)
