"""Scanning: what is missing is let go of, kept or asked about, by how much of a root it is."""

import pytest

from db import marks
from library import LibraryError
from tests.library.shelf import Shelf, counts


@pytest.fixture
def twenty(shelf) -> Shelf:
    for seed in range(20):
        shelf.add(f"{seed}.wav", seed, seconds=0.1)
    shelf.scan()
    return shelf


def test_one_of_twenty_may_go(twenty):
    (twenty.folder / "3.wav").unlink()
    assert counts(twenty.scan(), "forgotten", "missing", "assets") == {
        "forgotten": 1,
        "missing": 0,
        "assets": 19,
    }


def test_two_of_twenty_go_only_when_told_and_their_marks_wait_for_them(twenty, read):
    number = twenty.ids()["3.wav"]
    twenty.mark(number)
    sound = (twenty.folder / "3.wav").read_bytes()
    for name in ("3.wav", "4.wav"):
        (twenty.folder / name).unlink()
    kept = twenty.scan()
    assert counts(kept, "forgotten", "missing", "assets") == {
        "forgotten": 0,
        "missing": 2,
        "assets": 20,
    }
    assert "dubstage scan --forget" in kept.problems[0]
    assert counts(twenty.scan(forget=True), "forgotten", "assets") == {
        "forgotten": 2,
        "assets": 18,
    }
    (twenty.folder / "3.wav").write_bytes(sound)
    twenty.scan()
    assert twenty.ids()["3.wav"] == number
    assert marks.of_asset(read(), number) == (4, "the good one")


@pytest.mark.parametrize("forget", [False, True])
def test_a_drive_that_is_not_mounted_deletes_nothing(twenty, forget):
    away = twenty.folder.rename(twenty.folder.with_name("away"))
    not_there = twenty.scan(forget=forget)
    assert not_there.problems == (f"{twenty.folder} is not there; is its drive mounted?",)
    twenty.folder.mkdir()  # an empty mount point
    (twenty.folder / "new.wav").write_bytes((away / "1.wav").read_bytes() + b"LIST\0\0\0\0")
    empty = twenty.scan(forget=forget)
    assert empty.assets == 20
    assert empty.forgotten == 0
    assert "20 of 20 sounds are gone; nothing was changed" in empty.problems[0]


def test_a_root_is_taken_out_only_by_name(twenty):
    with pytest.raises(LibraryError, match="no root 'Folly'"):
        twenty.scan(drop=["Folly"])
    assert counts(twenty.scan(drop=["Foley"]), "forgotten", "new") == {"forgotten": 20, "new": 20}
