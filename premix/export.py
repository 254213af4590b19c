"""One door out: a session, a timeline or a cue sheet as a file that other programs open."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audio.timecode import FrameRate
from audio.whole_file import whole_file
from premix import PremixError
from premix.cue_rows import CuePage, page_of_cues, page_of_session, page_of_timeline
from premix.cut import Report, Timeline
from premix.session_cut import Recording

FORMATS = {
    "edl": ".edl", "otio": ".otio", "aaf": ".aaf", "reaper": ".rpp", "protools": ".txt",
    "csv": ".csv", "pdf": ".pdf",
}  # fmt: skip
"""Formats by name, each with the suffix that means it."""
_SHEETS = ("csv", "pdf")
_SHEET_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to write, where a format leaves a choice."""

    format: str | None = None  # one of FORMATS; None goes by the suffix
    dialect: str = "cmx3600"  # of an EDL
    counter: str = "timecode"  # of a Pro Tools text
    tracks: tuple[str, ...] = ()  # only these: a name, or how names begin; all without
    media: Path | None = None  # folder for copies of a session's recordings, as WAV
    strict: bool = False  # refuse where something would be lost


@dataclass(frozen=True, kw_only=True)
class Export:
    """What was written, and what the format could not hold."""

    path: Path
    format: str
    tracks: int
    events: int
    reported: tuple[Report, ...]


@dataclass(frozen=True)
class _Source:
    timeline: Timeline | None
    page: CuePage
    find_recording: Callable[[str], Recording | None]


def export(
    source: Path,
    out: Path,
    rate: FrameRate | None = None,
    *,
    options: Options | None = None,
    folders: Mapping[str, str] | None = None,
) -> Export:
    """Write `source` anew as `out`, whole or not at all.

    Args:
        source: a session of ours, any timeline that is read, or a cue sheet.
        rate: of an EDL or a cue sheet, which do not state their own.
        folders: where a library has a session's roots now, before the session's own word.

    Raises:
        PremixError: a format that is not written, a track that is not there, a file onto
            itself, or with `options.strict` the first thing that would be lost.
    """
    options = options or Options()
    kind = _format(out, options.format)
    if out.exists() and out.resolve() == source.resolve():
        raise PremixError(f"{out}: would replace what it is made from; name another file")
    read = _read(source, rate, folders or {})
    if options.tracks:
        read = _only(read, options.tracks)
    timeline = read.timeline
    if timeline is None and kind not in _SHEETS:
        raise PremixError(
            f"{source}: a cue sheet has no clips; spot it first, or write it as .csv or .pdf"
        )
    if timeline is not None and options.media is not None:
        from premix.consolidate import consolidated

        timeline = consolidated(timeline, options.media)
    reported = timeline.reported if timeline is not None and kind not in _SHEETS else ()
    with whole_file(out) as neighbour:
        if kind in _SHEETS or timeline is None:
            reported += _write_sheet(read.page, kind, neighbour)
            tracks = len({(row.stem, row.track) for row in read.page.rows})
            events = len(read.page.rows)
        else:
            reported += _write(timeline, kind, neighbour, options, read.find_recording)
            tracks = len(timeline.tracks)
            events = sum(len(track.events) for track in timeline.tracks)
        if options.strict and reported:
            raise PremixError(f"{out.name}, {reported[0].where}: {reported[0].problem}")
    return Export(path=out, format=kind, tracks=tracks, events=events, reported=reported)


def _format(out: Path, wanted: str | None) -> str:
    if wanted is not None:
        if wanted not in FORMATS:
            raise PremixError(f"{wanted!r} is not a format; one of {', '.join(FORMATS)}")
        return wanted
    for kind, suffix in FORMATS.items():
        if out.suffix.lower() == suffix:
            return kind
    known = ", ".join(FORMATS.values())
    raise PremixError(f"{out}: its suffix names no format; one of {known}, or state --format")


def _read(source: Path, rate: FrameRate | None, folders: Mapping[str, str]) -> _Source:
    if source.suffix.lower() in _SHEET_SUFFIXES:
        from premix.cues import read_cues

        if rate is None:
            raise PremixError(f"{source}: a cue sheet does not state its frame rate; use --rate")
        return _Source(None, page_of_cues(read_cues(source, rate)), lambda media: None)
    from premix.recordings import recordings_beside

    if _is_session(source):
        from premix.media import Roots
        from premix.recordings import recordings_of_session
        from premix.session import read_session
        from premix.session_cut import timeline_of_session

        session = read_session(source)
        find = recordings_of_session(Roots(folders, session.roots))
        timeline = timeline_of_session(session, find)
        return _Source(timeline, page_of_session(session), recordings_beside(source))
    from premix.cut_files import read_timeline

    timeline = read_timeline(source, rate)
    return _Source(timeline, page_of_timeline(timeline), recordings_beside(source))


def _is_session(source: Path) -> bool:
    """Whether an OTIO file is one that spotting wrote; others are timelines like any."""
    if source.suffix.lower() != ".otio":
        return False
    try:
        metadata = json.loads(source.read_bytes()).get("metadata", {})
    except (OSError, ValueError, AttributeError):
        return False
    return isinstance(metadata, dict) and "dubstage" in metadata


def _only(read: _Source, wanted: tuple[str, ...]) -> _Source:
    """Only tracks whose names are, or begin with, one of those wanted."""

    def kept(name: str) -> bool:
        return any(name.casefold().startswith(one.casefold()) for one in wanted)

    rows = tuple(
        row for row in read.page.rows if kept(f"{row.stem}:{row.track}" if row.stem else row.track)
    )
    timeline = read.timeline
    known = {f"{row.stem}:{row.track}" if row.stem else row.track for row in read.page.rows}
    if timeline is not None:
        known = {track.name for track in timeline.tracks}
        tracks = tuple(track for track in timeline.tracks if kept(track.name))
        names = {track.name for track in tracks}
        markers = tuple(mark for mark in timeline.markers if (mark.track or "") in {"", *names})
        timeline = replace(timeline, tracks=tracks, markers=markers)
    if not rows and not (timeline is not None and timeline.tracks):
        raise PremixError(
            f"no track begins with {' or '.join(map(repr, wanted))}; "
            f"there are {', '.join(sorted(known))}"
        )
    return replace(read, timeline=timeline, page=replace(read.page, rows=rows))


def _write(
    timeline: Timeline,
    kind: str,
    path: Path,
    options: Options,
    find_recording: Callable[[str], Recording | None],
) -> tuple[Report, ...]:
    if kind == "aaf":
        from premix.write_aaf import write_aaf

        return write_aaf(timeline, path, find_recording)
    if kind == "edl":
        from premix.write_edl import edl_text

        written = edl_text(timeline, options.dialect)
    elif kind == "protools":
        from premix.write_pro_tools import pro_tools_text

        written = pro_tools_text(timeline, options.counter)
    elif kind == "reaper":
        from premix.write_rpp import rpp_text

        written = rpp_text(timeline, find_recording)
    else:
        from premix.write_otio import otio_text

        written = otio_text(timeline)
    path.write_bytes(written.text.encode("utf-8"))
    return written.reported


def _write_sheet(page: CuePage, kind: str, path: Path) -> tuple[Report, ...]:
    if kind == "csv":
        from premix.cue_sheet_csv import csv_text

        path.write_bytes(csv_text(page).encode("utf-8-sig"))  # by the mark Excel knows UTF-8
        return ()
    from premix.cue_sheet_pdf import letters_not_shown, write_cue_sheet_pdf

    path.write_bytes(write_cue_sheet_pdf(page))
    missing = letters_not_shown(page)
    if not missing:
        return ()
    return (Report("page", f"no font for {missing}: printed as boxes"),)
