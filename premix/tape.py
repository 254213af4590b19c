"""A recording's numbers, as near to the disk as it goes.

Plain PCM is handed on as the integers it holds, so that a mix touches each number as
seldom as it can; all else comes through `audio.files`. Read, not mapped: a map of a
file that is cut short meanwhile ends the program, and its pages count as our memory.
"""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.files import SoundHeader, open_sound
from premix.mix import Stretch

_PLAIN_BITS = (16, 24, 32)


class Tape:
    """Reads any stretch of one recording; close it."""

    def __init__(self, path: Path, header: SoundHeader) -> None:
        self.channels = header.channels
        self._sound = open_sound(path)

    def read(self, start_samples: int, n_samples: int) -> Stretch:
        """From `start_samples` on, fewer where the recording ends.

        Raises:
            AudioError: the file can no longer be read.
        """
        return Stretch(self._sound.read(start_samples, n_samples))

    def close(self) -> None:
        self._sound.close()


class PlainTape(Tape):
    """Little-endian PCM of 16, 24 or 32 bits."""

    def __init__(self, path: Path, header: SoundHeader) -> None:
        assert header.wave is not None and header.data is not None
        self.channels = header.channels
        self._path = path
        self._duration_samples = header.duration_samples
        self._value_bytes = header.wave.bits // 8
        self._offset = header.data.offset
        try:
            self._file: BinaryIO = path.open("rb", buffering=0)
        except OSError as problem:
            raise AudioError(f"{path}: cannot be opened: {problem.strerror}") from None
        self._raw = np.zeros(0, dtype=np.uint8)
        self._wide = np.zeros(0, dtype=np.int32)

    def read(self, start_samples: int, n_samples: int) -> Stretch:
        n_samples = max(0, min(n_samples, self._duration_samples - start_samples))
        n_values = n_samples * self.channels
        self._fill(start_samples * self.channels * self._value_bytes, n_values * self._value_bytes)
        if self._value_bytes == 3:
            numbers = self._upper_bytes(n_values)
        else:
            numbers = np.ndarray((n_values,), f"<i{self._value_bytes}", self._raw.data, 4)
        unit = 2.0 ** (1 - 8 * numbers.itemsize)
        return Stretch(numbers.reshape(n_samples, self.channels), unit)

    def _fill(self, place: int, n_bytes: int) -> None:
        """Read into the room from its fifth byte on: one before the first value must be there."""
        if self._raw.size < n_bytes + 4:
            self._raw = np.zeros(n_bytes + 4, dtype=np.uint8)
        room = self._raw.data[4 : n_bytes + 4]
        try:
            self._file.seek(self._offset + place)
            filled = 0
            while filled < n_bytes:
                count = self._file.readinto(room[filled:])  # type: ignore[attr-defined]
                if not count:
                    raise AudioError(f"{self._path}: was cut short while it was read")
                filled += count
        except OSError as problem:
            raise AudioError(f"{self._path}: cannot be read: {problem.strerror}") from None

    def _upper_bytes(self, n_values: int) -> NDArray[Any]:
        """Each value of three bytes as the upper three of four, its neighbour's masked away."""
        if self._wide.size < n_values:
            self._wide = np.zeros(n_values, dtype=np.int32)
        overlapping: NDArray[Any] = np.ndarray((n_values,), "<i4", self._raw.data, 3, (3,))
        upper: NDArray[Any] = np.bitwise_and(overlapping, -256, out=self._wide[:n_values])
        return upper

    def close(self) -> None:
        self._file.close()


def open_tape(path: Path, header: SoundHeader) -> Tape:
    """The nearest way to a recording's numbers.

    Raises:
        AudioError: it cannot be opened or decoded.
    """
    wave = header.wave
    plain = wave is not None and wave.is_plain and wave.coding == "pcm" and wave.bits in _PLAIN_BITS
    if plain and header.data is not None and header.byte_order == "<":
        return PlainTape(path, header)
    return Tape(path, header)
