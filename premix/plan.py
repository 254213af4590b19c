"""What is to be rendered: a session and a delivery become one job a stem.

Everything that can be known before a sample is mixed is known here: which sounds
are missing or have changed, which clips lie outside, which tracks no stem takes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from audio import AudioError
from audio.files import open_sound
from audio.layout import Layout, layout_for
from audio.timecode import Timecode
from premix import PremixError
from premix.delivery import Delivery, StemSpec
from premix.leader import Span, span_of
from premix.report import Gap
from premix.timeline import Clip, Session, SoundRef, Track
from premix.verify import Verified, verify

FindSound = Callable[[SoundRef], Path | None]
"""Where a recording lies now; None where it cannot be found."""


@dataclass(frozen=True, kw_only=True)
class StemJob:
    """All that one stem needs, so that it can be rendered apart from the others."""

    name: str
    file_stem: str  # the name of its file, without channel and ".wav"
    tracks: tuple[Track, ...]  # only clips whose sound is at hand
    sounds: dict[int, Path]  # by asset_id
    start_samples: int
    end_samples: int
    heard_start_samples: int  # between these two, clips are heard
    heard_end_samples: int
    pops: tuple[tuple[int, int], ...]  # (start, end) of each
    sample_rate_hz: int
    layout: Layout  # in the order of the file
    sum_of: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()  # what it should have held


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The jobs, and what cannot be done."""

    session: Session  # at the sample rate of the delivery
    delivery: Delivery
    span: Span
    jobs: tuple[StemJob, ...]
    gaps: tuple[Gap, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    verified: Verified = field(default_factory=dict)


def plan(
    session: Session, delivery: Delivery, find_sound: FindSound, known: Verified | None = None
) -> Plan:
    """Work out the jobs of a session.

    Args:
        known: what an earlier render found of the sounds' hashes; None: look at none.

    Raises:
        PremixError: the session has no length, or the delivery cannot be made of it.
    """
    if session.end_frame <= session.start_frame:
        raise PremixError(
            f"{session.name}: the session ends at frame {session.end_frame}, "
            f"not after its start at frame {session.start_frame}"
        )
    session = at_sample_rate(session, delivery.sample_rate_hz or session.sample_rate_hz)
    span = span_of(delivery.leader, session.start_frame, session.end_frame, session.rate)
    specs = delivery.specs_for(session)
    sounds, missing, verified = _find_sounds(session, find_sound, known)
    tracks, gaps, notes = _playable(session, span, missing)
    names = [delivery.file_stem(session, spec) for spec in specs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise PremixError(
            f"delivery {delivery.name}: more than one stem would be named "
            f"{', '.join(sorted(twice))}; its pattern needs {{stem}}"
        )
    jobs = tuple(
        _job(session, delivery, span, spec, name, tracks, sounds, gaps)
        for spec, name in zip(specs, names, strict=True)
    )
    problems = tuple(
        f"track {track.stem}:{track.name} is in no stem of delivery {delivery.name}"
        for track in tracks
        if track.clips and not any(spec.takes(track.stem, track.name) for spec in specs)
    )
    return Plan(
        session=session,
        delivery=delivery,
        span=span,
        jobs=jobs,
        gaps=tuple(gaps),
        problems=tuple(dict.fromkeys(problems)),
        notes=tuple(notes),
        verified=verified,
    )


def samples_of(session: Session, frame: int) -> int:
    """Record position of a frame's first sample; a session may end past midnight."""
    return round(frame / session.rate.fps * session.sample_rate_hz)


def label_of(session: Session, samples: int) -> str:
    """Timecode of the frame in which a record position lies."""
    return str(Timecode.from_samples(samples, session.rate, session.sample_rate_hz, wrap=True))


def where(session: Session, track: Track, clip: Clip) -> str:
    """A clip as problems name it: cue 12 (foley:feet, 01:00:05:00)."""
    timecode = label_of(session, clip.record_start_samples)
    return f"cue {clip.cue} ({track.stem}:{track.name}, {timecode})"


def at_sample_rate(session: Session, sample_rate_hz: int) -> Session:
    """The same session counted at another rate; each edge is converted by itself."""
    if sample_rate_hz == session.sample_rate_hz:
        return session

    def moved(samples: int) -> int:
        was = session.sample_rate_hz
        return (2 * samples * sample_rate_hz + was) // (2 * was)

    def moved_clip(clip: Clip) -> Clip:
        start = moved(clip.record_start_samples)
        return replace(
            clip,
            record_start_samples=start,
            duration_samples=max(1, moved(clip.record_end_samples) - start),
            sync_samples=None if clip.sync_samples is None else moved(clip.sync_samples),
            fade_in_samples=moved(clip.fade_in_samples),
            fade_out_samples=moved(clip.fade_out_samples),
        )

    tracks = tuple(
        replace(track, clips=tuple(moved_clip(clip) for clip in track.clips))
        for track in session.tracks
    )
    return replace(session, sample_rate_hz=sample_rate_hz, tracks=tracks)


def _job(
    session: Session,
    delivery: Delivery,
    span: Span,
    spec: StemSpec,
    file_stem: str,
    tracks: list[Track],
    sounds: dict[int, Path],
    gaps: list[Gap],
) -> StemJob:
    return StemJob(
        name=spec.name,
        file_stem=file_stem,
        tracks=tuple(track for track in tracks if spec.takes(track.stem, track.name)),
        sounds=sounds,
        start_samples=samples_of(session, span.file_start),
        end_samples=samples_of(session, span.file_end),
        heard_start_samples=samples_of(session, span.heard_start),
        heard_end_samples=samples_of(session, span.heard_end),
        pops=tuple((samples_of(session, f), samples_of(session, f + 1)) for f in span.pops),
        sample_rate_hz=session.sample_rate_hz,
        layout=layout_for(spec.layout or delivery.layout).in_order(delivery.order),
        sum_of=spec.sum_of,
        gaps=tuple(gap for gap in gaps if spec.takes(gap.stem, gap.track)),
    )


def _find_sounds(
    session: Session, find_sound: FindSound, known: Verified | None
) -> tuple[dict[int, Path], dict[int, str], Verified]:
    """Where each sound lies, and why each of the others cannot be used, by asset_id."""
    found: dict[int, Path] = {}
    missing: dict[int, str] = {}
    clips = (clip for track in session.tracks for clip in track.clips)
    wanted = (sound for clip in clips for sound in (clip.sound, clip.room) if sound is not None)
    sounds = {sound.asset_id: sound for sound in wanted}
    for sound in sounds.values():
        path = find_sound(sound)
        if path is None:
            missing[sound.asset_id] = f"{sound.path} of root {sound.root} is missing"
            continue
        problem = _changed(sound, path)
        if problem is None:
            found[sound.asset_id] = path
        else:
            missing[sound.asset_id] = problem
    if known is None:
        return found, missing, {}
    at_hand = [(sounds[asset_id], path) for asset_id, path in found.items()]
    verified, changed = verify(at_hand, known)
    found = {asset_id: path for asset_id, path in found.items() if asset_id not in changed}
    return found, missing | changed, verified


def _changed(sound: SoundRef, path: Path) -> str | None:
    """What tells that a file no longer holds the sound that was spotted."""
    try:
        with open_sound(path) as reader:
            is_now = (reader.sample_rate_hz, reader.channels, reader.duration_samples)
    except (AudioError, OSError) as problem:
        return str(problem)
    was = (sound.sample_rate_hz, sound.channels, sound.duration_samples)
    if is_now == was:
        return None
    return (
        f"{path} has changed: it was {was[0]} Hz, {was[1]} channels, {was[2]} samples and is now "
        f"{is_now[0]} Hz, {is_now[1]} channels, {is_now[2]} samples; spot it again"
    )


def _playable(
    session: Session, span: Span, missing: dict[int, str]
) -> tuple[list[Track], list[Gap], list[str]]:
    """Tracks of what can be rendered; what cannot; and what is cut by the session's ends."""
    start, end = (samples_of(session, frame) for frame in (span.heard_start, span.heard_end))
    tracks, gaps, notes = [], [], []
    for track in session.tracks:
        kept = []
        for clip in track.clips:
            lacks = [
                missing[sound.asset_id]
                for sound in (clip.sound, clip.room)
                if sound is not None and sound.asset_id in missing
            ]
            if lacks:
                gaps.append(_gap(session, track, clip, "; ".join(lacks)))
            elif clip.record_end_samples <= start or clip.record_start_samples >= end:
                gaps.append(_gap(session, track, clip, "lies outside the session"))
            else:
                kept.append(clip)
                past_s = (clip.record_end_samples - end) / session.sample_rate_hz
                if past_s > 0:
                    notes.append(
                        f"{where(session, track, clip)}: is cut {past_s:.2f} s early, "
                        "at the session's end"
                    )
        tracks.append(replace(track, clips=tuple(kept)))
    return tracks, gaps, notes


def _gap(session: Session, track: Track, clip: Clip, problem: str) -> Gap:
    return Gap(
        cue=clip.cue,
        stem=track.stem,
        track=track.name,
        lane=track.lane,
        timecode=label_of(session, clip.record_start_samples),
        record_start_samples=clip.record_start_samples,
        duration_samples=clip.duration_samples,
        problem=problem,
    )
