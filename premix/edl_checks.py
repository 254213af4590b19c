"""What one edit says beside the others: gaps and overlaps on a track."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from audio.timecode import Timecode


class Placed(Protocol):
    """What these checks need of an edit."""

    @property
    def line(self) -> int: ...
    @property
    def channels(self) -> tuple[str, ...]: ...
    @property
    def record_in(self) -> Timecode | None: ...
    @property
    def record_out(self) -> Timecode | None: ...


def gaps_and_overlaps(edits: Sequence[Placed]) -> Iterator[tuple[int, str, str]]:
    """(line, what is wrong, severity) for each edit that does not follow the one before it.

    Overlaps are looked for on every track, gaps on V only: sound tracks are full of them.
    """
    placed = [
        (edit.record_in, edit.record_out, edit)
        for edit in edits
        if edit.record_in and edit.record_out and edit.record_out.frame > edit.record_in.frame
    ]
    placed.sort(key=lambda each: each[0].frame)  # lists may go by source or by reel
    ends: dict[str, tuple[Timecode, int]] = {}
    for start, end, edit in placed:
        for channel in edit.channels:
            last_end, last_line = ends.get(channel, (start, 0))
            if start.frame < last_end.frame:
                overlap = (
                    f"record in {start} on {channel} overlaps line {last_line}, "
                    f"which lasts until {last_end}"
                )
                yield edit.line, overlap, "problem"
            elif start.frame > last_end.frame and channel == "V":
                gap = f"a gap of {start.frame - last_end.frame} frames on V before {start}"
                yield edit.line, gap, "note"
            if end.frame >= last_end.frame:
                ends[channel] = (end, edit.line)
