"""Features of a take: first principles, edges, and that blocks do not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import LibraryError
from library.ear import EarPass
from library.features import FEATURES, take_features

RATE_HZ = 48_000


def seconds(duration_s: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    return np.arange(round(duration_s * rate_hz)) / rate_hz


def mono(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)[:, np.newaxis]


def noise(duration_s: float, channels: int = 1, rate_hz: int = RATE_HZ) -> np.ndarray:
    shape = (round(duration_s * rate_hz), channels)
    return (0.1 * np.random.default_rng(5).standard_normal(shape)).astype(np.float32)


def tone(hz: float, duration_s: float = 1.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    return mono(0.5 * np.sin(2 * np.pi * hz * seconds(duration_s, rate_hz)))


def test_levels_of_a_sine_are_what_the_standard_says():
    # ITU-R BS.1770-4: a 997 Hz sine of full scale in one channel reads -3.01 LKFS.
    found = take_features(2 * tone(997.0, 2.0), RATE_HZ)
    assert found["loudness_lufs"] == pytest.approx(-3.01, abs=0.1)
    assert found["rms_dbfs"] == pytest.approx(-3.01, abs=0.01)
    assert found["peak_dbfs"] == pytest.approx(0.0, abs=0.01)
    assert found["crest_db"] == pytest.approx(3.01, abs=0.02)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_loudness_agrees_with_the_meter(channels):
    from audio.loudness import measure

    samples = noise(5.0, channels)[:, :2] if channels > 2 else noise(5.0, channels)
    meter = measure(samples, RATE_HZ)
    found = take_features(samples, RATE_HZ)
    assert found["loudness_lufs"] == pytest.approx(meter.integrated_lufs, abs=0.15)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("hz", [110.0, 440.0, 1500.0])
def test_pitch_of_a_tone_at_any_rate(hz, rate_hz):
    found = take_features(tone(hz, 0.5, rate_hz), rate_hz)
    assert found["pitch_hz"] == pytest.approx(hz, rel=0.01)
    assert found["pitch_confidence"] > 0.8
    assert found["tonality"] > 0.5


def test_pitch_of_a_harmonic_sound_is_its_fundamental():
    t = seconds(1.0)
    voice = sum(np.sin(2 * np.pi * 150.0 * k * t) / k for k in range(1, 20))
    assert take_features(mono(0.2 * voice), RATE_HZ)["pitch_hz"] == pytest.approx(150.0, rel=0.01)


def test_noise_has_no_pitch_and_no_tones():
    found = take_features(noise(2.0), RATE_HZ)
    assert found["pitch_hz"] is None
    assert found["noisiness"] > 0.9
    assert found["tonality"] < 0.1
    # The periodogram of white noise: e to the power of minus Euler's constant.
    assert found["flatness"] == pytest.approx(0.5615, abs=0.02)
    # A uniform spectrum has its centre in the middle.
    assert found["centroid_hz"] == pytest.approx(12_000, rel=0.02)
    assert found["low_share"] == pytest.approx(250 / 24_000, rel=0.15)
    assert found["high_share"] == pytest.approx(20_000 / 24_000, rel=0.02)


def test_attack_of_a_straight_rise():
    rise = np.minimum(seconds(1.0) / 0.4, 1.0) * np.sin(2 * np.pi * 1000 * seconds(1.0))
    # From 20 % to 90 % of 0.4 s.
    assert take_features(mono(rise), RATE_HZ)["attack_s"] == pytest.approx(0.28, abs=0.006)


def test_decay_of_an_exponential_fall():
    fall = np.exp(-seconds(2.0) / 0.1) * np.sin(2 * np.pi * 1000 * seconds(2.0))
    # 20 dB are a tenth: ln 10 time constants.
    assert take_features(mono(fall), RATE_HZ)["decay_s"] == pytest.approx(0.2303, abs=0.006)


def test_a_steady_sound_does_not_decay_and_loops():
    found = take_features(noise(4.0), RATE_HZ)
    assert found["decay_s"] is None
    assert found["steadiness"] > 0.9
    assert found["loopability"] > 0.8
    assert found["level_range_db"] < 2.0


@pytest.mark.parametrize("pace_per_min", [60, 110, 170])
@pytest.mark.parametrize("floor_dbfs", [-90, -50])
def test_pace_of_steps(pace_per_min, floor_dbfs):
    rng = np.random.default_rng(pace_per_min)
    t = seconds(6.0)
    sound = 10 ** (floor_dbfs / 20) * rng.standard_normal(len(t))
    starts = np.arange(0.2, 5.7, 60 / pace_per_min)
    for start_s in starts:
        at = round(start_s * RATE_HZ)
        step = 0.3 * rng.standard_normal(9600) * np.exp(-np.arange(9600) / 1500)
        sound[at : at + 9600] += step[: len(sound) - at]
    found = take_features(mono(sound), RATE_HZ)
    assert found["onset_count"] == len(starts)
    assert found["pace_per_min"] == pytest.approx(pace_per_min, rel=0.02)


def test_roughness_of_a_swinging_tone():
    t = seconds(2.0)
    swinging = 0.5 * (1 + 0.5 * np.cos(2 * np.pi * 40 * t)) * np.sin(2 * np.pi * 2000 * t)
    # RMS of a cosine of depth 0.5.
    assert take_features(mono(swinging), RATE_HZ)["roughness"] == pytest.approx(0.354, abs=0.03)
    assert take_features(tone(2000.0, 2.0), RATE_HZ)["roughness"] < 0.02


def test_stereo():
    one, other = noise(1.0), np.roll(noise(1.0), 7001, axis=0)
    same = take_features(np.hstack([one, one]), RATE_HZ)
    apart = take_features(np.hstack([one, other]), RATE_HZ)
    against = take_features(np.hstack([one, -one]), RATE_HZ)
    assert same["stereo_width"] == pytest.approx(0.0, abs=1e-4)
    assert same["stereo_correlation"] == pytest.approx(1.0, abs=1e-4)
    assert apart["stereo_width"] == pytest.approx(0.5, abs=0.02)
    assert apart["stereo_correlation"] == pytest.approx(0.0, abs=0.02)
    assert against["stereo_width"] == pytest.approx(1.0, abs=1e-4)
    # The mix of opposite channels is silent, the sound is not.
    assert against["centroid_hz"] == pytest.approx(12_000, rel=0.03)


def test_silence_has_a_length_and_no_more():
    found = take_features(np.zeros((48_000, 2), np.float32), RATE_HZ)
    assert found["duration_s"] == 1.0
    assert found["onset_count"] == 0
    assert found["loudness_lufs"] is None
    assert found["centroid_hz"] is None


@settings(max_examples=60)
@given(
    duration_samples=st.integers(0, 3000),
    channels=st.sampled_from([1, 2, 3, 16]),
    rate_hz=st.sampled_from([1, 100, 8_000, 11_025, 44_100, 192_000]),
    kind=st.sampled_from(["zeros", "ones", "noise", "click", "loud", "faint"]),
)
def test_whatever_is_heard_every_name_is_there_and_no_value_is_nan(
    duration_samples, channels, rate_hz, kind
):
    samples = np.zeros((duration_samples, channels), np.float32)
    if kind == "ones":
        samples[:] = 1.0
    elif kind == "click":
        samples[duration_samples // 2 : duration_samples // 2 + 1] = 1.0
    elif kind in ("noise", "loud", "faint"):
        scale = {"noise": 0.1, "loud": 1e4, "faint": 1e-7}[kind]
        samples[:] = scale * np.random.default_rng(1).standard_normal(samples.shape)
    found = take_features(samples, rate_hz)
    assert list(found) == list(FEATURES)
    assert all(value is None or np.isfinite(value) for value in found.values())


@settings(max_examples=20)
@given(cuts=st.lists(st.integers(0, 300_000), max_size=6))
def test_blocks_do_not_change_what_is_heard(cuts):
    samples = noise(300_000 / RATE_HZ, 2)
    whole, cut = EarPass(RATE_HZ, 2), EarPass(RATE_HZ, 2)
    whole.add(samples)
    for block in np.split(samples, sorted(cuts)):
        cut.add(block)
    takes = [(0, 300_000), (1000, 15_400), (299_990, 300_000)]
    assert cut.features(takes) == whole.features(takes)
    np.testing.assert_array_equal(cut.mono(5, 500), whole.mono(5, 500))


def test_a_take_within_a_file_is_measured_as_if_alone():
    file = np.pad(tone(440.0), ((48_000, 48_000), (0, 0)))
    ear = EarPass(RATE_HZ, 1)
    ear.add(file)
    within, alone = ear.features([(48_000, 96_000)])[0], take_features(tone(440.0), RATE_HZ)
    assert within["pitch_hz"] == pytest.approx(alone["pitch_hz"], rel=1e-3)
    assert within["rms_dbfs"] == pytest.approx(alone["rms_dbfs"], abs=0.02)
    assert within["centroid_hz"] == pytest.approx(alone["centroid_hz"], rel=0.05)


def test_only_the_start_of_a_long_file_is_kept():
    ear = EarPass(8_000, 1, keep_s=2.0)
    for _ in range(10):
        ear.add(noise(1.0, rate_hz=8_000))
    assert ear.mono(4_000, 16_000).shape == (12_000,)
    assert ear.mono(4_000, 16_001) is None


def test_what_cannot_be_measured_is_said():
    with pytest.raises(LibraryError, match=r"must be \(n_samples, n_channels\), got shape \(5,\)"):
        take_features(np.zeros(5, np.float32), RATE_HZ)
    with pytest.raises(LibraryError, match="NaN or infinity"):
        take_features(np.full((5, 1), np.nan, np.float32), RATE_HZ)
    with pytest.raises(LibraryError, match=r"\(n_samples, 2\), got shape \(4, 1\)"):
        EarPass(RATE_HZ, 2).add(np.zeros((4, 1), np.float32))
    with pytest.raises(LibraryError, match="0 channels"):
        EarPass(RATE_HZ, 0)
