"""Samples of a file, any stretch of it, with flat memory: plain numbers or through libsndfile."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from audio import AudioError
from audio.byte_source import open_descriptor, read_at
from audio.hushed import hushed
from audio.level import Samples
from audio.pcm import unpack
from audio.riff import Chunk
from audio.wave_format import WaveFormat

_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32} | {
    "FLOAT": 32,
    "DOUBLE": 64,
    "ALAC_16": 16,
    "ALAC_20": 20,
    "ALAC_24": 24,
    "ALAC_32": 32,
}

_BLOCK_SAMPLES = 65_536


class SoundReader(ABC):
    """A file open for reading; close it, or use it in a `with`."""

    path: Path
    sample_rate_hz: int
    channels: int
    duration_samples: int

    @abstractmethod
    def read(self, start_samples: int, n_samples: int) -> Samples:
        """Shape (n_samples, channels), float32; fewer past the end, none beyond it.

        Raises:
            AudioError: a position before the start, or a file that can no longer be read.
        """

    @abstractmethod
    def close(self) -> None: ...

    def blocks(self, block_samples: int) -> Iterator[Samples]:
        """The whole file in order; the last block is shorter."""
        if block_samples < 1:
            raise AudioError(f"blocks of {block_samples} samples; 1 or more would be right")
        for start in range(0, self.duration_samples, block_samples):
            block = self.read(start, block_samples)
            if not len(block):
                return
            yield block

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _within(self, start_samples: int, n_samples: int) -> int:
        """How many samples of the stretch there are."""
        if start_samples < 0 or n_samples < 0:
            raise AudioError(
                f"{self.path}: {n_samples} samples from {start_samples} on; "
                "neither may be less than 0"
            )
        return max(0, min(n_samples, self.duration_samples - start_samples))


class PlainReader(SoundReader):
    """Numbers side by side, read from their place; several threads may share it."""

    def __init__(self, path: Path, wave: WaveFormat, data: Chunk, byte_order: str) -> None:
        self.path = path
        self.sample_rate_hz = wave.sample_rate_hz
        self.channels = wave.channels
        self.duration_samples = data.size // wave.block_bytes
        self._wave = wave
        self._kind = "int" if wave.coding == "pcm" else "float"
        self._offset = data.offset
        self._byte_order = byte_order
        self._descriptor: int | None = open_descriptor(path)[0]

    def read(self, start_samples: int, n_samples: int) -> Samples:
        count = self._within(start_samples, n_samples)
        if self._descriptor is None:
            raise AudioError(f"{self.path}: is closed")
        block = self._wave.block_bytes
        place = self._offset + start_samples * block
        try:
            raw = read_at(self._descriptor, count * block, place)
            while len(raw) < count * block:  # a signal, or one read's limit of 2 GiB
                more = read_at(self._descriptor, count * block - len(raw), place + len(raw))
                if not more:
                    break
                raw += more
        except OSError as problem:
            raise AudioError(f"{self.path}: cannot be read: {problem.strerror}") from None
        if len(raw) % block:
            raw = raw[: len(raw) // block * block]
        samples = unpack(raw, self._kind, self._wave.bits, self._byte_order)
        return samples.reshape(-1, self.channels)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class DecodedReader(SoundReader):
    """Whatever libsndfile decodes: AIFF, FLAC, OGG, MP3, ADPCM, A-law and more."""

    def __init__(self, path: Path) -> None:
        import soundfile

        self.path = path
        try:
            with hushed():
                self._file: Any = soundfile.SoundFile(path)
        except (soundfile.LibsndfileError, OSError, TypeError) as problem:
            reason = getattr(problem, "error_string", str(problem)).rstrip(".")
            if path.is_file() and "does not exist" in reason:  # it says so of what it cannot parse
                reason = "Format not recognised"
            raise AudioError(
                f"{path}: neither RIFF, RF64 or BW64 nor a sound that libsndfile reads ({reason})"
            ) from None
        self.sample_rate_hz = self._file.samplerate
        self.channels = self._file.channels
        self.duration_samples = max(0, self._file.frames)
        self._position: int | None = 0  # of the next sample that the decoder gives
        self.warnings: tuple[str, ...] = ()
        self.coding = str(self._file.subtype).lower()
        self.bits = _BITS.get(self._file.subtype)
        self.format = self._format()
        self._is_mpeg = "MPEG" in self._file.subtype
        if self._is_mpeg:
            self._count_mpeg()

    def _count_mpeg(self) -> None:
        """Hold the length against the file: cut short or without a Xing header, it is a guess."""
        said = self.duration_samples
        if not said or len(self.read(said - 1, 1)):
            return
        self._file.seek(0)
        self._position = None
        self.duration_samples = 0
        # To the first block that is not there: a damaged header may claim days of sound.
        import soundfile

        with hushed(), suppress(soundfile.LibsndfileError):
            while decoded := len(self._file.read(_BLOCK_SAMPLES, dtype="float32")):
                self.duration_samples += decoded
        self.warnings = (f"said to be {said} samples, {self.duration_samples} can be decoded",)

    def _format(self) -> str:
        if self._file.subtype == "OPUS":
            return "OPUS"
        if self._file.format == "MPEG":
            return "MP3"
        return str(self._file.format)

    def read(self, start_samples: int, n_samples: int) -> Samples:
        import soundfile

        count = self._within(start_samples, n_samples)
        if self._file.closed:
            raise AudioError(f"{self.path}: is closed")
        if not count:
            return np.empty((0, self.channels), np.float32)
        try:
            with hushed() if self._is_mpeg else nullcontext():
                self._go_to(start_samples)
                self._position = None  # until it is read, nobody knows
                samples: Samples = self._file.read(count, dtype="float32", always_2d=True)
                self._position = start_samples + len(samples)
        except soundfile.LibsndfileError as problem:
            reason = problem.error_string.rstrip(".")
            raise AudioError(
                f"{self.path}: cannot be decoded between samples {start_samples} and "
                f"{start_samples + count}: {reason}"
            ) from None
        return samples

    def _go_to(self, start_samples: int) -> None:
        if self._position == start_samples:
            return
        if self._file.seekable():
            self._file.seek(start_samples)
            return
        # GSM in a WAVE and the like: only forward, by decoding what lies before.
        import soundfile

        self._file.close()
        self._file = soundfile.SoundFile(self.path)
        for start in range(0, start_samples, _BLOCK_SAMPLES):
            self._file.read(min(_BLOCK_SAMPLES, start_samples - start), dtype="float32")

    def close(self) -> None:
        self._file.close()


def open_plain(path: Path, wave: WaveFormat, data: Chunk, byte_order: str) -> SoundReader:
    return PlainReader(path, wave, data, byte_order)


def open_decoder(path: Path) -> DecodedReader:
    """Open through libsndfile.

    Raises:
        AudioError: it knows no such format, or the file is damaged beyond it.
    """
    return DecodedReader(path)
