"""A cut as a REAPER project. Pure: a timeline in, text out; the same one, the same text.

Folders hold the tracks of a stem, items point at the recordings whole, so that every
handle is there. Of a session's clips, speed, length without pitch, pitch, pan and
direction are REAPER's own; its filters, distances and rooms stand in an item's notes.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import log2
from pathlib import PurePath

from audio.level import gain_from_db
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.session_cut import Recording, SpottedEvent
from premix.write_edl import Written

_SAMPLE_RATE_HZ = 48_000  # of a timeline that has none
_NAMESPACE = uuid.UUID("6f0d3f0c-8e4f-5a34-9a5e-0d0bb1f5e7a1")
# REAPER's shapes: 0 straight, 1 fast start, 3 faster start, 4 slower start, 5 S.
_SHAPES = {
    "equal_power": 1, "equal_gain": 0, "linear": 0, "s_curve": 5, "s_curve_power": 5,
    "exponential": 4, "logarithmic": 3,
}  # fmt: skip
_SOURCES = {
    ".wav": "WAVE", ".bwf": "WAVE", ".w64": "WAVE", ".rf64": "WAVE", ".aif": "WAVE",
    ".aiff": "WAVE", ".flac": "FLAC", ".mp3": "MP3", ".ogg": "VORBIS", ".opus": "VORBIS",
}  # fmt: skip
_COLOURS = {
    "red": 0xE04030, "green": 0x40A040, "blue": 0x4060E0, "cyan": 0x30B0C0, "yellow": 0xE0C030,
    "magenta": 0xC040A0, "white": 0xE0E0E0, "black": 0x202020, "orange": 0xE08030,
}  # fmt: skip
_COLOUR_IS_SET = 0x1000000


def rpp_text(
    timeline: Timeline, find_recording: Callable[[str], Recording | None] = lambda media: None
) -> Written:
    """The project file.

    Args:
        find_recording: what is known of a media reference of an event that is no session's.
    """
    return _Writer(timeline, find_recording).write()


@dataclass
class _Writer:
    timeline: Timeline
    find_recording: Callable[[str], Recording | None]
    reported: list[Report] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    count: int = 0  # of things that have an id

    def write(self) -> Written:
        rate = self.timeline.rate
        times = [event.record_in_s for track in self.timeline.tracks for event in track.events]
        times += [marker.at_s for marker in self.timeline.markers]
        # REAPER has no time before its start: what lies there moves the start, by whole frames.
        earliest = min([self.timeline.start_s, *times])
        self.start_s = Fraction(int(earliest * rate.fps)) / rate.fps
        lines = list(self._project())
        for what, count in self.lost.items():
            self.reported.append(Report("project", f"REAPER is not told of {what}: {count} lost"))
        return Written("".join(f"{line}\n" for line in lines), tuple(self.reported))

    def _id(self, name: str) -> str:
        self.count += 1
        made = uuid.uuid5(_NAMESPACE, f"{self.timeline.name}\n{self.count}\n{name}")
        return "{" + str(made).upper() + "}"

    def _project(self) -> Iterator[str]:
        rate = self.timeline.rate
        # 1 is drop-frame, 2 a rate of NTSC that counts every frame.
        fraction = 1 if rate.drop else 2 if rate.fps.denominator != 1 else 0
        if rate.drop and rate.fps.denominator == 1:
            self.reported.append(Report("project", f"{rate} becomes drop-frame of NTSC"))
        sample_rate_hz = self.timeline.sample_rate_hz or _SAMPLE_RATE_HZ
        yield '<REAPER_PROJECT 0.1 "6.80" 0'
        yield "  RIPPLE 0"
        yield "  GROUPOVERRIDE 0 0 0"
        yield "  AUTOXFADE 0"  # clips that overlap on purpose stay as they were cut
        yield f"  PROJOFFS {_seconds(self.start_s)} 0 0"
        yield f"  TIMEMODE 5 5 -1 {rate.labels_per_second} {fraction} 0 -1"
        yield "  PANLAW 1"
        yield f"  SAMPLERATE {sample_rate_hz} 1 0"
        yield "  TEMPO 120 4 4"
        for number, marker in enumerate(self.timeline.markers, start=1):
            yield from self._marker(number, marker)
        for stem, tracks in _stems(self.timeline.tracks):
            if stem:
                yield from self._track_head(stem, "1 1", 2)
                yield "  >"
            for track in tracks:
                last = stem and track is tracks[-1]
                yield from self._track(track, "2 -1" if last else "0 0")
        yield ">"

    def _marker(self, number: int, marker: Marker) -> Iterator[str]:
        name = _quoted(f"{marker.name} {marker.comment}".strip())
        colour = _colour(marker.colour)
        at = _seconds(marker.at_s - self.start_s)
        region = 1 if marker.duration_s else 0
        yield f"  MARKER {number} {at} {name} {region} {colour} 1 R {self._id(marker.name)} 0"
        if region:
            end = _seconds(marker.at_s + marker.duration_s - self.start_s)
            yield f'  MARKER {number} {end} "" 1'

    def _track_head(self, name: str, folder: str, channels: int) -> Iterator[str]:
        made = self._id(name)
        yield f"  <TRACK {made}"
        yield f"    NAME {_quoted(name)}"
        yield "    VOLPAN 1 0 -1 -1 1"
        yield "    MUTESOLO 0 0 0"
        yield f"    ISBUS {folder}"
        yield f"    NCHAN {channels + channels % 2}"  # REAPER counts them in pairs
        yield f"    TRACKID {made}"
        yield "    MAINSEND 1 0"

    def _track(self, track: TimelineTrack, folder: str) -> Iterator[str]:
        channels = max(2, track.channels or 1)
        yield from self._track_head(track.name, folder, channels)
        for event in track.events:
            if event.record_out_s > event.record_in_s:
                yield from self._item(event, track)
        yield "  >"

    def _item(self, event: Event, track: TimelineTrack) -> Iterator[str]:
        spotted = event if isinstance(event, SpottedEvent) else None
        shape = _SHAPES.get(spotted.fade_shape if spotted else "equal_power", 1)
        lasts_s = event.record_out_s - event.record_in_s
        yield "    <ITEM"
        yield f"      POSITION {_seconds(event.record_in_s - self.start_s)}"
        if spotted and spotted.sync_s is not None:
            snap_s = spotted.sync_s - event.record_in_s
            if 0 <= snap_s <= lasts_s:  # the attack is what snaps to a grid
                yield f"      SNAPOFFS {_seconds(snap_s)}"
        yield f"      LENGTH {_seconds(lasts_s)}"
        yield "      LOOP 0"
        yield "      ALLTAKES 0"
        yield f"      FADEIN 1 {_seconds(event.fade_in_s)} 0 {shape} 0 0 0"
        yield f"      FADEOUT 1 {_seconds(event.fade_out_s)} 0 {shape} 0 0 0"
        yield f"      MUTE {int(event.muted)} 0"
        yield f"      IGUID {self._id(event.name)}"
        name = f"{spotted.cue} {event.name}" if spotted else event.name or event.reel
        yield f"      NAME {_quoted(name)}"
        pan = spotted.pan if spotted else 0.0
        yield f"      VOLPAN {_number(gain_from_db(event.gain_db))} {_number(pan)} 1 -1"
        if event.gain_points:
            self.lost["gain automation"] += 1
        notes = [*event.comments, *(spotted.untold if spotted else ())]
        if track.kind == "sound":
            yield from self._sound(event, spotted)
        else:
            notes = [name, *notes]  # an item without a source shows its notes
        if notes:
            yield "      <NOTES"
            yield from (f"        |{line}" for note in notes for line in note.splitlines())
            yield "      >"
        if spotted and spotted.untold:
            self.lost["filters, distances and rooms, but for a note in the item"] += 1
        yield "    >"

    def _sound(self, event: Event, spotted: SpottedEvent | None) -> Iterator[str]:
        recording = spotted.recording if spotted else None
        if recording is None and event.media:
            recording = self.find_recording(event.media)
        media = recording.path if recording else event.media
        if not media:
            self.reported.append(
                Report(f"event {event.number} {event.name}", "names no file; an empty item")
            )
            return
        speed = spotted.speed if spotted else abs(event.speed_percent) / 100
        ratio = spotted.time_ratio if spotted else 1.0
        semitones = (spotted.pitch_cents if spotted else 0.0) / 100
        if event.speed_percent == 0:
            self.lost["freeze frames"] += 1
            speed = 1.0
        keeps_pitch = ratio != 1.0
        if keeps_pitch:  # REAPER has one rate: what the tape would do to pitch is added by hand
            semitones += 12 * log2(speed)
        yield f"      SOFFS {_seconds(self._offset_s(event, recording))}"
        yield (
            f"      PLAYRATE {_number(speed / ratio)} {int(keeps_pitch)} {_number(semitones)} "
            "-1 0 0.0025"
        )
        yield "      CHANMODE 0"
        yield f"      GUID {self._id(event.name)}"
        kind = _SOURCES.get(PurePath(media).suffix.lower(), "WAVE")
        if event.speed_percent >= 0:
            yield f"      <SOURCE {kind}"
            yield f"        FILE {_quoted(media)}"
            yield "      >"
            return
        whole_s = _whole_s(recording) or event.source_out_s or Fraction(0)
        yield "      <SOURCE SECTION"
        yield f"        LENGTH {_seconds(whole_s)}"
        yield "        STARTPOS 0"
        yield "        OVERLAP 0"
        yield "        MODE 2"  # played backwards
        yield f"        <SOURCE {kind}"
        yield f"          FILE {_quoted(media)}"
        yield "        >"
        yield "      >"

    def _offset_s(self, event: Event, recording: Recording | None) -> Fraction:
        """Where in its source an item begins; in one played backwards, counted from its end."""
        if event.speed_percent >= 0:
            return max(Fraction(0), event.source_in_s or Fraction(0))
        end_s = event.source_out_s or Fraction(0)
        return max(Fraction(0), (_whole_s(recording) or end_s) - end_s)


def _whole_s(recording: Recording | None) -> Fraction | None:
    if recording is None:
        return None
    return Fraction(recording.duration_samples, recording.sample_rate_hz)


def _stems(
    tracks: tuple[TimelineTrack, ...],
) -> list[tuple[str, list[TimelineTrack]]]:
    """Tracks named "stem:track" together, in the order of their first."""
    found: dict[str, list[TimelineTrack]] = {}
    for track in tracks:
        stem, colon, _rest = track.name.partition(":")
        found.setdefault(stem if colon else "", []).append(track)
    return list(found.items())


def _seconds(value: Fraction) -> str:
    """Fourteen decimals, as REAPER writes: to the sample at any rate, for a day."""
    whole, rest = divmod(round(value * 10**14), 10**14)
    return f"{whole}.{rest:014}".rstrip("0").removesuffix(".")


def _number(value: float) -> str:
    return f"{value:.14f}".rstrip("0").rstrip(".") or "0"


def _quoted(text: str) -> str:
    """In the quotation marks that the text has not; REAPER knows no escape.

    >>> _quoted("slam"), _quoted('the "big" one'), _quoted('''it's "big"''')
    ('"slam"', '\\'the "big" one\\'', '`it\\'s "big"`')
    """
    text = " ".join(text.splitlines())
    for mark in "\"'`":
        if mark not in text:
            return f"{mark}{text}{mark}"
    return "`" + text.replace("`", "'") + "`"


def _colour(name: str | None) -> int:
    """REAPER's number of a colour, red in the lowest byte; 0 is the theme's own."""
    if not name:
        return 0
    if name.startswith("#") and len(name) == 7:
        rgb = int(name[1:], 16)
    elif name.lower() in _COLOURS:
        rgb = _COLOURS[name.lower()]
    else:
        return 0
    return (rgb >> 16 | rgb & 0xFF00 | (rgb & 0xFF) << 16) | _COLOUR_IS_SET
