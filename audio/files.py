"""Sound files as such: what a file says of itself, and its samples a stretch at a time.

    read_header(path)  → SoundHeader: format, length, metadata; no samples are read
    open_sound(path)   → SoundReader: samples, from any place, in blocks
    open_with_header(path)  both

WAVE files of every kind are read here; what needs a decoder goes through libsndfile,
which is loaded only then.
"""

import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from audio import AudioError
from audio.bext import Bext, parse_bext
from audio.byte_source import Source, open_descriptor
from audio.cue_points import CuePoint, Loop, parse_cues, parse_loops
from audio.info import parse_info
from audio.ixml import Ixml, parse_ixml
from audio.riff import Chunk, Riff, read_riff
from audio.sample_reader import DecodedReader, SoundReader, open_decoder, open_plain
from audio.timecode import FrameRate, Timecode, TimecodeError
from audio.wave_format import WaveFormat, parse_format

__all__ = [
    "MOST_HZ",
    "SoundHeader",
    "SoundReader",
    "open_sound",
    "open_with_header",
    "read_header",
]

MOST_HZ = 2_000_000  # over twice what recorders of ultrasound make
_WANTED = frozenset(
    {b"fmt ", b"fact", b"bext", b"ixml", b"list", b"cue ", b"smpl", b"id3 ", b"chna"}
)


@dataclass(frozen=True, eq=False)
class SoundHeader:
    """What a file says of itself.

    Metadata is taken apart when first asked for; `warnings` asks for all of it.
    """

    path: Path
    format: str  # "WAV", "RF64", "BW64", "RIFX", "AIFF", "FLAC", "OGG", "OPUS", "MP3" …
    coding: str  # "pcm", "float", "alaw", … as audio.wave_format.CODINGS, or libsndfile's name
    sample_rate_hz: int
    channels: int
    bits: int | None  # of a sample; None where the coding has none
    duration_samples: int
    speaker_mask: int = 0
    damaged: bool = False  # its chunks cannot be trusted enough to rewrite the file
    wave: WaveFormat | None = None
    data: Chunk | None = None
    byte_order: str = "<"
    file_warnings: tuple[str, ...] = ()  # of the file as such, without those of its metadata
    contents: Mapping[str, list[bytes]] = field(default_factory=dict, repr=False)
    chunk_table: Sequence[tuple[str, int, int]] = ()

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """In the order of the file; none in formats other than WAVE."""
        return tuple(Chunk(*row) for row in self.chunk_table)

    @property
    def duration_s(self) -> float:
        return self.duration_samples / self.sample_rate_hz

    @property
    def bext(self) -> Bext | None:
        return self._bext[0]

    @property
    def ixml(self) -> Ixml | None:
        return self._ixml[0]

    @property
    def cues(self) -> tuple[CuePoint, ...]:
        return self._cues[0]

    @property
    def loops(self) -> tuple[Loop, ...]:
        return self._loops[0]

    @property
    def tags(self) -> dict[str, str]:
        """ID3 of a WAVE file, or the tags of another format."""
        return self._tags[0]

    @cached_property
    def info(self) -> dict[str, str]:
        """LIST INFO: texts by audio.info.NAMES."""
        return parse_info(self.contents.get("list:INFO", ()), self.byte_order)

    @cached_property
    def adm(self) -> dict[str, Any] | None:
        """Which chunks of the Audio Definition Model are carried; None without any.

        {"axml_bytes": size or None, "chna": [{"track_index", "uid", "track_ref", "pack_ref"}]}
        """
        axml = next((chunk.size for chunk in self.chunks if chunk.id == "axml"), None)
        chna = self.contents.get("chna")
        if axml is None and chna is None:
            return None
        return {"axml_bytes": axml, "chna": _chna_rows(chna[0]) if chna else []}

    @property
    def warnings(self) -> tuple[str, ...]:
        """All that had to be mended or could not be read, one line each."""
        later = (self._bext, self._ixml, self._cues, self._loops, self._tags)
        doubled = tuple(
            f"more than one chunk {letters!r}; the first one counts"
            for letters, found in self.contents.items()
            if len(found) > 1 and not letters.startswith("list:")
        )
        return self.file_warnings + doubled + tuple(line for _value, said in later for line in said)

    @property
    def start_samples(self) -> int | None:
        """Samples since midnight at this file's rate: of bext, else of iXML, else None."""
        if self.bext is not None:
            return self.bext.time_reference_samples
        return self.ixml.start_samples if self.ixml else None

    def start_timecode(self, rate: FrameRate | None = None) -> Timecode | None:
        """The frame in which the file begins, at `rate` or else at iXML's own.

        None where there is no start or no rate, or the start is past midnight.
        """
        rate = rate or (self.ixml.rate if self.ixml else None)
        if rate is None or self.start_samples is None:
            return None
        try:
            return Timecode.from_samples(self.start_samples, rate, self.sample_rate_hz)
        except TimecodeError:
            return None

    @cached_property
    def channel_labels(self) -> tuple[str, ...]:
        """By the speaker mask, else by iXML's track names, else by the number of channels."""
        from audio.layout import layout_from_mask

        names = self.ixml.channel_names(self.channels) if self.ixml else None
        if names and not self.speaker_mask:
            return names
        return layout_from_mask(self.speaker_mask, self.channels).labels

    @cached_property
    def _bext(self) -> tuple[Bext | None, list[str]]:
        found = self.contents.get("bext")
        return parse_bext(found[0], self.byte_order) if found else (None, [])

    @cached_property
    def _ixml(self) -> tuple[Ixml | None, list[str]]:
        found = self.contents.get("ixml")
        return parse_ixml(found[0]) if found else (None, [])

    @cached_property
    def _cues(self) -> tuple[tuple[CuePoint, ...], list[str]]:
        found = self.contents.get("cue ")
        lists = self.contents.get("list:adtl", ())
        return parse_cues(found[0], lists, self.byte_order) if found else ((), [])

    @cached_property
    def _loops(self) -> tuple[tuple[Loop, ...], list[str]]:
        found = self.contents.get("smpl")
        return parse_loops(found[0], self.byte_order) if found else ((), [])

    @cached_property
    def _tags(self) -> tuple[dict[str, str], list[str]]:
        from audio.tags import read_tags

        if self.wave is None:
            return read_tags(self.path)
        found = self.contents.get("id3 ")
        return read_tags(found[0]) if found else ({}, [])


def read_header(path: Path | str) -> SoundHeader:
    """What a file says of itself, without reading its samples.

    Raises:
        AudioError: not there, not a sound, or without what is needed to hear it.
    """
    path = path if isinstance(path, Path) else Path(path)
    header = _riff_header(path)
    if header is None:
        with open_decoder(path) as decoder:
            header = _decoded_header(decoder)
    return header


def _riff_header(path: Path) -> SoundHeader | None:
    """None where the file is no RIFF, so that a decoder has to tell."""
    descriptor, size = open_descriptor(path)
    try:
        header = _header_of(Source.of_descriptor(descriptor, size), path)
    finally:
        os.close(descriptor)
    if header is None and size == 0:
        raise AudioError(f"{path}: is empty, a file of 0 bytes")
    return header


def read_header_of(file: BinaryIO, name: str = "sound") -> SoundHeader:
    """As `read_header`, from an open WAVE file or from memory.

    Raises:
        AudioError: also for every other format.
    """
    header = _header_of(Source.of_file(file), Path(name))
    if header is None:
        raise AudioError(f"{name}: not a RIFF, RF64 or BW64 file")
    return header


def _header_of(source: Source, path: Path) -> SoundHeader | None:
    try:
        riff = read_riff(source, _WANTED)
        return None if riff is None else _wave_header(riff, path)
    except AudioError as problem:
        raise AudioError(f"{path}: {problem}") from None
    except OSError as problem:  # a disk that fails
        raise AudioError(f"{path}: cannot be read: {problem.strerror}") from None


def _wave_header(riff: Riff, path: Path) -> SoundHeader:
    if riff.form_type != b"WAVE":
        kind = riff.form_type.decode("latin-1")
        raise AudioError(f"a {riff.form} file of type {kind!r}; WAVE would be a sound")
    format_contents = riff.contents.get("fmt ")
    if format_contents is None:
        raise AudioError("no chunk 'fmt ' to tell how the sound is coded")
    data = riff.data
    if data is None:
        raise AudioError("no chunk 'data', so no sound")
    wave, format_warnings = parse_format(format_contents[0], riff.byte_order)
    warnings = list(format_warnings)
    if wave.is_plain:
        duration_samples = data.size // wave.block_bytes
        if data.size % wave.block_bytes:
            warnings.append(
                f"chunk 'data' ends within a sample: {data.size} bytes at {wave.block_bytes} each"
            )
    else:
        duration_samples, problems = _coded_duration(riff, wave, data, path)
        warnings += problems
    header = object.__new__(SoundHeader)
    # The values themselves, for a frozen dataclass takes three times as long to fill its fields.
    header.__dict__.update(
        path=path,
        format="WAV" if riff.form == "RIFF" else riff.form,
        coding=wave.coding,
        sample_rate_hz=wave.sample_rate_hz,
        channels=wave.channels,
        bits=wave.valid_bits if wave.is_plain else None,
        duration_samples=duration_samples,
        speaker_mask=wave.speaker_mask,
        damaged=riff.damaged,
        wave=wave,
        data=data,
        byte_order=riff.byte_order,
        file_warnings=(*riff.warnings, *warnings),
        contents=riff.contents,
        chunk_table=riff.chunks,
    )
    return header


def _coded_duration(riff: Riff, wave: WaveFormat, data: Chunk, path: Path) -> tuple[int, list[str]]:
    """Length of a coded sound: by its decoder, for "fact" is often wrong, else by "fact"."""
    if wave.coding in ("alaw", "ulaw"):
        return data.size // wave.channels, []
    try:
        with open_decoder(path) as decoder:
            return decoder.duration_samples, list(decoder.warnings)
    except AudioError as problem:
        fact = riff.contents.get("fact", [b""])[0]
        said = int(struct.unpack_from(riff.byte_order + "I", fact)[0]) if len(fact) >= 4 else 0
        return said, [f"{wave.coding} cannot be decoded: {problem}"]


def _decoded_header(decoder: DecodedReader) -> SoundHeader:
    return SoundHeader(
        decoder.path,
        decoder.format,
        decoder.coding,
        decoder.sample_rate_hz,
        decoder.channels,
        decoder.bits,
        decoder.duration_samples,
        file_warnings=decoder.warnings,
    )


def _chna_rows(contents: bytes) -> list[dict[str, Any]]:
    """Rows of "chna" (ITU-R BS.2088, 40 bytes each) that are in use."""
    rows = []
    for start in range(4, len(contents) - 39, 40):
        row = contents[start : start + 40]
        track_index = int.from_bytes(row[:2], "little")
        if track_index:
            uid, track, pack = (
                part.decode("latin-1").rstrip("\0 ") for part in (row[2:14], row[14:28], row[28:39])
            )
            rows.append(
                {"track_index": track_index, "uid": uid, "track_ref": track, "pack_ref": pack}
            )
    return rows


def open_sound(path: Path | str) -> SoundReader:
    """Open a file to read its samples.

    Raises:
        AudioError: as `read_header`, or a coding that cannot be decoded, or a rate over MOST_HZ.
    """
    return open_with_header(path)[1]


def open_with_header(path: Path | str) -> tuple[SoundHeader, SoundReader]:
    """`read_header` and `open_sound` at once: what needs a decoder is opened a single time."""
    path = path if isinstance(path, Path) else Path(path)
    header = _riff_header(path)
    decoder: DecodedReader | None = None
    if header is None:
        decoder = open_decoder(path)
        header = _decoded_header(decoder)
    if header.sample_rate_hz > MOST_HZ:
        if decoder is not None:
            decoder.close()
        raise AudioError(
            f"{path}: says {header.sample_rate_hz} samples a second, which is damage; "
            f"up to {MOST_HZ} would be a sound"
        )
    if decoder is not None:
        return header, decoder
    if header.wave is None or header.data is None or not header.wave.is_plain:
        return header, open_decoder(path)
    return header, open_plain(path, header.wave, header.data, header.byte_order)
