"""What a Foley stage pins on the wall, as rows: from a session, a cue sheet or a timeline. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from audio.timecode import FrameRate
from library.ucs import read_name
from premix.cues import Cue, CueSheet
from premix.cut import Timeline
from premix.timeline import STEMS, Clip, Session

_FIRST = {"foley": ("feet", "props"), "backgrounds": ("a", "b", "walla"), "fx": ("hard",)}
_LAST = {"foley": ("cloth",)}  # cloth is walked when all else is there


@dataclass(frozen=True, kw_only=True)
class CueRow:
    """One cue, as a person on the stage reads it."""

    number: str
    stem: str  # "" in a timeline that knows none
    track: str
    in_s: Fraction
    out_s: Fraction | None
    description: str
    hits_s: tuple[Fraction, ...] = ()
    steps: int | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CuePage:
    """All rows of a reel in order of timecode."""

    name: str
    rate: FrameRate
    rows: tuple[CueRow, ...]

    def stems(self) -> list[str]:
        """The stems that have cues, in the order of the trade."""
        found = {row.stem for row in self.rows}
        return [stem for stem in (*STEMS, "") if stem in found] + sorted(found - {*STEMS, ""})

    def of_stem(self, stem: str) -> tuple[CueRow, ...]:
        return tuple(row for row in self.rows if row.stem == stem)


def tracks_in_order(stem: str, rows: Iterable[CueRow]) -> list[str]:
    """Columns of a stem: of Foley feet, props, the user's own as they come, cloth last."""
    found = list(dict.fromkeys(row.track for row in rows if row.stem == stem))
    first = [track for track in _FIRST.get(stem, ()) if track in found or stem == "foley"]
    last = [track for track in _LAST.get(stem, ()) if track in found or stem == "foley"]
    own = [track for track in found if track not in (*first, *last)]
    return [*first, *own, *last]


def page_of_session(session: Session) -> CuePage:
    """One row a cue, with its hits where clips were put in sync.

    It begins with its first hit, which is what is seen, not where the recording begins
    to be heard; without hits with its first clip.
    """
    by_cue: dict[tuple[str, str, str], list[Clip]] = {}
    for track in session.tracks:
        for clip in track.clips:
            by_cue.setdefault((clip.cue, track.stem, track.name), []).append(clip)
    hz = session.sample_rate_hz
    rows = []
    for (cue, stem, name), clips in by_cue.items():
        hits = sorted({clip.sync_samples for clip in clips if clip.sync_samples is not None})
        first = hits[0] if hits else min(clip.record_start_samples for clip in clips)
        rows.append(
            CueRow(
                number=cue,
                stem=stem,
                track=name,
                in_s=Fraction(first, hz),
                out_s=Fraction(max(clip.record_end_samples for clip in clips), hz),
                description=_sounds(clips),
                hits_s=tuple(Fraction(hit, hz) for hit in hits),
                who=_told(clips, "who").title(),
                note=_told(clips, "note"),
            )
        )
    return CuePage(name=session.name, rate=session.rate, rows=_sorted(rows))


def _sounds(clips: Sequence[Clip]) -> str:
    """The recordings, by the words of their names: "Boots Concrete Walk"."""
    names = dict.fromkeys(fx_name(clip.sound.path) for clip in clips)
    return ", ".join(names)


def fx_name(path: str) -> str:
    """A recording by the words of its file name, where that is built as UCS has it.

    >>> fx_name("props/DOORWood_Cabin Slam_ABC_Nord.wav"), fx_name("doors_glass_door_open.ogg")
    ('Cabin Slam', 'doors_glass_door_open')
    """
    name = read_name(Path(path))
    return (name.fx_name if name is not None else "") or Path(path).stem


def _told(clips: Sequence[Clip], key: str) -> str:
    return next((str(clip.metadata[key]) for clip in clips if clip.metadata.get(key)), "")


def page_of_cues(sheet: CueSheet) -> CuePage:
    """The cues of a sheet, before anything is cast."""
    return CuePage(
        name=Path(sheet.name).name.split(".")[0],
        rate=sheet.rate,
        rows=_sorted([_row(cue) for cue in sheet.cues if cue.first is not None]),
    )


def _row(cue: Cue) -> CueRow:
    assert cue.first is not None
    return CueRow(
        number=cue.number,
        stem=cue.stem,
        track=cue.track,
        in_s=cue.first.seconds,
        out_s=None if cue.record_out is None else cue.record_out.seconds,
        description=cue.query or cue.sound or (cue.like and f"like {cue.like}"),
        hits_s=tuple(hit.seconds for hit in cue.hits),
        steps=cue.steps,
        who=cue.who.title(),
        note=cue.note,
    )


def page_of_timeline(timeline: Timeline) -> CuePage:
    """Sound events by track, and markers as a track of their own."""
    rows = [
        CueRow(
            number=event.number,
            stem=track.name.partition(":")[0] if ":" in track.name else "",
            track=track.name.partition(":")[2] or track.name,
            in_s=event.record_in_s,
            out_s=event.record_out_s,
            description=event.name or event.reel,
            note="; ".join(event.comments),
        )
        for track in timeline.tracks
        if track.kind == "sound"
        for event in track.events
    ]
    rows += [
        CueRow(
            number=str(number),
            stem="",
            track="markers",
            in_s=marker.at_s,
            out_s=marker.at_s + marker.duration_s if marker.duration_s else None,
            description=marker.name,
            note=marker.comment,
        )
        for number, marker in enumerate(timeline.markers, start=1)
    ]
    return CuePage(name=timeline.name, rate=timeline.rate, rows=_sorted(rows))


def _sorted(rows: Iterable[CueRow]) -> tuple[CueRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.in_s, row.number)))
