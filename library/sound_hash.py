"""What a sound is known by: the hash of its samples, and what samples can be of a sound."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from audio import AudioError
from audio.files import SoundReader, open_sound
from audio.level import Samples

_BLOCK_VALUES = 1 << 18  # samples of all channels that are decoded at once
_LARGEST = 1e6  # 120 dB over full scale: damage, or other data than sound


class SoundHash:
    """Sha-256 of rate, number of channels and the samples as little-endian float32, which
    hold 8, 16 and 24-bit samples exactly."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._digest = hashlib.sha256(f"{sample_rate_hz} {channels}\n".encode())

    def add(self, block: Samples) -> None:
        # Adding zero makes -0.0 (which integers do not have) 0.0.
        numbers = np.ascontiguousarray(block + np.float32(0.0), dtype="<f4")
        self._digest.update(numbers.data.cast("B"))

    def result(self) -> str:
        """In hexadecimal digits."""
        return self._digest.hexdigest()


def hash_of_file(path: Path) -> str:
    """The hash of a file's sound: the same for the same samples in any container.

    Raises:
        AudioError: the file cannot be read, or holds what no sound is.
    """
    with open_sound(path) as sound:
        digest = SoundHash(sound.sample_rate_hz, sound.channels)
        for block in sound_blocks(sound, path):
            digest.add(block)
        return digest.result()


def sound_blocks(sound: SoundReader, path: Path) -> Iterator[Samples]:
    """All of a sound, block by block.

    Raises:
        AudioError: there is a sample that is no number, or louder than any sound.
    """
    for block in sound.blocks(max(1024, _BLOCK_VALUES // sound.channels)):
        # NaN is neither within these bounds nor outside.
        if block.size and not (block.min() >= -_LARGEST and block.max() <= _LARGEST):
            raise AudioError(f"{path} holds {_what_is_wrong(block)}")
        yield block


def _what_is_wrong(block: Samples) -> str:
    bad = int(block.size - np.isfinite(block).sum())
    if bad:
        return f"{bad} samples that are no numbers (NaN or infinity)"
    return f"a sample of {np.abs(block).max():.3g} times full scale; no sound is so loud"
