"""Gating, against the two recommendations written out plainly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import gating
from audio.gating import GatedBlocks


def energies_of(levels_lufs):
    return 10 ** ((np.asarray(levels_lufs, dtype=float) + 0.691) / 10)


def by_the_book(levels_lufs, gate_lu):
    """Levels above the absolute gate, then above the relative one (BS.1770-5, equation 6)."""
    energies = energies_of(levels_lufs)
    energies = energies[energies > energies_of(-70.0)]
    if energies.size:
        energies = energies[energies > energies.mean() * 10 ** (-gate_lu / 10)]
    return energies


def range_by_the_book(levels_lufs):
    """The program in EBU Tech 3342, annex: sorted values at rounded places."""
    levels = np.sort(10 * np.log10(by_the_book(levels_lufs, 20)))
    low, high = (levels[int((len(levels) - 1) * share + 0.5)] for share in (0.10, 0.95))
    return high - low


levels = st.lists(st.floats(-80, 10), min_size=1, max_size=200)


@given(levels)
def test_up_to_an_hour_gating_is_exact(levels_lufs):
    blocks = GatedBlocks()
    for part in np.array_split(energies_of(levels_lufs), 3):
        blocks.add(part)
    passed = by_the_book(levels_lufs, 10)
    if not passed.size:
        assert blocks.integrated_lufs() is None and blocks.range_lu() is None
        return
    assert blocks.integrated_lufs() == pytest.approx(-0.691 + 10 * np.log10(passed.mean()))
    assert blocks.range_lu() == pytest.approx(range_by_the_book(levels_lufs), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_after_an_hour_it_is_exact_to_a_hundredth(seed, monkeypatch):
    monkeypatch.setattr(gating, "_EXACT_BLOCKS", 100)
    levels_lufs = np.random.default_rng(seed).normal(-30, 8, 20_000)
    blocks = GatedBlocks()
    for part in np.array_split(energies_of(levels_lufs), 700):
        blocks.add(part)
    expected = -0.691 + 10 * np.log10(by_the_book(levels_lufs, 10).mean())
    assert blocks.integrated_lufs() == pytest.approx(expected, abs=0.01)
    assert blocks.range_lu() == pytest.approx(range_by_the_book(levels_lufs), abs=0.02)


def test_what_is_louder_than_all_classes_still_counts_by_its_energy(monkeypatch):
    monkeypatch.setattr(gating, "_EXACT_BLOCKS", 0)
    blocks = GatedBlocks()
    blocks.add(energies_of([40.0, 40.0]))
    assert blocks.integrated_lufs() == pytest.approx(40.0)
