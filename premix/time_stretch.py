"""Longer or shorter at the same pitch, by overlapping stretches that fit each other. Pure.

WSOLA: the sound is cut into windows that overlap by half; each is taken from about where
the stretched time wants it, moved a little to where it continues the one before best.
Windows about an anchor, the attack, are not moved: so sync holds to the sample.

Source: Verhelst and Roelands, "An overlap-add technique based on waveform similarity
(WSOLA)", ICASSP 1993.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples
from premix.clip_effects import Stream

_WINDOW_S = Fraction(1, 25)  # two periods of 50 Hz
_REACH_S = Fraction(1, 100)  # how far a window may be moved
_ANCHORED = 2  # windows to either side of the anchor that stay with it


class Stretched:
    """`stream` made `ratio` times as long.

    Args:
        anchor_samples: a place in `stream` that is to land on its stretched place exactly,
            the sound about it unstretched; None without.
    """

    def __init__(
        self,
        stream: Stream,
        ratio: Fraction,
        sample_rate_hz: int,
        channels: int,
        anchor_samples: int | None = None,
    ) -> None:
        self._stream, self._ratio = stream, ratio
        self._hop = int(_WINDOW_S * sample_rate_hz) // 2
        self._reach = int(_REACH_S * sample_rate_hz)
        # Taken at the middle of each sample, two halves add up to exactly 1.
        phase = (np.arange(2 * self._hop) + 0.5) / (2 * self._hop)
        self._window = (np.sin(np.pi * phase) ** 2)[:, np.newaxis]
        self._anchor = anchor_samples
        self._heard = np.zeros((0, channels), dtype=np.float64)  # of the stream, from _heard_from
        self._heard_from = 0
        self._number = 0  # of the next window; its middle lands on number × hop
        self._last = -self._hop  # where in the stream the last window began
        self._tail = np.zeros((self._hop, channels))
        self._ready: Samples = np.zeros((0, channels), dtype=np.float32)
        self._next_window()  # the first window's first half lies before the sound

    def read(self, n_samples: int) -> Samples:
        pieces, ready = [self._ready], len(self._ready)
        while ready < n_samples:
            pieces.append(self._next_window())
            ready += self._hop
        joined = np.concatenate(pieces)
        self._ready = joined[n_samples:]
        return joined[:n_samples]

    def _next_window(self) -> Samples:
        """Overlap one more window; what it completes, `hop` samples."""
        begin = self._begin()
        part = self._stretch_of(begin, 2 * self._hop) * self._window
        done: Samples = (self._tail + part[: self._hop]).astype(np.float32)
        self._tail = part[self._hop :]
        self._last = begin
        self._number += 1
        return done

    def _begin(self) -> int:
        """Where in the stream the next window begins."""
        middle = self._number * self._hop
        wanted = round(middle / self._ratio) - self._hop
        if self._number == 0:
            return -self._hop
        if self._anchor is not None:
            lands = round(self._anchor * self._ratio)
            if abs(middle - lands) <= _ANCHORED * self._hop:
                return self._anchor + middle - lands - self._hop
        return wanted + self._best_shift(wanted)

    def _best_shift(self, wanted: int) -> int:
        """How far to move a window so that it goes on where the last one would have gone on."""
        length = 2 * self._hop
        follows = self._stretch_of(self._last + self._hop, length).mean(axis=1)
        around = self._stretch_of(wanted - self._reach, length + 2 * self._reach).mean(axis=1)
        if not follows.any() or not around.any():
            return 0
        size = 1 << (len(around) + length - 1).bit_length()
        products = np.fft.irfft(
            np.fft.rfft(around, size) * np.conj(np.fft.rfft(follows, size)), size
        )[: 2 * self._reach + 1]
        squares = np.concatenate([[0.0], np.cumsum(around**2)])
        energies = squares[length:] - squares[: 2 * self._reach + 1]
        likeness = products / np.sqrt(np.maximum(energies, 1e-12))
        return int(likeness.argmax()) - self._reach

    def _stretch_of(self, begin: int, n_samples: int) -> NDArray[np.float64]:
        """Of the stream, from `begin` on; silence before its start."""
        end = begin + n_samples
        more = end - (self._heard_from + len(self._heard))
        if more > 0:
            self._heard = np.concatenate([self._heard, self._stream.read(more)])
        # Windows after an anchor begin up to four hops before it.
        kept = min(begin, self._last) - 4 * self._hop - 2 * self._reach
        forgotten = kept - self._heard_from
        if forgotten > len(self._heard) // 2:
            self._heard = self._heard[forgotten:]
            self._heard_from += forgotten
        before = max(0, -begin)
        part = self._heard[max(0, begin) - self._heard_from : max(0, end) - self._heard_from]
        return np.pad(part, ((before, 0), (0, 0))) if before else part
