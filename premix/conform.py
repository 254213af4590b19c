"""Conform: every placed sound follows its shot from an old cut to a new one. Pure.

    old cut, new cut → pieces (conform_match) → clips and cues moved → session, changes

A clip belongs to the shot in which its sync point lies and moves with that point: on a
frame it stays on its frame to the sample. A cue without sync points (a background) belongs
to the scene that it spans and is laid again over what the scene has become.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from audio.timecode import Timecode
from premix import PremixError
from premix.change_list import ShotChange, shot_changes
from premix.conform_course import Course
from premix.conform_match import Frames, Stretch, match, stretches_of
from premix.conform_scene import scenes_after
from premix.conform_spread import spread
from premix.cut import Timeline
from premix.lanes import in_lanes
from premix.timeline import Clip, Session, Track

STATES = ("kept", "moved", "trimmed", "split", "orphaned")


@dataclass(frozen=True, kw_only=True)
class CueChange:
    """What became of a cue."""

    cue: str
    track: str  # "foley:feet"
    state: str  # one of STATES
    old_samples: int  # where its first sync point was, or its beginning where it has none
    new_samples: int | None  # None: orphaned
    clips: int  # that it has now
    lost_clips: int = 0
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Conformed:
    """The new session, and all that a person should know of the way to it."""

    session: Session
    shots: tuple[ShotChange, ...]
    cues: tuple[CueChange, ...]
    without_cues: tuple[Stretch, ...]  # new shots in which no Foley and no effect is placed


Placed = tuple[str, str, Clip]  # stem, track name, clip


def conform(old: Timeline, new: Timeline, session: Session) -> Conformed:
    """The session that was spotted against `old`, moved to `new`.

    Raises:
        PremixError: a cut without events, or one that counts its frames otherwise than
            the session does.
    """
    for cut in (old, new):
        if cut.rate.fps != session.rate.fps:
            raise PremixError(
                f"{cut.name or 'the cut'} counts its frames at {cut.rate}, "
                f"the session at {session.rate}"
            )
    before, after = stretches_of(old), stretches_of(new)
    if not before or not after:
        empty = old if not before else new
        raise PremixError(f"{empty.name or 'the cut'}: has no event that lasts, so no shot")
    pieces = match(before, after)
    course = Course(before, pieces, session.rate, session.sample_rate_hz)
    placed, cues = _follow(session, before, after, course)
    pictures = new.shots()
    shots = shot_changes(before, after, pieces)
    return Conformed(
        session=replace(
            session,
            tracks=_tracks(session, placed),
            picture=pictures,
            start_frame=_start_frame(session, before, after),
            end_frame=_end_frame(session, before, after, placed),
            problems=(
                *session.problems,
                *(
                    f"cue {cue.cue}: orphaned by the new cut: {cue.detail}"
                    for cue in cues
                    if cue.state == "orphaned"
                ),
            ),
        ),
        shots=shots,
        cues=cues,
        without_cues=_without_cues(shots, placed, session),
    )


def _follow(
    session: Session, before: Sequence[Stretch], after: Sequence[Stretch], course: Course
) -> tuple[list[Placed], tuple[CueChange, ...]]:
    by_cue: dict[tuple[str, str, str], list[tuple[int, Clip]]] = {}
    everything = ((track, clip) for track in session.tracks for clip in track.clips)
    for order, (track, clip) in enumerate(everything):
        by_cue.setdefault((track.stem, track.name, clip.cue), []).append((order, clip))
    placed: list[tuple[int, Placed]] = []
    changes: list[CueChange] = []
    for (stem, name, cue), rows in by_cue.items():
        hits = [row for row in rows if row[1].sync_samples is not None and stem != "backgrounds"]
        beds = [row for row in rows if row not in hits]
        change = None
        if beds:
            laid, change = _follow_bed([clip for _, clip in beds], before, after, course)
            placed += [(beds[0][0], (stem, name, clip)) for clip in laid]
        if hits:
            moved, change = _follow_hits([clip for _, clip in hits], course)
            placed += [
                (order, (stem, name, clip))
                for (order, _), clip in zip(hits, moved, strict=True)
                if clip is not None
            ]
        assert change is not None
        changes.append(replace(change, cue=cue, track=f"{stem}:{name}"))
    # Lanes are dealt in this order where two begin at once: as it was, so that it can be again.
    placed.sort(key=lambda row: row[0])
    return (
        [one for _, one in placed],
        tuple(sorted(changes, key=lambda change: change.old_samples)),
    )


def _follow_hits(clips: Sequence[Clip], course: Course) -> tuple[list[Clip | None], CueChange]:
    """Each clip by its sync point; one whose moment was cut out has no place any more: None."""
    moved: list[Clip | None] = []
    offsets: set[Frames] = set()
    details: list[str] = []
    for clip in clips:
        anchor = _anchor(clip)
        piece = course.piece_at(anchor)
        if piece is None:
            moved.append(None)
            continue
        moved.append(_shifted(clip, course.moved(anchor, piece) - anchor))
        offsets.add(piece.offset)
        if piece.ratio != 1:
            details.append(f"its shot runs at {float(100 / piece.ratio):g} % of its speed")
    lost = moved.count(None)
    if lost == len(clips):
        state = "orphaned"
        details.append("its shot is not in the new cut")
    elif lost:
        state = "trimmed"
        details.append(f"{lost} of {len(clips)} hits lie in what was cut out")
    elif len(offsets) > 1:
        state = "split"
    else:
        state = "kept" if moved == list(clips) else "moved"
    return moved, _change(state, clips, [clip for clip in moved if clip is not None], details)


def _anchor(clip: Clip) -> int:
    return clip.record_start_samples if clip.sync_samples is None else clip.sync_samples


def _shifted(clip: Clip, by: int) -> Clip:
    if not by:
        return clip
    sync = None if clip.sync_samples is None else clip.sync_samples + by
    return replace(clip, record_start_samples=clip.record_start_samples + by, sync_samples=sync)


def _change(
    state: str, old: Sequence[Clip], new: Sequence[Clip], details: Sequence[str]
) -> CueChange:
    return CueChange(
        cue="",
        track="",
        state=state,
        old_samples=min(map(_anchor, old)),
        new_samples=min(map(_anchor, new), default=None),
        clips=len(new),
        lost_clips=max(0, len(old) - len(new)),
        detail="; ".join(dict.fromkeys(details)),
    )


def _follow_bed(
    clips: Sequence[Clip], before: Sequence[Stretch], after: Sequence[Stretch], course: Course
) -> tuple[list[Clip], CueChange]:
    """A background over what has become of its scene."""
    rate = course.sample_rate_hz
    start = min(clip.record_start_samples for clip in clips)
    end = max(clip.record_end_samples for clip in clips)
    scenes = scenes_after(start, end, before, after, course.pieces, course.samples)
    if not scenes:
        return [], _change("orphaned", clips, [], ["its scene is not in the new cut"])
    moved: list[Clip] = []
    details: list[str] = []
    for scene in scenes:
        laid, told = spread(
            clips, scene.offset_samples, scene.start_samples, scene.end_samples, rate
        )
        moved += laid
        details += told
    if len(scenes) > 1:
        state = "split"
    elif (scene.end_samples - scene.start_samples) != end - start:
        state = "trimmed"
        longer_s = (scene.end_samples - scene.start_samples - end + start) / rate
        details.insert(0, f"{abs(longer_s):.2f} s {'longer' if longer_s > 0 else 'shorter'}")
    else:
        state = "moved" if scene.start_samples != start else "kept"
    return moved, _change(state, clips, moved, details)


def _tracks(session: Session, placed: list[Placed]) -> tuple[Track, ...]:
    """Lanes as spotting deals them; where a person has dealt others, those, while there is room."""
    as_they_are = [
        (track.stem, track.name, clip) for track in session.tracks for clip in track.clips
    ]
    if in_lanes(as_they_are) == session.tracks:
        return in_lanes(placed)
    lane_of = {
        (track.stem, track.name, clip.cue): track.lane
        for track in session.tracks
        for clip in track.clips
    }
    lanes: dict[tuple[str, str, int], list[Clip]] = {
        (track.stem, track.name, track.lane): [] for track in session.tracks
    }
    for stem, name, clip in sorted(placed, key=lambda item: item[2].record_start_samples):
        lane = lane_of[stem, name, clip.cue]
        while True:
            there = lanes.setdefault((stem, name, lane), [])
            if not there or there[-1].record_end_samples <= clip.record_start_samples:
                there.append(clip)
                break
            lane += 1
    return tuple(
        Track(stem=stem, name=name, lane=lane, clips=tuple(there))
        for (stem, name, lane), there in lanes.items()
    )


def _start_frame(session: Session, before: Sequence[Stretch], after: Sequence[Stretch]) -> int:
    """A session that begins with the picture still does; another keeps its beginning."""
    first, now = before[0].record_in, after[0].record_in
    return now if session.start_frame == first else min(session.start_frame, now)


def _end_frame(
    session: Session, before: Sequence[Stretch], after: Sequence[Stretch], placed: list[Placed]
) -> int:
    """After the picture and the last sound; what else a session lasted longer, it still does."""

    def end_of(shots: Sequence[Stretch], clips: list[Clip]) -> int:
        ends = [shot.record_out for shot in shots]
        ends += [
            Timecode.from_samples(
                clip.record_end_samples - 1, session.rate, session.sample_rate_hz, wrap=True
            ).frame
            + 1
            for clip in clips
        ]
        return max(ends)

    was = end_of(before, [clip for track in session.tracks for clip in track.clips])
    return end_of(after, [clip for *_, clip in placed]) + max(0, session.end_frame - was)


def _without_cues(
    shots: Sequence[ShotChange], placed: list[Placed], session: Session
) -> tuple[Stretch, ...]:
    """Added shots in which no Foley and no effect has its sync point."""
    anchors = sorted(_anchor(clip) for stem, _, clip in placed if stem != "backgrounds")
    found = []
    for change in shots:
        if change.state == "added" and change.new is not None and not change.new.is_black:
            start, end = (
                round(Fraction(frame) / session.rate.fps * session.sample_rate_hz)
                for frame in (change.new.record_in, change.new.record_out)
            )
            first = bisect_left(anchors, start)
            if first == len(anchors) or anchors[first] >= end:
                found.append(change.new)
    return tuple(found)
