"""The chunk "bext": what a Broadcast WAV says of its origin, start and loudness.

Source: EBU Tech 3285 v2 (versions 0, 1 and 2).
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from audio import AudioError

# (offset, bytes) of the fields of fixed place; what remains up to byte 602 is reserved.
_TEXTS = {
    "description": (0, 256),
    "originator": (256, 32),
    "originator_reference": (288, 32),
    "origination_date": (320, 10),
    "origination_time": (330, 8),
}
_TIME_REFERENCE_AT, _VERSION_AT, _UMID_AT, _UMID_BYTES = 338, 346, 348, 64
_LOUDNESS = {
    "loudness_lufs": 412,
    "loudness_range_lu": 414,
    "max_true_peak_dbtp": 416,
    "max_momentary_lufs": 418,
    "max_short_term_lufs": 420,
}
_HISTORY_AT = 602
_UNSET_LOUDNESS = 0x7FFF  # Tech 3285 v2, 2.4: the value is not given
_DATE_TIME = re.compile(r"(\d{4})\D(\d\d)\D(\d\d)[ T](\d\d)\D(\d\d)\D(\d\d)")


@dataclass(frozen=True, kw_only=True)
class Bext:
    """Fields of "bext", each as its file has it; texts without the NULs after them."""

    description: str = ""
    originator: str = ""
    originator_reference: str = ""
    origination_date: str = ""  # "2016-11-01"; recorders also write "2016:11:01"
    origination_time: str = ""  # "18:09:42"; or "18-09-42"
    time_reference_samples: int = 0  # since midnight, at the file's rate
    version: int = 2
    umid: str | None = None  # SMPTE ST 330, 64 bytes in hexadecimal
    loudness_lufs: float | None = None
    loudness_range_lu: float | None = None
    max_true_peak_dbtp: float | None = None
    max_momentary_lufs: float | None = None
    max_short_term_lufs: float | None = None
    coding_history: str = ""

    @property
    def originated(self) -> datetime | None:
        """Date and time, whichever signs stand between the digits; None where they are none."""
        match = _DATE_TIME.fullmatch(f"{self.origination_date} {self.origination_time}")
        try:
            return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]
        except ValueError:
            return None


def decode_text(raw: bytes) -> str:
    """Text up to the first NUL: UTF-8, and where it is not, latin-1, which never fails."""
    raw = raw.partition(b"\0")[0]
    try:
        return raw.decode("utf-8").rstrip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").rstrip()


def encode_text(text: str, size: int) -> bytes:
    """UTF-8, cut between two letters so as to fit, NULs up to `size`."""
    raw = text.encode("utf-8")
    if len(raw) > size:
        raw = raw[:size].decode("utf-8", "ignore").encode("utf-8")
    return raw.ljust(size, b"\0")


def parse_bext(contents: bytes, byte_order: str = "<") -> tuple[Bext, list[str]]:
    """Read the contents of "bext"; the second value tells what is wrong with them."""
    warnings = []
    if len(contents) < _HISTORY_AT:
        warnings.append(
            f"chunk 'bext' has {len(contents)} bytes; {_HISTORY_AT} or more would be right"
        )
        contents = contents.ljust(_HISTORY_AT, b"\0")
    low, high, version = struct.unpack_from(byte_order + "IIH", contents, _TIME_REFERENCE_AT)
    values: dict[str, Any] = {
        name: decode_text(contents[start : start + size]) for name, (start, size) in _TEXTS.items()
    }
    umid = contents[_UMID_AT : _UMID_AT + _UMID_BYTES]
    # Version 0 has reserved bytes here, which some writers leave undefined.
    if version >= 1 and any(umid):
        values["umid"] = umid.hex()
    if version >= 2:
        for name, place in _LOUDNESS.items():
            hundredths = struct.unpack_from(byte_order + "h", contents, place)[0]
            if hundredths != _UNSET_LOUDNESS:
                values[name] = hundredths / 100
    values["coding_history"] = decode_text(contents[_HISTORY_AT:])
    return Bext(**values, time_reference_samples=high << 32 | low, version=version), warnings


def build_bext(bext: Bext, *, room_bytes: int = 0) -> bytes:
    """Contents of the chunk, coding history at least `room_bytes` long.

    Raises:
        AudioError: a value that its field cannot hold.
    """
    contents = bytearray(_HISTORY_AT)
    struct.pack_into("<H", contents, _VERSION_AT, bext.version)
    history = bext.coding_history.encode("utf-8")
    contents += history.ljust(room_bytes, b"\0")
    for place in _LOUDNESS.values():
        if bext.version >= 2:
            struct.pack_into("<h", contents, place, _UNSET_LOUDNESS)
    changes = {item.name: getattr(bext, item.name) for item in fields(bext)}
    del changes["coding_history"]
    return change_bext(bytes(contents), changes)


def change_bext(contents: bytes, changes: Mapping[str, object], byte_order: str = "<") -> bytes:
    """The same contents with some fields of `Bext` changed, and not a byte besides.

    A field of a later version than the chunk has lifts the version to it.

    Raises:
        AudioError: a name that is no field, or a value that its field cannot hold.
    """
    patched = bytearray(contents.ljust(_HISTORY_AT, b"\0"))
    version = struct.unpack_from(byte_order + "H", patched, _VERSION_AT)[0]
    changes = dict(changes)
    version = int(str(changes.pop("version", version)))
    for name, value in changes.items():
        if name in _TEXTS:
            start, size = _TEXTS[name]
            patched[start : start + size] = encode_text(str(value), size)
        elif name == "time_reference_samples":
            patched[_TIME_REFERENCE_AT : _TIME_REFERENCE_AT + 8] = _time_reference(
                value, byte_order
            )
        elif name == "umid":
            patched[_UMID_AT : _UMID_AT + _UMID_BYTES] = _umid(value)
            version = max(version, 1 if value else 0)
        elif name in _LOUDNESS:
            if value is not None and version < 2:
                version = 2
                for place in _LOUDNESS.values():
                    struct.pack_into(byte_order + "h", patched, place, _UNSET_LOUDNESS)
            if version >= 2:
                hundredths = _hundredths(name, value)
                struct.pack_into(byte_order + "h", patched, _LOUDNESS[name], hundredths)
        elif name == "coding_history":
            patched[_HISTORY_AT:] = str(value).encode("utf-8")
        else:
            known = ", ".join(item.name for item in fields(Bext))
            raise AudioError(f"bext has no field {name!r}; it has {known}")
    struct.pack_into(byte_order + "H", patched, _VERSION_AT, version)
    return bytes(patched)


def _time_reference(value: object, byte_order: str) -> bytes:
    if not isinstance(value, int) or not 0 <= value < 1 << 64:
        raise AudioError(
            f"bext: time reference {value!r} is not a number of samples since midnight"
        )
    return struct.pack(byte_order + "II", value & 0xFFFF_FFFF, value >> 32)


def _umid(value: object) -> bytes:
    try:
        raw = bytes.fromhex(str(value or ""))
    except ValueError:
        raw = bytes(_UMID_BYTES + 1)
    if len(raw) > _UMID_BYTES:
        raise AudioError(f"bext: UMID {value!r} is not up to 64 bytes in hexadecimal")
    return raw.ljust(_UMID_BYTES, b"\0")


def _hundredths(name: str, value: object) -> int:
    if value is None:
        return _UNSET_LOUDNESS
    level = float(str(value))
    hundredths = round(level * 100) if abs(level) < 400 else _UNSET_LOUDNESS  # NaN is not below
    if not -0x8000 <= hundredths < _UNSET_LOUDNESS:
        raise AudioError(f"bext: {name} {value} is out of range; -327.68 to 327.66 can be written")
    return hundredths
