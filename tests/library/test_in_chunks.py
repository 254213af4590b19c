"""What is measured of a long sound a stretch at a time is what all of it at once gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import envelope, features, take_floor
from library.ear import EarPass

STEP_S = 128 / 48_000


def strikes(seed: int, n_steps: int) -> np.ndarray:
    """Powers of knocks at random moments, each dying away, above a floor."""
    rng = np.random.default_rng(seed)
    power = np.full(n_steps, 1e-6)
    for at in rng.integers(0, n_steps, max(1, n_steps // 200)).tolist():
        power[at:] += 10 ** rng.uniform(-4, 0) * np.exp(-np.arange(n_steps - at) / 25)
    return (power * rng.uniform(0.5, 1.5, n_steps)).astype(np.float32)


@settings(max_examples=50)
@given(
    seed=st.integers(0, 1000),
    n_steps=st.integers(1, 4000),
    chunk=st.sampled_from([64, 200, 1000]),
)
def test_an_envelope(seed, n_steps, chunk):
    power = strikes(seed, n_steps)
    measures = (
        lambda: envelope.onsets_s(power, STEP_S),
        lambda: envelope.roughness(power) or 0.0,
        lambda: envelope.levels_db(power),
        lambda: envelope.temporal_centroid(power),
    )
    at_once = [measure() for measure in measures]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(envelope, "_CHUNK", chunk)
        for measure, whole in zip(measures, at_once, strict=True):
            np.testing.assert_allclose(measure(), whole, rtol=1e-4, atol=1e-4)


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), n_windows=st.integers(40, 5000))
def test_a_floor(seed, n_windows):
    level_db = (10 * np.log10(strikes(seed, n_windows))).astype(np.float32)
    at_once = take_floor.smoothed(level_db, 5), take_floor.floor_of(level_db)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(take_floor, "_CHUNK", 64)
        in_chunks = take_floor.smoothed(level_db, 5), take_floor.floor_of(level_db)
    for parts, whole in zip(in_chunks, at_once, strict=True):
        np.testing.assert_allclose(parts, whole, atol=1e-3)


def test_cepstra():
    ear = EarPass(48_000, 1)
    rng = np.random.default_rng(1)
    ear.add((0.1 * rng.standard_normal((100_000, 1))).astype(np.float32))
    heard = ear.heard(0, 100_000)
    at_once = features.mfcc_of(heard)
    np.testing.assert_allclose(at_once[:20], heard.mfcc.mean(axis=0), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(at_once[20:], heard.mfcc.std(axis=0), rtol=1e-3, atol=1e-3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "_CHUNK", 7)
        np.testing.assert_allclose(features.mfcc_of(heard), at_once, rtol=1e-5, atol=1e-5)
