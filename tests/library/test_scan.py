"""Scanning: what is there is taken in, what changed is renewed, and nothing bad stops it."""

import json
import os
from contextlib import closing

import numpy as np
import pytest

from audio import AudioError
from db.connect import create_catalogue
from library import LibraryError
from library.catalogue import asset_by_id, find_asset, id_of_sound, index_anew
from library.search import search
from tests.library.shelf import RATE_HZ, click_and_ring, counts, write_sound


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


@pytest.mark.parametrize(
    ("reason", "again"), [("cannot be opened: Permission denied", 1), ("is empty", 0)]
)
def test_a_file_that_could_not_be_opened_is_tried_again(shelf, monkeypatch, reason, again):
    shelf.add("locked.wav", 1)

    def refuse(path):
        raise AudioError(f"{path}: {reason}")

    with monkeypatch.context() as patch:
        patch.setattr("library.describe.open_with_header", refuse)
        assert counts(shelf.scan(), "refused", "assets") == {"refused": 1, "assets": 0}
    assert shelf.scan().new == again


def test_what_an_older_dubstage_refused_is_tried_once_more(shelf, monkeypatch):
    shelf.add("coded.wav", 1)

    def refuse(path):
        raise AudioError(f"{path}: no coding that is known")

    with monkeypatch.context() as patch:
        patch.setattr("library.describe.open_with_header", refuse)
        patch.setattr("library.scan_plan._READS", "1")
        assert counts(shelf.scan(), "refused", "assets") == {"refused": 1, "assets": 0}
        assert counts(shelf.scan(), "refused", "refused_before") == {
            "refused": 0,
            "refused_before": 1,
        }
    assert counts(shelf.scan(), "new", "refused_before") == {"new": 1, "refused_before": 0}


def test_names_that_an_older_dubstage_indexed_are_indexed_anew_once(shelf, monkeypatch, read):
    shelf.add("ドアカ\u3099ラス.wav", 1)
    shelf.add("door.wav", 2)
    with monkeypatch.context() as patch:
        patch.setattr("library.catalogue.apart", lambda text: text)
        patch.setattr("library.catalogue._INDEXED", "otherwise")
        shelf.scan()
    assert not read().execute("select 1 from words where words match 'ガラス'").fetchall()
    assert shelf.scan().unchanged == 2
    (hit,) = search(read(), "ガラス").hits[:1]
    assert hit.why == "name: ガラス"
    with closing(create_catalogue(shelf.catalogue)) as connection:
        assert index_anew(connection) == 0
