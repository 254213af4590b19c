"""Fourier transforms of real rows, by SciPy's own routine.

`import scipy.fft` takes 0.3 to 0.4 s, for it loads SciPy's special functions and much of NumPy; the
transforms are one small extension among them, which is loaded alone here. Where a version of
SciPy has it elsewhere, scipy.fft is imported after all. NumPy's transform of float32 is seven times
slower.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Complex = NDArray[Any]  # complex64

_FORWARD_AS_IT_IS, _BACK_BY_LENGTH = 0, 2  # how the extension numbers the ways to normalise


def rfft(rows: Floats, n: int | None = None) -> Complex:
    """Spectra of rows (rows, samples), shape (rows, n // 2 + 1) complex64.

    Args:
        n: at least as many as the samples of a row, behind which zeros are put.
    """
    extension = _extension()
    if extension is None:
        from scipy import fft

        spectra: Complex = fft.rfft(rows, n=n, axis=1)
        return spectra
    if n is not None and n > rows.shape[1]:
        padded = np.zeros((len(rows), n), np.float32)
        padded[:, : rows.shape[1]] = rows
        rows = padded
    made: Complex = extension.r2c(rows, (1,), True, _FORWARD_AS_IT_IS, None, 1)
    return made


def irfft(spectra: Complex | Floats, n: int) -> NDArray[Any]:
    """Rows of n samples (float32) from their spectra; of frequencies that are not told there is 0.

    Args:
        spectra: shape (rows, up to n // 2 + 1); real ones are those of even rows.
    """
    extension = _extension()
    if extension is None:
        from scipy import fft

        rows: Floats = fft.irfft(spectra, n=n, axis=1)
        return rows
    if spectra.shape[1] != n // 2 + 1 or np.isrealobj(spectra):
        whole = np.zeros((len(spectra), n // 2 + 1), np.complex64)
        told = min(whole.shape[1], spectra.shape[1])
        whole[:, :told] = spectra[:, :told]
        spectra = whole
    made: Floats = extension.c2r(spectra, (1,), n, False, _BACK_BY_LENGTH, None, 1)
    return made


@lru_cache(maxsize=1)
def _extension() -> Any:
    """SciPy's pocketfft, if it is where we know it and does what we know of it."""
    try:
        found = importlib.util.find_spec("scipy")
        assert found is not None and found.submodule_search_locations is not None
        folder = Path(found.submodule_search_locations[0]) / "fft" / "_pocketfft"
        (file,) = (path for path in folder.glob("pypocketfft.*") if path.suffix in (".so", ".pyd"))
        spec = importlib.util.spec_from_file_location("pypocketfft", file)
        assert spec is not None and spec.loader is not None
        extension = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(extension)
        # A step of one sample has 1 at every frequency, and comes back.
        step = np.array([[1, 0, 0, 0]], np.float32)
        there = extension.r2c(step, (1,), True, _FORWARD_AS_IT_IS, None, 1)
        back = extension.c2r(there, (1,), 4, False, _BACK_BY_LENGTH, None, 1)
        good = there.dtype == np.complex64 and (there == 1).all() and (back == step).all()
    except Exception:  # whatever it is, the public way remains
        return None
    return extension if good else None
