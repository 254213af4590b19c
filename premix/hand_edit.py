"""Edits by hand: nudge, level, lock, swap, add, remove. Pure, from a session to another one.

What is moved, levelled or swapped is locked from then on, so that spotting the sheet
again leaves it as the person did. Clips keep their lane while it is free for them.
`premix.hand_trim` trims.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from audio.timecode import Timecode
from library.asset import Asset, Take
from premix import PremixError
from premix.by_hand import ADDED, NUDGED, REMOVED, held, is_added, mark_of, put_at
from premix.hand_place import laid_at, relaid
from premix.lanes import in_lanes, place_of
from premix.timeline import STEMS, Clip, Session, Track

GAIN_RANGE_DB = (-120.0, 40.0)  # as in a cue sheet
_HOME = "home_lane"


class HandEditError(PremixError, ValueError):
    """An edit that cannot be: the message says which clip and why."""


@dataclass(frozen=True)
class Place:
    """Where a clip stands in `session.tracks`."""

    track: int
    clip: int


def clip_ids(session: Session) -> dict[str, Place]:
    """A name for each clip that its moves do not change: cue, first place, and layer.

    Clips that share all of it are told apart by their order.
    """
    ids: dict[str, Place] = {}
    seen: Counter[str] = Counter()
    for number, track in enumerate(session.tracks):
        for index, clip in enumerate(track.clips):
            cue, layer, target = mark_of(clip)
            name = f"{cue}@{target}" + ("" if layer is None else f"/{layer}")
            seen[name] += 1
            ids[name if seen[name] == 1 else f"{name}~{seen[name]}"] = Place(number, index)
    return ids


def clip_at(session: Session, place: Place) -> Clip:
    return session.tracks[place.track].clips[place.clip]


def find_clip(session: Session, clip_id: str) -> Place:
    """Raises HandEditError: there is no such clip (any more)."""
    place = clip_ids(session).get(clip_id)
    if place is None:
        raise HandEditError(f"the session has no clip {clip_id}; it may have been removed")
    return place


def nudge(session: Session, clip_id: str, *, frames: int = 0, samples: int = 0) -> Session:
    """Move a clip by picture frames and by samples.

    Frames are counted from where the clip stood first, so that at 29.97 many small steps
    come to the same sample as a long one, and there and back is where it was.

    Raises:
        HandEditError: all of it would lie outside the session.
    """
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    at = put_at(clip)
    base, frames_before, samples_before = clip.metadata.get(NUDGED, (at, 0, 0))
    if _moved(session, base, frames_before, samples_before) != at:
        base, frames_before, samples_before = at, 0, 0  # another program has moved it since
    frames, samples = frames_before + frames, samples_before + samples
    by = _moved(session, base, frames, samples) - at
    start = Timecode.wrapped(session.start_frame, session.rate).to_samples(session.sample_rate_hz)
    if by < 0 and clip.record_end_samples + by <= start:
        raise HandEditError(f"cue {clip.cue}: there it would be over before the session begins")
    end = round(session.end_frame / session.rate.fps * session.sample_rate_hz)
    if by > 0 and clip.record_start_samples + by >= end:
        raise HandEditError(f"cue {clip.cue}: there it would begin after the session ends")
    if clip.record_start_samples + by < 0:
        raise HandEditError(f"cue {clip.cue}: there it would begin before 00:00:00:00")
    told = {key: value for key, value in clip.metadata.items() if key != NUDGED}
    told.setdefault("target_samples", base)
    if frames or samples:
        told[NUDGED] = [base, frames, samples]
    moved = replace(
        clip,
        record_start_samples=clip.record_start_samples + by,
        sync_samples=None if clip.sync_samples is None else clip.sync_samples + by,
        metadata=told,
    )
    return with_clip(session, place, held(moved))


def nudged_by(clip: Clip) -> tuple[int, int]:
    """How far a person has moved it: (frames, samples)."""
    _base, frames, samples = clip.metadata.get(NUDGED, (0, 0, 0))
    return frames, samples


def set_gain(session: Session, clip_id: str, gain_db: float) -> Session:
    """Set a clip's level.

    Raises:
        HandEditError: beyond what a cue sheet may ask for.
    """
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    least, most = GAIN_RANGE_DB
    if not least <= gain_db <= most:
        raise HandEditError(f"cue {clip.cue}: a gain of {gain_db:g} dB; {least:g} to {most:g}")
    return with_clip(session, place, held(replace(clip, gain_db=round(gain_db, 4))))


def lock(session: Session, clip_id: str) -> Session:
    """Hold a clip as it is, whatever the sheet says when it is spotted again."""
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    return session if _is_by_hand(clip) else with_clip(session, place, held(clip))


def unlock(session: Session, clip_id: str) -> Session:
    """Leave a clip to the next spotting.

    Raises:
        HandEditError: no cue asks for it, so that spotting could only lose it.
    """
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    if is_added(clip):
        raise HandEditError(f"cue {clip.cue} was added by hand; it can be removed, not unlocked")
    told = {key: value for key, value in clip.metadata.items() if key != "locked_by"}
    return with_clip(session, place, replace(clip, locked=False, metadata=told))


def swap(
    session: Session, clip_id: str, asset: Asset, take: Take, *, was: Asset | None = None
) -> Session:
    """Let another take play where a clip does: its sync point lands where the old one's did.

    Args:
        was: the recording that plays there now, where the library still has it: it tells
            whether the clip was cut short of its sound, and then so is the new one.

    Raises:
        HandEditError: the new take is over before anything of it would be heard.
    """
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    return with_clip(session, place, held(relaid(clip, asset, take, session, was)))


def add(
    session: Session,
    asset: Asset,
    take: Take,
    *,
    stem: str,
    track: str,
    at_samples: int,
    cue: str = "",
    roots: Mapping[str, str] | None = None,
) -> tuple[Session, str]:
    """Lay a take with its sync point on a sample of the session; also the new clip's id.

    Args:
        cue: the number it goes by; "" for the next of H1, H2 …, which no sheet asks for.
        roots: the library's, should the session not know this sound's yet.

    Raises:
        HandEditError: no such stem, or outside the session.
    """
    if stem not in STEMS:
        raise HandEditError(f"{stem!r} is not a stem; one of {', '.join(STEMS)}")
    name = " ".join(track.lower().split())
    if not name or len(name) > 40:
        raise HandEditError(f"{track!r} is no name for a track; 1 to 40 letters")
    start, end = (
        round(frame / session.rate.fps * session.sample_rate_hz)
        for frame in (session.start_frame, session.end_frame)
    )
    if not start <= at_samples < end:
        raise HandEditError("that place is outside the session")
    clip = laid_at(session, asset, take, at_samples, cue or _next_number(session))
    clip = replace(clip, metadata={**clip.metadata, "track": f"{stem}:{name}", ADDED: True})
    grown = _laid(session, stem, name, clip, home=None)
    folders = {**(roots or {}), **session.roots} if roots else session.roots
    known = {asset.root: folders[asset.root]} if asset.root in folders else {}
    grown = replace(grown, roots={**session.roots, **known})
    new = next(
        clip_id for clip_id, place in clip_ids(grown).items() if clip_at(grown, place) is clip
    )
    return grown, new


def remove(session: Session, clip_id: str) -> Session:
    """Take a clip out; spotting the sheet again does not bring it back."""
    place = find_clip(session, clip_id)
    clip = clip_at(session, place)
    without = _without(session, place)
    if is_added(clip):
        return without
    gone = [*session.metadata.get(REMOVED, []), mark_of(clip)]
    return replace(without, metadata={**session.metadata, REMOVED: gone})


def with_clips_of_cue(
    session: Session, cue: str, stem: str, track: str, clips: list[Clip]
) -> Session:
    """The session with all clips of a cue replaced by newly spotted ones; added ones stay.

    What a person had removed of the cue comes back: it was chosen anew as a whole.
    """
    tracks = tuple(
        replace(
            each,
            clips=tuple(clip for clip in each.clips if clip.cue != cue or is_added(clip)),
        )
        for each in session.tracks
    )
    others = [each for each in tracks if (each.stem, each.name) != (stem, track)]
    here = [
        (stem, track, clip)
        for each in tracks
        if (each.stem, each.name) == (stem, track)
        for clip in each.clips
    ]
    laid = in_lanes([*here, *((stem, track, clip) for clip in clips)])
    ordered = _in_order([*others, *laid])
    removed = [mark for mark in session.metadata.get(REMOVED, []) if mark[0] != cue]
    told = (
        {**session.metadata, REMOVED: removed} if REMOVED in session.metadata else session.metadata
    )
    return replace(session, tracks=ordered, metadata=told)


def each_of(session: Session, cue: str, edit: Callable[[Session, str], Session]) -> Session:
    """An edit done to every clip of a cue.

    Raises:
        HandEditError: the session has no clip of it.
    """
    ids = [name for name, place in clip_ids(session).items() if clip_at(session, place).cue == cue]
    if not ids:
        raise HandEditError(f"the session has no clip of cue {cue}")
    for clip_id in ids:
        session = edit(session, clip_id)
    return session


def _moved(session: Session, base: int, frames: int, samples: int) -> int:
    """A place so many frames and samples on: as far into its frame as it was before."""
    if frames == 0:
        return base + samples
    hz = session.sample_rate_hz
    to_frames = session.rate.fps / hz
    # As `Timecode.from_samples` has it, which ends at midnight; a session need not.
    frame = math.floor((base + Fraction(1, 2)) * to_frames)
    frame -= round(frame / to_frames) > base
    into = base - round(frame / to_frames)
    return round((frame + frames) / to_frames) + into + samples


def _is_by_hand(clip: Clip) -> bool:
    return clip.locked and clip.metadata.get("locked_by") != "cue sheet"


def _next_number(session: Session) -> str:
    taken = {clip.cue for track in session.tracks for clip in track.clips}
    taken |= set(session.metadata.get("cues", {}))
    return next(f"H{number}" for number in range(1, len(taken) + 2) if f"H{number}" not in taken)


def with_clip(session: Session, place: Place, clip: Clip) -> Session:
    """The session with another clip at a place; on another lane where it now overlaps."""
    track = session.tracks[place.track]
    home = clip.metadata.get(_HOME, track.lane)
    told = {key: value for key, value in clip.metadata.items() if key != _HOME}
    clip = replace(clip, metadata=told)
    if home == track.lane and _fits(track, clip, place.clip):
        clips = [*track.clips[: place.clip], clip, *track.clips[place.clip + 1 :]]
        clips.sort(key=lambda each: each.record_start_samples)
        return _with_track(session, place.track, replace(track, clips=tuple(clips)))
    return _laid(_without(session, place), track.stem, track.name, clip, home)


def _without(session: Session, place: Place) -> Session:
    """The session without a clip, and without lanes behind the last that this leaves empty."""
    track = session.tracks[place.track]
    left = replace(track, clips=track.clips[: place.clip] + track.clips[place.clip + 1 :])
    if not left.clips and not any(
        (each.stem, each.name) == (track.stem, track.name) and each.lane > track.lane
        for each in session.tracks
    ):
        tracks = session.tracks[: place.track] + session.tracks[place.track + 1 :]
        return replace(session, tracks=tracks)
    return _with_track(session, place.track, left)


def _laid(session: Session, stem: str, name: str, clip: Clip, home: int | None) -> Session:
    """The session with one more clip: on its home lane, else on the first that is free."""
    lanes = [each for each in session.tracks if (each.stem, each.name) == (stem, name)]
    free = [each for each in lanes if _fits(each, clip)]
    free.sort(key=lambda each: (each.lane != home, each.lane))
    if not free:
        used = {each.lane for each in lanes}
        number = home if home is not None and home not in used else None
        if number is None:
            number = next(lane for lane in range(len(used) + 1) if lane not in used)
        chosen = Track(stem=stem, name=name, lane=number, clips=())
        session = replace(session, tracks=_in_order([*session.tracks, chosen]))
    else:
        chosen = free[0]
    if home is not None and chosen.lane != home:
        clip = replace(clip, metadata={**clip.metadata, _HOME: home})
    index = next(i for i, each in enumerate(session.tracks) if each is chosen)
    clips = sorted((*chosen.clips, clip), key=lambda each: each.record_start_samples)
    return _with_track(session, index, replace(chosen, clips=tuple(clips)))


def _fits(track: Track, clip: Clip, instead_of: int | None = None) -> bool:
    return all(
        index == instead_of
        or other.record_end_samples <= clip.record_start_samples
        or clip.record_end_samples <= other.record_start_samples
        for index, other in enumerate(track.clips)
    )


def _with_track(session: Session, index: int, track: Track) -> Session:
    return replace(session, tracks=(*session.tracks[:index], track, *session.tracks[index + 1 :]))


def _in_order(tracks: list[Track]) -> tuple[Track, ...]:
    """In the order of the trade, as spotting lays them."""
    return tuple(sorted(tracks, key=lambda each: (place_of((each.stem, each.name)), each.lane)))
