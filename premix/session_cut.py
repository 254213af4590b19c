"""A session as a cut: what every program that reads a timeline can be given of it. Pure.

One sound track a lane, one picture track for the shots, one marker a cue. What only a
session knows of a clip travels on its event, for the formats that have a word for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from audio.timecode import FrameRate, Timecode, TimecodeError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.timeline import Clip, Session, Shot, SoundRef, Track

_PICTURE = "picture"
_MARKER_COLOURS = {"foley": "green", "backgrounds": "cyan", "fx": "red"}


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A sound file as a reference to it needs it."""

    path: str
    sample_rate_hz: int
    channels: int
    duration_samples: int
    bits: int | None = None
    time_reference_samples: int | None = None  # BWF: samples since midnight


@dataclass(frozen=True, kw_only=True)
class SpottedEvent(Event):
    """An event of a session, with what a cut list has no word for."""

    recording: Recording
    cue: str
    pan: float = 0.0  # -1 left, +1 right
    fade_shape: str = "equal_power"  # audio.fades
    sync_s: Fraction | None = None  # where its attack lands, as record in
    speed: float = 1.0
    time_ratio: float = 1.0
    pitch_cents: float = 0.0
    reverse: bool = False
    untold: tuple[str, ...] = ()  # processing that no timeline file has a word for


def timeline_of_session(
    session: Session, find_recording: Callable[[SoundRef], Recording | None]
) -> Timeline:
    """The session as a cut, its clips where they are to the sample.

    Args:
        find_recording: where a sound lies now and what its file says; None where it is
            not found, which is reported, and the session's own word is taken.
    """
    found: dict[SoundRef, Recording] = {}
    missing: list[Report] = []
    for clip in (clip for track in session.tracks for clip in track.clips):
        if clip.sound not in found:
            recording = find_recording(clip.sound)
            if recording is None:
                missing.append(
                    Report("media", f"{clip.sound.path} is not found below its root "
                                    f"{clip.sound.root}; it is named as it was")
                )  # fmt: skip
            found[clip.sound] = recording or _as_it_was(clip.sound, session)
    tracks = [_picture(session)] if session.picture else []
    tracks += [_sound_track(track, session, found) for track in session.tracks]
    return Timeline(
        name=session.name,
        format="session",
        rate=session.rate,
        start_s=Timecode.wrapped(session.start_frame, session.rate).seconds,
        tracks=tuple(tracks),
        markers=tuple(_markers(session)),
        sample_rate_hz=session.sample_rate_hz,
        reported=tuple(missing),
    )


def _as_it_was(sound: SoundRef, session: Session) -> Recording:
    folder = session.roots.get(sound.root)
    return Recording(
        path=sound.path if folder is None else str(Path(folder) / sound.path),
        sample_rate_hz=sound.sample_rate_hz,
        channels=sound.channels,
        duration_samples=sound.duration_samples,
    )


def _picture(session: Session) -> TimelineTrack:
    fps = session.rate.fps
    events = []
    for number, shot in enumerate(session.picture, start=1):
        lasts_s = (shot.record_out_frame - shot.record_in_frame) / fps
        source_in_s = _source_in_s(shot, session.rate)
        events.append(
            Event(
                number=str(number),
                name=shot.name,
                record_in_s=shot.record_in_frame / fps,
                record_out_s=shot.record_out_frame / fps,
                source_in_s=source_in_s,
                source_out_s=None if source_in_s is None else source_in_s + lasts_s,
                reel=shot.reel,
            )
        )
    return TimelineTrack(name=_PICTURE, kind="picture", events=tuple(events))


def _source_in_s(shot: Shot, rate: FrameRate) -> Fraction | None:
    try:
        return Timecode.parse(shot.source_in, rate).seconds
    except TimecodeError:
        return None


def _sound_track(track: Track, session: Session, found: dict[SoundRef, Recording]) -> TimelineTrack:
    recordings = [found[clip.sound] for clip in track.clips]
    return TimelineTrack(
        name=_lane(track),
        kind="sound",
        events=tuple(
            _event(number, clip, recording, session.sample_rate_hz)
            for number, (clip, recording) in enumerate(
                zip(track.clips, recordings, strict=True), start=1
            )
        ),
        channels=max((recording.channels for recording in recordings), default=None),
    )


def _lane(track: Track) -> str:
    return f"{track.stem}:{track.name} {track.lane + 1}"


def _event(number: int, clip: Clip, recording: Recording, session_hz: int) -> SpottedEvent:
    own_hz = clip.sound.sample_rate_hz
    source_in_s = Fraction(clip.source_start_samples, own_hz)
    reference = recording.time_reference_samples
    sync = clip.sync_samples
    direction = -100.0 if clip.reverse else 100.0
    return SpottedEvent(
        number=str(number),
        name=Path(clip.sound.path).stem,
        record_in_s=Fraction(clip.record_start_samples, session_hz),
        record_out_s=Fraction(clip.record_end_samples, session_hz),
        source_in_s=source_in_s,
        source_out_s=source_in_s + clip.source_samples(session_hz) / own_hz,
        source_timecode_s=(
            None
            if reference is None
            else Fraction(reference, recording.sample_rate_hz) + source_in_s
        ),
        media=recording.path,
        fade_in_s=Fraction(clip.fade_in_samples, session_hz),
        fade_out_s=Fraction(clip.fade_out_samples, session_hz),
        gain_db=clip.gain_db,
        speed_percent=direction * clip.speed / clip.time_ratio,
        channel=recording.channels,
        comments=tuple(filter(None, (f"cue {clip.cue}", _note(clip), clip.why))),
        recording=recording,
        cue=clip.cue,
        pan=clip.pan,
        fade_shape=clip.fade_shape,
        sync_s=None if sync is None else Fraction(sync, session_hz),
        speed=clip.speed,
        time_ratio=clip.time_ratio,
        pitch_cents=clip.pitch_cents,
        reverse=clip.reverse,
        untold=tuple(_untold(clip)),
    )


def _note(clip: Clip) -> str:
    return str(clip.metadata.get("note") or "")


def _untold(clip: Clip) -> Iterator[str]:
    if clip.highpass_hz is not None:
        yield f"high-pass {clip.highpass_hz:g} Hz"
    if clip.lowpass_hz is not None:
        yield f"low-pass {clip.lowpass_hz:g} Hz"
    if clip.distance_m is not None:
        yield f"distance {clip.distance_m:g} m"
    if clip.room is not None:
        yield f"room {clip.room.path} at {clip.room_db:g} dB"


def _markers(session: Session) -> Iterator[Marker]:
    """One a cue, where its first clip lands, in order of time."""
    first: dict[str, tuple[int, Track, Clip]] = {}
    for track in session.tracks:
        for clip in track.clips:
            at = clip.record_start_samples if clip.sync_samples is None else clip.sync_samples
            if clip.cue not in first or at < first[clip.cue][0]:
                first[clip.cue] = (at, track, clip)
    for cue, (at, track, clip) in sorted(first.items(), key=lambda item: (item[1][0], item[0])):
        yield Marker(
            at_s=Fraction(at, session.sample_rate_hz),
            name=cue,
            comment=_note(clip) or Path(clip.sound.path).stem,
            colour=_MARKER_COLOURS.get(track.stem),
            track=_lane(track),
        )
