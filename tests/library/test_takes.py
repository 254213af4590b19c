"""Takes: what belongs together, where it begins, strikes and has died away."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.takes import TakeFinder, find_takes

RATE_HZ = 48_000


def noise(seconds, dbfs, seed=0, rate_hz=RATE_HZ):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(seconds * rate_hz)) * 10 ** (dbfs / 20)).astype(np.float32)


def knock(peak_dbfs=-6.0, decay_s=0.03, seconds=0.3, seed=1, rate_hz=RATE_HZ):
    """Noise that is loudest at its first sample and falls by 60 dB in 6.9 × decay_s."""
    n = round(seconds * rate_hz)
    rng = np.random.default_rng(seed)
    sound = rng.uniform(0.5, 1.0, n) * rng.choice([-1.0, 1.0], n)
    sound[0] = 1.0
    sound *= np.exp(-np.arange(n) / (decay_s * rate_hz))
    return (sound * 10 ** (peak_dbfs / 20)).astype(np.float32)


def laid(background, *events, rate_hz=RATE_HZ):
    """The background with (seconds, sound) added, as a mono sound of shape (n, 1)."""
    mixed = background.copy()
    for seconds, sound in events:
        at = round(seconds * rate_hz)
        mixed[at : at + len(sound)] += sound[: len(mixed) - at]
    return mixed[:, np.newaxis]


def seconds_of(takes, rate_hz=RATE_HZ):
    return [(t.start_samples / rate_hz, t.end_samples / rate_hz) for t in takes]


@pytest.mark.parametrize("floor_dbfs", [-80, -60, -40])
def test_twenty_footsteps_are_twenty_takes_lined_up_to_the_millisecond(floor_dbfs):
    at_s = [0.4 + 0.55 * step + 0.03 * (step % 3) for step in range(20)]
    sound = laid(noise(12, floor_dbfs), *((s, knock(seed=i)) for i, s in enumerate(at_s)))
    takes = find_takes(sound, RATE_HZ)
    assert [take.index for take in takes] == list(range(20))
    np.testing.assert_allclose(
        [take.sync_samples / RATE_HZ for take in takes], at_s, atol=0.001, rtol=0
    )
    # The knock falls by 8.686 dB each 30 ms from -6 dBFS peak (its noise's RMS is 2.3 dB lower).
    lasts_s = (-6 - 2.3 - floor_dbfs) / 8.686 * 0.03
    for (start, end), at in zip(seconds_of(takes), at_s, strict=True):
        assert start == pytest.approx(at, abs=0.02)
        assert end == pytest.approx(at + lasts_s, abs=0.02)


def test_heel_and_toe_of_a_step_are_one_take():
    events = []
    for step in range(8):
        events += [(0.5 + 0.6 * step, knock(-8, 0.015)), (0.62 + 0.6 * step, knock(-12, 0.015))]
    takes = find_takes(laid(noise(6, -65), *events), RATE_HZ)
    assert len(takes) == 8
    assert [round(take.sync_samples / RATE_HZ, 3) for take in takes] == [
        pytest.approx(0.5 + 0.6 * step, abs=0.001) for step in range(8)
    ]


def test_steps_in_a_reverberant_room_part_where_the_next_one_strikes():
    tail = knock(-22, 0.14, 2.0, seed=9)  # falls by 60 dB in a second: never down to the floor
    step = knock(-6, 0.02, 2.0) + tail
    at_s = [0.5 + 0.5 * index for index in range(10)]
    takes = find_takes(laid(noise(8, -85), *((s, step) for s in at_s)), RATE_HZ)
    assert len(takes) == 10
    for take, following in pairwise(takes):
        assert take.end_samples == following.start_samples
    assert [take.sync_samples / RATE_HZ for take in takes] == pytest.approx(at_s, abs=0.001)


def test_a_door_is_one_take_that_lines_up_with_its_slam():
    creak = noise(0.7, -34, seed=4) * np.linspace(0.2, 1, round(0.7 * RATE_HZ), dtype=np.float32)
    sound = laid(
        noise(4, -70),
        (1.0, creak),
        (1.80, knock(-4, 0.12, 1.5)),  # the slam
        (1.93, knock(-14, 0.01)),  # the latch
    )
    (take,) = find_takes(sound, RATE_HZ)
    assert take.start_samples / RATE_HZ == pytest.approx(1.0, abs=0.02)
    assert take.sync_samples / RATE_HZ == pytest.approx(1.80, abs=0.001)


def test_rain_is_one_long_take_with_its_steady_stretches_marked():
    rain = noise(60, -32)
    rain[20 * RATE_HZ : 30 * RATE_HZ] *= 4  # ten seconds of downpour, 12 dB up
    (take,) = find_takes(rain[:, np.newaxis], RATE_HZ)
    assert (take.start_samples, take.end_samples) == (0, 60 * RATE_HZ)
    stretches = [(low / RATE_HZ, high / RATE_HZ) for low, high in take.steady]
    assert stretches == [
        (pytest.approx(0, abs=0.6), pytest.approx(20, abs=0.6)),
        (pytest.approx(30, abs=0.6), pytest.approx(60, abs=0.6)),
    ]


def test_a_trimmed_single_sound_is_one_take_from_its_first_sample():
    sound = knock(-3, 0.05, 0.4)[:, np.newaxis]
    (take,) = find_takes(sound, RATE_HZ)
    assert (take.start_samples, take.sync_samples, take.end_samples) == (0, 0, len(sound))


@pytest.mark.parametrize("n_samples", [1, 2, 100, 5_000, 400_000])
def test_silence_is_one_take_that_covers_the_file(n_samples):
    (take,) = find_takes(np.zeros((n_samples, 2), np.float32), RATE_HZ)
    assert (take.start_samples, take.end_samples, take.sync_samples) == (0, n_samples, 0)


def test_no_samples_are_no_takes():
    assert find_takes(np.zeros((0, 2), np.float32), RATE_HZ) == ()


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 96_000, 192_000])
def test_any_sample_rate_gives_the_same_moments(rate_hz):
    events = [(0.5 + 0.7 * i, knock(seed=i, rate_hz=rate_hz)) for i in range(4)]
    sound = laid(noise(4, -60, rate_hz=rate_hz), *events, rate_hz=rate_hz)
    takes = find_takes(sound, rate_hz)
    assert [take.sync_samples / rate_hz for take in takes] == pytest.approx(
        [0.5, 1.2, 1.9, 2.6], abs=0.001
    )


def test_a_sound_in_one_of_sixteen_channels_is_heard():
    sound = np.repeat(noise(3, -70)[:, np.newaxis], 16, axis=1)
    sound[RATE_HZ : RATE_HZ + 14_400, 11] += knock()
    (take,) = find_takes(sound, RATE_HZ)
    assert take.sync_samples == pytest.approx(RATE_HZ, abs=48)


def test_samples_that_are_no_numbers_count_as_silence():
    sound = laid(noise(3, -70), (1.0, knock()), (2.0, knock()))
    sound[10_000:10_100] = np.nan
    sound[120_000] = np.inf
    takes = find_takes(sound, RATE_HZ)
    assert [round(take.sync_samples / RATE_HZ, 2) for take in takes] == [1.0, 2.0]


@settings(max_examples=25)
@given(st.lists(st.integers(1, 70_000), min_size=1, max_size=12))
def test_blocks_of_any_size_give_the_same_takes(lengths):
    sound = laid(noise(6, -55), *((0.3 + 0.9 * i, knock(seed=i)) for i in range(6)))
    finder = TakeFinder(RATE_HZ, 1)
    position = 0
    for length in lengths:
        finder.add(sound[position : position + length])
        position += length
    finder.add(sound[position:])
    assert finder.finish() == find_takes(sound, RATE_HZ)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 95_000), st.floats(-40, 0), st.floats(0.002, 0.3)), max_size=12
    ),
    st.floats(-100, -20),
)
def test_takes_never_overlap_and_hold_their_attack(events, floor_dbfs):
    sound = laid(
        noise(2, floor_dbfs), *((at / RATE_HZ, knock(peak, decay)) for at, peak, decay in events)
    )
    takes = find_takes(sound, RATE_HZ)
    assert takes
    end = 0
    for take in takes:
        assert end <= take.start_samples <= take.sync_samples < take.end_samples <= len(sound)
        assert all(
            take.start_samples <= low < high <= take.end_samples for low, high in take.steady
        )
        end = take.end_samples
