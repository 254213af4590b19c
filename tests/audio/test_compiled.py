"""Machine code kept on the machine: what it says is what Python says, and damage is mended."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError, compiled, loudness_kernels
from audio.k_weighting import k_weighting
from audio.true_peak import _bounds, interpolation_filters


def flat(values, dtype):
    return np.ascontiguousarray(values, dtype=dtype).reshape(-1)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(1, 700),
    n_channels=st.integers(1, 3),
    position=st.integers(0, 100_000),
    sample_rate_hz=st.sampled_from([8_000, 44_100, 48_000]),
)
def test_energies_by_machine_code_are_those_by_python(
    seed, n_samples, n_channels, position, sample_rate_hz
):
    samples = flat(np.random.default_rng(seed).normal(size=(n_samples, n_channels)), np.float32)
    filters = flat([list(vars(each).values()) for each in k_weighting(sample_rate_hz)], np.float64)
    found = []
    for loop in (loudness_kernels.add_step_energies, compiled.loops()["add_step_energies"]):
        state, energies = np.zeros(8), np.zeros(2 + n_samples * 100 // sample_rate_hz)
        loop(
            samples,
            n_samples,
            n_channels,
            np.array([0, n_channels - 1]),
            np.array([1.0, 1.41]),
            2,
            filters,
            state,
            position,
            sample_rate_hz,
            energies,
        )
        found.append(np.concatenate([energies, state]))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-12)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(1, 600),
    n_channels=st.integers(1, 3),
    known=st.sampled_from([0.0, 0.5, 1.2, 4.0]),
)
def test_peaks_by_machine_code_are_those_by_python(seed, n_samples, n_channels, known):
    samples = flat(np.random.default_rng(seed).normal(size=(n_samples, n_channels)), np.float32)
    samples *= 0.3
    found = []
    for loop in (loudness_kernels.scan_peaks, compiled.loops()["scan_peaks"]):
        peaks = np.array([0.0, known])
        heights = np.zeros(n_samples // loudness_kernels.BLOCK_SAMPLES + 3, np.int32)
        between = np.zeros(loudness_kernels.BLOCK_SAMPLES * n_channels, np.float32)
        loop(
            samples,
            samples.view(np.int32),
            n_samples,
            n_channels,
            interpolation_filters().reshape(-1),
            interpolation_filters().shape[1],
            _bounds(),
            peaks,
            heights,
            heights.view(np.float32),
            between,
            between.view(np.int32),
        )
        found.append(peaks)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-6)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """One place to keep machine code, which is empty; and a compiler that counts its calls."""
    path, asked = tmp_path / "new" / "kept.loops", []
    code = next(code for code in map(compiled._read, compiled._places(compiled._key())) if code)
    monkeypatch.setattr(compiled, "_places", lambda _key: iter([path]))
    monkeypatch.setattr(compiled, "_compiled_elsewhere", lambda: asked.append(1) or code)
    yield path, asked
    compiled._loops.cache_clear()


def test_it_is_compiled_once_and_kept(places):
    path, asked = places
    for _process in range(2):
        compiled._loops.cache_clear()
        assert set(compiled.loops()) == set(loudness_kernels.SIGNATURES)
    assert len(asked) == 1
    assert path.exists()


@pytest.mark.parametrize("rubbish", [b"", b"garbage\n", bytes(range(256)) * 9])
def test_a_damaged_file_is_made_anew(places, rubbish):
    path, asked = places
    compiled._loops.cache_clear()
    compiled.loops()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + rubbish)
    compiled._loops.cache_clear()
    compiled.loops()
    assert path.read_bytes() == whole
    assert len(asked) == 2


def test_without_any_place_it_is_compiled_for_the_process(places, monkeypatch):
    path, _asked = places
    path.parent.write_text("a file where the folder should be")
    compiled._loops.cache_clear()
    assert set(compiled.loops()) == set(loudness_kernels.SIGNATURES)


def test_where_no_machine_code_is_given_apart_it_is_compiled_in_the_process(places, monkeypatch):
    def withheld():
        raise AttributeError("_get_compiled_object")

    monkeypatch.setattr(compiled, "_compiled_elsewhere", withheld)
    compiled._loops.cache_clear()
    here = compiled.loops()["add_step_energies"]
    samples = flat(np.random.default_rng(1).normal(size=(480, 2)), np.float32)
    filters = flat([list(vars(each).values()) for each in k_weighting(48_000)], np.float64)
    found = []
    for loop in (loudness_kernels.add_step_energies, here):
        state, energies = np.zeros(8), np.zeros(3)
        columns, weights = np.array([0, 1]), np.array([1.0, 1.0])
        loop(samples, 480, 2, columns, weights, 2, filters, state, 0, 48_000, energies)
        found.append(energies)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9)


def test_a_compiler_that_fails_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(AudioError, match="cannot be compiled"):
        compiled._compiled_elsewhere()


def test_who_measures_loads_no_compiler():
    """Peak memory of `dubstage render` hangs on it."""
    asked = (
        "import sys; from audio.loudness import LoudnessMeter; LoudnessMeter(48_000, 2);"
        "print([name for name in ('numba', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
