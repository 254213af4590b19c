"""Scanning: what is there is taken in, what changed is renewed, and nothing bad stops it."""

import json
import os
from contextlib import closing

import numpy as np
import pytest

from db import marks
from db.connect import create_catalogue, transaction
from library import LibraryError
from library.catalogue import asset_by_id, find_asset, id_of_sound
from library.search import search
from tests.library.shelf import RATE_HZ, Shelf, click_and_ring, write_sound


def counts(result, *names):
    return {name: getattr(result, name) for name in names}


def test_a_folder_is_taken_in_and_a_second_scan_does_nothing(shelf, read):
    shelf.add("Doors/DOORWood_Cabin Door Slam_DUB_Test.wav", 1)
    shelf.add("steps gravel boots.wav", 2, channels=2)
    first = shelf.scan()
    assert counts(first, "found", "new", "unchanged", "refused") == {
        "found": 2,
        "new": 2,
        "unchanged": 0,
        "refused": 0,
    }
    asset = find_asset(read(), "Doors/DOORWood_Cabin Door Slam_DUB_Test.wav")
    assert (asset.root, asset.cat_id, asset.category) == ("Foley", "DOORWood", "DOORS")
    assert (asset.fx_name, asset.creator_id) == ("Cabin Door Slam", "DUB")
    assert (asset.sample_rate_hz, asset.channels, asset.bits) == (48_000, 1, 24)
    assert asset.duration_samples == round(0.65 * RATE_HZ)
    (take,) = asset.takes
    assert abs(take.sync_samples - RATE_HZ // 20) <= RATE_HZ // 1000
    assert asset.loudness_lufs is not None
    assert find_asset(read(), "steps gravel boots.wav").facets["surface"] == "gravel"

    second = shelf.scan()
    assert counts(second, "found", "new", "changed", "unchanged") == {
        "found": 2,
        "new": 0,
        "changed": 0,
        "unchanged": 2,
    }


def test_an_id_is_exact_in_json_and_comes_from_the_sound(shelf, read):
    shelf.add("a.wav", 1)
    shelf.scan()
    (number,) = shelf.ids().values()
    assert 0 <= number < 2**52
    assert number == int(json.loads(json.dumps(float(number))))
    assert number == id_of_sound(asset_by_id(read(), number).sound_hash)


def test_the_same_sound_in_wav_and_flac_is_one_sound_in_two_files(shelf, read):
    sound = click_and_ring(3)
    write_sound(shelf.folder / "a.wav", sound, "PCM_16")
    write_sound(shelf.folder / "b.flac", sound, "PCM_16")
    write_sound(shelf.folder / "c.aiff", sound, "PCM_16")
    shelf.scan()
    connection = read()
    hashes = {find_asset(connection, name).sound_hash for name in ("a.wav", "b.flac", "c.aiff")}
    assert len(hashes) == 1
    assert len(set(shelf.ids().values())) == 3
    assert search(connection, "is:duplicate").total == 3


def test_a_touched_file_keeps_its_id_and_a_replaced_one_does_not(shelf):
    touched, replaced = shelf.add("touched.wav", 1), shelf.add("replaced.wav", 2)
    shelf.scan()
    before = shelf.ids()
    os.utime(touched, ns=(1, 1))
    write_sound(replaced, click_and_ring(9))
    assert counts(shelf.scan(), "changed", "unchanged", "new") == {
        "changed": 2,
        "unchanged": 0,
        "new": 0,
    }
    after = shelf.ids()
    assert after["touched.wav"] == before["touched.wav"]
    assert after["replaced.wav"] != before["replaced.wav"]
    assert shelf.scan().unchanged == 2


def mark(shelf, number):
    with closing(create_catalogue(shelf.catalogue)) as connection, transaction(connection):
        marks.rate(connection, number, 4)
        marks.note(connection, number, "the good one")
        marks.collect(connection, "reel 1", number)


def test_a_renamed_file_keeps_its_id_rating_note_and_collection_and_gets_its_new_words(shelf, read):
    for seed in range(30):
        shelf.add(f"{seed}.wav", seed)
    shelf.scan()
    number = shelf.ids()["7.wav"]
    mark(shelf, number)
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


def test_two_folders_of_one_name_are_two_roots(shelf, tmp_path, read):
    shelf.add("a.wav", 1)
    other = tmp_path / "x" / "Foley"
    write_sound(other / "a.wav", click_and_ring(2))
    shelf.scan(shelf.folder, other)
    roots = {row["root"] for row in read().execute("select root from asset")}
    assert roots == {"Foley", "Foley 2"}
    with pytest.raises(LibraryError, match="part of root 'Foley'"):
        shelf.scan(shelf.folder, names=["Steps"])


def test_a_folder_within_a_root_is_scanned_as_part_of_it(shelf):
    shelf.add("a.wav", 1)
    shelf.add("sub/b.wav", 2)
    shelf.scan()
    shelf.add("sub/c.wav", 3)
    (shelf.folder / "a.wav").unlink()
    part = shelf.scan(shelf.folder / "sub")
    assert counts(part, "found", "new", "unchanged", "missing", "forgotten") == {
        "found": 2,
        "new": 1,
        "unchanged": 1,
        "missing": 0,
        "forgotten": 0,
    }


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
    mark(twenty, number)
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


def test_bad_files_are_refused_with_a_reason_and_stop_nothing(shelf):
    shelf.add("good.wav", 1)
    (shelf.folder / "text.wav").write_text("this is no sound\n" * 50)
    (shelf.folder / "nothing.wav").write_bytes(b"")
    write_sound(shelf.folder / "no samples.wav", np.zeros((0, 1)))
    nan = np.full((4800, 1), 0.1, np.float32)
    nan[1000] = np.nan
    write_sound(shelf.folder / "nan.wav", nan, "FLOAT")
    whole = shelf.add("whole.wav", 2).read_bytes()
    (shelf.folder / "whole.wav").unlink()
    (shelf.folder / "cut in the head.wav").write_bytes(whole[:20])
    result = shelf.scan()
    refused = {refusal.path: refusal.reason for refusal in result.refusals}
    assert set(refused) == {
        "text.wav",
        "nothing.wav",
        "no samples.wav",
        "nan.wav",
        "cut in the head.wav",
    }
    assert "NaN" in refused["nan.wav"]
    assert all(reason and "Traceback" not in reason for reason in refused.values())
    assert all(refusal.refused_at.startswith("20") for refusal in result.refusals)
    assert counts(result, "new", "refused") == {"new": 1, "refused": 5}

    again = shelf.scan()
    assert counts(again, "refused", "refused_before") == {"refused": 0, "refused_before": 5}
    assert len(again.refusals) == 5
    shelf.add("text.wav", 5)
    mended = shelf.scan()
    assert counts(mended, "new", "refused_before") == {"new": 1, "refused_before": 4}
    assert len(mended.refusals) == 4

    (shelf.folder / "nan.wav").unlink()
    assert "nan.wav" not in {refusal.path for refusal in shelf.scan().refusals}


def test_a_truncated_recording_gives_what_is_there(shelf, read):
    whole = shelf.add("cut.wav", 1).read_bytes()
    (shelf.folder / "cut.wav").write_bytes(whole[: len(whole) // 2])
    result = shelf.scan()
    assert result.new + result.refused == 1
    if result.new:
        asset = find_asset(read(), "cut.wav")
        assert asset.duration_samples == pytest.approx(0.325 * RATE_HZ, abs=50)


@pytest.mark.parametrize(
    ("rate_hz", "channels", "n_samples"),
    [(48_000, 1, 1), (8_000, 1, 4000), (192_000, 2, 96_000), (48_000, 16, 24_000), (6_000, 1, 600)],
)
def test_odd_rates_channels_and_lengths_are_described(shelf, read, rate_hz, channels, n_samples):
    import soundfile

    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (n_samples, channels))
    soundfile.write(shelf.folder / "odd.wav", noise, rate_hz, subtype="PCM_16")
    assert shelf.scan().refusals == ()
    asset = find_asset(read(), "odd.wav")
    assert (asset.sample_rate_hz, asset.channels) == (rate_hz, channels)
    assert asset.duration_samples == n_samples
    assert asset.takes


def test_silence_is_found_though_there_is_nothing_to_measure(shelf, read):
    write_sound(shelf.folder / "room.wav", np.zeros((RATE_HZ, 2)))
    shelf.scan()
    asset = find_asset(read(), "room.wav")
    assert (asset.loudness_lufs, asset.true_peak_dbtp) == (None, None)
    assert search(read(), "room").total == 1


def test_files_that_were_renumbered_keep_their_ids(shelf, read):
    for seed in range(1, 6):
        shelf.add(f"step {seed}.wav", seed)
    shelf.scan()
    before = shelf.ids()
    mark(shelf, before["step 1.wav"])
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
