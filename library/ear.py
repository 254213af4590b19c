"""Listening once: a file goes by in blocks, and what features need of it is kept.

Kept are an envelope in steps of about 2.7 ms and one row of descriptors for each window of
about 21 ms, never the samples: 36 MB for each hour, whatever the rate or the number of
channels; those of a long file go to the disk (`library.rows`). Only the mono mix of the first
`keep_s` seconds stays, for the embedding, so that a short file need not be read a second time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library import LibraryError
from library.rows import Rows
from library.spectra import (
    COLUMNS,
    MFCC_COEFFICIENTS,
    Floats,
    Grid,
    describe_windows,
)

_CHUNK_HOPS = 128  # always cut at the same places, so that blocks of any size give the same
_CANCELLED = 0.01  # a mono mix 20 dB below its channels says nothing of them
_SILENT_POWER = 1e-15


@dataclass(frozen=True)
class Heard:
    """What is kept of one stretch of a sound; views, made by `EarPass.heard`."""

    grid: Grid
    channels: int
    duration_samples: int
    step_power: Floats  # mean square of all channels, each step
    step_peak: Floats  # highest sample of any channel, each step
    pairs: Floats  # (hops, 4): mean L², R², LR of the first two channels; changes of sign
    windows: Floats  # (windows, COLUMNS)
    mfcc: Floats  # (windows, MFCC_COEFFICIENTS)
    let_go: Callable[[], None]  # give back the memory that looking has filled (`library.rows`)

    @property
    def step_s(self) -> float:
        return self.grid.step_samples / self.grid.sample_rate_hz

    @property
    def hop_s(self) -> float:
        return self.grid.hop_samples / self.grid.sample_rate_hz

    @property
    def silent(self) -> bool:
        return not self.step_power.size or float(self.step_power.max()) < _SILENT_POWER

    def column(self, name: str) -> Floats:
        return self.windows[:, COLUMNS.index(name)]


class EarPass:
    """One pass over one file.

    >>> ear = EarPass(48_000, channels=1)
    >>> ear.add(np.zeros((4800, 1), np.float32))
    >>> ear.heard(0, 4800).silent
    True
    """

    def __init__(self, sample_rate_hz: int, channels: int, *, keep_s: float = 60.0) -> None:
        if sample_rate_hz < 1 or channels < 1:
            raise LibraryError(f"no sound has {channels} channels at {sample_rate_hz} Hz")
        self.sample_rate_hz = sample_rate_hz
        self.channels = channels
        self.duration_samples = 0
        self._grid = Grid.of(sample_rate_hz)
        self._chunk_samples = _CHUNK_HOPS * self._grid.hop_samples
        self._pending = np.empty((0, channels), np.float32)
        self._hop_before = np.zeros(self._grid.hop_samples, np.float32)
        self._mels_before: Floats | None = None
        self._steps = Rows(2)
        self._pairs = Rows(4)
        self._windows = Rows(len(COLUMNS))
        self._mfcc = Rows(MFCC_COEFFICIENTS)
        self._keep_samples = int(keep_s * sample_rate_hz)
        self._kept: list[Floats] = []
        self._closed = False

    def add(self, block: Floats) -> None:
        """Hear the next block, shape (n_samples, n_channels), of any length."""
        if self._closed:
            raise LibraryError("this pass is over: takes have been asked for already")
        if block.ndim != 2 or block.shape[1] != self.channels:
            raise LibraryError(
                f"samples must be (n_samples, {self.channels}), got shape {block.shape}"
            )
        self.duration_samples += len(block)
        if len(self._pending):
            missing = self._chunk_samples - len(self._pending)
            self._pending = np.concatenate([self._pending, block[:missing]])
            block = block[missing:]
            if len(self._pending) < self._chunk_samples:
                return
            self._hear(self._pending)
            self._pending = self._pending[:0]
        whole = len(block) - len(block) % self._chunk_samples
        for start in range(0, whole, self._chunk_samples):
            self._hear(block[start : start + self._chunk_samples])
        # A copy, for the caller may use its block again.
        self._pending = np.array(block[whole:], np.float32)

    def _close(self) -> None:
        if self._closed:
            return
        self._closed = True
        hop_samples = self._grid.hop_samples
        # The last window is centred on the end, as the first is on the start.
        if len(self._pending) or self.duration_samples == 0 or self._hop_before.any():
            short = -len(self._pending) % hop_samples or (0 if len(self._pending) else hop_samples)
            self._hear(
                np.concatenate([self._pending, np.zeros((short, self.channels), np.float32)])
            )
        self._pending = self._pending[:0]

    def _hear(self, chunk: Floats) -> None:
        grid = self._grid
        hops = len(chunk) // grid.hop_samples
        chunk = np.ascontiguousarray(chunk, np.float32)
        in_steps = chunk.reshape(hops * grid.hop_samples // grid.step_samples, -1)
        steps = np.empty((len(in_steps), 2), np.float32)
        steps[:, 0] = np.einsum("ij,ij->i", in_steps, in_steps) / in_steps.shape[1]
        steps[:, 1] = np.maximum(in_steps.max(axis=1), -in_steps.min(axis=1))
        self._steps.add(steps)

        first = np.ascontiguousarray(chunk[:, 0]).reshape(hops, -1)
        mono, pairs = self._mixed(chunk, first, steps[:, 0].reshape(hops, -1).mean(axis=1))
        below = mono < 0.0
        pairs[:, 3] = (below[:, 1:] != below[:, :-1]).sum(axis=1)
        pairs[1:, 3] += below[1:, 0] != below[:-1, -1]
        self._pairs.add(pairs)

        kept = sum(map(len, self._kept))
        if kept < self._keep_samples:
            self._kept.append(mono.ravel()[: self._keep_samples - kept].copy())

        halves = np.concatenate([self._hop_before[np.newaxis], mono])
        windows = np.concatenate([halves[:-1], halves[1:]], axis=1)
        table, mfcc, mels = describe_windows(windows, grid, self._mels_before)
        self._windows.add(table)
        self._mfcc.add(mfcc)
        self._hop_before, self._mels_before = mono[-1].copy(), mels[-1].copy()

    def _mixed(self, chunk: Floats, first: Floats, hop_power: Floats) -> tuple[Floats, Floats]:
        """Mono mix by hops, and the products of the first two channels."""
        pairs = np.zeros((len(first), 4), np.float32)
        of_hop = np.float32(1.0 / first.shape[1])
        pairs[:, 0] = np.einsum("ij,ij->i", first, first) * of_hop
        if self.channels == 1:
            pairs[:, 1:3] = pairs[:, :1]
            return first, pairs
        second = np.ascontiguousarray(chunk[:, 1]).reshape(first.shape)
        pairs[:, 1] = np.einsum("ij,ij->i", second, second) * of_hop
        pairs[:, 2] = np.einsum("ij,ij->i", first, second) * of_hop
        if self.channels == 2:
            mono = (first + second) * np.float32(0.5)
        else:
            even = np.full(self.channels, 1.0 / self.channels, np.float32)
            mono = (chunk @ even).reshape(first.shape)
        mix_power = np.einsum("ij,ij->i", mono, mono) * of_hop
        lost = mix_power < _CANCELLED / self.channels * hop_power
        if lost.any():
            mono = np.where(lost[:, np.newaxis], first, mono)
        return mono, pairs

    def heard(self, start_samples: int, end_samples: int) -> Heard:
        """What was heard in [start, end); ends the pass. Edges are rounded out to whole steps."""
        self._close()
        start = max(0, min(start_samples, self.duration_samples))
        end = max(start, min(end_samples, self.duration_samples))
        step, hop = self._grid.step_samples, self._grid.hop_samples
        windows, pairs, steps = self._windows.filled(), self._pairs.filled(), self._steps.filled()
        # Windows whose centres lie within, or else the nearest.
        first, last = -(-start // hop), end // hop
        if last < first:
            first = last = round((start + end) / 2 / hop)
        within = slice(min(first, len(windows) - 1), last + 1)
        first_step, last_step = start // step, max(start // step + 1, -(-end // step))
        of_pairs = slice(start // hop, max(start // hop + 1, -(-end // hop)))
        return Heard(
            grid=self._grid,
            channels=self.channels,
            duration_samples=end - start,
            step_power=steps[first_step:last_step, 0],
            step_peak=steps[first_step:last_step, 1],
            pairs=pairs[of_pairs],
            windows=windows[within],
            mfcc=self._mfcc.filled()[within],
            let_go=self._let_go,
        )

    def features(self, takes: Sequence[tuple[int, int]]) -> list[dict[str, float | None]]:
        """Features of each take, given as (start_samples, end_samples); ends the pass."""
        from library.features import features_of

        return [features_of(self.heard(*take)) for take in takes]

    def _let_go(self) -> None:
        for rows in (self._steps, self._pairs, self._windows, self._mfcc):
            rows.let_go()

    def mono(self, start_samples: int, end_samples: int) -> NDArray[np.float32] | None:
        """The mono mix of [start, end), or None where it was not kept."""
        self._close()
        if end_samples > min(self.duration_samples, self._keep_samples):
            return None
        if len(self._kept) > 1:
            self._kept = [np.concatenate(self._kept)]
        return self._kept[0][start_samples:end_samples] if self._kept else np.zeros(0, np.float32)
