"""The cue sheet: what the reel needs, at which timecode. One cue a line of a CSV.

A cell that cannot be meant is reported with its line and its cue, and the cue is
built without it; a cue whose place in time cannot be known is reported and left out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from audio.timecode import FrameRate, Timecode
from premix import PremixError, cue_fields
from premix.cue import Cue, CueProblem, CueSheet
from premix.cue_checks import checkerboard, contradictions, given_twice, missing
from premix.cue_fields import CellError
from premix.cue_table import Row, Table, read_table

__all__ = ["Cue", "CueProblem", "CueSheet", "CueSheetError", "parse_cues", "read_cues"]

_LARGEST_BYTES = 64 * 1024 * 1024
_STEPS_MOST = 10_000
_DEFAULT_TRACK = {"foley": "props", "backgrounds": "", "fx": "hard"}


class CueSheetError(PremixError, ValueError):
    """A cue sheet as a whole cannot be read."""


_Parse = Callable[[str, FrameRate], Any]


def _number(least: float, most: float, unit: str = "") -> _Parse:
    return lambda text, _rate: cue_fields.number(text, least=least, most=most, unit=unit)


def _one_of(*choices: str) -> _Parse:
    return lambda text, _rate: cue_fields.one_of(text, choices)


def _yes(text: str, _rate: FrameRate) -> bool:
    return cue_fields.yes_or_no(text)


def _human(text: str, _rate: FrameRate) -> float:
    try:
        return float(cue_fields.yes_or_no(text))
    except CellError:
        try:
            return cue_fields.number(text, least=0, most=3)
        except CellError as problem:
            raise CellError(f"{problem}; or yes, no") from None


# column → (field of Cue, how its text is read); a cell that cannot be read leaves the default
_CELLS: dict[str, tuple[str, _Parse]] = {
    "query": ("query", lambda text, _rate: text),
    "like": ("like", lambda text, _rate: text),
    "sound": ("sound", lambda text, _rate: text),
    "note": ("note", lambda text, _rate: text),
    "who": ("who", lambda text, _rate: " ".join(text.lower().split())),
    "guide": ("guide", lambda text, _rate: text),
    "room": ("room", lambda text, _rate: text),
    "steps": ("steps", lambda text, _rate: cue_fields.whole(text, least=1, most=_STEPS_MOST)),
    "pace": ("pace", _number(1, 1200, "steps a minute")),
    "gain_db": ("gain_db", _number(-120, 40, "dB")),
    "pan": ("pan", lambda text, _rate: cue_fields.pan(text)),
    "fade_in": ("fade_in_s", cue_fields.length_s),
    "fade_out": ("fade_out_s", cue_fields.length_s),
    "overlap": ("overlap_s", cue_fields.length_s),
    "seed": ("seed", lambda text, _rate: cue_fields.seed(text)),
    "sync": ("sync", _one_of("start", "attack", "peak", "end")),
    "loop": ("loop", _yes),
    "tail": ("tail", _yes),
    "reverse": ("reverse", _yes),
    "human": ("human", _human),
    "ending": ("ending", _one_of("step", "stop", "scuff")),
    "size": ("size", _one_of("small", "medium", "large")),
    "pitch_cents": ("pitch_cents", _number(-2400, 2400, "cents")),
    "time_ratio": ("time_ratio", _number(0.25, 4)),
    "speed": ("speed", _number(0.1, 10)),
    "highpass_hz": ("highpass_hz", _number(5, 20_000, "Hz")),
    "lowpass_hz": ("lowpass_hz", _number(20, 96_000, "Hz")),
    "distance_m": ("distance_m", _number(0, 1000, "m")),
    "room_db": ("room_db", _number(-60, 20, "dB")),
}
_OTHER_NAMES = {
    "cue": ("#", "no", "nr", "number", "cue_no", "cue_number", "cue_#", "cue_id", "id"),
    "in": ("tc_in", "timecode_in", "record_in", "start", "start_tc", "in_point", "timecode", "tc"),
    "out": ("tc_out", "timecode_out", "record_out", "end", "end_tc", "out_point"),
    "stem": ("stem_track",),
    "track": (),
    "hits": ("hit", "sync_points"),
    "gain_db": ("gain", "level_db"),
    "query": ("search", "sound_wanted"),
    "sound": ("file", "locked"),
    "note": ("notes", "comment", "comments"),
    "who": ("character",),
    "pace": ("pace_spm", "spm", "tempo"),
    "pitch_cents": ("pitch",),
    "highpass_hz": ("highpass", "hpf", "hpf_hz"),
    "lowpass_hz": ("lowpass", "lpf", "lpf_hz"),
    "distance_m": ("distance",),
}
COLUMNS = {  # spelling → the name it is known by
    spelling: name
    for name in ("cue", "stem", "track", "in", "out", "hits", *_CELLS)
    for spelling in (name, *_OTHER_NAMES.get(name, ()))
}


def read_cues(path: Path, rate: FrameRate, *, feet_from: Timecode | None = None) -> CueSheet:
    """Read the cue sheet at `path`, whose timecode counts at `rate`.

    Args:
        feet_from: where feet+frames 0+00 stands, the start of the reel.

    Raises:
        CueSheetError: no such file, or no line of it is a header.
        PremixError: not a text.
    """
    try:
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            raise CueSheetError(f"{path}: {size:,} bytes are too many for a cue sheet")
        data = path.read_bytes()
    except OSError as problem:
        raise CueSheetError(f"{path}: cannot be read: {problem.strerror}") from None
    return parse_cues(data, path.name, rate, feet_from=feet_from)


def parse_cues(
    data: bytes, file_name: str, rate: FrameRate, *, feet_from: Timecode | None = None
) -> CueSheet:
    """Read a cue sheet that is already in memory; as `read_cues`."""
    table = read_table(data, file_name, "a cue sheet", COLUMNS, needed=2)
    if table is None or not {"stem", "track"} & set(table.columns):
        raise CueSheetError(
            f"{file_name}: no header; the first line must name the columns, "
            "as in: cue,stem,in,out,query"
        )
    cues: list[Cue] = []
    problems = [
        CueProblem(line, "?", "has more cells than the header has columns; quote cells with commas")
        for line in table.ragged
    ]
    for row in table.rows:
        cue, found = _cue(row, rate, feet_from)
        problems += [CueProblem(row.line, _number_of(row), problem) for problem in found]
        if cue is not None:
            cues.append(cue)
    problems += given_twice(cues)
    return CueSheet(
        name=file_name,
        rate=rate,
        cues=tuple(checkerboard(cues)),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        columns=_column_order(table),
    )


def _column_order(table: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table.columns))


def _number_of(row: Row) -> str:
    return row.cells.get("cue", "").lstrip("#").strip() or f"(line {row.line})"


def _cue(row: Row, rate: FrameRate, feet_from: Timecode | None) -> tuple[Cue | None, list[str]]:
    """The cue of one row, or None where it cannot be built; and what is wrong."""
    cells, problems = row.cells, []
    fields: dict[str, Any] = {}
    for column, (name, parse) in _CELLS.items():
        if cells.get(column):
            try:
                fields[name] = parse(cells[column], rate)
            except CellError as problem:
                problems.append(f"{column}: {problem}")
    try:
        stem, track = cue_fields.stem_and_track(cells.get("stem", ""), cells.get("track", ""))
        places, wrong = _places(cells, rate, feet_from)
    except CellError as problem:
        return None, [*problems, str(problem)]
    problems += wrong
    walks = "steps" in fields or "pace" in fields
    meant = cue_fields.near_track(stem, track) if track else None
    if meant is not None:
        problems.append(f"{track!r} is not a track of {stem}; taken as {meant}")
    cue = Cue(
        number=_number_of(row),
        line=row.line,
        stem=stem,
        track=meant or track or ("feet" if stem == "foley" and walks else _DEFAULT_TRACK[stem]),
        extra={name: cell for name, cell in cells.items() if cell and name not in COLUMNS},
        **places,
        **fields,
    )
    return _checked(cue, problems, had_hits=bool(cells.get("hits")))


def _places(
    cells: dict[str, str], rate: FrameRate, feet_from: Timecode | None
) -> tuple[dict[str, Any], list[str]]:
    places: dict[str, Any] = {}
    for column, name in (("in", "record_in"), ("out", "record_out")):
        if cells.get(column):
            try:
                places[name] = cue_fields.position(cells[column], rate, feet_from)
            except CellError as problem:
                raise CellError(f"{column}: {problem}") from None
    hits, wrong = cue_fields.positions(cells.get("hits", ""), rate, feet_from)
    once = sorted(dict.fromkeys(hits), key=lambda hit: hit.seconds)
    if len(once) < len(hits):
        wrong = (*wrong, f"hits: {len(hits) - len(once)} timecode(s) given twice")
    places["hits"] = tuple(once)
    return places, [
        problem if problem.startswith("hits") else f"hits: {problem}" for problem in wrong
    ]


def _checked(cue: Cue, problems: list[str], *, had_hits: bool) -> tuple[Cue | None, list[str]]:
    """The cue if it is one, and what contradicts itself in it."""
    contradicted = list(contradictions(cue, had_hits))
    lacking = missing(cue, had_hits)
    if lacking:
        return None, [*problems, lacking]
    return cue, problems + contradicted
