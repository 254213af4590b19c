"""True peak: the highest level of the waveform between samples, where converters clip.

ITU-R BS.1770-5, Annex 2, by fourfold oversampling at every rate, with 24 taps a phase: flat
within 0.1 dB to 0.44 of the sample rate (the annex's 12 taps fall off sooner). What four
points an original sample can still miss is 0.17 dB at a quarter of the rate.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.level import Samples, check_samples, db_from_gain

OVERSAMPLING = 4
_TAPS = 24
_KAISER_BETA = 4.5
_WORK_SAMPLES = 65_536


@cache
def interpolation_filters() -> NDArray[np.float32]:
    """Taps (phases, taps) for the points 1/4, 1/2 and 3/4 between two samples."""
    at = np.arange(_TAPS) - (_TAPS // 2 - 1)
    phases = [at - phase / OVERSAMPLING for phase in range(1, OVERSAMPLING)]
    half = _TAPS / 2
    taps = np.array(
        [
            np.sinc(t) * np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (t / half) ** 2, 0, None)))
            for t in phases
        ]
    )
    return np.ascontiguousarray(taps / taps.sum(axis=1, keepdims=True), dtype=np.float32)


class TruePeakMeter:
    """Sample peak and true peak of a sound given in blocks, all channels together."""

    def __init__(self, channels: int) -> None:
        from audio import loudness_kernels as kernels
        from audio.compiled import loops

        self._scan = loops()["scan_peaks"]
        self._taps, self._bounds = interpolation_filters(), _bounds()
        self._peaks = np.zeros(2)
        # Before the sound there is silence: an abrupt beginning overshoots too.
        self._tail = np.zeros((_TAPS - 1, channels), dtype=np.float32)
        self._heights = np.zeros(_WORK_SAMPLES // kernels.BLOCK_SAMPLES + 3, dtype=np.int32)
        self._between = np.zeros(kernels.BLOCK_SAMPLES * channels, dtype=np.float32)

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (n_samples, n_channels), float32, C-contiguous.

        Raises:
            AudioError: NaN or infinity in them; the meter is then of no more use.
        """
        for start in range(0, len(samples), _WORK_SAMPLES):
            part = samples[start : start + _WORK_SAMPLES]
            self._scan_into(self._peaks, np.concatenate([self._tail, part[: _TAPS - 1]]))
            self._scan_into(self._peaks, part)
            if not np.isfinite(self._peaks[0]):
                raise AudioError(
                    "samples hold NaN or infinity, or values above +600 dBFS; the file is damaged"
                )
            if len(part) < _TAPS - 1:
                part = np.concatenate([self._tail, part])
            self._tail = part[1 - _TAPS :].copy()

    @property
    def sample_peak_dbfs(self) -> float | None:
        """None of silence."""
        return db_from_gain(self._peaks[0]) if self._peaks[0] else None

    @property
    def true_peak_dbtp(self) -> float | None:
        """As if silence followed; never below the sample peak. None of silence."""
        peaks = self._peaks.copy()
        self._scan_into(peaks, np.concatenate([self._tail, np.zeros_like(self._tail)]))
        highest = float(peaks.max())
        return db_from_gain(highest) if highest else None

    def _scan_into(self, peaks: NDArray[np.float64], samples: Samples) -> None:
        self._scan(
            samples,
            samples,
            *samples.shape,
            self._taps,
            _TAPS,
            self._bounds,
            peaks,
            self._heights,
            self._heights,
            self._between,
            self._between,
        )


@cache
def _bounds() -> NDArray[np.float64]:
    """For `scan_peaks`: how high the waveform can be beside samples of some height."""
    filters = np.abs(interpolation_filters().astype(np.float64))
    middle = filters[:, _TAPS // 2 - 1 : _TAPS // 2 + 1]
    gains = filters.sum(axis=1)
    return np.array([gains.max(), *middle.max(axis=1), *(gains - middle.sum(axis=1))])


def true_peak_dbtp(samples: Samples) -> float | None:
    """Highest level between samples over all channels; None of silence or no samples.

    Raises:
        AudioError: not two-dimensional, or holds NaN or infinity.

    A sine whose crests fall between two samples fools a sample-peak meter:

    >>> n = np.arange(4800)
    >>> sine = np.sin(np.pi / 2 * n + np.pi / 4) * np.hanning(4800)
    >>> f"{20 * np.log10(sine.max()):.1f} by samples, {abs(true_peak_dbtp(sine[:, None])):.1f}"
    '-3.0 by samples, 0.0'
    """
    check_samples(samples)
    meter = TruePeakMeter(samples.shape[1])
    meter.add(np.require(samples, np.float32, ["C", "A"]))
    return meter.true_peak_dbtp
