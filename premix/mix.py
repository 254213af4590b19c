"""Summing clips into one block of a stem. Pure: the caller fetches the sound.

Sums are kept in float64 and rounded once, when the block is written: so a stem
does not depend on the order of rounding, and stems sum to the pre-mix.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.fades import fade_in_curve
from audio.level import Samples
from premix.placement import Points, at_positions
from premix.timeline import Clip

_GRID = 64  # samples between which moving gains are straight

Gains = NDArray[np.float64]  # (source channels, stem channels)
Sum = NDArray[np.float64]  # (n_samples, stem channels)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some samples of a recording: `numbers` × `unit` is what they are, full scale 1.0."""

    numbers: NDArray[Any]  # (n_samples, channels), integers or floats; valid until the next
    unit: float = 1.0  # a power of two, so that the product is exact

    def __len__(self) -> int:
        return len(self.numbers)


Fetch = Callable[[Clip, int, int], Stretch]
"""(clip, first, end) → its sound between two record positions, in its own channels."""


@dataclass(frozen=True, eq=False)
class Strip:
    """One clip and where it goes: the row of `gains` of each of its channels."""

    clip: Clip
    gains: Gains  # the clip's own gain is in it
    gain_envelope: Points = ()  # dB since the clip's start; see premix.placement
    moving: Callable[[int], Gains] | None = None  # gains at a place since the clip's start

    @cached_property
    def one_gain(self) -> float | None:
        """The gain of a clip whose every channel stays its own; None for all others."""
        n_sources, n_targets = self.gains.shape
        straight = n_sources == n_targets and bool(
            (self.gains == np.eye(n_sources) * self.gains[0, 0]).all()
        )
        return float(self.gains[0, 0]) if straight else None

    @cached_property
    def paths(self) -> tuple[tuple[int, int, float], ...]:
        """(source channel, stem channel, gain) wherever there is one."""
        return tuple(
            (int(source), int(target), float(self.gains[source, target]))
            for source, target in zip(*np.nonzero(self.gains), strict=True)
        )


class Desk:
    """Room to sum in, used again for every block: fresh memory costs more than the sums."""

    def __init__(self) -> None:
        self._sum = np.zeros(0)
        self._work = np.zeros(0)
        self._path = np.zeros(0)

    def sum(self, n_samples: int, channels: int) -> Sum:
        """Silence, shape (n_samples, channels)."""
        if self._sum.size < n_samples * channels:
            self._sum = np.zeros(n_samples * channels)
        silence = self._sum[: n_samples * channels].reshape(n_samples, channels)
        silence.fill(0.0)
        return silence

    def work(self, n_samples: int, channels: int) -> Sum:
        """Whatever lay there, shape (n_samples, channels)."""
        if self._work.size < n_samples * channels:
            self._work = np.zeros(n_samples * channels)
        return self._work[: n_samples * channels].reshape(n_samples, channels)

    def path(self, n_samples: int) -> NDArray[np.float64]:
        """Whatever lay there, shape (n_samples,)."""
        if self._path.size < n_samples:
            self._path = np.zeros(n_samples)
        return self._path[:n_samples]


def mix_block(
    strips: Iterable[Strip],
    fetch: Fetch,
    start_samples: int,
    end_samples: int,
    channels: int,
    desk: Desk | None = None,
) -> Sum:
    """Sum of all `strips` over the block [start, end) of the reel.

    Args:
        desk: where to sum; the block that is returned lies on it until the next.

    Returns:
        Samples of shape (end - start, channels), float64. Not limited: a stem may
        pass full scale here, and the writer and the report say so.
    """
    desk = desk or Desk()
    block = desk.sum(end_samples - start_samples, channels)
    for strip in strips:
        clip = strip.clip
        first = max(start_samples, clip.record_start_samples)
        end = min(end_samples, clip.record_end_samples)
        if first < end:
            stretch = fetch(clip, first, end)
            envelope = envelope_of(strip, first, end)
            part = block[first - start_samples : end - start_samples]
            _add(part, stretch, strip, first - clip.record_start_samples, envelope, desk)
    return block


def _add(
    block: Sum,
    stretch: Stretch,
    strip: Strip,
    since_start: int,
    envelope: NDArray[np.float64] | None,
    desk: Desk,
) -> None:
    """Add a stretch to `block` in place, each channel by its row of gains."""
    work = desk.work(*stretch.numbers.shape)
    np.copyto(work, stretch.numbers)
    if envelope is not None:
        work *= envelope[:, np.newaxis]
    if strip.moving is not None:
        _add_moving(block, work, strip.moving, since_start, stretch.unit)
        return
    gain = strip.one_gain
    if gain is not None:
        work *= gain * stretch.unit
        block += work
        return
    path = desk.path(len(stretch))
    for source, target, gain in strip.paths:
        np.multiply(work[:, source], gain * stretch.unit, out=path)
        block[:, target] += path


def _add_moving(
    block: Sum, work: Sum, moving: Callable[[int], Gains], since_start: int, unit: float
) -> None:
    """As `_add`, with gains that move: exact every few samples from the clip's start, else between.

    The grid hangs on the clip and not on the block, so that blocks are not heard.
    """
    positions = np.arange(since_start, since_start + len(work))
    grid = np.arange(since_start // _GRID, -(-(since_start + len(work)) // _GRID) + 1) * _GRID
    gains = np.stack([moving(int(place)) for place in grid])
    for source, target in zip(*np.nonzero(gains.any(axis=0)), strict=True):
        block[:, target] += (
            work[:, source] * np.interp(positions, grid, gains[:, source, target]) * unit
        )


def envelope_of(strip: Strip, first: int, end: int) -> NDArray[np.float64] | None:
    """Fades and drawn gain between two record positions; None where both are 1 throughout."""
    envelope = fade_envelope(strip.clip, first, end)
    if not strip.gain_envelope:
        return envelope
    since_start = first - strip.clip.record_start_samples
    drawn = 10.0 ** (at_positions(strip.gain_envelope, since_start, end - first) / 20.0)
    return drawn if envelope is None else envelope * drawn


def fade_envelope(clip: Clip, first: int, end: int) -> NDArray[np.float64] | None:
    """Factor of the clip's fades between two record positions; None where it is 1 throughout."""
    since_start = first - clip.record_start_samples
    until_end = clip.record_end_samples - end
    n_samples = end - first
    envelope: NDArray[np.float64] | None = None
    if since_start < clip.fade_in_samples:
        curve = _fade(clip.fade_shape, clip.fade_in_samples)[since_start : since_start + n_samples]
        envelope = np.ones(n_samples)
        envelope[: len(curve)] = curve
    if until_end < clip.fade_out_samples:
        # A fade-out is the fade-in mirrored: its last sample is the first of the curve.
        mirrored = _fade(clip.fade_shape, clip.fade_out_samples)[until_end : until_end + n_samples][
            ::-1
        ]
        envelope = np.ones(n_samples) if envelope is None else envelope
        envelope[n_samples - len(mirrored) :] *= mirrored
    return envelope


@lru_cache(maxsize=32)  # safety fades repeat in their hundreds
def _fade(shape: str, n_samples: int) -> Samples:
    return fade_in_curve(shape, n_samples)
