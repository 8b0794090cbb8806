"""Files that are there whole or not at all."""

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.files import write_whole


@pytest.mark.parametrize("synced", [True, False])
def test_a_file_is_replaced_whole(tmp_path, synced):
    place = tmp_path / "head.note"
    for content in (b"the first", b"", b"2"):
        write_whole(place, content, synced=synced)
        assert place.read_bytes() == content
    assert list(tmp_path.iterdir()) == [place]


def test_what_cannot_get_its_name_leaves_nothing_behind(tmp_path):
    place = tmp_path / "taken"
    place.mkdir()
    with pytest.raises(StoreUnavailable, match="it cannot be written: Is a directory") as raised:
        write_whole(place, b"content", todo="Name another place.")
    assert (raised.value.where, raised.value.todo) == (str(place), "Name another place.")
    assert list(tmp_path.iterdir()) == [place]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    place = tmp_path / "head.note"
    write_whole(place, b"the first")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        write_whole(place, b"the second", synced=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"the first"]


def test_a_place_in_no_folder_is_told(tmp_path):
    with pytest.raises(StoreUnavailable, match="No such file or directory"):
        write_whole(tmp_path / "away" / "x", b"content")
