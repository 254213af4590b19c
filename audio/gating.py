"""Gating: what share of a sound's loudness counts, in memory that does not grow.

The blocks of an hour are kept one by one, so that a reel is measured exactly. Older ones
go into a histogram of 0.01 LU from the absolute gate upwards, each class with the energy it
holds: means stay exact, and which blocks pass a relative gate is then known to 0.01 LU.
"""

import math
from array import array

import numpy as np
from numpy.typing import NDArray

ABSOLUTE_GATE_LUFS = -70.0
_EXACT_BLOCKS = 36_000  # an hour of them, ten a second
_CLASSES_PER_LU = 100
_CLASSES = 100 * _CLASSES_PER_LU  # to +30 LUFS; what is louder stays in the last


def lufs_from_energy(energy: float) -> float:
    """Loudness of a mean square, weighted and summed over channels (BS.1770-5, equation 2)."""
    return -0.691 + 10.0 * math.log10(energy) if energy > 0 else -math.inf


class GatedBlocks:
    """The blocks of one kind (400 ms or 3 s) that pass the absolute gate."""

    def __init__(self) -> None:
        self._blocks = array("d")
        self._counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # room when it is needed
        self._energies = np.zeros(0)

    def add(self, energies: NDArray[np.float64]) -> None:
        """Take blocks by their mean square, weighted and summed over channels."""
        energies = energies[energies > 10.0 ** ((ABSOLUTE_GATE_LUFS + 0.691) / 10.0)]
        self._blocks.frombytes(energies.tobytes())
        if len(self._blocks) > _EXACT_BLOCKS:
            self._classify(np.array(self._blocks))
            self._blocks = array("d")

    def integrated_lufs(self) -> float | None:
        """Mean of the blocks less than 10 LU below the mean of all (BS.1770-5, equation 7)."""
        energies, counts = self._above(10.0)
        return lufs_from_energy(_mean(energies, counts)) if counts.size else None

    def range_lu(self) -> float | None:
        """From the 10th to the 95th percentile of the blocks less than 20 LU below the mean.

        Source: EBU Tech 3342 (2023), clause 3; percentiles as its program rounds them.
        """
        energies, counts = self._above(20.0)
        if not counts.size:
            return None
        order = np.argsort(energies)
        up_to = np.cumsum(counts[order])
        low, high = (
            order[np.searchsorted(up_to, math.floor((up_to[-1] - 1) * share + 0.5), side="right")]
            for share in (0.10, 0.95)
        )
        return lufs_from_energy(energies[high]) - lufs_from_energy(energies[low])

    def _classify(self, energies: NDArray[np.float64]) -> None:
        if not self._counts.size:
            self._counts = np.zeros(_CLASSES, dtype=np.int64)
            self._energies = np.zeros(_CLASSES)
        above_gate_lu = -0.691 + 10.0 * np.log10(energies) - ABSOLUTE_GATE_LUFS
        classes = (above_gate_lu * _CLASSES_PER_LU).astype(np.int64).clip(0, _CLASSES - 1)
        np.add.at(self._counts, classes, 1)
        np.add.at(self._energies, classes, energies)

    def _above(self, gate_lu: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Energies that pass the gate this far below the mean of all, and how many of each."""
        filled = np.flatnonzero(self._counts)
        energies = np.concatenate([self._blocks, self._energies[filled] / self._counts[filled]])
        ones = np.ones(len(self._blocks), dtype=np.int64)
        counts = np.concatenate([ones, self._counts[filled]])
        if counts.size:
            passed = energies > _mean(energies, counts) * 10.0 ** (-gate_lu / 10.0)
            energies, counts = energies[passed], counts[passed]
        return energies, counts


def _mean(energies: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    return float(energies @ counts) / int(counts.sum())
