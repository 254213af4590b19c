"""Other sample rates, by soxr at its very high quality; whole sounds and blocks.

Imports soxr, numpy and nothing heavier.
"""

import numpy as np
import soxr

from audio import AudioError
from audio.level import Samples, check_samples

_QUALITY = (
    "VHQ"  # passband to 0.4565 of the lower rate's double, stopband -175 dB (soxr's own words)
)


def resampled_length_samples(duration_samples: int, from_hz: int, to_hz: int) -> int:
    """How long a sound is at another rate: nearest sample, a half upwards."""
    return (2 * duration_samples * to_hz + from_hz) // (2 * from_hz)


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate, in place in time, exactly `resampled_length_samples` long.

    Raises:
        AudioError: not two-dimensional, or a rate that is not positive.
    """
    check_samples(samples)
    _check_rates(from_hz, to_hz)
    if from_hz == to_hz or len(samples) == 0:
        return samples
    converted = soxr.resample(
        np.asarray(samples, dtype=np.float32), from_hz, to_hz, quality=_QUALITY
    )
    return _fit(converted, resampled_length_samples(len(samples), from_hz, to_hz))


class StreamResampler:
    """`resample`, a block at a time: what comes out joined is as long as at once.

    A block in gives more or less than its share out, for the filter looks ahead;
    the rest comes with `last=True`, after which the stream is over.
    """

    def __init__(self, channels: int, from_hz: int, to_hz: int) -> None:
        _check_rates(from_hz, to_hz)
        if channels < 1:
            raise AudioError(f"a sound of {channels} channels cannot be resampled")
        self._from_hz, self._to_hz = from_hz, to_hz
        self._taken_samples = self._given_samples = 0
        self._over = False
        self._stream = (
            soxr.ResampleStream(from_hz, to_hz, channels, dtype="float32", quality=_QUALITY)
            if from_hz != to_hz
            else None
        )

    def process(self, samples: Samples, *, last: bool = False) -> Samples:
        """Take a block, shape (n_samples, n_channels), and give what is ready.

        Raises:
            AudioError: not two-dimensional, or after the last block.
        """
        check_samples(samples)
        if self._over:
            raise AudioError("the stream is over; make a new StreamResampler for another sound")
        self._over = last
        self._taken_samples += len(samples)
        if self._stream is None:
            return samples
        block = np.ascontiguousarray(samples, dtype=np.float32)
        converted: Samples = self._stream.resample_chunk(block, last=last)
        if last:
            whole = resampled_length_samples(self._taken_samples, self._from_hz, self._to_hz)
            converted = _fit(converted, max(0, whole - self._given_samples))
        self._given_samples += len(converted)
        return converted


def _fit(samples: Samples, duration_samples: int) -> Samples:
    """soxr may end a sample early or late: cut or fill with silence."""
    missing = duration_samples - len(samples)
    if missing > 0:
        return np.pad(samples, ((0, missing), (0, 0)))
    return samples[:duration_samples]


def _check_rates(from_hz: int, to_hz: int) -> None:
    if from_hz <= 0 or to_hz <= 0:
        raise AudioError(f"cannot resample from {from_hz} Hz to {to_hz} Hz; both must be above 0")
