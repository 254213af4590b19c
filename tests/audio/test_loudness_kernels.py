"""Compiled once and kept, and no failure where that cannot be."""

import numba
import numpy as np
import pytest
from numba import float64, types

from audio.loudness_kernels import _compiled

SIGNATURE = types.void(float64[::1])


def double(values):
    for i in range(values.size):
        values[i] *= 2.0


def compiled_and_used():
    values = np.array([1.5, -2.0])
    _compiled(double, SIGNATURE, set())(values)
    return values.tolist()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
@pytest.mark.parametrize("rubbish", [b"", b"garbage\n", bytes(range(256))])
def test_a_damaged_cache_is_made_anew(cache, kind, rubbish):
    assert compiled_and_used() == [3.0, -4.0]
    (kept,) = cache.rglob(kind)
    whole = kept.read_bytes()
    kept.write_bytes(rubbish)
    assert compiled_and_used() == [3.0, -4.0]
    (kept,) = cache.rglob(kind)
    assert len(kept.read_bytes()) == len(whole)


def test_without_any_place_for_a_cache_it_is_compiled_all_the_same(monkeypatch):
    def no_place(*_given, **_named):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr("numba.core.dispatcher.FunctionCache", no_place)
    assert compiled_and_used() == [3.0, -4.0]
