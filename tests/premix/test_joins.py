"""Backgrounds made of shorter recordings: measured, not only counted."""

from random import Random

import numpy as np
import pytest

from audio.fades import fade_in_curve
from audio.level import gain_from_db
from audio.loudness import LoudnessMeter
from premix.backgrounds import fill
from premix.joins import aligned, best_join, profile

RATE_HZ = 48_000


def noise(seconds, seed, tilt=0.0):
    """Steady coloured noise, mono; its level drifts by `tilt` dB from start to end."""
    white = np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))
    coloured = np.convolve(white, [0.5, 0.3, 0.2], mode="same") * 0.05
    drift = 10 ** (np.linspace(-tilt / 2, tilt / 2, len(coloured)) / 20)
    return (coloured * drift).astype(np.float32)[:, np.newaxis]


def laid(filling, material, length):
    """The pieces summed as any mixer would: gain, fades, sum."""
    mix = np.zeros((length, material.shape[1]))
    for piece in filling.pieces:
        part = material[
            piece.material_start_samples : piece.material_start_samples + piece.duration_samples
        ].astype(np.float64)
        gain = np.full(len(part), gain_from_db(piece.gain_db))
        fade_in = fade_in_curve(filling.fade_shape, piece.fade_in_samples)
        fade_out = fade_in_curve(filling.fade_shape, piece.fade_out_samples)[::-1]
        gain[: len(fade_in)] *= fade_in
        gain[len(gain) - len(fade_out) :] *= fade_out
        mix[piece.record_start_samples : piece.record_end_samples] += part * gain[:, np.newaxis]
    return mix.astype(np.float32)


def short_term_lufs(samples):
    """Loudness of each 3 s, every 0.5 s, as EBU Tech 3341 defines the short-term one."""
    values = []
    for start in range(0, len(samples) - 3 * RATE_HZ + 1, RATE_HZ // 2):
        meter = LoudnessMeter(RATE_HZ, samples.shape[1])
        meter.add(samples[start : start + 3 * RATE_HZ])
        values.append(meter.result().max_short_term_lufs)
    return values


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_steady_sound_stays_as_loud_across_its_joins(seed):
    material = noise(9, seed, tilt=1.0)
    length = 40 * RATE_HZ
    filling = fill(0, length, len(material), RATE_HZ, Random(seed), heard=material)
    assert len(filling.pieces) > 4
    loud = short_term_lufs(laid(filling, material, length))
    middle = float(np.median(loud))
    assert max(abs(value - middle) for value in loud) <= 1.0


def test_a_hum_does_not_cancel_where_it_meets_itself():
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    hum = (0.1 * np.sin(2 * np.pi * 50 * time) + 0.05 * np.sin(2 * np.pi * 100 * time)).astype(
        np.float32
    )[:, np.newaxis]
    length = 30 * RATE_HZ
    filling = fill(0, length, len(hum), RATE_HZ, Random(4), heard=hum)
    assert filling.fade_shape == "equal_gain"
    mix = laid(filling, hum, length)[:, 0].astype(np.float64)
    # RMS of whole periods of 20 ms: the level of the hum at every moment.
    level_db = 20 * np.log10(np.sqrt((mix.reshape(-1, RATE_HZ // 50) ** 2).mean(axis=1)))
    assert np.ptp(level_db) <= 1.0


def test_a_join_keeps_clear_of_an_event():
    material = noise(12, 5)
    bang = slice(4 * RATE_HZ, 4 * RATE_HZ + RATE_HZ // 2)
    material[bang] *= 12
    known = profile(material, RATE_HZ)
    for seed in range(8):
        join = best_join(
            known, leave_from=140, leave_to=200, fade_windows=20, entered=[], random=Random(seed)
        )
        # The bang lies in windows 80 to 90 of 50 ms.
        assert join is not None
        assert join.enter + 20 <= 80 or join.enter >= 90


def test_an_event_does_not_come_back_sooner_than_the_material_forces():
    material = noise(20, 6)
    event = 10 * RATE_HZ
    filling = fill(0, 90 * RATE_HZ, len(material), RATE_HZ, Random(6), heard=material)
    heard_at = [
        piece.record_start_samples + event - piece.material_start_samples
        for piece in filling.pieces
        if piece.material_start_samples
        <= event
        < piece.material_start_samples + piece.duration_samples
    ]
    gaps = np.diff(heard_at)
    assert len(gaps) and gaps.min() >= 0.4 * len(material)


def test_two_stretches_of_a_tone_are_brought_into_phase():
    time = np.arange(RATE_HZ) / RATE_HZ
    tone = np.sin(2 * np.pi * 100 * time).astype(np.float32)[:, np.newaxis]
    later, agreement = aligned(tone[: RATE_HZ // 2], tone[120 : 120 + RATE_HZ // 2 + 960], RATE_HZ)
    # 100 Hz has a period of 480 samples: 360 more make the 120 whole.
    assert later % 480 == 360
    assert agreement == pytest.approx(1.0, abs=1e-3)
