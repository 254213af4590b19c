"""One recording is known again at another level, rate and length; two takes are not one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.level import gain_from_db
from audio.resample import resample
from library.same_sound import COMPARE_HZ, sameness_heard, to_compare, told
from tests.library.shelf import RATE_HZ, click_and_ring


def ring(seed):
    noise = np.random.default_rng(1000 + seed).standard_normal((int(0.65 * RATE_HZ), 1))
    return (click_and_ring(seed) * (1 + 0.3 * noise)).astype(np.float32)


def compared(first, second, first_hz=RATE_HZ, second_hz=RATE_HZ):
    return sameness_heard(to_compare(first, first_hz), to_compare(second, second_hz))


@settings(max_examples=40)
@given(gain_db=st.floats(-40, 20), seed=st.integers(0, 20))
def test_another_level_is_the_same_sound_and_the_level_is_told(gain_db, seed):
    same = compared(ring(seed), ring(seed) * np.float32(gain_from_db(gain_db)))
    assert same is not None
    assert same.gain_db == pytest.approx(gain_db, abs=0.02)
    assert same.shift_s == pytest.approx(0, abs=0.1 / COMPARE_HZ)


@settings(max_examples=40)
@given(start_s=st.floats(0.0, 0.1), seed=st.integers(0, 20))
def test_a_trimmed_copy_is_found_where_it_was_cut(start_s, seed):
    start = round(start_s * RATE_HZ)
    same = compared(ring(seed), ring(seed)[start : start + round(0.4 * RATE_HZ)])
    assert same is not None
    assert same.shift_s == pytest.approx(start / RATE_HZ, abs=2 / COMPARE_HZ)


def test_another_rate_another_number_of_channels_and_a_turned_polarity():
    first = ring(1)
    second = -resample(first, RATE_HZ, 44_100).repeat(2, axis=1)
    same = compared(first, second, second_hz=44_100)
    assert same is not None
    assert told(same, (48_000, 1, 0.65), (44_100, 2, 0.65)) == (
        "resampled from 48000 to 44100 Hz",
        "2 channels of 1",
        "polarity turned",
    )


def test_trims_and_gains_are_told_in_seconds_and_decibels():
    first = ring(2)
    same = compared(first, 0.5 * first[4800:-4800])
    assert told(same, (48_000, 1, 0.65), (48_000, 1, 0.45)) == ("trimmed by 0.20 s", "gain -6.0 dB")


@pytest.mark.parametrize("seed", range(5))
def test_two_sounds_are_two(seed):
    assert compared(ring(seed), ring(seed + 1)) is None


def test_two_takes_of_one_thing_are_two_sounds():
    """The same partials, struck anew: phases and noise differ."""
    t = np.arange(RATE_HZ // 2) / RATE_HZ
    random = np.random.default_rng(3)
    partials = random.uniform(200, 3000, 8)

    def struck():
        phases = random.uniform(0, 2 * np.pi, 8)
        body = np.sin(2 * np.pi * partials[:, np.newaxis] * t + phases[:, np.newaxis]).sum(axis=0)
        grain = random.standard_normal(t.size) * np.exp(-40 * t)
        return ((body * np.exp(-8 * t) + grain)[:, np.newaxis] * 0.1).astype(np.float32)

    assert compared(struck(), struck()) is None


def test_silence_and_nothing_are_no_sound():
    silence, nothing = np.zeros((4800, 1), np.float32), np.zeros((0, 1), np.float32)
    assert compared(silence, silence) is None
    assert compared(ring(1), nothing) is None


@pytest.mark.parametrize("offset", [0.01, -0.2])
def test_an_offset_is_not_a_sound(offset):
    """A constant agrees with a constant, and would make one of any two quiet recordings."""
    assert compared(0.1 * ring(1), 0.1 * ring(1) + np.float32(offset)) is not None
    assert compared(0.1 * ring(1) + np.float32(0.2), 0.1 * ring(2) + np.float32(0.2)) is None


def test_a_shared_hum_does_not_make_one_of_two_sounds():
    """The mains hold 99.9 % of the energy, so that the whole correlates by 0.999."""
    t = np.arange(RATE_HZ) / RATE_HZ
    hum = 0.5 * np.sin(2 * np.pi * 50 * t)[:, np.newaxis]
    first, second = (
        (hum + 0.01 * np.random.default_rng(seed).standard_normal((t.size, 1))).astype(np.float32)
        for seed in (1, 2)
    )
    assert np.corrcoef(first[:, 0], second[:, 0])[0, 1] > 0.99
    assert compared(first, second) is None
    assert compared(first, 0.3 * first[RATE_HZ // 5 :]) is not None


def test_a_fade_is_told_as_one():
    first = np.random.default_rng(1).standard_normal((RATE_HZ, 1)).astype(np.float32) * 0.1
    fade = np.minimum(1, np.arange(RATE_HZ) / (0.5 * RATE_HZ))[:, np.newaxis].astype(np.float32)
    same = compared(first, first * fade)
    assert same is not None
    assert "faded" in told(same, (48_000, 1, 1.0), (48_000, 1, 1.0))


def test_either_channel_and_the_mix_of_a_stereo_sound_are_it():
    stereo = np.hstack([ring(1), ring(2)])
    for mono, words in (
        (stereo[:, :1], "1 channel of 2"),
        (stereo[:, 1:], "1 channel of 2"),
        (stereo.mean(axis=1, keepdims=True), "mix of 2 channels"),
    ):
        same = compared(stereo, mono)
        assert same is not None
        assert told(same, (48_000, 2, 0.65), (48_000, 1, 0.65)) == (words,)


def test_silence_around_a_sound_is_no_part_of_it():
    pad = np.zeros((2 * RATE_HZ, 1), np.float32)
    same = compared(np.concatenate([pad, ring(1), pad]), ring(1))
    assert same is not None
    assert same.shift_s == pytest.approx(2.0, abs=2 / COMPARE_HZ)


def test_a_note_that_two_sounds_share_does_not_make_them_one():
    """One call ends with the loud note with which the other begins; each goes on without it."""
    shared, *others = (level * ring(30 + n) for n, level in enumerate((1.0, 0.2, 0.2, 0.2, 0.2)))
    first = np.concatenate([*others[:2], shared])
    second = np.concatenate([shared, *others[2:]])
    assert compared(first, second) is None
    assert compared(first, first[len(first) // 3 :]) is not None


def test_two_pieces_of_one_sound_that_share_most_of_it_are_one():
    whole = np.concatenate([ring(seed) for seed in (40, 41, 42, 43)])
    same = compared(whole[: 3 * len(whole) // 4], whole[len(whole) // 4 :])
    assert same is not None
    assert same.shift_s == pytest.approx(0.65, abs=2 / COMPARE_HZ)
