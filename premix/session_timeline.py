"""A session as an OpenTimelineIO timeline; `premix.session` writes and reads it.

One audio track a lane, one video track a layer of picture; clips play their media at
its own rate, gaps count the session's samples. Our own values stand under `KEY`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import opentimelineio as otio

from audio.timecode import Timecode, TimecodeError
from premix.timeline import Clip, Session, Shot, Track

SCHEMA = 1  # of what stands under KEY
KEY = "dubstage"
# Within a string of JSON every quote is escaped: only our own key begins a line like this.
_PLACE = re.compile(rf'^( *"{KEY}": )([0-9]+)', re.MULTILINE)
_EXACT = [field.name for field in fields(Clip) if field.name not in ("sound", "room")]


def session_as_text(session: Session) -> str:
    """The JSON of the `.otio` file."""
    metadata: list[dict[str, Any]] = []
    bare = _timeline_of(session, metadata).to_json_string(indent=2)
    return _PLACE.sub(lambda place: _with(metadata, int(place[2]), place[1]), bare) + "\n"


def _with(metadata: Sequence[Mapping[str, Any]], number: int, head: str) -> str:
    """What stands for a number under our key: for the session over many lines, else on one.

    OTIO would take each of our values into a form of its own, which for a long reel
    lasts longer than all the rest.
    """
    text = json.dumps(metadata[number], ensure_ascii=False, indent=2 if number == 0 else None)
    return head + text


def _ours(metadata: list[dict[str, Any]], values: dict[str, Any]) -> dict[str, int]:
    """Keep `values` in `metadata`, and name them by their place there."""
    metadata.append(values)
    return {KEY: len(metadata) - 1}


def _timeline_of(session: Session, metadata: list[dict[str, Any]]) -> Any:
    start = Timecode.wrapped(session.start_frame, session.rate)
    origin = start.to_samples(session.sample_rate_hz)
    timeline = otio.schema.Timeline(
        name=session.name,
        global_start_time=otio.opentime.RationalTime(session.start_frame, float(session.rate.fps)),
        metadata=_ours(
            metadata,
            {
                "schema": SCHEMA,
                "rate": session.rate.name,
                "sample_rate_hz": session.sample_rate_hz,
                "start_frame": session.start_frame,
                "end_frame": session.end_frame,
                "start_timecode": str(start),
                "roots": session.roots,
                "problems": list(session.problems),
                "metadata": session.metadata,
            },
        ),
    )
    timeline.tracks.name = session.name
    for layer in _layers(session.picture):
        timeline.tracks.append(_picture_track(layer, session, metadata))
    for track in session.tracks:
        timeline.tracks.append(_audio_track(track, origin, session.sample_rate_hz, metadata))
    return timeline


def _layers(picture: Sequence[Shot]) -> list[list[tuple[int, Shot]]]:
    """Shots with their number in the list, on as few layers as they overlap on."""
    layers: list[list[tuple[int, Shot]]] = []
    numbered = sorted(enumerate(picture), key=lambda item: (item[1].record_in_frame, item[0]))
    for number, shot in numbered:
        for layer in layers:
            if layer[-1][1].record_out_frame <= shot.record_in_frame:
                layer.append((number, shot))
                break
        else:
            layers.append([(number, shot)])
    return layers


def _picture_track(
    shots: Iterable[tuple[int, Shot]], session: Session, metadata: list[dict[str, Any]]
) -> Any:
    fps = float(session.rate.fps)
    track = otio.schema.Track(name="picture", kind=otio.schema.TrackKind.Video)
    at = session.start_frame
    for number, shot in shots:
        if shot.record_in_frame > at:
            track.append(_gap(shot.record_in_frame - at, fps))
        first = max(at, shot.record_in_frame)
        at = max(first, shot.record_out_frame)
        try:
            source_in = Timecode.parse(shot.source_in, session.rate).frame
        except TimecodeError:
            source_in = 0
        track.append(
            otio.schema.Clip(
                name=shot.name,
                source_range=_range(source_in, at - first, fps),
                metadata=_ours(metadata, {"number": number, **vars(shot)}),
            )
        )
    return track


def _audio_track(
    track: Track, origin: int, sample_rate_hz: int, metadata: list[dict[str, Any]]
) -> Any:
    made = otio.schema.Track(
        name=f"{track.stem}:{track.name} {track.lane + 1}",
        kind=otio.schema.TrackKind.Audio,
        metadata=_ours(metadata, {"stem": track.stem, "name": track.name, "lane": track.lane}),
    )
    at = origin
    for clip in track.clips:
        if clip.record_start_samples > at:
            made.append(_gap(clip.record_start_samples - at, sample_rate_hz))
        # OTIO has no time before its start: of a clip that begins earlier it shows the rest.
        hidden = max(0, at - clip.record_start_samples)
        made.append(_clip_of(clip, min(hidden, clip.duration_samples), sample_rate_hz, metadata))
        at = max(at, clip.record_end_samples)
    return made


def _clip_of(
    clip: Clip, hidden_samples: int, sample_rate_hz: int, metadata: list[dict[str, Any]]
) -> Any:
    sound = clip.sound
    shown_range = visible(clip, hidden_samples, sample_rate_hz)
    exact = {name: getattr(clip, name) for name in _EXACT if getattr(clip, name) is not None}
    made = otio.schema.Clip(
        name=f"{clip.cue} {Path(sound.path).stem}",
        media_reference=otio.schema.ExternalReference(
            target_url=quote(sound.path),
            available_range=_range(0, sound.duration_samples, sound.sample_rate_hz),
            metadata=_ours(metadata, dict(vars(sound))),
        ),
        source_range=_range(*shown_range, sound.sample_rate_hz),
        metadata=_ours(
            metadata,
            {
                **exact,
                "room": None if clip.room is None else dict(vars(clip.room)),
                "hidden_samples": hidden_samples,
            },
        ),
    )
    if clip.sync_samples is not None and hidden_samples == 0 and not clip.reverse:
        shown = clip.source_start_samples + float(
            (clip.sync_samples - clip.record_start_samples) * step_of(clip, sample_rate_hz)
        )
        made.markers.append(
            otio.schema.Marker(
                name=f"cue {clip.cue}", marked_range=_range(shown, 0, sound.sample_rate_hz)
            )
        )
    if clip.speed != 1.0 or clip.time_ratio != 1.0:
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=clip.speed / clip.time_ratio))
    return made


def step_of(clip: Clip, sample_rate_hz: int) -> Fraction:
    """Source samples to a sample of the session, as OTIO counts them, whatever the speed."""
    return Fraction(clip.sound.sample_rate_hz, sample_rate_hz)


def visible(clip: Clip, hidden_samples: int, sample_rate_hz: int) -> tuple[float, float]:
    """Start and duration of the source range; as long on the timeline as the clip is there."""
    step = step_of(clip, sample_rate_hz)
    start = clip.source_start_samples + hidden_samples * step
    return float(start), float((clip.duration_samples - hidden_samples) * step)


def _gap(duration: float, rate: float) -> Any:
    return otio.schema.Gap(source_range=_range(0, duration, rate))


def _range(start: float, duration: float, rate: float) -> Any:
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(duration, rate)
    )
