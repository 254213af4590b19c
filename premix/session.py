"""A session on disk: one OpenTimelineIO file. This module is all about that format.

One audio track a lane, one video track a layer of picture; clips play their media at
its own rate, gaps count the session's samples. Whoever knows nothing of us sees the
right sounds at the right times. What OTIO has no word for (gain, pan, fades, why)
stands under "dubstage" in the metadata, with the exact numbers; where a clip was moved
or trimmed by another program, the timeline is believed and the clip counts as locked.
"""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import opentimelineio as otio

from audio.timecode import Timecode, TimecodeError, parse_rate
from premix import PremixError
from premix.timeline import STEMS, Clip, Session, Shot, SoundRef, Track

SCHEMA = 1  # of what stands under "dubstage"
_KEY = "dubstage"
# Within a string of JSON every quote is escaped: only our own key begins a line like this.
_PLACE = re.compile(rf'^( *"{_KEY}": )([0-9]+)', re.MULTILINE)
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
    text = session_as_text(session)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise PremixError(f"{path}: cannot be written: {problem.strerror}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner may read; a session is shared.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except OSError as problem:
        raise PremixError(f"{path}: cannot be written: {problem.strerror}") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


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
    return {_KEY: len(metadata) - 1}


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
    if not isinstance(timeline, otio.schema.Timeline) or _KEY not in timeline.metadata:
        raise SessionError(f"{path}: not a session of dubstage; make one with: dubstage spot")
    try:
        return _session_of(timeline, json.loads(text))
    except (KeyError, TypeError, ValueError) as problem:
        raise SessionError(f"{path}: a damaged session: {problem}") from None


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
    visible = _visible(clip, hidden_samples, sample_rate_hz)
    exact = {
        name: getattr(clip, name)
        for name in _CLIP_FIELDS
        if name not in ("sound", "room") and getattr(clip, name) is not None
    }
    made = otio.schema.Clip(
        name=f"{clip.cue} {Path(sound.path).stem}",
        media_reference=otio.schema.ExternalReference(
            target_url=quote(sound.path),
            available_range=_range(0, sound.duration_samples, sound.sample_rate_hz),
            metadata=_ours(metadata, dict(vars(sound))),
        ),
        source_range=_range(*visible, sound.sample_rate_hz),
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
            (clip.sync_samples - clip.record_start_samples) * _step(clip, sample_rate_hz)
        )
        made.markers.append(
            otio.schema.Marker(
                name=f"cue {clip.cue}", marked_range=_range(shown, 0, sound.sample_rate_hz)
            )
        )
    if clip.speed != 1.0 or clip.time_ratio != 1.0:
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=clip.speed / clip.time_ratio))
    return made


def _step(clip: Clip, sample_rate_hz: int) -> Fraction:
    """Source samples to a sample of the session, as OTIO counts them, whatever the speed."""
    return Fraction(clip.sound.sample_rate_hz, sample_rate_hz)


def _visible(clip: Clip, hidden_samples: int, sample_rate_hz: int) -> tuple[float, float]:
    """Start and duration of the source range; as long on the timeline as the clip is there."""
    step = _step(clip, sample_rate_hz)
    start = clip.source_start_samples + hidden_samples * step
    return float(start), float((clip.duration_samples - hidden_samples) * step)


def _gap(duration: float, rate: float) -> Any:
    return otio.schema.Gap(source_range=_range(0, duration, rate))


def _range(start: float, duration: float, rate: float) -> Any:
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(duration, rate)
    )


def _session_of(timeline: Any, raw: Any) -> Session:
    """The session of a timeline.

    Args:
        raw: the same, as Python reads it: the numbers of our metadata are taken from
            there, for OTIO's own reader may miss the last bit of one.
    """
    known = raw["metadata"][_KEY]
    if known["schema"] > SCHEMA:
        raise SessionError(f"of a later version (schema {known['schema']}, this knows {SCHEMA})")
    rate = parse_rate(known["rate"])
    origin = Timecode.wrapped(known["start_frame"], rate).to_samples(known["sample_rate_hz"])
    tracks: list[Track] = []
    shots: list[tuple[int, Shot]] = []
    for track, raw_track in zip(timeline.tracks, raw["tracks"]["children"], strict=True):
        own = raw_track["metadata"].get(_KEY, {})
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
        own = raw_item["metadata"].get(_KEY, {})
        if own:
            found.append((own["number"], Shot(**{name: own[name] for name in _SHOT_FIELDS})))
    return found


def _clips_of(track: Any, raw_track: Any, origin: int, sample_rate_hz: int) -> tuple[Clip, ...]:
    clips = []
    at = Fraction(origin)
    for item, raw_item in zip(track, raw_track["children"], strict=True):
        duration = item.trimmed_range().duration
        length = Fraction(duration.value) * sample_rate_hz / Fraction(duration.rate)
        own = raw_item["metadata"].get(_KEY, {})
        if own and isinstance(item, otio.schema.Clip):
            clip = _clip_from(own, dict(item.media_reference.metadata[_KEY]))
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
    start, duration = _visible(clip, hidden, sample_rate_hz)
    shown_at = clip.record_start_samples + hidden
    if (
        abs(at - shown_at) <= Fraction(1, 2)
        and abs(source.start_time.value - start) <= 0.5
        and abs(source.duration.value - duration) <= 0.5
        and source.start_time.rate == clip.sound.sample_rate_hz
    ):
        return clip
    step = _step(clip, sample_rate_hz)
    record_start = round(at)
    seconds = Fraction(source.start_time.value) / Fraction(source.start_time.rate)
    source_start = round(seconds * clip.sound.sample_rate_hz)
    lasts = Fraction(source.duration.value) / Fraction(source.duration.rate)
    duration_samples = max(1, round(lasts * sample_rate_hz))
    sync = clip.sync_samples
    if sync is not None:
        slid = (source_start - clip.source_start_samples) / step
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
