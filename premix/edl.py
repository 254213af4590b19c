"""Edit decision lists: CMX 3600 and its dialects, read without losing a line.

Each line becomes part of an event or a known statement, or it is reported with
its number. A line may be both: an edit whose timecode does not exist is kept as
printed and reported.
"""

from pathlib import Path

from audio.timecode import FrameRate
from premix import PremixError
from premix.edl_list import Edit, Edl, Report
from premix.edl_reader import EdlReader
from premix.plain_text import decode, split_lines

__all__ = ["Edit", "Edl", "EdlError", "Report", "parse_edl", "read_edl"]

_LARGEST_BYTES = 64 * 1024 * 1024


class EdlError(PremixError, ValueError):
    """A line of an EDL cannot be used.

    >>> print(EdlError("R2_v14.edl", 14, "record out 01:00:03:00 is before record in 01:00:05:00"))
    R2_v14.edl, line 14: record out 01:00:03:00 is before record in 01:00:05:00
    """

    def __init__(self, file_name: str, line_number: int, problem: str) -> None:
        super().__init__(f"{file_name}, line {line_number}: {problem}")
        self.line_number = line_number


def read_edl(path: Path, rate: FrameRate, *, strict: bool = False) -> Edl:
    """Read the EDL at `path`, whose frame rate the user states, for no EDL does.

    Raises:
        PremixError: no such file, not a text, or no event in it.
        EdlError: with `strict`, for the first line that would be reported.
    """
    try:
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            raise PremixError(f"{path}: {size:,} bytes are too many for an EDL")
        data = path.read_bytes()
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror}") from None
    edl = parse_edl(decode(data, path.name, "an EDL"), rate)
    if strict:
        for report in edl.reported:
            if report.severity == "problem":
                raise EdlError(path.name, report.line, report.problem)
    if not edl.events and not edl.title:
        raise PremixError(
            f"{path}: not an EDL: none of its {edl.line_count} lines is an event "
            "(NUMBER REEL CHANNELS C 4 timecodes) and it has no TITLE"
        )
    return edl


def parse_edl(text: str, rate: FrameRate) -> Edl:
    """Read an EDL from its text. Never fails: what is wrong is reported."""
    reader = EdlReader(rate)
    for number, line in enumerate(split_lines(text), start=1):
        reader.read(number, line)
    return reader.finish()
