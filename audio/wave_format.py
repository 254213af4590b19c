"""The chunk "fmt ": how a WAVE file's sound is coded.

Sources: Microsoft, Multimedia Programming Interface 1.0; WAVEFORMATEXTENSIBLE.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

from audio import AudioError
from audio.pcm import ENCODINGS
from audio.riff import (
    FORM_BYTES,
    HEAD_BYTES,
    UNKNOWN_SIZE,
    pack_chunk,
    pack_form,
    pack_head,
    parts_of_list,
)

_BASIC = "HHIIHH"
_EXTENSION = "HHI"  # bytes of extension, valid bits, speaker mask; then the sub-format
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # after the two bytes of the tag
_EXTENSIBLE = 0xFFFE
MOST_CHANNELS = 1024  # as libsndfile has it; more is a damaged file

CODINGS = {
    0x0001: "pcm",
    0x0002: "ms_adpcm",
    0x0003: "float",
    0x0006: "alaw",
    0x0007: "ulaw",
    0x0011: "ima_adpcm",
    0x0031: "gsm610",
    0x0050: "mpeg",
    0x0055: "mp3",
    0x0092: "ac3_spdif",
    0x2000: "ac3",
    0x566F: "vorbis",
}
"""Names of the codings met in sound libraries, by format tag."""


@dataclass(frozen=True, slots=True)
class WaveFormat:
    """What "fmt " says, with what it says wrongly put right."""

    coding: str  # one of CODINGS' names, or "tag 0x…"
    channels: int
    sample_rate_hz: int
    block_bytes: int  # one sample of every channel, or one packet of a compressed coding
    bits: int  # of the container: 8, 16, 24, 32, 64; 0 or few where the coding is compressed
    valid_bits: int
    speaker_mask: int
    samples_per_block: int  # of ADPCM; 0 elsewhere

    @property
    def is_plain(self) -> bool:
        """Whether samples are numbers side by side, which need no decoder."""
        if self.block_bytes * 8 != self.channels * self.bits:
            return False
        known = (8, 16, 24, 32) if self.coding == "pcm" else (32, 64)
        return self.coding in ("pcm", "float") and self.bits in known


@lru_cache(64)  # the files of one collection share a few
def parse_format(contents: bytes, byte_order: str = "<") -> tuple[WaveFormat, tuple[str, ...]]:
    """Read the contents of "fmt "; the second value tells what was put right.

    Raises:
        AudioError: shorter than 14 bytes, or no channels, or no sample rate.
    """
    warnings = []
    if len(contents) < 16:
        if len(contents) < 14:
            raise AudioError(f"chunk 'fmt ' has {len(contents)} bytes; 16 or more would be right")
        warnings.append(f"chunk 'fmt ' has {len(contents)} bytes; 16 or more would be right")
        contents = contents.ljust(16, b"\0")
    tag, channels, rate, _bytes_a_second, block, bits = struct.unpack_from(
        byte_order + _BASIC, contents
    )
    if channels == 0 or rate == 0:
        raise AudioError(
            f"chunk 'fmt ' says {channels} channels at {rate} Hz; nothing can be heard"
        )
    if channels > MOST_CHANNELS:
        raise AudioError(f"chunk 'fmt ' says {channels} channels; up to {MOST_CHANNELS} are read")
    valid_bits, mask, samples_per_block = bits, 0, 0
    if tag == _EXTENSIBLE and len(contents) >= 40:
        _size, valid_bits, mask = struct.unpack_from(byte_order + _EXTENSION, contents, 16)
        tag = struct.unpack_from(byte_order + "H", contents, 24)[0]
    elif tag in (0x0002, 0x0011) and len(contents) >= 20:
        samples_per_block = struct.unpack_from(byte_order + "H", contents, 18)[0]
    coding = CODINGS.get(tag, f"tag {tag:#06x}")
    if coding in ("pcm", "float"):
        if valid_bits == 0 or valid_bits > bits:
            valid_bits = bits
        # 20 bits are kept in three bytes: the container counts, padded up from the left.
        container = block // channels * 8 if block % channels == 0 else 0
        if container and container >= bits and container != bits:
            bits = container
        if container < bits or container == 0:
            bits = -(-bits // 8) * 8
            right = channels * bits // 8
            warnings.append(f"chunk 'fmt ' says {block} bytes a block; {right} would be right")
            block = right
        if block == 0:
            raise AudioError(f"chunk 'fmt ' says {bits} bits a sample; nothing can be heard")
    return (
        WaveFormat(coding, channels, rate, block, bits, valid_bits, mask, samples_per_block),
        tuple(warnings),
    )


def build_format(encoding: str, channels: int, sample_rate_hz: int, speaker_mask: int) -> bytes:
    """Contents of a WAVE_FORMAT_EXTENSIBLE "fmt ", 40 bytes.

    Args:
        encoding: one of audio.pcm.ENCODINGS.
        speaker_mask: 0 where the channels have no place that a mask can tell.
    """
    value_bytes = ENCODINGS[encoding]
    tag = 3 if encoding == "float32" else 1
    block = channels * value_bytes
    return (
        struct.pack(
            "<" + _BASIC,
            _EXTENSIBLE,
            channels,
            sample_rate_hz,
            sample_rate_hz * block,
            block,
            value_bytes * 8,
        )
        + struct.pack("<" + _EXTENSION + "H", 22, value_bytes * 8, speaker_mask, tag)
        + _GUID_TAIL
    )


def build_plain_head(channels: int, sample_rate_hz: int, bits: int, data_bytes: int) -> bytes:
    """The 44 bytes before the samples of the plainest WAV, as other formats keep them of a file.

    Args:
        data_bytes: of all samples; what a WAV cannot hold is told as the most it can.
    """
    block = channels * (-(-bits // 8))
    contents = struct.pack(
        "<" + _BASIC, 1, channels, sample_rate_hz, sample_rate_hz * block, block, bits
    )
    before = FORM_BYTES + HEAD_BYTES + len(contents)  # of what the form's size counts
    data_bytes = min(data_bytes, UNKNOWN_SIZE - before)
    form = pack_form("RIFF", before + data_bytes)
    return form + pack_chunk("fmt ", contents) + pack_head("data", data_bytes)


def channels_of_head(head: bytes) -> int | None:
    """Channels told by the first bytes of a WAV or an AIFF; None where they do not tell."""
    byte_order, letters, place = ("<", "fmt ", 2) if head[:4] == b"RIFF" else (">", "COMM", 0)
    for found, contents in parts_of_list(head[HEAD_BYTES:], byte_order):
        if found == letters and len(contents) >= place + 2:
            told: int = struct.unpack_from(byte_order + "H", contents, place)[0]
            return told
    return None
