"""What a cutting room sends, whatever the file: tracks of events, and markers.

Times are exact seconds from the timecode 00:00:00:00 (`Fraction`), for some files
count frames, some samples, some both; `Timeline.rate` gives them their labels.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from audio.timecode import FrameRate, Timecode
from premix.timeline import Shot


@dataclass(frozen=True, kw_only=True)
class Event:
    """One clip where the file puts it."""

    number: str
    name: str
    record_in_s: Fraction
    record_out_s: Fraction
    source_in_s: Fraction | None = None
    source_out_s: Fraction | None = None
    source_timecode_s: Fraction | None = None  # at record in, where the source positions are none
    reel: str = ""
    media: str | None = None  # path, URL or name of the file it plays
    fade_in_s: Fraction = Fraction(0)
    fade_out_s: Fraction = Fraction(0)
    gain_db: float = 0.0
    gain_points: tuple[tuple[Fraction, float], ...] = ()  # automation: (from record in, dB)
    speed_percent: float = 100.0  # 0 a freeze frame, negative backwards
    muted: bool = False
    channel: int | None = None  # of a track with several, counted from 1
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TimelineTrack:
    """Events in the order of the file."""

    name: str
    kind: str  # "picture" or "sound"
    events: tuple[Event, ...]
    channels: int | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A place that somebody named."""

    at_s: Fraction
    name: str
    comment: str = ""
    colour: str | None = None
    track: str | None = None
    duration_s: Fraction = Fraction(0)


@dataclass(frozen=True)
class Report:
    """A line of the file, or a part of it by name, that a person should look at."""

    where: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """All of one file."""

    name: str
    format: str  # "EDL", "Pro Tools text", "OTIO", "AAF" …
    rate: FrameRate
    start_s: Fraction
    tracks: tuple[TimelineTrack, ...]
    markers: tuple[Marker, ...] = ()
    sample_rate_hz: int | None = None
    reported: tuple[Report, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)

    def label(self, at_s: Fraction) -> str:
        """The timecode label of a time, with sub-frames where it lies within a frame."""
        hundredths = round(at_s * self.rate.fps * 100)
        frame, subframe = divmod(hundredths, 100)
        return str(Timecode(frame % self.rate.frames_per_day, self.rate, subframe))

    def shots(self) -> tuple[Shot, ...]:
        """The picture's cut: the events of the first picture track that last."""
        picture = next((track for track in self.tracks if track.kind == "picture"), None)
        events = picture.events if picture else ()
        return tuple(
            Shot(
                name=event.name or event.reel,
                record_in_frame=round(event.record_in_s * self.rate.fps),
                record_out_frame=round(event.record_out_s * self.rate.fps),
                reel=event.reel,
                source_in=self._source_label(event),
            )
            for event in sorted(events, key=lambda event: event.record_in_s)
            if event.record_out_s > event.record_in_s
        )

    def _source_label(self, event: Event) -> str:
        at_s = event.source_in_s if event.source_timecode_s is None else event.source_timecode_s
        return "" if at_s is None or at_s < 0 else self.label(at_s)
