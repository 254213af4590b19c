"""One shared spectrum: what each analysis window of a sound holds. No files, no state.

A file is looked at through Hann windows of about 43 ms (2,048 samples at 48 kHz), each half
covered by the next and centred on its position, as librosa's are. Everything spectral in the
library is read from these; nothing is transformed twice.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log2, pi, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from library.fourier import rfft
from library.pitch import find_pitch

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_WINDOW_S = 2048 / 48_000
STEPS_PER_HOP = 8  # the envelope is kept at about 2.7 ms
LOW_HZ, HIGH_HZ = 250.0, 4000.0
_MEL_BANDS, _MEL_FROM_HZ, _MEL_TO_HZ = 40, 40.0, 11_025.0  # the same for all rates, to compare
MFCC_COEFFICIENTS = 20
_FLOOR_POWER = 1e-18  # of one bin: -180 dBFS, below the noise of a 24-bit file
_FLOOR_BAND = 1e-10  # of one mel band: -100 dBFS
_NOISE_FLATNESS = exp(-0.5772156649)  # expected of a noise's power spectrum: e to minus Euler's γ
_ROLLOFF = 0.85
_CHUNK_BINS = 32

# Columns of the table that `describe_windows` fills.
COLUMNS = (
    "power",  # mean square of the windowed sound
    "k_power",  # the same, K-weighted
    "centroid_hz",
    "bandwidth_hz",
    "rolloff_hz",
    "flatness",
    "contrast_db",
    "flux_db",
    "low_power",
    "high_power",
    "noisiness",
    "tonality",
    "pitch_hz",
    "pitch_confidence",
)


@dataclass(frozen=True)
class Grid:
    """Where the windows of a file stand."""

    sample_rate_hz: int
    window_samples: int

    @classmethod
    def of(cls, sample_rate_hz: int) -> "Grid":
        """The grid for a rate: the power of two nearest to 43 ms.

        >>> Grid.of(48_000).window_samples, Grid.of(192_000).window_samples
        (2048, 8192)
        """
        return cls(sample_rate_hz, max(64, 2 ** round(log2(sample_rate_hz * _WINDOW_S))))

    @property
    def hop_samples(self) -> int:
        return self.window_samples // 2

    @property
    def step_samples(self) -> int:
        return max(1, self.hop_samples // STEPS_PER_HOP)


def _mel_from_hz(hz: Doubles, scale: Literal["slaney", "htk"]) -> Doubles:
    if scale == "htk":
        return np.asarray(2595.0 * np.log10(1.0 + hz / 700.0))
    above = 15.0 + np.log(np.maximum(hz, 1000.0) / 1000.0) / (np.log(6.4) / 27.0)
    return np.where(hz < 1000.0, hz / (200.0 / 3.0), above)


def _hz_from_mel(mel: Doubles, scale: Literal["slaney", "htk"]) -> Doubles:
    if scale == "htk":
        return np.asarray(700.0 * (10.0 ** (mel / 2595.0) - 1.0))
    above = 1000.0 * np.exp((np.log(6.4) / 27.0) * (np.maximum(mel, 15.0) - 15.0))
    return np.where(mel < 15.0, mel * (200.0 / 3.0), above)


def mel_matrix(
    bin_hz: Doubles,
    bands: int,
    from_hz: float,
    to_hz: float,
    *,
    scale: Literal["slaney", "htk"],
    straight_in: Literal["hz", "mel"] = "hz",
) -> Floats:
    """Triangles of height 1 over the bins, shape (bins, bands).

    Args:
        scale: Slaney's mel scale (librosa's own) or HTK's.
        straight_in: whether the flanks are straight over Hz (librosa) or over mel (TensorFlow).
    """
    low, high = _mel_from_hz(np.array([from_hz, to_hz]), scale)
    edges_mel = np.linspace(low, high, bands + 2)
    if straight_in == "mel":
        edges, bins = edges_mel, _mel_from_hz(bin_hz, scale)
    else:
        edges, bins = _hz_from_mel(edges_mel, scale), bin_hz
    rising = (bins[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins[:, None]) / np.diff(edges)[1:]
    triangles: Floats = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return triangles


def _k_weight(hz: Doubles) -> Floats:
    """Power response of ITU-R BS.1770-4's two filters, from its coefficients at 48 kHz."""
    z = np.exp(-2j * pi * np.minimum(hz, 23_999.0) / 48_000.0)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high_pass) ** 2, np.float32)


@dataclass(frozen=True)
class _Tables:
    """What depends on the sampling rate alone."""

    hann: Floats  # scaled, so that the power of all bins adds up to the mean square
    bin_hz: Floats
    of_power: Floats  # (bins, 4 + mel bands): all, K-weighted, low, high, mels
    of_magnitude: Floats  # (bins, 3): 1, f, f²
    octaves: NDArray[np.intp]  # first bins of the bands of noisiness
    octave_bins: Floats
    contrast: tuple[tuple[int, int, int], ...]  # from bin, to bin, how many are peak or valley
    dct: Floats  # (mel bands, coefficients)


@lru_cache(maxsize=8)
def _tables(sample_rate_hz: int, window_samples: int) -> _Tables:
    bins = window_samples // 2 + 1
    hz = np.linspace(0.0, sample_rate_hz / 2, bins)
    hann = 0.5 - 0.5 * np.cos(2 * pi * np.arange(window_samples) / window_samples)
    # Parseval: each bin but the first and last stands for two, hence the 2.
    hann *= sqrt(2.0 / (window_samples * float(np.sum(hann**2))))
    mels = mel_matrix(hz, _MEL_BANDS, _MEL_FROM_HZ, _MEL_TO_HZ, scale="slaney")
    power = np.column_stack([np.ones(bins), _k_weight(hz), hz < LOW_HZ, hz > HIGH_HZ])
    edges = [1]
    for edge_hz in (500, 1000, 2000, 4000, 8000, 16_000, 32_000):
        first = int(np.searchsorted(hz, edge_hz))
        if bins - first >= 8 and first - edges[-1] >= 8:
            edges.append(first)
    n = np.arange(_MEL_BANDS)[:, None] + 0.5
    k = np.arange(MFCC_COEFFICIENTS)
    dct = np.cos(pi * n * k / _MEL_BANDS) * np.where(k == 0, sqrt(0.5), 1.0) * sqrt(2 / _MEL_BANDS)
    return _Tables(
        hann=hann.astype(np.float32),
        bin_hz=hz.astype(np.float32),
        of_power=np.concatenate([power, mels], axis=1).astype(np.float32),
        # In kHz, for the square of Hz is coarse in float32.
        of_magnitude=np.stack([np.ones(bins), hz / 1e3, (hz / 1e3) ** 2], 1).astype(np.float32),
        octaves=np.array(edges, np.intp),
        octave_bins=np.diff([*edges, bins]).astype(np.float32),
        contrast=_contrast_bands(hz),
        dct=dct.astype(np.float32),
    )


def _contrast_bands(hz: Doubles) -> tuple[tuple[int, int, int], ...]:
    """Octaves from 200 Hz, cut as librosa.feature.spectral_contrast cuts them."""
    bands = []
    lows = [0.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0]
    for index, low in enumerate(lows):
        high = 200.0 * 2.0**index
        within = np.flatnonzero((hz >= low) & (hz <= high))
        if within.size == 0:
            break
        first = int(within[0]) - (1 if index and within[0] else 0)
        last = index == len(lows) - 1 or high >= hz[-1]
        end = hz.size if last else int(within[-1])  # the last bin belongs to the next octave
        count = hz.size - first if last else int(within[-1]) + 1 - first
        if end - first < 2:
            continue
        bands.append((first, end, max(1, round(0.02 * count))))
        if last:
            break
    return tuple(bands)


def describe_windows(
    windows: Floats, grid: Grid, mels_before: Floats | None
) -> tuple[Floats, Floats, Floats]:
    """Measure windows that follow one another.

    Args:
        windows: shape (n, window_samples), not yet weighted.
        mels_before: mel levels (dB) of the window before the first; None at the start.

    Returns:
        table (n, COLUMNS), MFCC (n, MFCC_COEFFICIENTS), mel levels (n, bands) in dB.
    """
    tables = _tables(grid.sample_rate_hz, grid.window_samples)
    spectrum = rfft(windows * tables.hann)
    power = spectrum.real**2 + spectrum.imag**2
    magnitude = np.sqrt(power)
    sums = power @ tables.of_power
    mels = 10.0 * np.log10(np.maximum(sums[:, 4:], _FLOOR_BAND))
    table = np.empty((len(windows), len(COLUMNS)), np.float32)
    column = dict(zip(COLUMNS, table.T, strict=True))
    column["power"][:] = sums[:, 0]
    column["k_power"][:] = sums[:, 1]
    column["low_power"][:] = sums[:, 2]
    column["high_power"][:] = sums[:, 3]

    moments = magnitude @ tables.of_magnitude
    whole = np.maximum(moments[:, 0], 1e-20)
    centre = moments[:, 1] / whole
    column["centroid_hz"][:] = 1e3 * centre
    column["bandwidth_hz"][:] = 1e3 * np.sqrt(np.maximum(moments[:, 2] / whole - centre**2, 0.0))
    column["rolloff_hz"][:] = tables.bin_hz[_rolloff_bins(magnitude, moments[:, 0])]
    column["contrast_db"][:] = _contrast_db(magnitude, tables.contrast)

    np.maximum(power, _FLOOR_POWER, out=power)
    logs = np.log(power)
    column["flatness"][:] = np.exp(logs.mean(axis=1)) / power.mean(axis=1)
    of_octave = np.add.reduceat(power, tables.octaves, axis=1)
    flat = np.exp(np.add.reduceat(logs, tables.octaves, axis=1) / tables.octave_bins)
    flat *= tables.octave_bins / of_octave / _NOISE_FLATNESS
    np.clip(flat, 1e-9, 1.0, out=flat)
    of_octave /= of_octave.sum(axis=1, keepdims=True)
    column["noisiness"][:] = (of_octave * flat).sum(axis=1)
    # A line stands 30 dB and more above what a noise of the same power would show.
    tonal = np.minimum(1.0, np.log10(flat) * (-10.0 / 30.0))
    column["tonality"][:] = (of_octave * tonal).sum(axis=1)

    before = mels[:1] if mels_before is None else mels_before[np.newaxis]
    rises = np.diff(mels, axis=0, prepend=before)
    column["flux_db"][:] = np.maximum(rises, 0.0).mean(axis=1)

    column["pitch_hz"][:], column["pitch_confidence"][:] = find_pitch(
        power, sums[:, 0], column["noisiness"], grid.sample_rate_hz
    )
    return table, mels @ tables.dct, mels


def _rolloff_bins(magnitude: Floats, whole: Floats) -> NDArray[np.intp]:
    """First bin up to which 85 % of the magnitude lies; in two stages, for a full sum is slow."""
    rows = np.arange(len(magnitude))
    chunks = magnitude[:, :-1].reshape(len(magnitude), -1, _CHUNK_BINS)
    sums = chunks.sum(axis=2)
    reached = np.cumsum(sums, axis=1)
    wanted = _ROLLOFF * whole
    chunk = np.minimum((reached < wanted[:, None]).sum(axis=1), sums.shape[1] - 1)
    rest = wanted - reached[rows, chunk] + sums[rows, chunk]
    inside = np.cumsum(chunks[rows, chunk], axis=1)
    return np.asarray(chunk * _CHUNK_BINS + (inside < rest[:, None]).sum(axis=1))


def _contrast_db(magnitude: Floats, bands: tuple[tuple[int, int, int], ...]) -> Floats:
    if not bands:
        return np.zeros(len(magnitude), np.float32)
    edges = np.empty((2, len(bands), len(magnitude)), np.float32)  # valleys, peaks
    for band, (first, end, count) in enumerate(bands):
        ordered = np.sort(magnitude[:, first:end], axis=1)
        np.add.reduce(ordered[:, :count], axis=1, out=edges[0, band])
        np.add.reduce(ordered[:, -count:], axis=1, out=edges[1, band])
        edges[:, band] /= count
    valleys, peaks = np.maximum(edges, 1e-10)
    contrast: Floats = 10.0 * np.log10(peaks / valleys).sum(axis=0) / len(bands)
    return contrast
