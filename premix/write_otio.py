"""Any cut as an OpenTimelineIO file, so that it can be opened where that is read.

A track counts frames where all its edges lie on them, else samples. A fade is a transition
beside a gap; what OTIO has no word for stands with its clip, under "dubstage".
"""

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.session_cut import SpottedEvent
from premix.write_edl import Written

_KEY = "dubstage"
_SAMPLE_RATE_HZ = 48_000  # of times between frames in a timeline that has no sample rate


def otio_text(timeline: Timeline) -> Written:
    """The JSON of an `.otio` file."""
    return _Writer(timeline).write()


class _Writer:
    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.fps = timeline.rate.fps
        self.sample_rate_hz = timeline.sample_rate_hz or _SAMPLE_RATE_HZ
        self.reported: list[Report] = []
        self.lost: Counter[str] = Counter()
        times = [event.record_in_s for track in timeline.tracks for event in track.events]
        # OTIO has no time before its start: an earlier event moves the start, by whole frames.
        frame = int(min([timeline.start_s, *times]) * self.fps)
        self.start_s = frame / self.fps
        self.start = otio.opentime.RationalTime(frame, float(self.fps))
        self.on_frames = True  # of the track at hand: one rate, so that sums stay exact

    def write(self) -> Written:
        made = otio.schema.Timeline(name=self.timeline.name, global_start_time=self.start)
        made.tracks.name = self.timeline.name
        tracks = {}
        for track in self.timeline.tracks:
            tracks[track.name] = self._track(track)
            made.tracks.append(tracks[track.name])
        for marker in self.timeline.markers:
            owner = tracks.get(marker.track or "", made.tracks)
            owner.markers.append(self._marker(marker))
        for what, count in self.lost.items():
            self.reported.append(Report("timeline", f"{what}: {count}"))
        return Written(f"{made.to_json_string(indent=2)}\n", tuple(self.reported))

    def _time(self, value_s: Fraction) -> Any:
        """Exact where it counts whole frames or whole samples."""
        if self.on_frames:
            return otio.opentime.RationalTime(float(value_s * self.fps), float(self.fps))
        return otio.opentime.RationalTime(
            float(value_s * self.sample_rate_hz), float(self.sample_rate_hz)
        )

    def _is_on_frames(self, *times_s: Fraction | None) -> bool:
        return all(at_s is None or (at_s * self.fps).denominator == 1 for at_s in times_s)

    def _range(self, start_s: Fraction, length_s: Fraction) -> Any:
        return otio.opentime.TimeRange(self._time(start_s), self._time(length_s))

    def _track(self, track: TimelineTrack) -> Any:
        kind = otio.schema.TrackKind
        made = otio.schema.Track(
            name=track.name, kind=kind.Video if track.kind == "picture" else kind.Audio
        )
        ordered = sorted(track.events, key=lambda event: (event.record_in_s, event.record_out_s))
        self.on_frames = all(
            self._is_on_frames(event.record_in_s, event.record_out_s, event.source_in_s,
                               event.fade_in_s, event.fade_out_s)
            for event in ordered
        )  # fmt: skip
        at_s = self.start_s
        faded_s = Fraction(0)  # how long the last event fades out
        for index, event in enumerate(ordered):
            following = ordered[index + 1] if index + 1 < len(ordered) else None
            begin_s, end_s, fade_out_s = event.record_in_s, event.record_out_s, event.fade_out_s
            if following is not None and following.record_in_s < end_s:
                # Each has half of a cross-fade; the transition takes what lies beyond the cut.
                end_s, fade_out_s = self._cut(event, following), Fraction(0)
            if begin_s < at_s:
                overlap_s = 2 * (at_s - begin_s)
                begin_s = at_s
                made.append(self._transition(overlap_s / 2, overlap_s / 2))
            else:
                self._gap(made, begin_s - at_s, faded_s, event.fade_in_s)
            made.append(self._clip(event, begin_s, max(begin_s, end_s)))
            at_s, faded_s = max(begin_s, end_s), fade_out_s
        if faded_s:
            made.append(self._transition(faded_s, Fraction(0)))
        return made

    def _cut(self, event: Event, following: Event) -> Fraction:
        middle_s = (following.record_in_s + min(event.record_out_s, following.record_out_s)) / 2
        if not following.fade_in_s:
            self.lost["overlaps without a fade, which became transitions"] += 1
        return max(event.record_in_s, middle_s)

    def _gap(self, track: Any, length_s: Fraction, faded_s: Fraction, fade_s: Fraction) -> None:
        """Silence between two clips, with the fades that reach into them."""
        if faded_s:
            track.append(self._transition(faded_s, Fraction(0)))
        # Without a gap, if only of no length, a fade of one would be a cross-fade of both.
        if length_s or (len(track) and (faded_s or fade_s)):
            track.append(otio.schema.Gap(source_range=self._range(Fraction(0), length_s)))
        if fade_s:
            track.append(self._transition(Fraction(0), fade_s))

    def _transition(self, before_s: Fraction, after_s: Fraction) -> Any:
        return otio.schema.Transition(
            transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
            in_offset=self._time(before_s),
            out_offset=self._time(after_s),
        )

    def _clip(self, event: Event, begin_s: Fraction, end_s: Fraction) -> Any:
        source_in_s = (event.source_in_s or Fraction(0)) + begin_s - event.record_in_s
        own = {
            "number": event.number,
            "reel": event.reel,
            "gain_db": event.gain_db,
            "comments": list(event.comments),
            "source_timecode": (
                self.timeline.label(event.source_timecode_s)
                if event.source_timecode_s is not None and event.source_timecode_s >= 0
                else None
            ),
        }
        reference: Any = otio.schema.MissingReference()
        if event.media:
            # A path is a URL only with its scheme; other media are named as the file had them.
            is_path = Path(event.media).is_absolute()
            url = Path(event.media).as_uri() if is_path else event.media
            reference = otio.schema.ExternalReference(target_url=url)
        if isinstance(event, SpottedEvent):
            own |= {"cue": event.cue, "pan": event.pan, "fade_shape": event.fade_shape,
                    "pitch_cents": event.pitch_cents, "untold": list(event.untold)}  # fmt: skip
            recording = event.recording
            reference.available_range = otio.opentime.TimeRange(
                otio.opentime.RationalTime(0, recording.sample_rate_hz),
                otio.opentime.RationalTime(recording.duration_samples, recording.sample_rate_hz),
            )
        made = otio.schema.Clip(
            name=event.name,
            media_reference=reference,
            source_range=self._range(source_in_s, end_s - begin_s),
            metadata={_KEY: {key: value for key, value in own.items() if value not in ("", None)}},
        )
        made.enabled = not event.muted
        if event.speed_percent == 0:
            made.effects.append(otio.schema.FreezeFrame())
        elif event.speed_percent != 100.0:
            made.effects.append(otio.schema.LinearTimeWarp(time_scalar=event.speed_percent / 100))
        if event.gain_points:
            self.lost["gain automation is left out"] += 1
        return made

    def _marker(self, marker: Marker) -> Any:
        self.on_frames = self._is_on_frames(marker.at_s, marker.duration_s)
        return otio.schema.Marker(
            name=marker.name,
            marked_range=self._range(marker.at_s - self.start_s, marker.duration_s),
            color=marker.colour or "",
            comment=marker.comment,
        )
