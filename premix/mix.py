"""Summing clips into one block of a stem. Pure: the caller fetches the sound.

Sums are kept in float64 and rounded once, when the block is written: so a stem
does not depend on the order of rounding, and stems sum to the pre-mix.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio.fades import fade_in_curve
from audio.level import Samples
from premix.timeline import Clip

Gains = NDArray[np.float64]  # (source channels, stem channels)
Sum = NDArray[np.float64]  # (n_samples, stem channels)

Fetch = Callable[[Clip, int, int], Samples]
"""(clip, first, end) → its sound between two record positions, in its own channels."""


@dataclass(frozen=True, eq=False)
class Strip:
    """One clip and where it goes: the row of `gains` of each of its channels."""

    clip: Clip
    gains: Gains  # the clip's own gain is in it


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
            samples = fetch(clip, first, end)
            envelope = fade_envelope(clip, first, end)
            part = block[first - start_samples : end - start_samples]
            _add(part, samples, strip.gains, envelope, desk)
    return block


def _add(
    block: Sum,
    samples: Samples,
    gains: Gains,
    envelope: NDArray[np.float64] | None,
    desk: Desk,
) -> None:
    """Add `samples` to `block` in place, each channel by its row of `gains`."""
    work = desk.work(*samples.shape)
    np.copyto(work, samples)
    if envelope is not None:
        work *= envelope[:, np.newaxis]
    if _is_one_gain(gains):
        work *= gains[0, 0]
        block += work
        return
    path = desk.path(len(samples))
    for source, target in zip(*np.nonzero(gains), strict=True):
        np.multiply(work[:, source], gains[source, target], out=path)
        block[:, target] += path


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


def _is_one_gain(gains: Gains) -> bool:
    n_sources, n_targets = gains.shape
    return n_sources == n_targets and bool((gains == np.eye(n_sources) * gains[0, 0]).all())
