"""True peak: what stands between samples, by EBU Tech 3341 cases 15 to 23 and by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import firwin, resample_poly

from audio.true_peak import TruePeakMeter, interpolation_filters, true_peak_dbtp

RATE_HZ = 48_000


def within_tech_3341(measured, expected):
    """Table 1, note: two correct meters may differ by +0.2/-0.4 dB."""
    return -0.4 <= measured - expected <= 0.2


@pytest.mark.parametrize(
    ("divisor", "amplitude", "phase_degrees", "expected"),
    [
        pytest.param(4, 0.50, 0, -6.0, id="case 15"),
        pytest.param(4, 0.50, 45, -6.0, id="case 16"),
        pytest.param(6, 0.50, 60, -6.0, id="case 17"),
        pytest.param(8, 0.50, 67.5, -6.0, id="case 18"),
        pytest.param(4, 1.41, 45, 3.0, id="case 19"),
    ],
)
def test_3341_cases_15_to_19_crests_between_samples(divisor, amplitude, phase_degrees, expected):
    n = np.arange(RATE_HZ)
    # Faded in and out, for the case is the steady tone, not its abrupt ends.
    envelope = np.minimum(1, np.minimum(n, n[::-1]) / 2000)
    sine = amplitude * envelope * np.sin(2 * np.pi * n / divisor + np.radians(phase_degrees))
    samples = np.repeat(sine[:, np.newaxis], 2, axis=1)
    assert within_tech_3341(true_peak_dbtp(samples), expected)


@pytest.mark.parametrize("offset", range(4))
def test_3341_cases_20_to_23_one_period_above_the_rest_wherever_the_samples_fall(offset):
    fine_hz = 4 * RATE_HZ
    quiet_tone = 0.5 * np.sin(2 * np.pi * np.arange(24 * 400) / 24)  # rate/6, 24 points a period
    loud_period = np.sin(2 * np.pi * np.arange(16) / 16)  # rate/4, once, at full scale
    fine = np.concatenate([quiet_tone, loud_period, quiet_tone])
    low_passed = np.convolve(fine, firwin(511, 20_000, fs=fine_hz), mode="same")
    fade = np.minimum(1, np.minimum(np.arange(len(fine)), np.arange(len(fine))[::-1]) / 2000)
    samples = (low_passed * fade)[offset::4, np.newaxis]
    assert within_tech_3341(true_peak_dbtp(samples), 0.0)


def test_the_filters_are_flat_to_21_khz_at_48_khz():
    at = np.arange(24) - 11
    for phase, taps in enumerate(interpolation_filters(), start=1):
        for cycles_per_sample in np.linspace(0, 0.44, 45):
            heard = np.sum(taps * np.exp(2j * np.pi * cycles_per_sample * (at - phase / 4)))
            assert abs(20 * np.log10(abs(heard))) < 0.1
            assert abs(np.angle(heard)) < 0.05


def by_brute_force(samples):
    """Every point between every sample, with silence around, by the meter's own taps."""
    filters = interpolation_filters().astype(np.float64)
    around = np.pad(samples.astype(np.float64), ((24, 24), (0, 0)))
    highest = np.abs(around).max()
    for channel in around.T:
        for taps in filters:
            highest = max(highest, np.abs(np.convolve(channel, taps[::-1], mode="valid")).max())
    return 20 * np.log10(highest) if highest else None


sounds = st.integers(0, 2**32 - 1).flatmap(
    lambda seed: st.tuples(
        st.just(seed), st.integers(1, 3000), st.integers(1, 3), st.sampled_from([1, 5, 40])
    )
)


def make(seed, n_samples, channels, spikes):
    """Noise at a few levels with spikes: peaks stand beside stretches worth skipping."""
    random = np.random.default_rng(seed)
    samples = random.normal(size=(n_samples, channels)) * random.choice([1e-4, 0.02, 0.3])
    for _ in range(spikes):
        samples[random.integers(n_samples), random.integers(channels)] += random.normal()
    return samples.astype(np.float32)


@settings(max_examples=60)
@given(sounds)
def test_what_the_meter_skips_never_hides_the_peak(sound):
    samples = make(*sound)
    assert true_peak_dbtp(samples) == pytest.approx(by_brute_force(samples), abs=1e-4)


@settings(max_examples=30)
@given(sounds, st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_blocks_give_what_the_whole_gives(sound, cuts):
    samples = make(*sound)
    meter = TruePeakMeter(samples.shape[1])
    for part in np.split(samples, np.cumsum(cuts)):
        meter.add(np.ascontiguousarray(part))
    assert meter.true_peak_dbtp == pytest.approx(true_peak_dbtp(samples), abs=1e-6)


def test_it_agrees_with_a_much_finer_resampling_by_another_program():
    random = np.random.default_rng(3)
    music = np.convolve(random.normal(size=20_000), firwin(101, 0.6), mode="same")[:, np.newaxis]
    finer = resample_poly(np.pad(music, ((50, 50), (0, 0))), 32, 1, axis=0, window=("kaiser", 8.0))
    assert within_tech_3341(true_peak_dbtp(music), 20 * np.log10(np.abs(finer).max()))


def test_silence_and_nothing_have_no_peak():
    assert true_peak_dbtp(np.zeros((1000, 2))) is None
    assert true_peak_dbtp(np.zeros((0, 2))) is None
