"""A clip's own sound at the session's rate, read forward in pieces of any size.

What comes out does not depend on the pieces: a resampler takes its input in
chunks of its own fixed size, from an origin fixed by the clip.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from audio.files import SoundHeader, read_header
from audio.layout import Layout, layout_for, layout_from_mask
from audio.level import Samples
from audio.resample import StreamResampler
from premix.mix import Stretch
from premix.tape import open_tape
from premix.timeline import Clip

_CHUNK_SAMPLES = 16_384
# The filter of soxr's VHQ sees about 700 samples of the lower rate to either side; what lies
# before the clip in the recording goes through it first, so that a cut rings as the whole would.
_BEFORE_SAMPLES = 1024
_FLOAT_CODINGS = ("float", "double")
_SMALLEST_NORMAL = np.finfo(np.float32).smallest_normal


@dataclass
class Faults:
    """What a source holds that is no sound; all of it is rendered as silence."""

    not_finite: int = 0
    denormal: int = 0
    first_not_finite_samples: int | None = None  # position in the recording


class ClipSource:
    """Reads one clip. Positions are the clip's own, 0 its first sample, and only go forward."""

    def __init__(self, clip: Clip, path: Path, sample_rate_hz: int) -> None:
        self.faults = Faults()
        self._clip = clip
        header = read_header(path)
        self._tape = open_tape(path, header)
        self._may_be_faulty = header.coding in _FLOAT_CODINGS  # integers are always sound
        self.channels = header.channels
        self.layout = _layout_of(header)
        self._from_hz, self._to_hz = header.sample_rate_hz, sample_rate_hz
        self._next = 0
        self._ready: Samples = np.zeros((0, self.channels), dtype=np.float32)
        self._resampler: StreamResampler | None = None
        self._source_next = clip.source_start_samples
        if self._from_hz != sample_rate_hz:
            self._start_resampler()

    def __enter__(self) -> ClipSource:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._tape.close()

    def read(self, first: int, end: int) -> Stretch:
        """Sound between two positions of the clip, (end - first) samples; look at it at once.

        Past the end of the recording there is silence.

        Raises:
            ValueError: `first` is before what was read already.
        """
        if first < self._next:
            raise ValueError(f"a clip is read forward: {first} was passed, at {self._next} now")
        if self._resampler is None:
            stretch = self._read_source(self._clip.source_start_samples + first, end - first)
        else:
            self._resampled(first - self._next)
            stretch = Stretch(self._resampled(end - first), 1.0)
        self._next = end
        return stretch

    def _start_resampler(self) -> None:
        """Begin a little before the clip, where a sample of either rate falls on the other's."""
        common = math.gcd(self._from_hz, self._to_hz)
        period, gives = self._from_hz // common, self._to_hz // common
        periods = -(-_BEFORE_SAMPLES // period)
        self._source_next -= periods * period
        self._resampler = StreamResampler(self.channels, self._from_hz, self._to_hz)
        self._resampled(periods * gives)

    def _resampled(self, n_samples: int) -> Samples:
        """The next `n_samples` that leave the resampler."""
        assert self._resampler is not None
        pieces = [self._ready]
        ready = len(self._ready)
        while ready < n_samples:
            chunk = _as_samples(self._read_source(self._source_next, _CHUNK_SAMPLES))
            self._source_next += _CHUNK_SAMPLES
            pieces.append(self._resampler.process(chunk))
            ready += len(pieces[-1])
        joined = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
        self._ready = joined[n_samples:]
        return joined[:n_samples]

    def _read_source(self, start: int, n_samples: int) -> Stretch:
        """From the recording, at its own rate; silence before its start and past its end."""
        before = min(max(0, -start), n_samples)
        stretch = self._tape.read(max(0, start), n_samples - before)
        if self._may_be_faulty:
            stretch = Stretch(self._without_faults(stretch.numbers, max(0, start)), stretch.unit)
        after = n_samples - before - len(stretch)
        if before or after:
            stretch = Stretch(np.pad(stretch.numbers, ((before, after), (0, 0))), stretch.unit)
        return stretch

    def _without_faults(self, samples: Samples, start: int) -> Samples:
        """NaN, infinities and denormals made silence, and counted."""
        size = np.abs(samples)
        # NaN is neither below nor above anything: it fails the second comparison too.
        faulty = ~((size >= _SMALLEST_NORMAL) & (size < np.inf)) & (size != 0)
        if not faulty.any():
            return samples
        not_finite = ~np.isfinite(samples)
        n_not_finite = int(not_finite.sum())
        if n_not_finite and self.faults.first_not_finite_samples is None:
            self.faults.first_not_finite_samples = start + int(not_finite.any(axis=1).argmax())
        self.faults.not_finite += n_not_finite
        self.faults.denormal += int(faulty.sum()) - n_not_finite
        return np.where(faulty, np.float32(0), samples)


def _as_samples(stretch: Stretch) -> Samples:
    samples: Samples = stretch.numbers.astype(np.float32)
    if stretch.unit != 1.0:
        samples *= np.float32(stretch.unit)  # a power of two: exact
    return samples


def _layout_of(header: SoundHeader) -> Layout:
    """Where its channels belong: as its speaker mask says, if it names speakers we know."""
    layout = layout_from_mask(header.speaker_mask, header.channels)
    return layout_for(header.channels) if layout.name == "custom" else layout
