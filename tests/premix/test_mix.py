"""Mixing: what a stem holds does not depend on how it is cut into blocks."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.fades import SHAPES, fade_in_curve, fade_out_curve
from audio.layout import LAYOUTS
from premix.mix import Stretch, Strip, fade_envelope, mix_block
from premix.pan import pan_gains
from premix.timeline import Clip, SoundRef

REEL_SAMPLES = 500
SOUND = np.linspace(-1, 1, 600, dtype=np.float32)[:, np.newaxis]
REF = SoundRef(
    asset_id=1,
    sound_hash="",
    root="test",
    path="ramp.wav",
    sample_rate_hz=48_000,
    channels=1,
    duration_samples=len(SOUND),
)


def clip(start=0, duration=100, **fields):
    return Clip(
        cue="1",
        sound=REF,
        take_index=0,
        record_start_samples=start,
        duration_samples=duration,
        source_start_samples=0,
        **fields,
    )


def fetch(clip, first, end):
    start = clip.record_start_samples
    return Stretch(SOUND[first - start : end - start])


clips = st.lists(
    st.builds(
        clip,
        st.integers(0, REEL_SAMPLES),
        st.integers(1, 400),
        fade_in_samples=st.integers(0, 200),
        fade_out_samples=st.integers(0, 200),
        fade_shape=st.sampled_from(SHAPES),
    ),
    max_size=6,
)


@given(clips=clips, pan=st.floats(-1, 1), block_samples=st.integers(1, REEL_SAMPLES))
def test_block_size_does_not_change_the_stem(clips, pan, block_samples):
    strips = [Strip(each, pan_gains(LAYOUTS["mono"], LAYOUTS["stereo"], pan)) for each in clips]
    whole = mix_block(strips, fetch, 0, REEL_SAMPLES, channels=2)
    edges = [*range(0, REEL_SAMPLES, block_samples), REEL_SAMPLES]
    blocks = [mix_block(strips, fetch, *edge, channels=2) for edge in pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(blocks), whole)


@given(st.integers(1, 200), st.integers(0, 300), st.integers(0, 300), st.sampled_from(SHAPES))
def test_the_envelope_of_a_part_is_that_part_of_both_fades(duration, fade_in, fade_out, shape):
    whole = clip(
        duration=duration, fade_in_samples=fade_in, fade_out_samples=fade_out, fade_shape=shape
    )
    envelope = fade_envelope(whole, 0, duration)
    expected = np.ones(duration)
    head = fade_in_curve(shape, fade_in)[:duration]
    tail = fade_out_curve(shape, fade_out)[-duration:] if fade_out else np.zeros(0)
    expected[: len(head)] *= head
    expected[duration - len(tail) :] *= tail
    np.testing.assert_array_equal(np.ones(duration) if envelope is None else envelope, expected)


def test_an_equal_power_crossfade_of_unlike_sounds_keeps_its_power():
    rng = np.random.default_rng(11)
    noises = rng.standard_normal((2, 48_000, 1)).astype(np.float32) * 0.1
    out = clip(0, 48_000, fade_out_samples=48_000)
    into = clip(0, 48_000, fade_in_samples=48_000)

    def fetch_noise(clip, first, end):
        return Stretch(noises[0 if clip is out else 1, first:end])

    mixed = mix_block(
        [Strip(out, np.eye(1)), Strip(into, np.eye(1))], fetch_noise, 0, 48_000, channels=1
    )
    power_db = 10 * np.log10(np.square(mixed).reshape(10, -1).mean(axis=1) / 0.01)
    assert np.abs(power_db).max() < 0.3  # 4,800 values of noise are known to ±0.2 dB


def test_nothing_is_limited():
    loud = [Strip(clip(), np.eye(1) * 8.0)] * 2
    assert mix_block(loud, fetch, 0, 100, channels=1).min() == -16.0


@pytest.mark.parametrize("layout", ["stereo", "5.1", "7.1.4"])
def test_a_sound_of_the_stems_layout_passes_unchanged(layout):
    channels = LAYOUTS[layout].channels
    sound = np.random.default_rng(5).uniform(-1, 1, (100, channels)).astype(np.float32)
    gains = pan_gains(LAYOUTS[layout], LAYOUTS[layout])
    mixed = mix_block([Strip(clip(), gains)], lambda *_: Stretch(sound), 0, 100, channels=channels)
    np.testing.assert_array_equal(mixed, sound)


def test_integers_mix_to_the_very_bits_that_their_floats_do():
    numbers = np.random.default_rng(6).integers(-(2**31), 2**31, (100, 2), dtype=np.int32) & -256
    floats = numbers.astype(np.float32) * np.float32(2**-31)
    strips = [Strip(clip(fade_in_samples=30), np.array([[0.3, 0.1], [0.0, 0.7]]))]
    mixed = [
        mix_block(strips, lambda *_, each=each: each, 0, 100, channels=2).copy()
        for each in (Stretch(numbers, 2.0**-31), Stretch(floats))
    ]
    np.testing.assert_array_equal(*mixed)
