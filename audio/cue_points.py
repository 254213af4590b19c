"""Markers and loops within a file: the chunks "cue ", LIST adtl and "smpl".

Source: Microsoft, Multimedia Programming Interface 1.0 and New Multimedia Data Types.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audio.bext import decode_text
from audio.riff import pack_list, parts_of_list

_POINT = "II4sIII"  # id, play order, chunk, chunk start, block start, sample offset
_REGION = "II4s"  # id, length in samples, purpose; then country, language, dialect, code page
_LOOP = "IIIIII"  # id, kind, first, last, fraction, times
_LOOPS_AT = 36
_KINDS = ("forward", "alternating", "backward")


@dataclass(frozen=True, kw_only=True)
class CuePoint:
    """A marker; with a duration, a region."""

    id: int
    position_samples: int
    label: str = ""
    note: str = ""
    text: str = ""  # of the region
    duration_samples: int | None = None


@dataclass(frozen=True, kw_only=True)
class Loop:
    """A loop of a sampler, half-open: [start, end)."""

    id: int
    kind: str  # "forward", "alternating", "backward"
    start_samples: int
    end_samples: int
    times: int | None  # None: without end


def parse_cues(
    points: bytes, lists: Iterable[bytes] = (), byte_order: str = "<"
) -> tuple[tuple[CuePoint, ...], list[str]]:
    """Markers in the order of the file, with what the LISTs adtl say of them."""
    row = struct.Struct(byte_order + _POINT)
    said = struct.unpack_from(byte_order + "I", points)[0] if len(points) >= 4 else 0
    present = max(0, len(points) - 4) // row.size
    warnings = []
    if said > present:
        warnings.append(f"chunk 'cue ' says {said} points, {present} are there")
    texts: dict[str, dict[int, str]] = {"labl": {}, "note": {}, "ltxt": {}}
    lengths: dict[int, int] = {}
    number, region = struct.Struct(byte_order + "I"), struct.Struct(byte_order + _REGION)
    for contents in lists:
        for letters, raw in parts_of_list(contents, byte_order):
            kind = letters.lower()
            if kind in ("labl", "note") and len(raw) >= 4:
                texts[kind].setdefault(number.unpack_from(raw)[0], decode_text(raw[4:]))
            elif kind == "ltxt" and len(raw) >= region.size:
                name, length, _purpose = region.unpack_from(raw)
                lengths.setdefault(name, length)
                texts["ltxt"].setdefault(name, decode_text(raw[20:]))
    cues = []
    for index in range(min(said, present)):
        name, position, chunk, _chunk_start, _block_start, offset = row.unpack_from(
            points, 4 + index * row.size
        )
        # Some writers fill in the play order only, and leave the offset at nought.
        at = offset if offset or chunk.lower() == b"data" else position
        cues.append(
            CuePoint(
                id=name,
                position_samples=at,
                label=texts["labl"].get(name, ""),
                note=texts["note"].get(name, ""),
                text=texts["ltxt"].get(name, ""),
                duration_samples=lengths.get(name) or None,
            )
        )
    return tuple(cues), warnings


def build_cues(cues: Sequence[CuePoint]) -> tuple[bytes, bytes]:
    """Contents of "cue " and of the LIST adtl beside it, empty where no cue has a text.

    A position past 32 bits has no place in the format; the caller checks.
    """
    points = struct.pack("<I", len(cues)) + b"".join(
        struct.pack("<" + _POINT, cue.id, cue.position_samples, b"data", 0, 0, cue.position_samples)
        for cue in cues
    )
    parts: list[tuple[str, bytes]] = []
    for cue in cues:
        name = struct.pack("<I", cue.id)
        for letters, text in (("labl", cue.label), ("note", cue.note)):
            if text:
                parts.append((letters, name + text.encode("utf-8") + b"\0"))
        if cue.duration_samples is not None or cue.text:
            region = struct.pack("<" + _REGION, cue.id, cue.duration_samples or 0, b"rgn ")
            text_bytes = cue.text.encode("utf-8") + b"\0" if cue.text else b""
            parts.append(("ltxt", region + bytes(8) + text_bytes))
    return points, pack_list("adtl", parts) if parts else b""


def parse_loops(contents: bytes, byte_order: str = "<") -> tuple[tuple[Loop, ...], list[str]]:
    """Loops of "smpl", whose last sample, counted as part of the loop there, becomes an end."""
    row = struct.Struct(byte_order + _LOOP)
    if len(contents) < _LOOPS_AT:
        return (), [f"chunk 'smpl' has {len(contents)} bytes; {_LOOPS_AT} or more would be right"]
    said = struct.unpack_from(byte_order + "I", contents, 28)[0]
    present = (len(contents) - _LOOPS_AT) // row.size
    warnings = []
    if said > present:
        warnings.append(f"chunk 'smpl' says {said} loops, {present} are there")
    loops = []
    for index in range(min(said, present)):
        name, kind, first, last, _fraction, times = row.unpack_from(
            contents, _LOOPS_AT + index * row.size
        )
        loops.append(
            Loop(
                id=name,
                kind=_KINDS[kind] if kind < len(_KINDS) else f"kind {kind}",
                start_samples=first,
                end_samples=last + 1,
                times=times or None,
            )
        )
    return tuple(loops), warnings
