"""Decibels and the sample peak."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.level import db_from_gain, gain_from_db, sample_peak_dbfs


@given(st.floats(-200, 200))
def test_a_gain_in_db_read_back_is_the_same(gain_db):
    assert db_from_gain(gain_from_db(gain_db)) == pytest.approx(gain_db, abs=1e-9)


def test_known_decibels():
    assert gain_from_db(0) == 1.0
    assert gain_from_db(-math.inf) == 0.0
    assert db_from_gain(0.5) == pytest.approx(-6.0206, abs=1e-4)
    assert db_from_gain(-2.0) == pytest.approx(6.0206, abs=1e-4)
    assert db_from_gain(0.0) == -math.inf


def test_sample_peak_of_sound_silence_and_damage():
    samples = np.array([[0.1, -0.5], [0.2, 0.3]], dtype=np.float32)
    assert sample_peak_dbfs(samples) == pytest.approx(-6.0206, abs=1e-4)
    assert sample_peak_dbfs(np.zeros((5, 2), dtype=np.float32)) is None
    assert sample_peak_dbfs(np.zeros((0, 2), dtype=np.float32)) is None
    with pytest.raises(AudioError, match="NaN or infinity"):
        sample_peak_dbfs(np.array([[np.nan]], dtype=np.float32))
    with pytest.raises(AudioError, match=r"\(n_samples, n_channels\), got shape \(2,\)"):
        sample_peak_dbfs(np.zeros(2, dtype=np.float32))
