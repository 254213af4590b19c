"""Tables as offices write them: CSV and its dialects, from bytes to rows by column name.

A byte-order mark, UTF-16, semicolons or tabs instead of commas, blank and comment
lines, title lines above the header: none of these is the user's mistake.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from premix.plain_text import decode, split_lines

_DELIMITERS = ",;\t|"
_TITLE_LINES_MOST = 20


@dataclass(frozen=True)
class Row:
    """One line of the table; every cell is stripped, a missing one is ""."""

    line: int  # in the file, counted from 1
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it."""

    columns: tuple[str, ...]  # as read by `column_name`
    rows: tuple[Row, ...]
    ragged: tuple[int, ...] = ()  # lines with more cells than the header


def read_table(
    data: bytes, file_name: str, kind: str, known: Mapping[str, str], needed: int
) -> Table | None:
    """The table in `data`, or None where no line is a header.

    Args:
        known: names a column may have, each with the one it is known by here.
        needed: a header holds at least this many of them.

    Raises:
        PremixError: the bytes are not text.
    """
    text = decode(_with_mark(data), file_name, kind)
    lines = split_lines(text)
    for first in range(min(len(lines), _TITLE_LINES_MOST)):
        delimiter, names = delimiter_and_names(lines[first], known)
        if sum(name in known.values() for name in names) >= needed:
            return _table(lines, first, delimiter, names)
    return None


def _with_mark(data: bytes) -> bytes:
    """UTF-16 without its mark is known by a zero beside every plain letter."""
    even, odd = data[0:200:2], data[1:200:2]
    if data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        for letters, zeros, mark in ((even, odd, b"\xff\xfe"), (odd, even, b"\xfe\xff")):
            if zeros.count(0) > len(zeros) * 0.8 and letters.count(0) == 0:
                return mark + data
    return data


def column_name(text: str) -> str:
    """A header's cell as a name: "Gain (dB)" is "gain_db", "TC In" is "tc_in".

    >>> [column_name(text) for text in ("TC In", "Gain [dB]", "fade-out", "#", "Cue No.")]
    ['tc_in', 'gain_db', 'fade_out', '#', 'cue_no']
    """
    words = re.findall(r"[^\W_]+|#", text.strip().lower())
    return "_".join(words)


def delimiter_and_names(line: str, known: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter that makes the most of this line, and the names it then holds."""
    best: tuple[int, str, list[str]] = (-1, ",", [])
    for delimiter in _DELIMITERS:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
        names = [known.get(column_name(cell), column_name(cell)) for cell in cells]
        score = len({name for name in names if name in known.values()})
        if score > best[0]:
            best = (score, delimiter, names)
    return best[1], best[2]


def _table(lines: list[str], first: int, delimiter: str, names: list[str]) -> Table:
    rows, ragged = [], []
    reader = csv.reader(
        (line + "\n" for line in lines[first + 1 :]), delimiter=delimiter, skipinitialspace=True
    )
    before = 0
    for cells in reader:
        line, before = first + 2 + before, reader.line_num
        stripped = [cell.strip() for cell in cells]
        if not any(stripped) or _is_comment(stripped):
            continue
        if any(stripped[len(names) :]):
            ragged.append(line)
        padded = stripped + [""] * (len(names) - len(stripped))
        row: dict[str, str] = {}
        for name, cell in zip(names, padded, strict=False):
            if name and not row.get(name):
                row[name] = cell
        rows.append(Row(line, row))
    return Table(tuple(filter(None, names)), tuple(rows), tuple(ragged))


def _is_comment(cells: list[str]) -> bool:
    """ "# like this" or "// like this"; but "#12" with cells after it is a cue's number."""
    first = next(filter(None, cells))
    if first.startswith("//"):
        return True
    return first.startswith("#") and not (first[1:2].isdigit() and any(cells[1:]))
