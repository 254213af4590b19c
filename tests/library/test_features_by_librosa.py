"""Window by window, the library hears what librosa hears."""

import numpy as np
import pytest

from library.ear import EarPass

librosa = pytest.importorskip("librosa")

RATE_HZ, WINDOW, HOP = 44_100, 2048, 1024


def gallop() -> np.ndarray:
    """A sound with all there is: tones that glide, noise, knocks, a pause."""
    rng = np.random.default_rng(3)
    t = np.arange(RATE_HZ * 3) / RATE_HZ
    sound = 0.2 * np.sin(2 * np.pi * (200 * t + 150 * t**2)) + 0.02 * rng.standard_normal(len(t))
    for start in (0.5, 1.0, 1.2):
        at = int(start * RATE_HZ)
        sound[at : at + 8000] += 0.5 * rng.standard_normal(8000) * np.exp(-np.arange(8000) / 1200)
    return sound.astype(np.float32)


@pytest.fixture(scope="module")
def sound():
    return gallop()


@pytest.fixture(scope="module")
def heard(sound):
    ear = EarPass(RATE_HZ, 1)
    ear.add(sound[:, np.newaxis])
    return ear.heard(0, len(sound))


@pytest.fixture(scope="module")
def spectrum(sound):
    return np.abs(librosa.stft(sound, n_fft=WINDOW, hop_length=HOP))


def test_there_are_as_many_windows(heard, spectrum):
    assert len(heard.windows) == spectrum.shape[1]


@pytest.mark.parametrize(
    ("name", "of_librosa", "relative"),
    [
        ("centroid_hz", "spectral_centroid", 1e-3),
        ("bandwidth_hz", "spectral_bandwidth", 1e-3),
        ("flatness", "spectral_flatness", 2e-3),
    ],
)
def test_moments_of_the_spectrum(heard, spectrum, name, of_librosa, relative):
    given = {"S": spectrum} if name == "flatness" else {"S": spectrum, "sr": RATE_HZ}
    theirs = getattr(librosa.feature, of_librosa)(**given)[0]
    np.testing.assert_allclose(heard.column(name), theirs, rtol=relative)


def test_rolloff_is_the_same_bin(heard, spectrum):
    theirs = librosa.feature.spectral_rolloff(S=spectrum, sr=RATE_HZ)[0]
    # A tie between two bins may fall either way in float32.
    assert np.abs(heard.column("rolloff_hz") - theirs).max() <= 1.01 * RATE_HZ / WINDOW
    assert np.mean(heard.column("rolloff_hz") == theirs.astype(np.float32)) > 0.98


def test_contrast_is_the_mean_of_the_bands(heard, spectrum):
    theirs = librosa.feature.spectral_contrast(S=spectrum, sr=RATE_HZ).mean(axis=0)
    np.testing.assert_allclose(heard.column("contrast_db"), theirs, atol=0.05)


def test_mfcc(heard, spectrum):
    weight = 2.0 / (WINDOW * np.sum(librosa.filters.get_window("hann", WINDOW) ** 2))
    mels = librosa.feature.melspectrogram(
        S=weight * spectrum**2, sr=RATE_HZ, n_mels=40, fmin=40, fmax=11_025, norm=None
    )
    theirs = librosa.feature.mfcc(S=librosa.power_to_db(mels, top_db=None), n_mfcc=20)
    np.testing.assert_allclose(heard.mfcc.T, theirs, atol=0.02)


def test_crossings_of_zero(heard, sound):
    theirs = librosa.zero_crossings(sound, pad=False).sum()
    assert heard.pairs[:, 3].sum() == pytest.approx(theirs, abs=2)


def test_pitch_is_that_of_yin():
    t = np.arange(RATE_HZ * 2) / RATE_HZ
    glide = sum(np.sin(2 * np.pi * k * (120 * t + 60 * t**2)) / k for k in range(1, 12))
    sound = (0.1 * glide).astype(np.float32)
    ear = EarPass(RATE_HZ, 1)
    ear.add(sound[:, np.newaxis])
    ours = ear.heard(0, len(sound)).column("pitch_hz")[2:-2]
    theirs = librosa.yin(sound, fmin=60, fmax=2000, sr=RATE_HZ, frame_length=2048, hop_length=HOP)
    assert np.median(np.abs(ours / theirs[2 : len(ours) + 2] - 1)) < 0.01


def test_onsets_are_where_librosa_finds_them(sound, heard):
    from library.envelope import onsets_s

    ours = onsets_s(heard.step_power, heard.step_s)
    theirs = librosa.onset.onset_detect(y=sound, sr=RATE_HZ, units="time", hop_length=256)
    for knock in (0.5, 1.0, 1.2):
        assert np.abs(ours - knock).min() < 0.01
        assert np.abs(theirs - knock).min() < 0.03
