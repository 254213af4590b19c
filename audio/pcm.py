"""Numbers in a file and samples in memory: unpacking, packing and dither. Pure.

Integers of b bits stand for value / 2**(b-1), so that full scale negative is exactly
-1.0 and full scale positive one step below +1.0; 8-bit is unsigned around 128.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.level import Samples

ENCODINGS = {"pcm16": 2, "pcm24": 3, "float32": 4}
"""What can be written, and the bytes of one value."""

_PIECE_VALUES = 32_768  # worked on at once: the pieces stay in the processor's cache
_DTYPES = {("int", 16): "i2", ("int", 32): "i4", ("float", 32): "f4", ("float", 64): "f8"}


def unpack(raw: bytes | memoryview, kind: str, bits: int, byte_order: str = "<") -> Samples:
    """Values of a file as float32, shape (n_values,).

    Args:
        kind: "int" (8, 16, 24, 32 bits) or "float" (32, 64 bits).
        raw: whole values; float32 in this machine's order comes back without a copy.
    """
    if kind == "int" and bits == 8:
        return (np.frombuffer(raw, np.uint8).astype(np.float32) - 128.0) * np.float32(2**-7)
    if kind == "int" and bits == 24:
        return _unpack_24(raw, byte_order)
    values = np.frombuffer(raw, byte_order + _DTYPES[kind, bits])
    if kind == "float":
        # Beyond float32 is infinite, and a NaN that signals is a NaN: told by who reads them.
        with np.errstate(over="ignore", invalid="ignore"):
            return values.astype(np.float32, copy=False)
    samples: Samples = values.astype(np.float32)
    samples *= np.float32(2.0 ** (1 - bits))
    return samples


def _unpack_24(raw: bytes | memoryview, byte_order: str) -> Samples:
    count = len(raw) // 3
    samples = np.empty(count, np.float32)
    # Each value is read as the upper three of four bytes, its neighbour's byte masked away.
    padded = b"\0" + bytes(raw) if byte_order == "<" else bytes(raw) + b"\0"
    numbers = np.ndarray((count,), byte_order + "i4", padded, strides=(3,))
    for start in range(0, count, _PIECE_VALUES):
        part = numbers[start : start + _PIECE_VALUES] & np.int32(-256)
        room = samples[start : start + _PIECE_VALUES]
        np.multiply(part, np.float32(2**-31), out=room, dtype=np.float32, casting="same_kind")
    return samples


class Packer:
    """Samples to the bytes of one encoding, one block after another.

    What comes out does not depend on how the samples are cut into blocks: the dither
    of a value hangs on the seed and on its place in the file alone.

    Args:
        encoding: one of ENCODINGS.
        dither_seed: TPDF dither of ±1 step when going to integers; None rounds to the
            nearest. Exact digital silence stays silence.
    """

    def __init__(self, encoding: str, dither_seed: int | None = None) -> None:
        if encoding not in ENCODINGS:
            raise AudioError(f"{encoding!r} cannot be written; one of {', '.join(ENCODINGS)}")
        self.encoding = encoding
        self.clipped_values = 0  # beyond full scale, held at it; float32 is never held
        self._seed = dither_seed
        self._done_values = 0

    def skip(self, n_values: int) -> None:
        """Pass over values that are packed already, so that the dither goes on behind them."""
        self._done_values += n_values

    def pack(self, samples: Samples) -> memoryview:
        """The next samples, shape (n_samples, n_channels), all finite."""
        return self._pack(samples, None)

    def pack_and_hear(self, samples: Samples) -> tuple[memoryview, Samples]:
        """As `pack`, and the same as a reader will find them, rounded and dithered."""
        if self.encoding == "float32":
            return self._pack(samples, None), samples
        heard = np.empty(samples.shape, np.float32)
        return self._pack(samples, heard.reshape(-1)), heard

    def _pack(self, samples: Samples, heard: Samples | None) -> memoryview:
        values = np.ascontiguousarray(samples, dtype=np.float32).reshape(-1)
        first = self._done_values
        self._done_values += values.size
        if self.encoding == "float32":
            return values.astype("<f4", copy=False).view(np.uint8).data
        bits = 8 * ENCODINGS[self.encoding]
        packed = np.empty(values.size * (bits // 8) + 1, np.uint8)
        # 24 bits are written as 32 each, three bytes apart: a copy along one axis goes from
        # first to last, so that every fourth byte is overwritten by the value it belongs to.
        dtype = "<i4" if bits == 24 else "<i2"
        room = np.ndarray((values.size,), dtype, packed.data, strides=(bits // 8,))
        for start in range(0, values.size, _PIECE_VALUES):
            part = values[start : start + _PIECE_VALUES]
            numbers = self._to_integers(part, bits, first + start)
            room[start : start + part.size] = numbers
            if heard is not None:
                np.multiply(
                    numbers,
                    np.float32(2.0 ** (1 - bits)),
                    out=heard[start : start + part.size],
                    dtype=np.float32,
                    casting="same_kind",
                )
        return packed[:-1].data

    def _to_integers(self, values: Samples, bits: int, position: int) -> NDArray[np.int32]:
        top = 2 ** (bits - 1)
        over = values.size and (values.max() >= 1.0 or values.min() < -1.0)
        if over:
            self.clipped_values += int(np.count_nonzero((values >= 1.0) | (values < -1.0)))
            values = np.clip(values, -1.0, 1.0)
        numbers: NDArray[np.int32]
        if self._seed is None:
            numbers = np.rint(values * np.float32(top)).astype(np.int32)
        else:
            # Fixed point with as many places below the last bit as 32 bits hold with room for
            # one step beyond full scale; a float32 near full scale could not carry the dither.
            places = 31 - bits
            numbers = (values * np.float32(2**30)).astype(np.int32)
            noise = tpdf_noise(self._seed, position, values.size, places)
            noise *= numbers != 0
            numbers += noise
            numbers += 1 << (places - 1)
            numbers >>= places
        np.clip(numbers, -top, top - 1, out=numbers)
        return numbers


def tpdf_noise(seed: int, position: int, count: int, places: int) -> NDArray[np.int32]:
    """Triangular noise of ±1 (shifted up by `places` bits) for values from `position` on.

    The sum of two even draws, so its density is a triangle and neither mean nor power
    of the error moves with the signal (Lipshitz, Wannamaker and Vanderkooy, 1992).
    """
    bits = 16 if places <= 8 else 32
    in_a_word = 64 // bits
    # Raw words of a bit generator are promised to stay the same across numpy's versions.
    words = np.random.PCG64(seed).advance(position // in_a_word).random_raw(count // in_a_word + 2)
    skipped = position % in_a_word
    draws: NDArray[Any] = words.astype("<u8", copy=False).view(f"<u{bits // 8}")
    draws = draws[skipped : skipped + count]
    even = 2**places - 1
    noise: NDArray[np.int32] = ((draws >> (bits - places)) + (draws & even)).astype(np.int32)
    noise -= np.int32(even)
    return noise


def check_finite(samples: Samples, first_samples: int, name: str) -> None:
    """Refuse NaN and infinity, naming the place.

    Raises:
        AudioError: with the position in samples from the start of the file, and the channel.
    """
    # The least and the greatest carry a NaN along and cost far less than asking each value.
    if not samples.size or (np.isfinite(samples.min()) and np.isfinite(samples.max())):
        return
    row, channel = np.argwhere(~np.isfinite(samples))[0]
    raise AudioError(
        f"{name}: sample {first_samples + int(row)}, channel {int(channel) + 1} is "
        f"{samples[row, channel]}; a finite number would be right"
    )
