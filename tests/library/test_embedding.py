"""Embeddings: the front ends against librosa and the references, and the vectors themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import aisfx, yamnet
from library.embedding import Hearing, default_embedder, hear
from library.projection import load_projection

EMBEDDER = default_embedder()


def noise(n_samples: int, channels: int = 1, seed: int = 1) -> np.ndarray:
    shape = (n_samples, channels)
    return (0.1 * np.random.default_rng(seed).standard_normal(shape)).astype(np.float32)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.vdot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_ear_of_aisfx_is_librosas_mel():
    librosa = pytest.importorskip("librosa")
    sound = noise(60_000)[:, 0]
    mels = librosa.feature.melspectrogram(
        y=sound, sr=44_100, n_fft=2048, hop_length=1024, n_mels=96, htk=True, norm=1.0
    )
    theirs = np.log10(10_000 * mels.T + 1) / 9.457798957824707
    np.testing.assert_allclose(aisfx.log_mel(sound), theirs, atol=1e-5)


def test_aisfx_is_what_its_reference_says(shared):
    with np.load(shared / "models" / "aisfx_reference.npz") as reference:
        # The reference was normalised to its peak before it was looked at.
        waveform = reference["waveform"] / np.abs(reference["waveform"]).max()
        np.testing.assert_allclose(aisfx.log_mel(waveform), reference["mel"], atol=1e-4)
        ours = aisfx.embed_blocks(reference["mel"][np.newaxis, :100])
        # The whole network in 8 bits: its least likeness to float32 over 123 sounds.
        assert cosine(ours, reference["embedding_of_first_block"]) > 0.972


def test_yamnet_is_what_its_reference_says(shared):
    with np.load(shared / "models" / "yamnet_reference.npz") as reference:
        seen = yamnet.log_mel(reference["w"])
        np.testing.assert_allclose(seen, reference["l"][: len(seen)], atol=1e-4)
        patches = np.stack([reference["l"][at : at + 96] for at in range(0, 241, 48)])
        embeddings, scores = yamnet.embed_patches(patches)
        np.testing.assert_allclose(scores, reference["s"], atol=0.005)
        for ours, theirs in zip(embeddings, reference["e"], strict=True):
            assert cosine(ours[:1024], theirs) > 0.9999


def test_yamnet_names_what_it_hears():
    t = np.arange(32_000) / 16_000
    sine = (0.3 * np.sin(2 * np.pi * 1000 * t)).astype(np.float32)[:, np.newaxis]
    best, score = hear([(sine, 16_000)])[0].top_scores()[0]
    assert yamnet.class_names()[best] in ("Sine wave", "Beep, bleep", "Dial tone", "Tuning fork")
    assert score > 0.3
    assert len(yamnet.class_names()) == yamnet.CLASSES
    assert yamnet.class_names()[0] == "Speech"


@pytest.mark.parametrize("duration_s", [0.001, 0.3, 1.0, 2.31, 2.33, 5.0, 60.0, 600.0])
def test_a_take_is_heard_in_a_bounded_number_of_blocks(duration_s):
    sound = np.broadcast_to(np.float32(0.1), round(duration_s * 44_100))
    assert 1 <= len(aisfx.blocks_of(sound)) <= aisfx.MOST_BLOCKS
    patches, weights = yamnet.patches_of(sound[: round(duration_s * 16_000)])
    assert 1 <= len(patches) <= yamnet.MOST_PATCHES
    assert weights.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_looped_sound_sounds_like_itself():
    bark = noise(22_050)[:, 0] * np.exp(-np.arange(22_050) / 4000).astype(np.float32)
    twice = np.concatenate([bark, bark])
    once, again = aisfx.embed_sounds([bark, twice])
    assert cosine(once, again) > 0.95


@settings(max_examples=12)
@given(
    n_samples=st.sampled_from([0, 1, 50, 4_000, 30_000]),
    channels=st.sampled_from([1, 2, 16]),
    rate_hz=st.sampled_from([8_000, 44_100, 48_000, 192_000]),
    silent=st.booleans(),
)
def test_every_sound_has_a_vector_of_unit_length(n_samples, channels, rate_hz, silent):
    sound = noise(n_samples, channels) * (0.0 if silent else 1.0)
    vectors = EMBEDDER.embed([(sound.astype(np.float32), rate_hz)])
    assert vectors.shape == (1, EMBEDDER.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-4)


def test_no_sounds_have_no_vectors():
    assert EMBEDDER.embed([]).shape == (0, EMBEDDER.dimensions)


def test_company_does_not_change_a_sound():
    sounds = [(noise(n, seed=n), 44_100) for n in (9_000, 200_000, 40_000, 100)]
    together = EMBEDDER.embed(sounds)
    alone = np.concatenate([EMBEDDER.embed([sound]) for sound in sounds])
    # Half precision of what is kept of each.
    np.testing.assert_allclose(together, alone, atol=5e-3)


def test_the_same_sound_at_another_rate_or_in_stereo_is_near():
    from audio.resample import resample

    rng = np.random.default_rng(2)
    bed = np.cumsum(rng.standard_normal(3 * 48_000))
    bed = (0.1 * (bed - np.convolve(bed, np.ones(99) / 99, "same")) / 10).astype(np.float32)
    sound = bed[:, np.newaxis] * (np.arange(len(bed)) % 24_000 < 9_000)[:, np.newaxis]
    sound = sound.astype(np.float32)
    as_it_is, at_44, stereo, other = EMBEDDER.embed(
        [
            (sound, 48_000),
            (resample(sound, 48_000, 44_100), 44_100),
            (np.repeat(sound, 2, axis=1), 48_000),
            (noise(90_000), 48_000),
        ]
    )
    assert as_it_is @ at_44 > 0.9
    assert as_it_is @ stereo > 0.999
    assert as_it_is @ other < 0.6


def test_half_precision_of_a_hearing_is_enough():
    heard = hear([(noise(50_000), 44_100)])
    assert heard[0].aisfx.dtype == heard[0].yamnet.dtype == np.float16
    np.testing.assert_array_equal(EMBEDDER.project(heard), EMBEDDER.project(heard))


def test_the_name_holds_the_version():
    assert EMBEDDER.name.endswith(f"/{load_projection().version}")


def test_a_take_within_its_file_lies_between_both_and_keeps_what_was_measured_of_it():
    take, whole = (
        Hearing(
            np.full(512, number, np.float16),
            np.full(2560, 2 * number, np.float16),
            np.full(521, number, np.float16),
            np.full(61, number, np.float32),
        )
        for number in (1, 3)
    )
    within = take.within(whole)
    assert np.all(within.aisfx == 2) and np.all(within.yamnet == 4)
    assert np.all(within.scores == 1) and np.all(within.shape == 1)
