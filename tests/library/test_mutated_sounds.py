"""Damaged files are described or refused with a reason: no crash, no hang, no nonsense."""

import numpy as np
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
