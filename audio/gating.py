"""Gating: what share of a sound's loudness counts, in memory that does not grow.

Block loudnesses are kept as a histogram of 0.01 LU from the absolute gate upwards, each
class with the energy it holds. So means are exact; which blocks pass a relative gate, and
where a percentile falls, is exact to 0.01 LU.
"""

import math

import numpy as np
from numpy.typing import NDArray

ABSOLUTE_GATE_LUFS = -70.0
_CLASSES_PER_LU = 100
_CLASSES = 100 * _CLASSES_PER_LU  # to +30 LUFS; what is louder stays in the last


def lufs_from_energy(energy: float) -> float:
    """Loudness of a mean square, weighted and summed over channels (BS.1770-5, equation 2)."""
    return -0.691 + 10.0 * math.log10(energy) if energy > 0 else -math.inf


class GatedBlocks:
    """The blocks of one kind (400 ms or 3 s) that pass the absolute gate."""

    def __init__(self) -> None:
        self._counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # room when it is needed
        self._energies = np.zeros(0)

    def add(self, energies: NDArray[np.float64]) -> None:
        """Take blocks by their mean square, weighted and summed over channels."""
        energies = energies[energies > 10.0 ** ((ABSOLUTE_GATE_LUFS + 0.691) / 10.0)]
        if energies.size:
            if not self._counts.size:
                self._counts = np.zeros(_CLASSES, dtype=np.int64)
                self._energies = np.zeros(_CLASSES)
            above_gate_lu = -0.691 + 10.0 * np.log10(energies) - ABSOLUTE_GATE_LUFS
            classes = (above_gate_lu * _CLASSES_PER_LU).astype(np.int64).clip(0, _CLASSES - 1)
            np.add.at(self._counts, classes, 1)
            np.add.at(self._energies, classes, energies)

    def integrated_lufs(self) -> float | None:
        """Mean of the blocks less than 10 LU below the mean of all (BS.1770-5, equation 7)."""
        counts, energies = self._above(10.0)
        return lufs_from_energy(energies.sum() / counts.sum()) if counts.size else None

    def range_lu(self) -> float | None:
        """From the 10th to the 95th percentile of the blocks less than 20 LU below the mean.

        Source: EBU Tech 3342 (2023), clause 3; percentiles as its program rounds them.
        """
        counts, energies = self._above(20.0)
        if not counts.size:
            return None
        up_to = np.cumsum(counts)
        low, high = (
            np.searchsorted(up_to, math.floor((up_to[-1] - 1) * share + 0.5), side="right")
            for share in (0.10, 0.95)
        )
        levels = energies / counts
        return lufs_from_energy(levels[high]) - lufs_from_energy(levels[low])

    def _above(self, gate_lu: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Counts and energies of the classes above the gate this far below the mean of all."""
        filled = np.flatnonzero(self._counts)
        counts, energies = self._counts[filled], self._energies[filled]
        if filled.size:
            gate = energies.sum() / counts.sum() * 10.0 ** (-gate_lu / 10.0)
            passed = energies / counts > gate
            counts, energies = counts[passed], energies[passed]
        return counts, energies
