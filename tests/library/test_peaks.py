"""The picture of a sound: no sample stands outside it, however the sound arrives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from library.peaks import FINEST_SAMPLES, MOST_PAIRS, PeaksMeter, pack, unpack


def drawn(samples, block_samples):
    meter = PeaksMeter()
    for start in range(0, len(samples), block_samples):
        meter.add(samples[start : start + block_samples])
    return meter.levels()


@settings(max_examples=100)
@given(n=st.integers(1, 40_000), block=st.integers(1, 5000), seed=st.integers(0, 99))
def test_each_pair_holds_the_lowest_and_highest_of_its_samples(n, block, seed):
    samples = np.random.default_rng(seed).uniform(-1, 1, (n, 2)).astype(np.float32)
    for level in drawn(samples, max(block, n // 50)):
        assert len(level.pairs) == -(-n // level.samples_per_pair)
        for at in {0, len(level.pairs) // 2, len(level.pairs) - 1}:
            part = samples[at * level.samples_per_pair : (at + 1) * level.samples_per_pair]
            low, high = level.pairs[at]
            assert low / 127 <= part.min() < (low + 1) / 127 + 1e-6
            assert (high - 1) / 127 - 1e-6 < part.max() <= high / 127


def test_a_long_sound_has_no_more_pairs_than_a_picture_is_wide():
    samples = np.zeros((5_000_000, 1), np.float32)
    samples[-1] = 1.0
    levels = drawn(samples, 65_536)
    assert len(levels[0].pairs) <= MOST_PAIRS
    assert levels[0].samples_per_pair % FINEST_SAMPLES == 0
    assert all(level.pairs[-1, 1] == 127 for level in levels)
    assert all(not level.pairs[:-1].any() for level in levels)


def test_a_picture_is_kept_and_read_back():
    levels = drawn(np.linspace(-1, 1, 9000, dtype=np.float32)[:, np.newaxis], 512)
    for kept, level in zip(unpack(*pack(levels)), levels, strict=True):
        assert kept.samples_per_pair == level.samples_per_pair
        np.testing.assert_array_equal(kept.pairs, level.pairs)
