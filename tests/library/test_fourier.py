"""Transforms: the very numbers of scipy.fft, with its extension and without."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import fft

from library import fourier


def test_the_extension_is_there():
    assert fourier._extension() is not None


@pytest.mark.parametrize("alone", [True, False])
@given(st.integers(1, 5), st.integers(1, 700), st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_numbers_are_those_of_scipy(alone, n_rows, n_samples, more, seed):
    with pytest.MonkeyPatch.context() as patch:
        if not alone:
            patch.setattr(fourier, "_extension", lambda: None)
        _compare(n_rows, n_samples, more, seed)


def _compare(n_rows, n_samples, more, seed):
    rows = np.random.default_rng(seed).standard_normal((n_rows, n_samples)).astype(np.float32)
    spectra = fourier.rfft(rows)
    np.testing.assert_array_equal(spectra, fft.rfft(rows, axis=1))
    longer = n_samples + more
    np.testing.assert_array_equal(fourier.rfft(rows, longer), fft.rfft(rows, n=longer, axis=1))
    back = fourier.irfft(spectra, n_samples)
    np.testing.assert_array_equal(back, fft.irfft(spectra, n=n_samples, axis=1))
    np.testing.assert_allclose(back, rows, atol=1e-5)
    power = np.abs(spectra[:, : more + 1])
    np.testing.assert_array_equal(fourier.irfft(power, longer), fft.irfft(power, n=longer, axis=1))
    assert (spectra.dtype, back.dtype) == (np.complex64, np.float32)


def test_to_hear_a_sound_does_not_load_all_of_scipy():
    script = "import sys, library.describe, library.aisfx, library.yamnet, library.fourier as f;"
    script += " f._extension(); print('scipy.special' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
