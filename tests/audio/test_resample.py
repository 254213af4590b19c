"""Resampling: length, place and level, whole and in blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError
from audio.resample import StreamResampler, resample, resampled_length_samples

any_rate = st.sampled_from([8_000, 22_050, 44_100, 47_952, 48_000, 48_048, 96_000, 192_000])


@settings(max_examples=40)
@given(any_rate, any_rate, st.integers(0, 3000), st.integers(1, 3))
def test_a_sound_lasts_as_long_to_the_nearest_sample(from_hz, to_hz, n_samples, channels):
    samples = np.ones((n_samples, channels), dtype=np.float32)
    converted = resample(samples, from_hz, to_hz)
    assert converted.shape == (resampled_length_samples(n_samples, from_hz, to_hz), channels)
    assert converted.dtype == np.float32
    assert abs(len(converted) / to_hz - n_samples / from_hz) <= 0.5 / to_hz + 1e-12


@settings(max_examples=40)
@given(
    any_rate, any_rate, st.lists(st.integers(0, 2000), min_size=1, max_size=8), st.integers(1, 2)
)
def test_blocks_give_what_the_whole_gives(from_hz, to_hz, block_samples, channels):
    noise = np.random.default_rng(sum(block_samples))
    samples = noise.normal(scale=0.1, size=(sum(block_samples), channels)).astype(np.float32)
    stream, parts, start = StreamResampler(channels, from_hz, to_hz), [], 0
    for number, length in enumerate(block_samples, start=1):
        block = samples[start : start + length]
        parts.append(stream.process(block, last=number == len(block_samples)))
        start += length
    np.testing.assert_allclose(np.concatenate(parts), resample(samples, from_hz, to_hz), atol=1e-5)


@pytest.mark.parametrize(
    ("from_hz", "to_hz"), [(44_100, 48_000), (96_000, 48_000), (48_000, 44_100)]
)
def test_a_sine_keeps_its_place_and_level(from_hz, to_hz):
    def sine(rate_hz):
        return np.sin(2 * np.pi * 1000 / rate_hz * np.arange(rate_hz))[:, np.newaxis]

    converted = resample(sine(from_hz).astype(np.float32), from_hz, to_hz)
    middle = slice(to_hz // 4, -to_hz // 4)
    np.testing.assert_allclose(converted[middle], sine(to_hz)[middle], atol=1e-5)


def test_the_same_rate_gives_the_same_sound_back():
    samples = np.zeros((10, 1), dtype=np.float32)
    assert resample(samples, 48_000, 48_000) is samples


def test_what_cannot_be_resampled_is_refused():
    with pytest.raises(AudioError, match="from 0 Hz"):
        resample(np.zeros((5, 1), dtype=np.float32), 0, 48_000)
    with pytest.raises(AudioError, match=r"got shape \(5,\)"):
        resample(np.zeros(5, dtype=np.float32), 44_100, 48_000)
    stream = StreamResampler(1, 44_100, 48_000)
    stream.process(np.zeros((5, 1), dtype=np.float32), last=True)
    with pytest.raises(AudioError, match="the stream is over"):
        stream.process(np.zeros((5, 1), dtype=np.float32))
