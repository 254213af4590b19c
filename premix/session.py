"""A session on disk: one OpenTimelineIO file. This module is all about that format.

One audio track a lane, one video track a layer of picture; clips play their media at
its own rate, gaps count the session's samples. Whoever knows nothing of us sees the
right sounds at the right times. What OTIO has no word for (gain, pan, fades, why)
stands under "dubstage" in the metadata, with the exact numbers; where a clip was moved
or trimmed by another program, the timeline is believed and the clip counts as locked.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from audio import AudioError
from audio.timecode import Timecode, parse_rate
from audio.whole_file import write_whole
from premix import PremixError
from premix.session_timeline import KEY, SCHEMA, session_as_text, step_of, visible
from premix.timeline import STEMS, Clip, Session, Shot, SoundRef, Track

__all__ = ["SessionError", "read_session", "session_as_text", "summary", "write_session"]

_CLIP_FIELDS = [field.name for field in fields(Clip)]
_SOUND_FIELDS = [field.name for field in fields(SoundRef)]
_SHOT_FIELDS = [field.name for field in fields(Shot)]


class SessionError(PremixError, ValueError):
    """A file is not a session, or not one that this version can read."""


def write_session(session: Session, path: Path) -> None:
    """Write `session` to `path`, whole or not at all; the same session gives the same bytes.

    Raises:
        PremixError: the folder is not there or cannot be written to.
    """
    try:
        write_whole(path, session_as_text(session))
    except AudioError as problem:
        raise PremixError(str(problem)) from None


def read_session(path: Path) -> Session:
    """Read a session that `write_session` wrote, edited since by another program or not.

    Raises:
        SessionError: not OTIO, not a session of ours, or of a later version.
        PremixError: no such file.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise SessionError(f"{path}: not an OpenTimelineIO file") from None
    try:
        timeline = otio.adapters.read_from_string(text, "otio_json")
    except Exception:
        raise SessionError(f"{path}: not an OpenTimelineIO file") from None
    if not isinstance(timeline, otio.schema.Timeline) or KEY not in timeline.metadata:
        raise SessionError(f"{path}: not a session of dubstage; make one with: dubstage spot")
    try:
        return _session_of(timeline, json.loads(text))
    except (KeyError, TypeError, ValueError) as problem:
        raise SessionError(f"{path}: a damaged session: {problem}") from None


def _session_of(timeline: Any, raw: Any) -> Session:
    """The session of a timeline.

    Args:
        raw: the same, as Python reads it: the numbers of our metadata are taken from
            there, for OTIO's own reader may miss the last bit of one.
    """
    known = raw["metadata"][KEY]
    if known["schema"] > SCHEMA:
        raise SessionError(f"of a later version (schema {known['schema']}, this knows {SCHEMA})")
    rate = parse_rate(known["rate"])
    origin = Timecode.wrapped(known["start_frame"], rate).to_samples(known["sample_rate_hz"])
    tracks: list[Track] = []
    shots: list[tuple[int, Shot]] = []
    for track, raw_track in zip(timeline.tracks, raw["tracks"]["children"], strict=True):
        own = raw_track["metadata"].get(KEY, {})
        if track.kind == otio.schema.TrackKind.Video:
            shots += _shots_of(raw_track)
        elif own.get("stem") in STEMS:
            clips = _clips_of(track, raw_track, origin, known["sample_rate_hz"])
            tracks.append(Track(stem=own["stem"], name=own["name"], lane=own["lane"], clips=clips))
    return Session(
        name=timeline.name,
        rate=rate,
        sample_rate_hz=known["sample_rate_hz"],
        start_frame=known["start_frame"],
        end_frame=known["end_frame"],
        tracks=tuple(tracks),
        picture=tuple(shot for _, shot in sorted(shots, key=lambda item: item[0])),
        roots=known["roots"],
        problems=tuple(known["problems"]),
        metadata=known["metadata"],
    )


def _shots_of(raw_track: Any) -> list[tuple[int, Shot]]:
    found = []
    for raw_item in raw_track["children"]:
        own = raw_item["metadata"].get(KEY, {})
        if own:
            found.append((own["number"], Shot(**{name: own[name] for name in _SHOT_FIELDS})))
    return found


def _clips_of(track: Any, raw_track: Any, origin: int, sample_rate_hz: int) -> tuple[Clip, ...]:
    clips = []
    at = Fraction(origin)
    for item, raw_item in zip(track, raw_track["children"], strict=True):
        duration = item.trimmed_range().duration
        length = Fraction(duration.value) * sample_rate_hz / Fraction(duration.rate)
        own = raw_item["metadata"].get(KEY, {})
        if own and isinstance(item, otio.schema.Clip):
            clip = _clip_from(own, dict(item.media_reference.metadata[KEY]))
            clips.append(_moved(clip, own["hidden_samples"], item, at, sample_rate_hz))
        at += length
    return tuple(clips)


def _clip_from(own: Mapping[str, Any], sound: Mapping[str, Any]) -> Clip:
    given = {name: own[name] for name in _CLIP_FIELDS if name in own and name != "room"}
    room = own.get("room")
    return Clip(
        sound=SoundRef(**{name: sound[name] for name in _SOUND_FIELDS}),
        room=None if room is None else SoundRef(**{name: room[name] for name in _SOUND_FIELDS}),
        **given,
    )


def _moved(clip: Clip, hidden: int, item: Any, at: Fraction, sample_rate_hz: int) -> Clip:
    """The clip as the timeline has it: the exact one, unless another program changed its edges."""
    source = item.trimmed_range()
    if hidden == clip.duration_samples and source.duration.value == 0:
        return clip  # over before the session begins, and still so
    start, duration = visible(clip, hidden, sample_rate_hz)
    shown_at = clip.record_start_samples + hidden
    if (
        abs(at - shown_at) <= Fraction(1, 2)
        and abs(source.start_time.value - start) <= 0.5
        and abs(source.duration.value - duration) <= 0.5
        and source.start_time.rate == clip.sound.sample_rate_hz
    ):
        return clip
    step = step_of(clip, sample_rate_hz)
    record_start = round(at)
    seconds = Fraction(source.start_time.value) / Fraction(source.start_time.rate)
    # The timeline counts as if all were played at its own speed; the recording passes faster.
    pace = Fraction(clip.speed) / Fraction(clip.time_ratio)
    trimmed = (seconds * clip.sound.sample_rate_hz - clip.source_start_samples) * pace
    source_start = clip.source_start_samples + round(trimmed)
    lasts = Fraction(source.duration.value) / Fraction(source.duration.rate)
    duration_samples = max(1, round(lasts * sample_rate_hz))
    sync = clip.sync_samples
    if sync is not None:
        slid = (source_start - clip.source_start_samples) / (step * pace)
        sync = round(sync + record_start - clip.record_start_samples - slid)
    return replace(
        clip,
        record_start_samples=record_start,
        source_start_samples=source_start,
        duration_samples=duration_samples,
        sync_samples=sync,
        fade_in_samples=min(clip.fade_in_samples, duration_samples),
        fade_out_samples=min(clip.fade_out_samples, duration_samples),
        locked=True,
    )


def summary(session: Session) -> dict[str, Any]:
    """What a script wants to know of a session at once, as plain values."""
    start = Timecode.wrapped(session.start_frame, session.rate)
    clips = [clip for track in session.tracks for clip in track.clips]
    return {
        "name": session.name,
        "rate": session.rate.name,
        "sample_rate_hz": session.sample_rate_hz,
        "start_timecode": str(start),
        "end_timecode": str(Timecode.wrapped(session.end_frame, session.rate)),
        "cues": len({clip.cue for clip in clips}),
        "clips": len(clips),
        "tracks": [
            {
                "stem": track.stem,
                "track": track.name,
                "lane": track.lane,
                "clips": len(track.clips),
            }
            for track in session.tracks
        ],
        "problems": list(session.problems),
        "notes": session.metadata.get("notes", []),
    }
