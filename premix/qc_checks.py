"""What is looked for in a stem as it passes, a block at a time. Pure.

Each check takes (n_samples, channels) blocks of one length but the last, in order,
and then says what it found; places are samples from the start of the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.layout import Layout
from audio.level import Samples, db_from_gain

WINDOW_S = 0.05  # of levels, holes and phase

_CLIPPED_RUN = 3  # samples at full scale in a row: one alone may be a true peak
_MOST_CLIPPED = 20
_DC_LIMIT_DBFS = -60.0
_SILENT_DBFS = -80.0  # below any room tone
_OUT_OF_PHASE = -0.5
_TURNED, _TURNED_S = -0.95, 3  # for so long no effect is: one side's polarity is turned
_LFE_HZ = 120
_LFE_SPLIT_HZ = 240.0  # an octave above the LFE's filter
_LFE_LIMIT_DB = -20.0  # what is left above it by a slope of 24 dB an octave, and some


@dataclass(frozen=True)
class Finding:
    """Something to look at. Grave: a receiver would send the stem back."""

    check: str
    stem: str
    text: str
    at_samples: int | None = None  # from the start of the file
    grave: bool = True


class StemChecks:
    """All checks of one stem that need nothing but its samples."""

    def __init__(self, stem: str, layout: Layout, sample_rate_hz: int, top: float) -> None:
        """Args: top: the highest value of the encoding, at which a sample counts as clipped."""
        self._stem, self._layout = stem, layout
        self._sample_rate_hz, self._top = sample_rate_hz, top
        self._window = max(1, round(WINDOW_S * sample_rate_hz))
        channels = layout.channels
        self._position = 0
        self._rest = np.zeros((channels, 0), dtype=np.float32)
        self._run = np.zeros(channels, dtype=np.int64)
        self._clipped: list[tuple[int, str]] = []
        self._sums = np.zeros(channels)
        self._powers: list[NDArray[np.float64]] = []  # of windows, by channel
        self._products: list[NDArray[np.float64]] = []  # of left and right
        self._peak = np.zeros(channels)
        self._lfe = _LowBand(sample_rate_hz, self._window) if "LFE" in layout.labels else None

    def add(self, samples: Samples) -> None:
        """The next block."""
        if not len(samples):
            return
        begun = self._rest.shape[1]
        by_channel = np.empty((self._layout.channels, begun + len(samples)), dtype=np.float32)
        by_channel[:, :begun] = self._rest
        by_channel[:, begun:] = samples.T  # numpy is slow along few columns
        highest = np.maximum(by_channel.max(axis=1), -by_channel.min(axis=1))
        self._peak = np.maximum(self._peak, highest)
        if highest.max() >= self._top or self._run.any():
            self._find_clipped(samples)
        self._position += len(samples)
        whole = by_channel.shape[1] // self._window * self._window
        self._rest = by_channel[:, whole:].copy()
        windows = by_channel[:, :whole].reshape(self._layout.channels, -1, self._window)
        self._add_windows(windows, silent=not highest.any())

    def _add_windows(self, windows: NDArray[np.float32], *, silent: bool) -> None:
        """Args: windows: (channels, n_windows, samples)."""
        channels, n_windows, _samples = windows.shape
        if silent:
            self._powers.append(np.zeros((n_windows, channels)))
            if self._has_sides:
                self._products.append(np.zeros(n_windows))
            return
        self._sums += windows.sum(axis=2).sum(axis=1, dtype=np.float64)
        squares = np.einsum("cwn,cwn->wc", windows, windows)
        self._powers.append(squares.astype(np.float64) / self._window)
        if self._has_sides:
            left, right = (windows[side] for side in self._sides)
            products = np.einsum("wn,wn->w", left, right)
            self._products.append(products.astype(np.float64) / self._window)
        if self._lfe is not None:
            first = sum(len(each) for each in self._powers) - n_windows
            self._lfe.add(windows[self._layout.index("LFE")], first)

    def powers(self) -> NDArray[np.float64]:
        """Mean square of each window, shape (n_windows, channels)."""
        return np.concatenate([*self._powers, np.zeros((0, self._layout.channels))])

    def findings(self, *, plays: bool) -> Iterator[Finding]:
        """All that was found. `plays`: whether any clip is in the stem."""
        yield from self._clipping()
        for label, offset in zip(self._layout.labels, self._offsets(), strict=True):
            level = db_from_gain(float(offset))
            if level > _DC_LIMIT_DBFS:
                yield Finding("dc", self._stem, f"{label} stands off zero by {level:.1f} dBFS")
        yield from self._dead(plays)
        yield from self._phase()
        if self._lfe is not None and self._lfe.above_db > _LFE_LIMIT_DB:
            yield Finding(
                "lfe",
                self._stem,
                f"LFE holds sound above {_LFE_SPLIT_HZ:.0f} Hz, at {self._lfe.above_db:+.0f} dB "
                f"against what lies below, most of it here; low-pass it at {_LFE_HZ} Hz",
                self._lfe.at_window * self._window,
            )

    def _offsets(self) -> NDArray[np.float64]:
        """The mean of each channel."""
        sums = self._sums + self._rest.sum(axis=1, dtype=np.float64)
        return np.asarray(sums / max(1, self._position))

    def _clipping(self) -> Iterator[Finding]:
        """One finding for all that stands at full scale within a second of the first."""
        groups: list[list[tuple[int, str]]] = []
        for at, label in sorted(self._clipped):
            if not groups or at >= groups[-1][0][0] + self._sample_rate_hz:
                groups.append([])
            groups[-1].append((at, label))
        for group in groups[:_MOST_CLIPPED]:
            labels = " ".join(dict.fromkeys(label for _at, label in group))
            times = f", {len(group)} times in a second" if len(group) > 1 else ""
            yield Finding("clipping", self._stem, f"{labels} at full scale{times}", group[0][0])
        if len(groups) > _MOST_CLIPPED:
            yield Finding("clipping", self._stem, f"and in {len(groups) - _MOST_CLIPPED} s more")

    @property
    def _has_sides(self) -> bool:
        return {"L", "R"} <= set(self._layout.labels)

    @property
    def _sides(self) -> tuple[int, int]:
        return self._layout.index("L"), self._layout.index("R")

    def _dead(self, plays: bool) -> Iterator[Finding]:
        silent = [
            label for label, peak in zip(self._layout.labels, self._peak, strict=True) if not peak
        ]
        if len(silent) == self._layout.channels:
            if plays:
                yield Finding("dead channel", self._stem, "is silent, though clips are on it")
        elif silent:
            # A pre-mix may leave speakers to others; one side alone is a mistake.
            one_sided = self._has_sides and (("L" in silent) != ("R" in silent))
            yield Finding(
                "dead channel", self._stem, f"nothing in {' '.join(silent)}", grave=one_sided
            )

    def _phase(self) -> Iterator[Finding]:
        """Seconds in which left and right work against each other."""
        if not self._has_sides:
            return
        per_second = round(1 / WINDOW_S)
        left, right = self._sides
        powers = self.powers()
        products = np.concatenate([*self._products, np.zeros(0)])
        seconds = len(products) // per_second
        shape = (seconds, per_second)
        product = products[: seconds * per_second].reshape(shape).mean(axis=1)
        power = [
            powers[: seconds * per_second, side].reshape(shape).mean(axis=1)
            for side in (left, right)
        ]
        loudness = np.sqrt(power[0] * power[1])
        heard = loudness > 10 ** (_SILENT_DBFS / 10)
        correlation = np.where(heard, product / np.maximum(loudness, 1e-30), 1.0)
        against = np.flatnonzero(correlation < _OUT_OF_PHASE)
        for first, length in runs(against):
            here = correlation[first : first + length]
            yield Finding(
                "phase",
                self._stem,
                f"left and right are out of phase for {length} s (correlation {here.min():.2f})",
                first * per_second * self._window,
                grave=length >= _TURNED_S and float(here.mean()) < _TURNED,
            )

    def _find_clipped(self, samples: Samples) -> None:
        for channel, label in enumerate(self._layout.labels):
            over = np.abs(samples[:, channel]) >= self._top
            places = np.flatnonzero(over)
            if not len(places):
                self._run[channel] = 0
                continue
            for first, length in runs(places):
                before = int(self._run[channel]) if first == 0 else 0
                if before < _CLIPPED_RUN <= before + length:
                    self._clipped.append((self._position + first - before, label))
            first, length = runs(places)[-1]
            ends_here = first + length == len(samples)
            carried = self._run[channel] if first == 0 else 0
            self._run[channel] = carried + length if ends_here else 0


class _LowBand:
    """How much of a channel lies above where an LFE filter lets pass."""

    def __init__(self, sample_rate_hz: int, window_samples: int) -> None:
        self._below = self._above = 0.0
        self._split = int(_LFE_SPLIT_HZ * window_samples / sample_rate_hz) + 1
        self._bell = np.hanning(window_samples)
        self._most = 0.0
        self.at_window = 0  # where most lies above

    def add(self, windows: NDArray[np.float32], first_window: int) -> None:
        """Args: windows: (n_windows, samples)."""
        heard = np.flatnonzero(windows.any(axis=1))
        if not len(heard):
            return
        power = np.square(np.abs(np.fft.rfft(windows[heard] * self._bell, axis=1)))
        above = power[:, self._split :].sum(axis=1)
        self._below += float(power[:, : self._split].sum())
        self._above += float(above.sum())
        if above.max() > self._most:
            self._most = float(above.max())
            self.at_window = first_window + int(heard[above.argmax()])

    @property
    def above_db(self) -> float:
        if not self._above:
            return -np.inf
        return float(min(99.0, 10 * np.log10(self._above / max(self._below, 1e-30))))


def holes(
    powers: NDArray[np.float64], start_samples: int, end_samples: int, sample_rate_hz: int
) -> list[tuple[int, int]]:
    """Silent places within [start, end): (first sample, length in samples) of each.

    Args:
        powers: mean square of each window of WINDOW_S, shape (n_windows, channels).
    """
    window = max(1, round(WINDOW_S * sample_rate_hz))
    # Fades stand at both ends of a background: only windows wholly within count.
    first, end = -(-start_samples // window) + 2, end_samples // window - 2
    silent = powers[max(0, first) : max(0, end)].max(axis=1, initial=0.0) < 10 ** (
        _SILENT_DBFS / 10
    )
    return [
        ((max(0, first) + at) * window, length * window)
        for at, length in runs(np.flatnonzero(silent))
    ]


def runs(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, how many).

    >>> runs(np.array([3, 4, 5, 9]))
    [(3, 3), (9, 1)]
    """
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) != 1)
    firsts = places[np.concatenate([[0], breaks + 1])]
    lasts = places[np.concatenate([breaks, [len(places) - 1]])]
    return [(int(first), int(last - first + 1)) for first, last in zip(firsts, lasts, strict=True)]


def lag_of(stem: NDArray[np.float64], source: NDArray[np.float64]) -> tuple[int, float]:
    """By how many samples `source` lies late in `stem`, and how alike they are there (0 to 1).

    Args:
        stem: longer than `source` by twice the reach; lag 0 is its middle.
    """
    reach = (len(stem) - len(source)) // 2
    size = 1 << (len(stem) - 1).bit_length()
    spectrum = np.fft.rfft(stem, size) * np.conj(np.fft.rfft(source, size))
    products = np.fft.irfft(spectrum, size)[: 2 * reach + 1]
    squares = np.concatenate([[0.0], np.cumsum(stem**2)])
    energies = squares[len(source) :] - squares[: len(squares) - len(source)]
    energies = np.maximum(energies[: 2 * reach + 1], 1e-20)
    alike = products / np.sqrt(energies * max(float((source**2).sum()), 1e-20))
    best = int(alike.argmax())
    return best - reach, float(alike[best])
