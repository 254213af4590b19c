"""A cut as Pro Tools' "session info as text". Pure: a timeline in, text out.

Times are timecode with hundredths of a frame, or samples counted from the session's
start, which is exact where all edges lie on samples.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote

from audio.timecode import SUBFRAMES_PER_FRAME, Timecode
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.session_cut import SpottedEvent
from premix.write_edl import Written

COUNTERS = ("timecode", "samples")
_TIMESTAMP = "timestamp "  # as the reader keeps that column
_SAMPLE_RATE_HZ = 48_000  # of a timeline that has none
_STATES = re.compile(r"(?:(?:Solo|Muted|Inactive|Hidden|Frozen|SoloSafe)\s*)+", re.IGNORECASE)


def pro_tools_text(timeline: Timeline, counter: str = "timecode") -> Written:
    """The text export of a session that would hold this timeline.

    Raises:
        PremixError: a counter that is not one of `COUNTERS`.
    """
    if counter not in COUNTERS:
        raise PremixError(f"{counter!r} is not a counter; one of {', '.join(COUNTERS)}")
    return _Writer(timeline, counter).write()


@dataclass
class _Writer:
    timeline: Timeline
    counter: str
    reported: list[Report] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    moved: int = 0  # edges that lie between two values of the counter
    furthest_s: Fraction = Fraction(0)
    names: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sample_rate_hz = self.timeline.sample_rate_hz or _SAMPLE_RATE_HZ
        rate = self.timeline.rate
        frame = int(self.timeline.start_s * rate.fps)  # a session starts on a frame
        earliest = min(self._times(), default=self.timeline.start_s)
        self.start = Timecode.wrapped(min(frame, int(earliest * rate.fps)), rate)

    def write(self) -> Written:
        sounds = [track for track in self.timeline.tracks if track.kind == "sound"]
        pictures = [track for track in self.timeline.tracks if track.kind != "sound"]
        for track in pictures:
            self._report(f"track {track.name}", "left out: the text lists sound")
        self._name_clips(sounds)
        tracks = [line for track in sounds for line in self._track(track)]
        markers = list(self._markers())
        lines = [*self._head(sounds), *self._media(), "T R A C K  L I S T I N G", *tracks]
        self._account()
        return Written("".join(f"{line}\n" for line in [*lines, *markers]), tuple(self.reported))

    def _times(self) -> Iterator[Fraction]:
        for track in self.timeline.tracks:
            yield from (event.record_in_s for event in track.events if track.kind == "sound")
        yield from (marker.at_s for marker in self.timeline.markers)

    def _report(self, where: str, problem: str) -> None:
        self.reported.append(Report(where, problem))

    def _head(self, sounds: list[TimelineTrack]) -> list[str]:
        rate = self.timeline.rate
        files = {media for _name, media in self.names if media}
        depth = self.timeline.metadata.get("bit depth") or "24-bit"
        return [
            f"SESSION NAME:\t{_cell(self.timeline.name)}",
            f"SAMPLE RATE:\t{self.sample_rate_hz:.6f}",
            f"BIT DEPTH:\t{depth}",
            f"SESSION START TIMECODE:\t{self.start}{'' if self.start.subframe else '.00'}",
            f"TIMECODE FORMAT:\t{rate.name.removesuffix('df')}{' Drop' * rate.drop} Frame",
            f"# OF AUDIO TRACKS:\t{len(sounds)}",
            f"# OF AUDIO CLIPS:\t{len(self.names)}",
            f"# OF AUDIO FILES:\t{len(files)}",
            "",
            "",
        ]

    def _media(self) -> list[str]:
        """Files and clips: by its clip's name an event finds the file that it plays."""
        clips = [(self.names[key], key[1]) for key in self.names if key[1]]
        if not clips:
            return []
        folders = {media: _file_and_folder(media) for _name, media in clips}
        return [
            "O N L I N E  F I L E S  I N  S E S S I O N",
            "",
            "FILE NAME\tLocation",
            *(f"{file}\t{folder}" for file, folder in dict.fromkeys(folders.values())),
            "",
            "",
            "O N L I N E  C L I P S  I N  S E S S I O N",
            "",
            "CLIP NAME\tSource File",
            *(f"{name}\t{_cell(media)}" for name, media in dict.fromkeys(clips)),
            "",
            "",
        ]

    def _name_clips(self, sounds: list[TimelineTrack]) -> None:
        """A clip's name says which file it plays: two files under one name are told apart."""
        taken: dict[str, str | None] = {}
        for event in (event for track in sounds for event in track.events):
            key = (event.name, event.media)
            if key in self.names:
                continue
            wanted = name = _cell(event.name) or "clip"
            count = 1
            while name in taken and taken[name] != event.media:
                count += 1
                name = f"{wanted}-{count:02}"
            if name != event.name:
                self._report(f"clip {event.name}", f"written as {name}")
            taken[name] = event.media
            self.names[key] = name

    def _track(self, track: TimelineTrack) -> Iterator[str]:
        comments, state = _comments_and_state(track.comments)
        yield f"TRACK NAME:\t{_cell(track.name)}"
        yield f"COMMENTS:\t{comments}"
        yield "USER DELAY:\t0 Samples"
        yield f"STATE: {state}".rstrip()
        stamped = any(self._timestamp(event) for event in track.events)
        columns = ["CHANNEL ", "EVENT   ", "CLIP NAME                     ", "START TIME    ",
                   "END TIME      ", "DURATION      "]  # fmt: skip
        columns += ["TIMESTAMP         "] * stamped + ["STATE"]
        yield "\t".join(columns)
        for event in track.events:
            yield "\t".join(self._row(event, stamped))
        yield ""
        yield ""

    def _row(self, event: Event, stamped: bool) -> Iterator[str]:
        # A session's stereo clip is one event: its channels are the file's.
        channel = 1 if isinstance(event, SpottedEvent) else event.channel or 1
        yield f"{channel:<8}"
        yield f"{event.number:<8}"
        yield f"{self.names[event.name, event.media]:<30}"
        yield self._time(event.record_in_s)
        yield self._time(event.record_out_s)
        yield self._time(event.record_out_s - event.record_in_s, length=True)
        if stamped:
            yield self._timestamp(event)
        yield "Muted" if event.muted else "Unmuted"
        untold = (
            ("fades", event.fade_in_s or event.fade_out_s),
            ("clip gain", event.gain_db or event.gain_points),
            ("speed", event.speed_percent != 100.0),
        )
        self.lost.update(what for what, there in untold if there)

    def _timestamp(self, event: Event) -> str:
        for comment in event.comments:
            if comment.startswith(_TIMESTAMP):
                return comment.removeprefix(_TIMESTAMP)
        at_s = event.source_timecode_s
        if at_s is None or isinstance(event, SpottedEvent) is False or at_s < 0:
            return ""
        return self._label(at_s)

    def _time(self, at_s: Fraction, *, length: bool = False) -> str:
        if self.counter == "samples":
            since = at_s if length else at_s - self.start.seconds
            return str(self._nearest(since, self.sample_rate_hz, told=not length))
        return self._label(at_s, told=not length)

    def _label(self, at_s: Fraction, *, told: bool = True) -> str:
        rate = self.timeline.rate
        hundredths = self._nearest(at_s, rate.fps * SUBFRAMES_PER_FRAME, told=told)
        frame, subframe = divmod(hundredths, SUBFRAMES_PER_FRAME)
        label = str(Timecode(frame % rate.frames_per_day, rate))
        return f"{label}.{subframe:02}"

    def _nearest(self, at_s: Fraction, per_second: Fraction | int, *, told: bool) -> int:
        exact = at_s * per_second
        nearest = round(exact)
        if told and nearest != exact:
            self.moved += 1
            self.furthest_s = max(self.furthest_s, abs(exact - nearest) / per_second)
        return nearest

    def _markers(self) -> Iterator[str]:
        if not self.timeline.markers:
            return
        yield "M A R K E R S  L I S T I N G"
        tracked = any(marker.track for marker in self.timeline.markers)
        columns = ["#   ", "LOCATION     ", "TIME REFERENCE    ", "UNITS    ",
                   "NAME                             "]  # fmt: skip
        columns += ["TRACK NAME                       "] * tracked + ["COMMENTS"]
        yield "\t".join(columns)
        for number, marker in enumerate(self.timeline.markers, start=1):
            yield "\t".join(self._marker(number, marker, tracked))

    def _marker(self, number: int, marker: Marker, tracked: bool) -> Iterator[str]:
        yield f"{number:<4}"
        yield self._time(marker.at_s)
        yield f"{round((marker.at_s - self.start.seconds) * self.sample_rate_hz):<18}"
        yield "Samples  "
        yield f"{_cell(marker.name):<33}"
        if tracked:
            yield f"{_cell(marker.track or ''):<33}"
        yield _cell(marker.comment)
        untold = (("colours of markers", marker.colour), ("lengths of markers", marker.duration_s))
        self.lost.update(what for what, there in untold if there)

    def _account(self) -> None:
        for what, count in self.lost.items():
            self._report("session", f"the text has no column for {what}: {count} lost")
        if self.moved:
            unit = "sample" if self.counter == "samples" else "hundredth of a frame"
            furthest_ms = float(self.furthest_s * 1000)
            moved = f"{self.moved} positions were moved to the nearest {unit}"
            self._report("session", f"{moved}, by {furthest_ms:.3f} ms at most")


def _comments_and_state(comments: tuple[str, ...]) -> tuple[str, str]:
    """What the reader keeps of a track: its comment, its state, or one of them."""
    *others, last = comments or ("",)
    if _STATES.fullmatch(last):
        return _lines(others), last
    return _lines([*others, last]), ""


def _lines(texts: list[str]) -> str:
    """A comment may have lines; a tab or a line that looks like a column's head may not stand."""
    return "\n".join(" ".join(text.split("\t")) for text in texts)


def _cell(text: str) -> str:
    return re.sub(r"[\t\r\n]+", " ", text).strip()


def _file_and_folder(media: str) -> tuple[str, str]:
    path = unquote(media.partition("//")[2]) if media.startswith("file:") else media
    kind = PureWindowsPath if "\\" in path else PurePosixPath
    return _cell(kind(path).name), _cell(str(kind(path).parent))
