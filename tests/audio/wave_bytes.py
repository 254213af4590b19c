"""WAVE files put together by hand for tests, byte by byte and apart from what is tested."""

import struct

import numpy as np


def chunk(letters: bytes, contents: bytes, size: int | None = None, pad: bool = True) -> bytes:
    """`size` lies where it is given."""
    head = letters + struct.pack("<I", len(contents) if size is None else size)
    return head + contents + (b"\0" if pad and len(contents) % 2 else b"")


def riff(*chunks: bytes, form: bytes = b"RIFF", size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return form + struct.pack("<I", len(body) if size is None else size) + body


def fmt(channels: int = 1, rate: int = 48_000, bits: int = 16, tag: int = 1) -> bytes:
    block = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits))


def bext(time_reference: int = 0, description: bytes = b"", version: int = 1) -> bytes:
    contents = bytearray(602)
    contents[: len(description)] = description
    struct.pack_into("<QH", contents, 338, time_reference, version)
    return chunk(b"bext", bytes(contents))


SOUND = np.arange(-50, 50, dtype="<i2").tobytes()
DATA = chunk(b"data", SOUND)
CUE = chunk(b"cue ", struct.pack("<IIIIIII", 1, 7, 0, 0x61746164, 0, 0, 42))
LABEL = chunk(b"list", b"adtl" + chunk(b"labl", struct.pack("<I", 7) + b"Slam\0"))
IXML = chunk(
    b"iXML",
    b"<BWFXML><SCENE>12</SCENE><x:ODD>1</x:ODD><SPEED><TIMECODE_RATE>25/1</TIMECODE_RATE>"
    b"<TIMECODE_FLAG>NDF</TIMECODE_FLAG></SPEED></BWFXML>\0\0\0",
)
INFO = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"Door\0") + chunk(b"ISFT", b"Hand"))
SMPL = chunk(b"smpl", bytes(28) + struct.pack("<II6I", 1, 0, 3, 0, 10, 19, 0, 0))
