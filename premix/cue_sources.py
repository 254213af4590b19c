"""Cues out of timelines: markers and locators, clips of a guide track, named audio events.

Whatever the file, the result is the sheet that `premix.cues` reads from a CSV, with the
same checks; a problem names the marker or the clip by its timecode. Only `read_any_cues`
touches the disk.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from audio.timecode import FrameRate, Timecode
from library.ucs import read_name
from premix import PremixError
from premix.cue_fields import CellError, length_s, stem_and_track
from premix.cue_text import Cells, parse_cue_text, tags_of
from premix.cues import CueProblem, CueSheet, parse_cues, read_cues
from premix.cut import Event, Timeline, TimelineTrack
from premix.edl_lines import EditLine, Locator, parse_line
from premix.plain_text import split_lines

WALK_SPM = 110  # the pace of steps of which only the number is told
RUN_SPM = 165
_RUNS = re.compile(r"\b(?:run|runs|running|jog|jogs|jogging|sprint\w*)\b", re.IGNORECASE)
_GUIDE = re.compile(r"(?:cues?|guide|spotting)\b[\s:_-]*(?P<what>.*)", re.IGNORECASE)
_STEM_OF_CATEGORY = (
    ("FOLYFeet", "foley:feet"),
    ("FOLYClth", "foley:cloth"),
    ("FOLY", "foley:props"),
    ("CRWD", "backgrounds:walla"),
    ("WALLA", "backgrounds:walla"),
    ("AMB", "backgrounds:a"),
    ("DSGN", "fx:design"),
)
FindSound = Callable[[str], str | None]
"""What the library calls the sound that a name means (a path or an id); None: it has none."""


@dataclass(frozen=True)
class _Found:
    """A cue on its way: its cells, and where in the timeline it stands."""

    place: str
    at_s: Fraction
    until_s: Fraction | None
    cells: Cells


def read_any_cues(
    path: Path,
    rate: FrameRate,
    *,
    feet_from: Timecode | None = None,
    find_sound: FindSound | None = None,
) -> CueSheet:
    """Cues of a cue sheet or of a timeline; the file's content tells which it is.

    Raises:
        PremixError: as `read_cues` and `read_timeline`; also where a timeline holds no cue.
    """
    from premix.cut_files import read_timeline

    if not is_timeline(path):
        return read_cues(path, rate, feet_from=feet_from)
    timeline = read_timeline(path, rate)
    sheet = cues_of_timeline(timeline, find_sound=find_sound)
    if not sheet.cues and not sheet.problems:
        raise PremixError(
            f"{path}: none of its {len(timeline.markers)} markers is a cue (as in: "
            "FOLEY feet: boots gravel walk x6), and it has no track named CUES or GUIDE"
        )
    return replace(sheet, name=path.name)


def is_timeline(path: Path) -> bool:
    """Whether a file is an EDL, OTIO, AAF, Pro Tools text or Final Cut XML, not a table."""
    try:
        with path.open("rb") as file:
            head = file.read(65_536)
    except OSError:
        return False  # whoever reads it says why
    if head.startswith((b"\xd0\xcf\x11\xe0", b"SESSION NAME:", b"\xef\xbb\xbfSESSION NAME:")):
        return True
    if any(mark in head for mark in (b'"OTIO_SCHEMA"', b"<xmeml", b"<fcpxml")):
        return True
    lines = split_lines(head.decode("latin-1"))
    return any(isinstance(parse_line(line), EditLine | Locator) for line in lines)


def cues_of_timeline(timeline: Timeline, *, find_sound: FindSound | None = None) -> CueSheet:
    """Every cue that a timeline tells, in the order of time.

    Args:
        find_sound: asked for the names of sound events; those it knows are locked cues.
    """
    found = [
        *_marker_cues(timeline),
        *_guide_cues(timeline),
        *(_sound_cues(timeline, find_sound) if find_sound is not None else ()),
    ]
    found.sort(key=lambda one: one.at_s)
    return _sheet(
        timeline, [_placed(one, index, found, timeline) for index, one in enumerate(found)]
    )


def _marker_cues(timeline: Timeline) -> Iterator[_Found]:
    for marker in timeline.markers:
        for text, other in ((marker.name, marker.comment), (marker.comment, marker.name)):
            cells = parse_cue_text(text)
            if cells is not None:
                _, tags = tags_of(other)  # Pro Tools users tag in the comment
                yield _Found(
                    place=f"marker at {timeline.label(marker.at_s)}",
                    at_s=marker.at_s,
                    until_s=marker.at_s + marker.duration_s if marker.duration_s else None,
                    cells={**tags, **cells},
                )
                break


def _guide_cues(timeline: Timeline) -> Iterator[_Found]:
    """Clips of a track that calls itself a guide: CUES, GUIDE foley feet, {stem=bg} …"""
    for track in timeline.tracks:
        inherited = _guide_tags(track)
        if inherited is None:
            continue
        for event in _with_continuations(track.events):
            cells = parse_cue_text(event.name, inherited)
            if cells is not None:
                yield _Found(
                    place=f"clip at {timeline.label(event.record_in_s)} on {track.name}",
                    at_s=event.record_in_s,
                    until_s=event.record_out_s,
                    cells=cells,
                )


def _guide_tags(track: TimelineTrack) -> Cells | None:
    """What a guide track says for all its clips; None for any other track."""
    name, tags = tags_of(track.name)
    for comment in track.comments:
        tags = {**tags_of(comment)[1], **tags}
    guide = _GUIDE.fullmatch(name)
    if guide is None:
        return tags if "stem" in tags else None
    words = guide["what"].replace(":", " ").split()
    for count in range(len(words), 0, -1):
        try:
            stem, _ = stem_and_track(" ".join(words[:count]))
            _, track_name = stem_and_track(stem, " ".join(words[count:]))
        except CellError:
            continue
        return {**tags, "stem": f"{stem}:{track_name}" if track_name else stem}
    return tags


def _with_continuations(events: tuple[Event, ...]) -> Iterator[Event]:
    """A clip named "& …" goes on with the one before it; one named "@ …" tags a range."""
    open_event: Event | None = None
    for event in events:
        if (event.channel or 1) > 1 or event.muted or event.name.startswith("@"):
            continue
        if event.name.startswith("&") and open_event is not None:
            name = f"{open_event.name} {event.name[1:].strip()}"
            open_event = replace(open_event, name=name, record_out_s=event.record_out_s)
            continue
        if open_event is not None:
            yield open_event
        open_event = event
    if open_event is not None:
        yield open_event


def _sound_cues(timeline: Timeline, find_sound: FindSound) -> Iterator[_Found]:
    """Sound events that name a recording of the library, by file name, clip name or reel."""
    seen: set[tuple[str, Fraction]] = set()
    for track in timeline.tracks:
        if track.kind != "sound":
            continue
        for event in track.events:
            names = dict.fromkeys(filter(None, (event.media, event.name, event.reel)))
            sound = next(filter(None, map(find_sound, names)), None)
            if sound is None or event.muted or (sound, event.record_in_s) in seen:
                continue
            seen.add((sound, event.record_in_s))  # its other channels
            cells = {"stem": _stem_of(names), "sound": sound}
            if event.gain_db:
                cells["gain_db"] = f"{event.gain_db:.2f}"
            yield _Found(
                place=f"event {event.number} on {track.name}",
                at_s=event.record_in_s,
                until_s=event.record_out_s,
                cells=cells,
            )


def _stem_of(names: Mapping[str, None]) -> str:
    for name in names:
        ucs = read_name(Path(name).name)
        for start, stem in _STEM_OF_CATEGORY if ucs is not None else ():
            if ucs is not None and ucs.cat_id.startswith(start):
                return stem
    return "fx:hard"


def _placed(one: _Found, index: int, found: list[_Found], timeline: Timeline) -> _Found:
    """With its `in` and `out`, as far as they are told or can be known."""
    cells = dict(one.cells)
    cells.setdefault("in", timeline.label(one.at_s))
    lasts = cells.pop("lasts", None)
    until_s = one.until_s
    if lasts:
        until_s = one.at_s + length_s(lasts, timeline.rate)
    background = stem_and_track(cells["stem"])[0] == "backgrounds"
    if until_s is None and background:
        until_s = _next_of_its_kind(cells, index, found, timeline)
    if until_s is not None and until_s > one.at_s:
        cells.setdefault("out", timeline.label(until_s))
    if cells.get("steps") and not (cells.get("out") or cells.get("pace")):
        runs = _RUNS.search(cells.get("query", ""))
        cells["pace"] = str(RUN_SPM if runs else WALK_SPM)
    return replace(one, cells=cells)


def _next_of_its_kind(
    cells: Cells, index: int, found: list[_Found], timeline: Timeline
) -> Fraction | None:
    """A background without an end lasts until the next on its track, or the timeline's end."""
    own = _track_of(cells)
    for other in found[index + 1 :]:
        if _track_of(other.cells) == own and other.at_s > found[index].at_s:
            return other.at_s
    ends = [event.record_out_s for track in timeline.tracks for event in track.events]
    return max(ends, default=None)


def _track_of(cells: Mapping[str, str]) -> tuple[str, str | None]:
    return stem_and_track(cells["stem"], cells.get("track", ""))


def _sheet(timeline: Timeline, found: list[_Found]) -> CueSheet:
    """As a cue sheet in memory, so that one set of rules holds for every source."""
    columns = list(dict.fromkeys(["cue", "stem", "in", *(c for one in found for c in one.cells)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    taken = {one.cells.get("cue", "") for one in found}
    number = 0
    for one in found:
        cells = {name: " ".join(cell.split()) for name, cell in one.cells.items()}
        cells["cue"] = cells.get("cue", "").lstrip("#")  # which would make the row a comment
        if not cells["cue"]:
            number += 1
            while f"M{number}" in taken:
                number += 1
            cells["cue"] = f"M{number}"
        writer.writerow(cells)
    sheet = parse_cues(text.getvalue().encode(), timeline.name or "timeline", timeline.rate)
    return replace(
        sheet,
        problems=tuple(
            CueProblem(
                problem.line, problem.cue, f"{found[problem.line - 2].place}: {problem.problem}"
            )
            for problem in sheet.problems
        ),
    )
