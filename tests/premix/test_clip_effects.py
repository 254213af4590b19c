"""A clip's processing: what it does to pitch, length, level and place; never heard in pieces."""

from itertools import pairwise

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from premix import PremixError
from premix.clip_source import ClipSource
from premix.timeline import Clip
from tests.premix.on_disk import sound_at

RATE = 48_000


def played(path, duration, *, pieces=(), room=None, sample_rate_hz=RATE, **fields):
    """What a clip of the file gives, shape (duration,), read in pieces."""
    sound = sound_at(path, root="test")
    fields = {"source_start_samples": 0} | fields
    clip = Clip(
        cue="1",
        sound=sound,
        take_index=0,
        record_start_samples=0,
        duration_samples=duration,
        **fields,
    )
    edges = sorted({0, duration, *(cut for cut in pieces if cut < duration)})
    with ClipSource(clip, path, sample_rate_hz, room) as source:
        parts = []
        for first, end in pairwise(edges):
            stretch = source.read(first, end)
            parts.append(stretch.numbers * stretch.unit)
    return np.concatenate(parts)[:, 0]


def write(path, samples, rate=RATE):
    soundfile.write(path, np.asarray(samples, dtype=np.float32), rate, subtype="FLOAT")
    return path


@pytest.fixture
def tone(tmp_path):
    """Four seconds of 440 Hz, full scale."""
    return write(tmp_path / "tone.wav", np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE))


def pitch_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 16 * len(samples)))
    return spectrum.argmax() * RATE / (16 * len(samples))


def level_db(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples))) * np.sqrt(2))


@pytest.mark.parametrize(
    ("fields", "expected_hz"),
    [
        ({"speed": 2.0}, 880.0),
        ({"speed": 0.75}, 330.0),
        ({"time_ratio": 1.5}, 440.0),
        ({"time_ratio": 0.6}, 440.0),
        ({"pitch_cents": 1200.0}, 880.0),
        ({"pitch_cents": -700.0}, 440.0 * 2 ** (-7 / 12)),
        ({"pitch_cents": 100.0, "time_ratio": 1.25, "speed": 0.9}, 440 * 0.9 * 2 ** (1 / 12)),
    ],
)
def test_pitch_and_length_are_changed_apart_and_together(tone, fields, expected_hz):
    sound = played(tone, RATE, **fields)
    assert pitch_hz(sound[4_000:44_000]) == pytest.approx(expected_hz, rel=0.002)
    assert level_db(sound[4_000:44_000]) == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"speed": 1.3},
        {"speed": 0.7071},
        {"time_ratio": 1.4},
        {"time_ratio": 0.8},
        {"pitch_cents": 150.0},
        {"pitch_cents": -80.0, "time_ratio": 1.1},
    ],
)
def test_the_attack_stays_on_its_sample_through_pitch_and_time(tmp_path, fields):
    samples = np.zeros(2 * RATE)
    attack = 12_000
    rng = np.random.default_rng(9)
    samples[:attack] = rng.uniform(-0.01, 0.01, attack)
    samples[attack] = 0.9
    path = write(tmp_path / "knock.wav", samples)
    step = fields.get("speed", 1.0) / fields.get("time_ratio", 1.0)
    lands = round(attack / step)
    sound = played(path, 40_000, sync_samples=lands, **fields)
    assert abs(int(np.abs(sound).argmax()) - lands) <= 1


def test_reverse_plays_the_stretch_backwards(tmp_path):
    samples = np.random.default_rng(1).uniform(-1, 1, 10_000)
    path = write(tmp_path / "noise.wav", samples)
    backwards = played(path, 1_000, source_start_samples=2_000, reverse=True)
    np.testing.assert_array_equal(backwards, samples[2_000:3_000][::-1].astype(np.float32))


@pytest.mark.parametrize(
    ("fields", "expected_db"),
    [
        # A Butterworth filter of second order: -10 log10(1 + (f/fc)^4).
        ({"lowpass_hz": 440.0}, -3.01),
        ({"lowpass_hz": 220.0}, -12.30),
        ({"highpass_hz": 880.0}, -12.30),
        ({"highpass_hz": 20.0}, 0.0),
        # 6 dB a doubling from 1 m on; the air takes next to nothing at 440 Hz.
        ({"distance_m": 4.0}, -12.04),
        ({"distance_m": 10.0}, -20.0),
        ({"distance_m": 0.5}, 0.0),
    ],
)
def test_filters_and_distance_lower_a_tone_by_what_is_stated(tone, fields, expected_db):
    assert level_db(played(tone, RATE, **fields)[24_000:]) == pytest.approx(expected_db, abs=0.1)


def test_from_afar_highs_go_first(tmp_path):
    path = write(tmp_path / "high.wav", np.sin(2 * np.pi * 8_000 * np.arange(RATE) / RATE))
    near, far = (level_db(played(path, RATE, distance_m=d)[24_000:]) for d in (20.0, 80.0))
    assert far - near < -12.04 - 3.0


def test_a_room_is_a_convolution(tmp_path):
    samples = np.zeros(RATE)
    samples[1_000] = 1.0
    path = write(tmp_path / "click.wav", samples)
    impulse = np.random.default_rng(3).uniform(-1, 1, (20_000, 1)).astype(np.float32)
    sound = played(path, 40_000, room=lambda: impulse, room_db=-6.0206)
    expected = np.zeros(40_000)
    expected[1_000] = 1.0
    expected[1_000:21_000] += 0.5 * impulse[:, 0]
    np.testing.assert_allclose(sound, expected, atol=1e-6)


@settings(max_examples=12)
@given(
    fields=st.sampled_from(
        [
            {"speed": 1.37, "lowpass_hz": 900.0},
            {"time_ratio": 1.3, "sync_samples": 9_000},
            {"pitch_cents": -250.0, "highpass_hz": 100.0},
            {"reverse": True, "distance_m": 30.0, "speed": 0.9},
        ]
    ),
    pieces=st.lists(st.integers(1, 30_000), max_size=6),
)
def test_how_it_is_read_is_never_heard(tmp_path_factory, fields, pieces):
    path = tmp_path_factory.mktemp("noise") / "noise.wav"
    write(path, np.random.default_rng(2).uniform(-0.5, 0.5, (60_000, 2)), 44_100)
    np.testing.assert_array_equal(
        played(path, 30_000, pieces=pieces, **fields), played(path, 30_000, **fields)
    )


@pytest.mark.parametrize(
    "fields", [{"lowpass_hz": 30_000.0}, {"highpass_hz": -5.0}, {"distance_m": 0.0}]
)
def test_what_cannot_be_is_refused(tone, fields):
    with pytest.raises(PremixError):
        played(tone, RATE, **fields)
