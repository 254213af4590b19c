"""Scanning: what moved or was renamed is known again by its sound, with all that hangs on it."""

from db import marks
from library.search import search
from tests.library.shelf import click_and_ring, counts, write_sound


def test_a_renamed_file_keeps_its_id_rating_note_and_collection_and_gets_its_new_words(shelf, read):
    for seed in range(30):
        shelf.add(f"{seed}.wav", seed)
    shelf.scan()
    number = shelf.ids()["7.wav"]
    shelf.mark(number)
    (shelf.folder / "new").mkdir()
    (shelf.folder / "7.wav").rename(shelf.folder / "new" / "squeaky gate.wav")
    assert counts(shelf.scan(), "moved", "new", "forgotten", "missing") == {
        "moved": 1,
        "new": 0,
        "forgotten": 0,
        "missing": 0,
    }
    assert shelf.ids()["new/squeaky gate.wav"] == number
    connection = read()
    assert marks.of_asset(connection, number) == (4, "the good one")
    assert marks.collection(connection, "reel 1") == [number]
    found = search(connection, "squeaky gate rated:>=4")
    assert [hit.asset.id for hit in found.hits] == [number]


def test_a_file_that_moved_and_changed_its_container_is_the_same_sound(shelf):
    for seed in range(30):
        shelf.add(f"{seed}.wav", seed)
    shelf.scan()
    number = shelf.ids()["7.wav"]
    (shelf.folder / "7.wav").unlink()
    write_sound(shelf.folder / "seven.flac", click_and_ring(7))
    assert counts(shelf.scan(), "moved", "new", "forgotten") == {
        "moved": 1,
        "new": 0,
        "forgotten": 0,
    }
    assert shelf.ids()["seven.flac"] == number


def test_a_renamed_folder_is_found_again_though_every_path_is_gone(shelf):
    for seed in range(6):
        shelf.add(f"old/{seed}.wav", seed)
    shelf.scan()
    before = shelf.ids()
    (shelf.folder / "old").rename(shelf.folder / "new")
    assert shelf.scan().moved == 6
    assert {path.replace("new", "old"): n for path, n in shelf.ids().items()} == before


def test_a_sound_moved_to_another_root_keeps_its_id(shelf, tmp_path):
    for seed in range(3):
        shelf.add(f"{seed}.wav", seed)
    other = tmp_path / "Backgrounds"
    other.mkdir()
    write_sound(other / "x.wav", click_and_ring(50))
    shelf.scan(shelf.folder, other)
    number = shelf.ids()["1.wav"]
    (shelf.folder / "1.wav").rename(other / "one.wav")
    assert shelf.scan(other).moved == 1
    assert shelf.ids()["one.wav"] == number
    assert counts(shelf.scan(shelf.folder), "missing", "forgotten") == {
        "missing": 0,
        "forgotten": 0,
    }


def test_a_root_that_moved_whole_is_the_same_root(shelf):
    for seed in range(3):
        shelf.add(f"{seed}.wav", seed)
    shelf.scan()
    before = shelf.ids()
    elsewhere = shelf.folder.parent / "mnt"
    elsewhere.mkdir()
    moved = shelf.folder.rename(elsewhere / "Foley")
    assert counts(shelf.scan(moved), "unchanged", "new") == {"unchanged": 3, "new": 0}
    assert shelf.ids() == before


def test_files_that_were_renumbered_keep_their_ids(shelf, read):
    for seed in range(1, 6):
        shelf.add(f"step {seed}.wav", seed)
    shelf.scan()
    before = shelf.ids()
    shelf.mark(before["step 1.wav"])
    for number in (5, 4, 3, 2, 1):
        (shelf.folder / f"step {number}.wav").rename(shelf.folder / f"step {number + 1}.wav")
    shelf.add("step 1.wav", 99)
    result = shelf.scan()
    assert counts(result, "new", "changed", "moved", "forgotten", "missing", "assets") == {
        "new": 0,
        "changed": 1,
        "moved": 5,
        "forgotten": 0,
        "missing": 0,
        "assets": 6,
    }
    after = shelf.ids()
    for number in range(1, 6):
        assert after[f"step {number + 1}.wav"] == before[f"step {number}.wav"]
    assert marks.collection(read(), "reel 1") == [after["step 2.wav"]]


def test_two_files_that_changed_names_keep_their_ids(shelf):
    one, two = shelf.add("one.wav", 1), shelf.add("two.wav", 2, seconds=0.3)
    shelf.scan()
    before = shelf.ids()
    one.rename(shelf.folder / "x")
    two.rename(one)
    (shelf.folder / "x").rename(two)
    assert shelf.scan().moved == 2
    after = shelf.ids()
    assert (after["one.wav"], after["two.wav"]) == (before["two.wav"], before["one.wav"])


def test_a_copy_is_a_file_of_its_own_and_the_first_keeps_its_id(shelf):
    shelf.add("one.wav", 1)
    shelf.scan()
    before = shelf.ids()
    shelf.add("a copy.wav", 1)
    assert shelf.scan().new == 1
    after = shelf.ids()
    assert after["one.wav"] == before["one.wav"]
    assert after["a copy.wav"] not in before.values()
