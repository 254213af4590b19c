"""A clip's sound: on its sample at any rate, the same however it is read."""

from itertools import pairwise

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError
from audio.files import open_sound, read_header
from audio.resample import resample
from premix.clip_source import ClipSource
from premix.tape import PlainTape, open_tape
from premix.timeline import Clip
from tests.premix.on_disk import sound_at

RATES = [8_000, 22_050, 44_100, 48_000, 88_200, 96_000]


def clip_of(path, *, start, duration):
    return Clip(
        cue="1",
        sound=sound_at(path, root="test"),
        take_index=0,
        record_start_samples=0,
        duration_samples=duration,
        source_start_samples=start,
    )


@pytest.fixture(scope="module")
def noises(tmp_path_factory):
    """Two seconds of noise at every rate, as float32 so that nothing is rounded."""
    folder = tmp_path_factory.mktemp("noise")
    rng = np.random.default_rng(2)
    for rate in RATES:
        noise = rng.uniform(-0.5, 0.5, (2 * rate, 2)).astype(np.float32)
        soundfile.write(folder / f"{rate}.wav", noise, rate, subtype="FLOAT")
    return folder


@settings(max_examples=40)
@given(
    rate=st.sampled_from(RATES),
    start=st.integers(0, 5_000),
    cuts=st.lists(st.integers(0, 48_000), max_size=8),
)
def test_how_it_is_read_does_not_change_what_is_read(noises, rate, start, cuts):
    path = noises / f"{rate}.wav"
    clip = clip_of(path, start=start, duration=48_000)
    with ClipSource(clip, path, 48_000) as source:
        whole = source.read(0, 48_000).numbers
    edges = sorted({0, 48_000, *cuts})
    with ClipSource(clip, path, 48_000) as source:
        parts = [source.read(a, b).numbers.copy() for a, b in pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("rate", RATES)
def test_a_clip_is_the_same_as_the_whole_sound_resampled_and_then_cut(noises, rate):
    path = noises / f"{rate}.wav"
    sound, _rate = soundfile.read(path, dtype="float32")
    # A start that falls on a sample of both rates, so that the two can be laid side by side.
    start = rate * 3 // 10
    with ClipSource(clip_of(path, start=start, duration=20_000), path, 48_000) as source:
        clip = source.read(0, 20_000).numbers
    whole = resample(sound, rate, 48_000)
    np.testing.assert_allclose(clip, whole[14_400:34_400], atol=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_an_attack_lands_on_its_sample_at_any_rate(tmp_path, rate):
    # A click in the middle of silence, at a place that both rates have a sample for.
    attack = rate * 4 // 10
    sound = np.zeros((rate, 1), dtype=np.float32)
    sound[attack] = 0.9
    path = tmp_path / "click.wav"
    soundfile.write(path, sound, rate, subtype="FLOAT")
    start = rate // 10
    with ClipSource(clip_of(path, start=start, duration=40_000), path, 48_000) as source:
        clip = source.read(0, 40_000).numbers
    assert int(np.abs(clip[:, 0]).argmax()) == 14_400


def test_past_the_end_of_the_recording_there_is_silence(noises):
    path = noises / "48000.wav"
    with ClipSource(clip_of(path, start=95_000, duration=5_000), path, 48_000) as source:
        clip = source.read(0, 5_000).numbers
    assert clip[:1_000].any(axis=1).all()
    assert not clip[1_000:].any()


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_what_is_no_number_is_rendered_silent_and_counted(tmp_path, rate):
    sound = np.full((rate, 2), 0.25, dtype=np.float32)
    sound[1_000, 0], sound[1_001, 1], sound[2_000, 0] = np.nan, np.inf, -np.inf
    sound[3_000, 1] = 1e-40
    path = tmp_path / "broken.wav"
    soundfile.write(path, sound, rate, subtype="FLOAT")
    with ClipSource(clip_of(path, start=0, duration=20_000), path, 48_000) as source:
        clip = source.read(0, 20_000).numbers
        faults = source.faults
    assert np.isfinite(clip).all()
    assert (faults.not_finite, faults.denormal) == (3, 1)
    assert faults.first_not_finite_samples == 1_000


def test_a_clip_is_only_read_forward(noises):
    path = noises / "48000.wav"
    with ClipSource(clip_of(path, start=0, duration=1_000), path, 48_000) as source:
        source.read(0, 500)
        with pytest.raises(ValueError, match="read forward"):
            source.read(400, 600)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT"])
@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_the_tape_holds_what_the_reader_reads(tmp_path, subtype, ending):
    if ending == "flac" and subtype in ("PCM_32", "FLOAT"):
        pytest.skip("FLAC has no such coding")
    path = tmp_path / f"noise.{ending}"
    noise = np.random.default_rng(8).uniform(-1, 1, (5_000, 3))
    soundfile.write(path, noise, 48_000, subtype=subtype)
    tape = open_tape(path, read_header(path))
    assert isinstance(tape, PlainTape) == (ending == "wav" and subtype != "FLOAT")
    with open_sound(path) as reader:
        for start, n_samples in ((0, 100), (1, 1), (4_990, 100), (4_999, 1), (9_000, 5)):
            stretch = tape.read(start, n_samples)
            samples = stretch.numbers.astype(np.float64) * stretch.unit
            np.testing.assert_array_equal(samples.astype(np.float32), reader.read(start, n_samples))
    tape.close()


def test_a_file_that_is_cut_short_under_the_tape_is_an_error_and_not_a_crash(tmp_path):
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.zeros((50_000, 1)), 48_000, subtype="PCM_24")
    tape = open_tape(path, read_header(path))
    path.write_bytes(path.read_bytes()[:1_000])
    with pytest.raises(AudioError, match="cut short"):
        tape.read(0, 10_000)
    tape.close()
