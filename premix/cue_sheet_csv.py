"""The cue sheet for a spreadsheet: a column a track, rows by timecode. Pure: rows in, text out.

The last columns, `stem` and `query`, say again what the sheet is made of, so that
`dubstage spot` reads the same cues from it.
"""

import csv
import io
from fractions import Fraction

from audio.timecode import FrameRate, Timecode
from premix.cue_rows import CuePage, CueRow, tracks_in_order


def csv_text(page: CuePage) -> str:
    """UTF-8 with a byte order mark when encoded by `utf-8-sig`, as spreadsheets like it."""
    columns = [(stem, track) for stem in page.stems() for track in tracks_in_order(stem, page.rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    heads = [f"{stem} {track}".strip() for stem, track in columns]
    writer.writerow(["cue", "in", "out", "length", *heads, "hits", "steps", "who", "note",
                     "stem", "query"])  # fmt: skip
    for row in page.rows:
        here = [row.description if (row.stem, row.track) == column else "" for column in columns]
        writer.writerow([
            _cell(row.number), label(row.in_s, page.rate),
            "" if row.out_s is None else label(row.out_s, page.rate, up=True),
            _length(row), *map(_cell, here),
            " ".join(label(hit, page.rate) for hit in row.hits_s),
            "" if row.steps is None else row.steps, _cell(row.who), _cell(row.note),
            f"{row.stem}:{row.track}" if row.stem else row.track, _cell(row.description),
        ])  # fmt: skip
    return out.getvalue()


def label(at_s: Fraction, rate: FrameRate, *, up: bool = False) -> str:
    """The frame in which a time lies; with `up` the first frame that is not before it."""
    exact = at_s * rate.fps
    frame = -int(-exact // 1) if up else int(exact // 1)
    return str(Timecode.wrapped(frame, rate))


def _length(row: CueRow) -> str:
    return "" if row.out_s is None else f"{float(row.out_s - row.in_s):.2f}"


def _cell(text: str) -> str:
    """A spreadsheet takes what begins with = + @ or - for a formula; an apostrophe forbids it."""
    text = " ".join(text.split())
    return f"'{text}" if text[:1] in ("=", "+", "@", "-") else text
