"""Loudness as broadcasters and dubbing stages measure it.

Sources: ITU-R BS.1770-5 (integrated, true peak), EBU Tech 3341 (momentary over 400 ms,
short-term over 3 s), EBU Tech 3342 (range).
"""

from dataclasses import astuple, dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.gating import GatedBlocks, lufs_from_energy
from audio.k_weighting import k_weighting
from audio.layout import Layout, layout_for
from audio.level import Samples, check_samples
from audio.true_peak import TruePeakMeter

_STEPS_PER_SECOND = 100  # of 10 ms
_GATING_STEPS = 10
_MOMENTARY_STEPS = 40
_SHORT_TERM_STEPS = 300
_WORK_SAMPLES = 65_536
_LOWEST_RATE_HZ = 4_000  # the shelf begins below 2 kHz, which such a rate just holds


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """What the meter says; None where there is nothing to say, as of silence.

    Only whole windows count: integrated and momentary need 400 ms, short-term and range 3 s.
    """

    integrated_lufs: float | None
    range_lu: float | None
    max_momentary_lufs: float | None  # of windows 10 ms apart
    max_short_term_lufs: float | None  # of windows 10 ms apart
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None


class LoudnessMeter:
    """Measures a sound given in blocks of any length, in memory that stops growing.

    >>> second = np.arange(48_000)
    >>> tone = np.sin(2 * np.pi * 997 / 48_000 * second)[:, np.newaxis]
    >>> meter = LoudnessMeter(48_000, "mono")
    >>> meter.add(tone)
    >>> f"{meter.result().integrated_lufs:.2f}"
    '-3.01'
    """

    def __init__(self, sample_rate_hz: int, layout: Layout | int | str) -> None:
        """At a rate too low for K-weighting, below 4 kHz, only the peaks are measured.

        Args:
            layout: or its name, or a number of channels, which means the usual one.

        Raises:
            AudioError: no such layout, or no rate.
        """
        from audio.compiled import loops

        if sample_rate_hz <= 0:
            raise AudioError(f"a sample rate of {sample_rate_hz} Hz; it must be above 0")
        self.layout = layout if isinstance(layout, Layout) else layout_for(layout)
        self._sample_rate_hz = sample_rate_hz
        self._peaks = TruePeakMeter(self.layout.channels)
        self._add_step_energies = loops()["add_step_energies"]
        heard = [(i, weight) for i, weight in enumerate(self.layout.loudness_weights) if weight]
        if len(heard) % 2:
            heard.append((0, 0.0))  # the filters run in pairs
        self._channels = np.array([i for i, _ in heard], dtype=np.int64)
        self._weights = np.array([weight for _, weight in heard], dtype=np.float64)
        self._weighs = sample_rate_hz >= _LOWEST_RATE_HZ
        self._filters = _filters(max(sample_rate_hz, _LOWEST_RATE_HZ))
        self._filter_state = np.zeros((len(heard), 4))
        self._position = 0
        self._begun_step_energy = 0.0
        self._last_steps = np.zeros(0)  # energies of the steps that windows still reach
        self._steps = 0
        self._max_momentary = self._max_short_term = 0.0
        self._gating_blocks, self._short_term_blocks = GatedBlocks(), GatedBlocks()

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (n_samples, n_channels).

        Raises:
            AudioError: not of the layout's channels, or NaN or infinity in them; after
                the latter the meter is of no more use.
        """
        check_samples(samples)
        if samples.shape[1] != self.layout.channels:
            raise AudioError(
                f"samples of {samples.shape[1]} channels for a meter of {self.layout.channels} "
                f"({self.layout.name})"
            )
        for start in range(0, len(samples), _WORK_SAMPLES):
            part = np.require(samples[start : start + _WORK_SAMPLES], np.float32, ["C", "A"])
            self._peaks.add(part)
            if self._weighs:
                self._add_part(part)

    def result(self) -> Loudness:
        """What is known up to here; more may be added afterwards."""
        return Loudness(
            integrated_lufs=self._gating_blocks.integrated_lufs(),
            range_lu=self._short_term_blocks.range_lu(),
            max_momentary_lufs=_lufs_or_none(self._max_momentary),
            max_short_term_lufs=_lufs_or_none(self._max_short_term),
            true_peak_dbtp=self._peaks.true_peak_dbtp,
            sample_peak_dbfs=self._peaks.sample_peak_dbfs,
        )

    def _add_part(self, samples: Samples) -> None:
        position = self._position + len(samples)
        ended = _step_of(position, self._sample_rate_hz) - self._steps
        energies = np.zeros(ended + 1)
        energies[0] = self._begun_step_energy
        # Digital silence, once the filters have rung down, has no energy to be found.
        if self._filter_state.any() or samples.any():
            self._add_step_energies(
                samples,
                *samples.shape,
                self._channels,
                self._weights,
                len(self._channels),
                self._filters,
                self._filter_state,
                self._position,
                self._sample_rate_hz,
                energies,
            )
        self._position = position
        self._begun_step_energy = float(energies[-1])
        if ended:
            self._end_steps(energies[:-1])

    def _end_steps(self, energies: NDArray[np.float64]) -> None:
        """Look through every window that ends with one of these steps."""
        reached = np.concatenate([self._last_steps, energies])
        first_step = self._steps - len(self._last_steps)
        self._steps += len(energies)
        sums = np.concatenate([[0.0], np.cumsum(reached)])
        edges = np.arange(first_step, self._steps + 1) * self._sample_rate_hz // _STEPS_PER_SECOND

        def maximum_and_gated(window_steps: int, blocks: GatedBlocks) -> float:
            first_new = max(len(self._last_steps) + 1 - window_steps, 0)
            if len(reached) < first_new + window_steps:
                return 0.0
            means = sums[first_new + window_steps :] - sums[first_new:-window_steps]
            means /= edges[first_new + window_steps :] - edges[first_new:-window_steps]
            next_gated = -(first_step + first_new) % _GATING_STEPS
            blocks.add(means[next_gated::_GATING_STEPS])
            return float(means.max())

        self._max_momentary = max(
            self._max_momentary, maximum_and_gated(_MOMENTARY_STEPS, self._gating_blocks)
        )
        self._max_short_term = max(
            self._max_short_term, maximum_and_gated(_SHORT_TERM_STEPS, self._short_term_blocks)
        )
        self._last_steps = reached[1 - _SHORT_TERM_STEPS :]


def measure(
    samples: Samples, sample_rate_hz: int, layout: Layout | int | str | None = None
) -> Loudness:
    """Loudness of a whole sound, shape (n_samples, n_channels).

    Args:
        layout: or its name; None means the usual one of as many channels.

    Raises:
        AudioError: see `LoudnessMeter`.
    """
    check_samples(samples)
    meter = LoudnessMeter(sample_rate_hz, samples.shape[1] if layout is None else layout)
    meter.add(samples)
    return meter.result()


@cache
def _filters(sample_rate_hz: int) -> NDArray[np.float64]:
    return np.array([astuple(each) for each in k_weighting(sample_rate_hz)])


def _step_of(position: int, sample_rate_hz: int) -> int:
    """The 10 ms step in which a sample lies; step k begins at floor(k * rate / 100)."""
    return ((position + 1) * _STEPS_PER_SECOND - 1) // sample_rate_hz


def _lufs_or_none(energy: float) -> float | None:
    return lufs_from_energy(energy) if energy > 0 else None
