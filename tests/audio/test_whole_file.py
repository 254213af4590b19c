"""A file is there whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from audio import AudioError
from audio.whole_file import whole_file, write_whole


def test_what_was_there_stays_when_writing_fails(tmp_path):
    place = tmp_path / "reel1.edl"
    place.write_text("the old list")
    with pytest.raises(ZeroDivisionError), whole_file(place) as neighbour:
        neighbour.write_text("half of the n")
        raise ZeroDivisionError
    assert place.read_text() == "the old list"
    assert list(tmp_path.iterdir()) == [place]


def test_it_is_new_and_alone_when_writing_succeeds(tmp_path):
    place = tmp_path / "reel1.edl"
    place.write_text("the old list")
    with whole_file(place) as neighbour:
        assert neighbour.suffix == ".edl"
        neighbour.write_text("the new list")
    assert place.read_text() == "the new list"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_it_may_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o022)
    try:
        with whole_file(tmp_path / "a.txt") as neighbour:
            neighbour.write_text("for all")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644


def test_a_folder_that_is_not_there_is_told(tmp_path):
    place = tmp_path / "nowhere" / "reel1.edl"
    with (
        pytest.raises(AudioError, match=r"reel1\.edl: cannot be written: No such file"),
        whole_file(place),
    ):
        pass


def test_a_place_that_is_a_folder_is_told(tmp_path):
    (tmp_path / "reel1.edl").mkdir()
    with (
        pytest.raises(AudioError, match=r"reel1\.edl: cannot be written: "),
        whole_file(tmp_path / "reel1.edl") as neighbour,
    ):
        neighbour.write_text("x")
    assert [place.name for place in tmp_path.iterdir()] == ["reel1.edl"]


def test_the_disk_holds_the_new_file_before_it_takes_the_place(tmp_path, monkeypatch):
    """Else power lost after the renaming may leave an empty file under the right name."""
    done = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor):
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def note_replace(self, place):
        done.append("replace")
        return replace(self, place)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_whole(tmp_path / "a.txt", "text\r\n")
    assert (tmp_path / "a.txt").read_bytes() == b"text\r\n"
    assert done[:2] == ["file", "replace"]
