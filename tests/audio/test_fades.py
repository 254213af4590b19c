"""Fades: that a crossfade holds the level it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.fades import SHAPES, fade_in_curve, fade_out_curve

any_shape = st.sampled_from(SHAPES)
any_length = st.integers(0, 5000)


@given(any_shape, any_length)
def test_a_fade_rises_within_0_and_1_and_its_mirror_falls(shape, n_samples):
    rise = fade_in_curve(shape, n_samples)
    assert rise.shape == (n_samples,) and rise.dtype == np.float32
    assert np.all(np.diff(rise) >= 0)
    assert np.all((rise >= 0) & (rise <= 1))
    np.testing.assert_array_equal(fade_out_curve(shape, n_samples), rise[::-1])


@given(st.sampled_from(["equal_gain", "linear", "s_curve"]), any_length)
def test_sounds_that_are_alike_keep_their_level(shape, n_samples):
    both = fade_in_curve(shape, n_samples) + fade_out_curve(shape, n_samples)
    np.testing.assert_allclose(both, 1.0, atol=1e-6)


@given(st.sampled_from(["equal_power", "s_curve_power"]), any_length)
def test_sounds_that_are_not_alike_keep_their_power(shape, n_samples):
    both = fade_in_curve(shape, n_samples) ** 2 + fade_out_curve(shape, n_samples) ** 2
    np.testing.assert_allclose(both, 1.0, atol=1e-6)


def test_an_exponential_fade_is_straight_in_decibels_but_for_its_foot():
    rise = fade_in_curve("exponential", 6000)
    levels_db = 20 * np.log10(rise[[2999, 3999, 4999, 5999]])
    np.testing.assert_allclose(np.diff(levels_db), 10, atol=0.3)  # 60 dB in 6000 samples


def test_other_shapes_are_refused_with_those_there_are():
    with pytest.raises(AudioError, match=r"'square' is not a fade; one of equal_power"):
        fade_in_curve("square", 10)
    with pytest.raises(AudioError, match="-1 samples"):
        fade_in_curve("linear", -1)
