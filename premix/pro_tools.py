"""Pro Tools' "session info as text": tracks, clips and markers, line by line.

Five counters occur: timecode (with or without sub-frames), samples, feet+frames,
minutes:seconds, bars|beats. The last cannot be placed, for the text has no tempo.
Only timecode counts from midnight; the others count from the session's start.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from audio.timecode import FILM_24, FrameRate, Timecode, TimecodeError, parse_rate
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.plain_text import decode, split_lines

_SECTIONS = {
    "FILESINSESSION": "files",
    "ONLINEFILESINSESSION": "files",
    "OFFLINEFILESINSESSION": "files",
    "ONLINECLIPSINSESSION": "clips",
    "OFFLINECLIPSINSESSION": "clips",
    "PLUG-INSLISTING": "plug-ins",
    "TRACKLISTING": "tracks",
    "MARKERSLISTING": "markers",
}
_TIMECODE = re.compile(r"\d\d:\d\d:\d\d[:;]\d\d(?:\.\d{2,3})?")
_SAMPLES = re.compile(r"\d+")
_FEET = re.compile(r"(\d+)\+(\d{1,2})(?:\.(\d{1,3}))?")
_MINUTES = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})(?:\.(\d{1,6}))?")
_BARS = re.compile(r"\d+\|\s*\d+(?:\|\s*\d+)?")
_FRAMES_PER_FOOT = 16  # 35 mm, four perforations


def is_pro_tools_text(text: str) -> bool:
    """Whether a text begins as Pro Tools writes it."""
    return text.lstrip("\ufeff \r\n\t").startswith("SESSION NAME:")


def read_pro_tools(path: Path) -> Timeline:
    """Read a session's text export.

    Raises:
        PremixError: not such a file.
    """
    text = decode(path.read_bytes(), path.name, "a Pro Tools text export")
    if not is_pro_tools_text(text):
        raise PremixError(f"{path}: not a Pro Tools text export, which begins with SESSION NAME:")
    return parse_pro_tools(text)


def parse_pro_tools(text: str) -> Timeline:
    """Read a text export. Never fails: what is wrong is reported by line."""
    reader = _Reader()
    for number, line in enumerate(split_lines(text), start=1):
        reader.read(number, line)
    return reader.finish()


@dataclass
class _Track:
    name: str
    comments: str = ""
    state: str = ""
    columns: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass
class _Reader:
    head: dict[str, str] = field(default_factory=dict)
    section: str = "head"
    columns: list[str] = field(default_factory=list)
    tracks: list[_Track] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)  # clip name → file name
    plug_ins: list[str] = field(default_factory=list)
    reported: list[Report] = field(default_factory=list)
    line: int = 0

    def read(self, line: int, text: str) -> None:
        self.line = line
        if not text.strip():
            return
        # "T R A C K  L I S T I N G": letters with blanks between
        spaced = re.fullmatch(r"\S(?:\s{1,2}\S)+\s*", text) and "\t" not in text
        if spaced and (section := _SECTIONS.get(re.sub(r"\s", "", text))):
            self.section, self.columns = section, []
            return
        fields = [part.strip() for part in text.split("\t")]
        rooms: dict[str, Callable[[list[str]], None]] = {
            "head": self._head,
            "files": self._ignore,
            "clips": self._clip,
            "plug-ins": self._plug_in,
            "tracks": self._track,
            "markers": self._marker,
        }
        rooms[self.section](fields)

    def finish(self) -> Timeline:
        return Timeline(
            name=self.head.get("SESSION NAME", ""),
            format="Pro Tools text",
            rate=self.rate,
            start_s=self.start_s,
            sample_rate_hz=self.sample_rate_hz,
            tracks=tuple(
                TimelineTrack(
                    name=track.name,
                    kind="sound",
                    events=tuple(track.events),
                    channels=max((event.channel or 1 for event in track.events), default=None),
                    comments=tuple(filter(None, (track.comments, track.state))),
                )
                for track in self.tracks
            ),
            markers=tuple(self.markers),
            reported=tuple(self.reported),
            metadata={
                "bit depth": self.head.get("BIT DEPTH", ""),
                "plug-ins": "; ".join(self.plug_ins),
            },
        )

    @property
    def rate(self) -> FrameRate:
        try:
            return parse_rate(self.head.get("TIMECODE FORMAT", ""))
        except TimecodeError:
            return FILM_24

    @property
    def sample_rate_hz(self) -> int | None:
        try:
            return round(float(self.head.get("SAMPLE RATE", ""))) or None
        except ValueError:
            return None

    @property
    def start_s(self) -> Fraction:
        try:
            return Timecode.parse(self.head.get("SESSION START TIMECODE", ""), self.rate).seconds
        except TimecodeError:
            return Fraction(0)

    def _report(self, problem: str) -> None:
        self.reported.append(Report(f"line {self.line}", problem))

    def _ignore(self, fields: list[str]) -> None:
        """File names and folders: what a clip plays stands in the list of clips."""

    def _head(self, fields: list[str]) -> None:
        key, colon, rest = fields[0].partition(":")
        value = rest.strip() or (fields[1] if len(fields) > 1 else "")
        if not colon:
            self._report("not a line of a Pro Tools text export")
            return
        self.head[key] = value
        if key == "TIMECODE FORMAT":
            try:
                parse_rate(value)
            except TimecodeError as problem:
                self._report(f"{problem}; read as 24")

    def _clip(self, fields: list[str]) -> None:
        if fields[0] != "CLIP NAME" and len(fields) > 1:
            self.sources[fields[0]] = fields[1]

    def _plug_in(self, fields: list[str]) -> None:
        if fields[0] != "MANUFACTURER" and len(fields) > 1:
            self.plug_ins.append(" ".join(fields[:2]))

    def _track(self, fields: list[str]) -> None:
        key, colon, rest = fields[0].partition(":")
        value = "\t".join(filter(None, [rest.strip(), *fields[1:]]))
        if colon and key == "TRACK NAME":
            self.tracks.append(_Track(value))
        elif not self.tracks:
            self._report("stands before the first TRACK NAME")
        elif colon and key in ("COMMENTS", "USER DELAY", "STATE", "PLUG-INS"):
            if key == "COMMENTS":
                self.tracks[-1].comments = value
            elif key == "STATE":
                self.tracks[-1].state = value
        elif fields[0] == "CHANNEL":
            self.tracks[-1].columns = fields
        elif not (fields[0].isascii() and fields[0].isdigit()):
            # A comment may have several lines.
            self.tracks[-1].comments = f"{self.tracks[-1].comments}\n{fields[0]}".strip()
        else:
            self._event(fields, self.tracks[-1])

    def _event(self, fields: list[str], track: _Track) -> None:
        extra = len(fields) - len(track.columns)
        if extra < 0 or "CLIP NAME" not in track.columns:
            self._report(f"{len(fields)} columns where {len(track.columns)} are announced")
            return
        # A tab can only stand in the clip's name.
        at = track.columns.index("CLIP NAME")
        fields[at : at + 1 + extra] = ["\t".join(fields[at : at + 1 + extra])]
        row = dict(zip(track.columns, fields, strict=True))
        try:
            record_in_s = self._seconds(row.get("START TIME", ""))
            record_out_s = self._seconds(row.get("END TIME", ""))
        except (PremixError, TimecodeError) as problem:
            self._report(str(problem))
            return
        if record_out_s < record_in_s:
            self._report(f"ends at {row['END TIME']}, before its start at {row['START TIME']}")
            return
        name = row.get("CLIP NAME", "")
        track.events.append(
            Event(
                number=row.get("EVENT", ""),
                name=name,
                record_in_s=record_in_s,
                record_out_s=record_out_s,
                media=self.sources.get(name),
                muted=row.get("STATE", "") == "Muted",
                channel=int(fields[0]),
                comments=tuple(f"timestamp {row[c]}" for c in ("TIMESTAMP",) if row.get(c)),
            )
        )

    def _marker(self, fields: list[str]) -> None:
        if fields[0] == "#":
            self.columns = fields
            return
        row = dict(zip(self.columns, fields, strict=False))
        try:
            at_s = self._seconds(row.get("LOCATION", ""))
        except (PremixError, TimecodeError) as problem:
            self._report(str(problem))
            return
        self.markers.append(
            Marker(
                at_s=at_s,
                name=row.get("NAME", ""),
                comment=row.get("COMMENTS", ""),
                track=row.get("TRACK NAME") or None,
            )
        )

    def _seconds(self, counter: str) -> Fraction:
        """A position of any counter, in seconds from the timecode 00:00:00:00."""
        if _TIMECODE.fullmatch(counter):
            return Timecode.parse(counter, self.rate).seconds
        if _SAMPLES.fullmatch(counter):
            if self.sample_rate_hz is None:
                raise PremixError(f"{counter} samples, but the text has no SAMPLE RATE")
            return self.start_s + Fraction(int(counter), self.sample_rate_hz)
        if feet := _FEET.fullmatch(counter):
            subframes = Fraction(int(feet[3] or 0), 10 ** len(feet[3] or "0"))
            frames = int(feet[1]) * _FRAMES_PER_FOOT + int(feet[2]) + subframes
            return self.start_s + frames / self.rate.fps
        if minutes := _MINUTES.fullmatch(counter):
            whole = (int(minutes[1] or 0) * 60 + int(minutes[2])) * 60 + int(minutes[3])
            return (
                self.start_s + whole + Fraction(int(minutes[4] or 0), 10 ** len(minutes[4] or "0"))
            )
        if _BARS.fullmatch(counter):
            raise PremixError(
                f"{counter!r} counts bars and beats, which need the tempo; export with timecode"
            )
        raise PremixError(f"{counter!r} is not a position of Pro Tools")
