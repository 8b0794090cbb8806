"""Items made ahead in a thread come in their order, and with them what goes wrong."""

import threading

import pyarrow as pa
import pytest

from belbaar.tables import read_ahead
from belbaar.tables.cell_bytes import byte_set, bytes_at, cells_with


@pytest.mark.parametrize("depth", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_all_items_come_in_their_order(count, depth):
    assert list(read_ahead(iter(range(count)), depth)) == list(range(count))


def test_an_exception_comes_where_its_item_would():
    def items():
        yield 1
        yield 2
        raise ValueError("broken")

    ahead = read_ahead(items())
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(ValueError, match="broken"):
        next(ahead)


def test_who_stops_early_leaves_no_thread_behind():
    made = []
    ahead = read_ahead(made.append(item) or item for item in range(1000))
    assert next(ahead) == 0
    ahead.close()
    assert len(made) <= 4
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


@pytest.mark.parametrize("cells", [[], [""], ["", ""], ["a;b", "", ";", "c"], ["é;", "ü"]])
def test_bytes_are_found_in_their_own_cell_also_in_a_slice(cells):
    for start in range(len(cells) + 1):
        column, rest = pa.array(cells, pa.string()).slice(start), cells[start:]
        assert cells_with(column, byte_set(b";")).tolist() == [";" in cell for cell in rest]
        assert bytes_at(column, byte_set(b";")).tolist() == [cell.startswith(";") for cell in rest]
