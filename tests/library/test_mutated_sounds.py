"""Damaged files are described or refused with a reason: no crash, no hang, no nonsense."""

import numpy as np
import pytest
import soundfile

from library.describe import Place, describe
from library.takes import find_takes
from tests.library.mutated_sounds import Deaf, try_many


def test_damaged_files_are_described_or_refused(tmp_path):
    outcomes = try_many(300, seed=20, folder=tmp_path)
    assert outcomes["described"] > 50  # else the damage is too coarse to prove a thing
    assert outcomes["refused"] > 50


def test_samples_far_beyond_any_sound_are_refused_with_their_size(tmp_path):
    path = tmp_path / "huge.wav"
    soundfile.write(path, np.array([[0.1], [1e30], [0.1]], np.float32), 48_000, "FLOAT")
    place = Place(root="x", path=path.name, size_bytes=0, modified_ns=0)
    (refused,) = describe([(path, place, frozenset())], Deaf())
    assert str(refused) == f"{path} holds a sample of 1e+30 times full scale; no sound is so loud"


def test_takes_are_found_though_squares_of_samples_overflow():
    samples = np.zeros((48_000, 1), np.float32)
    samples[20_000:20_100] = 3e38
    assert 19_000 < find_takes(samples, 48_000)[0].sync_samples <= 20_000


def described_or_refused(path):
    place = Place(root="x", path=path.name, size_bytes=0, modified_ns=0)
    (found,) = describe([(path, place, frozenset())], Deaf())
    return found


def test_doubles_beyond_float32_are_refused_and_warn_of_nothing(tmp_path):
    path = tmp_path / "huge.wav"
    soundfile.write(path, np.array([[0.1], [1e300]]), 48_000, "DOUBLE")
    assert "holds 1 samples that are no numbers" in str(described_or_refused(path))


@pytest.mark.parametrize("rate_hz", [1, 2, 3, 10])
def test_a_sound_of_a_sample_or_two_a_second_is_described(tmp_path, rate_hz):
    path = tmp_path / "slow.wav"
    soundfile.write(path, np.full((50, 1), 0.5), rate_hz, "PCM_16")
    assert described_or_refused(path).asset.duration_samples == 50


def test_a_fault_of_ours_costs_one_file_and_not_the_scan(tmp_path, monkeypatch):
    path = tmp_path / "x.wav"
    soundfile.write(path, np.full((50, 1), 0.5), 48_000, "PCM_16")

    def fail(_header):
        raise IndexError("out of bounds")

    monkeypatch.setattr("library.describe.markers_of", fail)
    refused = described_or_refused(path)
    assert str(refused) == (
        f"{path}: Dubstage failed on it; please report: IndexError: out of bounds"
    )
