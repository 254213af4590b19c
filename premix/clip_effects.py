"""What is done to a clip's sound at the session's rate: filters, distance, a room. Pure.

Each effect is a stream over a stream: asked for the next samples, it asks for what
it needs. The pieces that are asked for are never heard in the result.
"""

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples, gain_from_db
from premix import PremixError
from premix.mix import fade_envelope
from premix.timeline import Clip

_ORDER = 2  # 12 dB an octave: what an editor's filter does unless asked
_ROOM_CHUNK_SAMPLES = 16_384


class Stream(Protocol):
    """A sound that is read forward and never ends: past its end there is silence."""

    def read(self, n_samples: int) -> Samples:
        """The next samples, shape (n_samples, channels)."""
        ...


def with_effects(
    stream: Stream, clip: Clip, sample_rate_hz: int, channels: int, impulse: Samples | None
) -> Stream:
    """The stream with all that the clip asks for: filters, then distance, then the room.

    What goes into a room has the clip's fades on it; see `premix.tail`.

    Args:
        impulse: the room's impulse response at this rate; None where the clip has no room.

    Raises:
        PremixError: a corner or a distance that cannot be.
    """
    if clip.highpass_hz is not None:
        high = Butterworth("highpass", _ORDER, clip.highpass_hz, sample_rate_hz, channels)
        stream = _Filtered(stream, high)
    if clip.lowpass_hz is not None:
        low = Butterworth("lowpass", _ORDER, clip.lowpass_hz, sample_rate_hz, channels)
        stream = _Filtered(stream, low)
    if clip.distance_m is not None:
        stream = far_away(stream, clip.distance_m, sample_rate_hz, channels)
    if impulse is not None:
        dry = _IntoRoom(stream, clip, channels)
        stream = InRoom(dry, impulse, gain_from_db(clip.room_db), channels)
    return stream


class Butterworth:
    """A filter that remembers what went before, so that blocks are not heard.

    Raises:
        PremixError: a corner at or above half the sample rate, or not above 0.
    """

    def __init__(
        self, kind: str, order: int, corner_hz: float, sample_rate_hz: int, channels: int
    ) -> None:
        from scipy.signal import butter

        if not 0 < corner_hz < sample_rate_hz / 2:
            raise PremixError(
                f"a {kind} at {corner_hz:g} Hz; above 0 and below {sample_rate_hz // 2} Hz"
            )
        self._sections = butter(order, corner_hz, kind, fs=sample_rate_hz, output="sos")
        self._state = np.zeros((len(self._sections), 2, channels))

    def process(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """The next samples, shape (n_samples, channels)."""
        from scipy.signal import sosfilt

        if not len(samples):
            return samples
        filtered: NDArray[np.float64]
        filtered, self._state = sosfilt(self._sections, samples, axis=0, zi=self._state)
        return filtered


class _Filtered:
    def __init__(self, stream: Stream, butterworth: Butterworth) -> None:
        self._stream, self._butterworth = stream, butterworth

    def read(self, n_samples: int) -> Samples:
        samples = self._stream.read(n_samples).astype(np.float64)
        return self._butterworth.process(samples).astype(np.float32)


class _Softer:
    def __init__(self, stream: Stream, gain: float) -> None:
        self._stream, self._gain = stream, np.float32(gain)

    def read(self, n_samples: int) -> Samples:
        return self._stream.read(n_samples) * self._gain


def far_away(stream: Stream, distance_m: float, sample_rate_hz: int, channels: int) -> Stream:
    """A sound recorded close, heard from afar: 6 dB softer a doubling from 1 m on, and duller.

    The air takes highs: at 20 °C and half humidity about 0.16 dB a metre at 10 kHz, growing
    with frequency to the power of 1.7 (fitted to ISO 9613-1, Table 1, 1 to 10 kHz). A
    first-order low-pass stands where that comes to 3 dB.

    Raises:
        PremixError: not a distance.
    """
    if not 0 < distance_m < math.inf:
        raise PremixError(f"a distance of {distance_m:g} m; more than 0 would be right")
    softer = _Softer(stream, 1.0 / max(1.0, distance_m))
    corner_hz = 10_000 * (3.0 / (0.16 * distance_m)) ** (1 / 1.7)
    if corner_hz >= 0.45 * sample_rate_hz:
        return softer
    return _Filtered(softer, Butterworth("lowpass", 1, corner_hz, sample_rate_hz, channels))


class _IntoRoom:
    """What a clip gives to its room: itself with its fades, and silence from its end on."""

    def __init__(self, stream: Stream, clip: Clip, channels: int) -> None:
        self._stream, self._clip, self._channels = stream, clip, channels
        self._at = 0

    def read(self, n_samples: int) -> Samples:
        first, self._at = self._at, self._at + n_samples
        left = min(n_samples, max(0, self._clip.duration_samples - first))
        samples = np.zeros((n_samples, self._channels), dtype=np.float32)
        if left:
            samples[:left] = self._stream.read(left)
            start = self._clip.record_start_samples + first
            envelope = fade_envelope(self._clip, start, start + left)
            if envelope is not None:
                samples[:left] *= envelope[:, np.newaxis].astype(np.float32)
        return samples


class InRoom:
    """The sound and its reverberation: convolved with an impulse response, in the clip's time.

    The convolution runs in chunks of one size from the clip's first sample on.
    """

    def __init__(self, stream: Stream, impulse: Samples, gain: float, channels: int) -> None:
        if not len(impulse):
            raise PremixError("the room's impulse response has no samples")
        if impulse.shape[1] not in (1, channels):
            impulse = impulse.mean(axis=1, keepdims=True)
        self._stream = stream
        self._size = 1 << (_ROOM_CHUNK_SAMPLES + len(impulse) - 2).bit_length()
        self._response = np.fft.rfft(impulse.astype(np.float64) * gain, self._size, axis=0)
        self._tail = np.zeros((self._size, channels))
        self._ready: Samples = np.zeros((0, channels), dtype=np.float32)

    def read(self, n_samples: int) -> Samples:
        while len(self._ready) < n_samples:
            self._ready = np.concatenate([self._ready, self._next_chunk()])
        given, self._ready = self._ready[:n_samples], self._ready[n_samples:]
        return given

    def _next_chunk(self) -> Samples:
        chunk = self._stream.read(_ROOM_CHUNK_SAMPLES)
        spectrum = np.fft.rfft(chunk.astype(np.float64), self._size, axis=0)
        self._tail += np.fft.irfft(spectrum * self._response, self._size, axis=0)
        wet = self._tail[:_ROOM_CHUNK_SAMPLES] + chunk
        self._tail = np.roll(self._tail, -_ROOM_CHUNK_SAMPLES, axis=0)
        self._tail[-_ROOM_CHUNK_SAMPLES:] = 0.0
        return wet.astype(np.float32)
