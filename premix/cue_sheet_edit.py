"""One cell of a user's cue sheet written anew, every other byte as it was. Pure: bytes to bytes.

The sheet is read before and after; unless the two differ in that one choice alone, it is
left as it is and the reason told.
"""

import codecs
from collections.abc import Iterator
from dataclasses import replace

from audio.timecode import FrameRate, Timecode
from premix import PremixError
from premix.cue_table import delimiter_and_names
from premix.cues import COLUMNS, CueSheet, parse_cues
from premix.plain_text import decode

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class CueSheetEditError(PremixError, ValueError):
    """A sheet cannot be written to without touching what is not to be touched."""


def with_sound(
    data: bytes,
    number: str,
    sound: str,
    file_name: str,
    rate: FrameRate,
    *,
    feet_from: Timecode | None = None,
) -> bytes:
    """The sheet with `sound` in the column "sound" of cue `number`; "" empties it.

    A sheet without that column is given one, behind its last.

    Raises:
        CueSheetEditError: no such cue, two of them, or more would change than that cell.
        CueSheetError: it is no cue sheet.
    """
    before = parse_cues(data, file_name, rate, feet_from=feet_from)
    lines = [cue.line for cue in before.cues if cue.number == number]
    if len(lines) != 1:
        found = "no cue" if not lines else f"{len(lines)} cues"
        raise CueSheetEditError(f"{file_name} has {found} {number}; exactly one would be right")
    mark, text, codec = _decoded(data, file_name)
    written = _written(text, lines[0], sound, file_name)
    try:
        after_data = mark + written.encode(codec)
    except UnicodeEncodeError:
        raise CueSheetEditError(
            f"{file_name} is written in {codec}, which cannot hold {sound!r}; save it as UTF-8"
        ) from None
    after = parse_cues(after_data, file_name, rate, feet_from=feet_from)
    if not _differ_in_that_alone(before, after, number, sound):
        raise CueSheetEditError(
            f"{file_name}, line {lines[0]}: its column sound cannot be written to without "
            "changing more; write it there by hand"
        )
    return after_data


def _decoded(data: bytes, file_name: str) -> tuple[bytes, str, str]:
    """(byte-order mark, text, how it is encoded), so that encoding gives the same bytes."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, errors="replace")
            if text.encode(codec) == data[len(mark) :]:
                return mark, text, codec
    text = decode(data, file_name, "a cue sheet")
    for codec in ("utf-8", "gbk", "latin-1"):
        try:
            if text.encode(codec) == data:
                return b"", text, codec
        except UnicodeEncodeError:
            continue
    raise CueSheetEditError(f"{file_name}: how its letters are encoded cannot be told; use UTF-8")


def _written(text: str, line: int, sound: str, file_name: str) -> str:
    """The text with the cell of one line written, and the header with it where need be."""
    starts = list(_line_starts(text))
    header, delimiter, names = _header(text, starts, file_name)
    row = starts[line - 1]
    if "sound" in names:
        return _with_cell(text, row, delimiter, names.index("sound"), sound)
    edited = _with_cell(text, row, delimiter, len(names), sound)
    return _with_cell(edited, starts[header], delimiter, len(names), "sound")


def _header(text: str, starts: list[int], file_name: str) -> tuple[int, str, list[str]]:
    ends = [*starts[1:], len(text)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        delimiter, names = delimiter_and_names(text[start:end].rstrip("\r\n"), COLUMNS)
        if sum(name in COLUMNS.values() for name in names) >= 2:
            return number, delimiter, names
    raise CueSheetEditError(f"{file_name}: its header is gone")


def _line_starts(text: str) -> Iterator[int]:
    at = 0
    while at < len(text):
        yield at
        ends = [place for place in (text.find("\n", at), text.find("\r", at)) if place >= 0]
        if not ends:
            return
        at = min(ends) + (2 if text.startswith("\r\n", min(ends)) else 1)


def _with_cell(text: str, row: int, delimiter: str, column: int, value: str) -> str:
    """The text with one cell of the row that begins at `row` replaced, or added at its end."""
    cells = list(_cells(text, row, delimiter))
    written = _quoted(value, delimiter)
    if column < len(cells):
        start, end = cells[column]
        return text[:start] + written + text[end:]
    end = cells[-1][1]
    return text[:end] + delimiter * (column - len(cells) + 1) + written + text[end:]


def _cells(text: str, at: int, delimiter: str) -> Iterator[tuple[int, int]]:
    """Start and end of each cell of a record, its quotes included; a quoted one may hold lines."""
    while True:
        start = at
        while at < len(text) and text[at] == " ":
            at += 1
        if at < len(text) and text[at] == '"':
            at += 1
            while at < len(text):
                if text[at] == '"':
                    at += 1
                    if at >= len(text) or text[at] != '"':
                        break
                at += 1
        while at < len(text) and text[at] not in (delimiter, "\r", "\n"):
            at += 1
        yield start, at
        if at >= len(text) or text[at] != delimiter:
            return
        at += 1


def _quoted(value: str, delimiter: str) -> str:
    if any(letter in value for letter in (delimiter, '"', "\r", "\n")) or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value


def _differ_in_that_alone(before: CueSheet, after: CueSheet, number: str, sound: str) -> bool:
    """Whether `after` is `before` with that one choice; problems of other lines are the same."""
    meant = tuple(replace(cue, sound=sound) if cue.number == number else cue for cue in before.cues)
    line = next(cue.line for cue in before.cues if cue.number == number)

    def others(sheet: CueSheet) -> list[object]:
        return [problem for problem in sheet.problems if problem.line != line]

    return after.cues == meant and others(before) == others(after)
