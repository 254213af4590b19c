"""A clip's own sound at the session's rate, read forward in pieces of any size.

    tape → played (reversed, faults silenced) → stretched → resampled → effects

What comes out does not depend on the pieces: each stage takes its input in chunks
of its own size, from an origin fixed by the clip. A clip that needs none of the
stages is read from the tape as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import numpy as np

from audio.files import SoundHeader, read_header
from audio.layout import Layout, layout_for, layout_from_mask
from audio.level import Samples
from audio.resample import StreamResampler
from premix.clip_effects import Stream, with_effects
from premix.mix import Stretch
from premix.tape import Tape, open_tape
from premix.time_stretch import Stretched
from premix.timeline import Clip

_CHUNK_SAMPLES = 16_384
# The filter of soxr's VHQ sees about 700 samples of the lower rate to either side; what lies
# before the clip in the recording goes through it first, so that a cut rings as the whole would.
_BEFORE_SAMPLES = 1024
_LONGEST_PERIOD = 4096
_FLOAT_CODINGS = ("float", "double")
_SMALLEST_NORMAL = np.finfo(np.float32).smallest_normal


@dataclass
class Faults:
    """What a source holds that is no sound; all of it is rendered as silence."""

    not_finite: int = 0
    denormal: int = 0
    first_not_finite_samples: int | None = None  # position in the recording


class ClipSource:
    """Reads one clip. Positions are the clip's own, 0 its first sample, and only go forward.

    Args:
        room: gives the impulse response of the clip's room at the session's rate.
    """

    def __init__(
        self,
        clip: Clip,
        path: Path,
        sample_rate_hz: int,
        room: Callable[[], Samples] | None = None,
    ) -> None:
        header = read_header(path)
        self.channels = header.channels
        self.layout = _layout_of(header)
        self._tape = open_tape(path, header)
        self._played = _Played(clip, self._tape, header, sample_rate_hz)
        self._next = 0
        try:
            self._stream = self._stages(clip, header.sample_rate_hz, sample_rate_hz, room)
        except BaseException:
            self._tape.close()
            raise

    @property
    def faults(self) -> Faults:
        return self._played.faults

    def __enter__(self) -> "ClipSource":
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
        skipped, self._next = first - self._next, end
        if self._stream is None:
            return self._played.stretch(first, end - first)
        while skipped:  # in pieces: a clip may begin long before the session
            piece = min(skipped, _CHUNK_SAMPLES)
            self._stream.read(piece)
            skipped -= piece
        return Stretch(self._stream.read(end - first))

    def _stages(
        self, clip: Clip, from_hz: int, to_hz: int, room: Callable[[], Samples] | None
    ) -> Stream | None:
        """All that lies between the tape and the mix; None where nothing does."""
        stream: Stream = self._played
        # Higher at the same length is longer at the same pitch, then faster.
        pitch = Fraction(2.0 ** (clip.pitch_cents / 1200)).limit_denominator(10_000)
        ratio = Fraction(clip.time_ratio).limit_denominator(10_000) * pitch
        speed = Fraction(clip.speed).limit_denominator(10_000) * pitch
        if ratio != 1:
            anchor = None
            if clip.sync_samples is not None:
                before = clip.sync_samples - clip.record_start_samples
                anchor = round(before * clip.source_samples(to_hz) / clip.duration_samples)
            stream = Stretched(stream, ratio, from_hz, self.channels, anchor)
        step = Fraction(from_hz, to_hz) * speed
        if step != 1:
            before = self._played.rewind(_before(step)) if stream is self._played else 0
            stream = _Resampled(stream, step, self.channels, round(before / step))
        impulse = room() if room is not None else None
        stream = with_effects(stream, clip, to_hz, self.channels, impulse)
        return None if stream is self._played and not clip.reverse else stream


class _Played:
    """The clip's recording at its own rate, forwards or backwards, from the clip's start on."""

    def __init__(self, clip: Clip, tape: Tape, header: SoundHeader, sample_rate_hz: int) -> None:
        self.faults = Faults()
        self._tape = tape
        self._reverse = clip.reverse
        self._start = clip.source_start_samples
        self._end = self._start + round(clip.source_samples(sample_rate_hz))
        self._may_be_faulty = header.coding in _FLOAT_CODINGS  # integers are always sound
        self._next = 0

    def rewind(self, n_samples: int) -> int:
        """Begin that much earlier; comes back for convenience."""
        self._next -= n_samples
        return n_samples

    def read(self, n_samples: int) -> Samples:
        stretch = self.stretch(self._next, n_samples)
        self._next += n_samples
        samples: Samples = stretch.numbers.astype(np.float32)
        if stretch.unit != 1.0:
            samples *= np.float32(stretch.unit)  # a power of two: exact
        return samples[::-1] if self._reverse else samples

    def stretch(self, first: int, n_samples: int) -> Stretch:
        """As it lies on the tape, which is backwards of a reversed clip."""
        start = self._end - first - n_samples if self._reverse else self._start + first
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
        # NaN is neither below nor above anything: it fails both comparisons.
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


class _Resampled:
    """A stream at another rate: `step` of its samples pass in one of these."""

    def __init__(self, stream: Stream, step: Fraction, channels: int, dropped: int) -> None:
        self._stream = stream
        self._resampler = StreamResampler(channels, step.numerator, step.denominator)
        self._ready: Samples = np.zeros((0, channels), dtype=np.float32)
        self.read(dropped)

    def read(self, n_samples: int) -> Samples:
        pieces = [self._ready]
        ready = len(self._ready)
        while ready < n_samples:
            pieces.append(self._resampler.process(self._stream.read(_CHUNK_SAMPLES)))
            ready += len(pieces[-1])
        joined = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
        self._ready = joined[n_samples:]
        return joined[:n_samples]


def _before(step: Fraction) -> int:
    """How many samples to begin early, so that the clip's start falls on a sample of both rates.

    Where that is not to be had, where it falls nearest: within a thousandth of a sample.
    """
    if step.numerator <= _LONGEST_PERIOD:
        return -(-_BEFORE_SAMPLES // step.numerator) * step.numerator
    candidates = range(_BEFORE_SAMPLES, _BEFORE_SAMPLES + _LONGEST_PERIOD)
    return min(candidates, key=lambda before: abs(before / step - round(before / step)))


def _layout_of(header: SoundHeader) -> Layout:
    """Where its channels belong: as its speaker mask says, if it names speakers we know."""
    layout = layout_from_mask(header.speaker_mask, header.channels)
    return layout_for(header.channels) if layout.name == "custom" else layout
