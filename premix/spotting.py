"""Spotting: cues become clips on tracks, each attack on the sample of its timecode.

    sheet ─► takes (casting, reel) ─► places (hits, scenes) ─► lanes ─► session

What a cue asks for and cannot have is a line in the session's problems; all else is built.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from audio.timecode import Timecode
from library import LibraryError
from premix import PremixError
from premix.by_hand import REMOVED, with_hand_work
from premix.casting import Shelf
from premix.cue import Cue, CueSheet
from premix.guide import Guide
from premix.hits import hit_clips
from premix.lanes import in_lanes
from premix.reel import CannotHaveError, Reel
from premix.respot import asked_of, deals_of, kept_of, placed_of
from premix.scenes import holes, scene_clips
from premix.timeline import Clip, Session, Shot

_STEADY = {"loop", "drone", "hum", "idle", "steady", "tone", "bed", "ambience", "constant"}
_LONGEST_HOURS = 6


def spot(
    sheet: CueSheet,
    shelf: Shelf,
    *,
    sample_rate_hz: int,
    name: str,
    picture: Sequence[Shot] = (),
    start: Timecode | None = None,
    roots: Mapping[str, str] | None = None,
    hear_guide: Callable[[str], Guide] | None = None,
    previous: Session | None = None,
    shuffle: Collection[str] = (),
) -> Session:
    """The session of a whole cue sheet.

    Args:
        start: where the reel begins; else the picture's first frame, else the hour in
            which the first cue stands.
        roots: folders of the library's roots, for whoever renders the session.
        hear_guide: finds the attacks of the recording that a cue names as its guide.
        previous: an earlier session of this sheet; its choices stand where the sheet has
            not changed, and what was placed by hand stands while its cue does.
        shuffle: numbers of cues that are to be cast anew, unlike the last time.

    Raises:
        PremixError: `shuffle` names a cue that the sheet has not.
    """
    _check_shuffle(sheet, shuffle)
    start_frame = _start_frame(sheet, picture, start)
    deals = deals_of(previous)
    dealt = {number: deals.get(number, 0) + (number in shuffle) for number in {*deals, *shuffle}}
    reel = Reel(
        shelf=shelf,
        sample_rate_hz=sample_rate_hz,
        start_samples=Timecode(start_frame, sheet.rate).to_samples(sample_rate_hz),
        hear_guide=hear_guide,
        kept=kept_of(previous, sample_rate_hz),
        shuffled=dealt,
        shuffle=shuffle,
        problems=list(sheet.problems),
    )
    clips: list[tuple[str, str, Clip]] = []
    for cue in sheet.cues:
        try:
            clips += [(cue.stem, cue.track, clip) for clip in clips_of(cue, reel)]
        except (CannotHaveError, LibraryError, PremixError) as problem:
            reel.tell(cue, str(problem))
    clips = with_hand_work(clips, previous, sample_rate_hz)
    ordered = sorted(reel.problems, key=lambda problem: problem.line)
    return Session(
        name=name,
        rate=sheet.rate,
        sample_rate_hz=sample_rate_hz,
        start_frame=start_frame,
        end_frame=_end_frame(sheet, picture, start_frame, [clip for *_, clip in clips], reel),
        tracks=in_lanes(clips),
        picture=tuple(picture),
        roots=dict(roots or {}),
        problems=tuple(f"{sheet.name}, {problem}" for problem in ordered),
        metadata={
            "cue_sheet": sheet.name,
            "cues": reel.accounts,
            "notes": [f"{sheet.name}, {note}" for note in reel.notes],
            **_removed(previous),
        },
    )


def _removed(previous: Session | None) -> dict[str, object]:
    """What a person had taken out stays out the next time as well."""
    removed = previous.metadata.get(REMOVED) if previous is not None else None
    return {REMOVED: removed} if removed else {}


def _check_shuffle(sheet: CueSheet, shuffle: Collection[str]) -> None:
    known = {cue.number for cue in sheet.cues}
    for number in shuffle:
        if number not in known:
            raise PremixError(f"{sheet.name} has no cue {number} to shuffle")


def _start_frame(sheet: CueSheet, picture: Sequence[Shot], start: Timecode | None) -> int:
    if start is not None:
        return start.frame
    if picture:
        return min(shot.record_in_frame for shot in picture)
    firsts = [cue.first for cue in sheet.cues if cue.first is not None]
    if not firsts:
        return 0
    first = min(firsts, key=lambda timecode: timecode.seconds)
    return Timecode.parse(f"{str(first)[:2]}:00:00:00", sheet.rate).frame


def _end_frame(
    sheet: CueSheet,
    picture: Sequence[Shot],
    start_frame: int,
    clips: Sequence[Clip],
    reel: Reel,
) -> int:
    """The first frame after everything: picture, cues and the last sound's ring.

    Where a cue found nothing there is a second for what a person lays there by hand.
    """
    ends = [start_frame + 1, *(shot.record_out_frame for shot in picture)]
    in_reel = [cue for cue in sheet.cues if cue.number in reel.accounts]  # at a place it can have
    ends += [
        cue.record_out.frame + bool(cue.record_out.subframe)
        for cue in in_reel
        if cue.record_out is not None
    ]
    played = {clip.cue for clip in clips}
    ends += [
        place.frame + math.ceil(sheet.rate.fps)
        for cue in in_reel
        if cue.number not in played
        for place in (cue.record_in, *cue.hits)
        if place is not None
    ]
    if clips:
        last = max(clip.record_end_samples for clip in clips) - 1
        label = Timecode.from_samples(last, sheet.rate, reel.sample_rate_hz, wrap=True)
        ends.append(label.frame + 1)
    return max(ends)


def clips_of(cue: Cue, reel: Reel) -> list[Clip]:
    """A cue's clips, and in the reel's accounts what was asked and done."""
    _check_place(cue, reel)
    account = reel.accounts.setdefault(cue.number, {})
    account["asked"] = asked_of(cue)
    account["placed"] = placed_of(cue, reel.sample_rate_hz)
    if reel.shuffled.get(cue.number):
        account["dealt"] = reel.shuffled[cue.number]
    if _fills(cue, reel):
        clips = _as_left(cue, scene_clips(cue, reel), reel)
        if cue.stem == "backgrounds":
            _check_holes(cue, clips, reel)
        return clips
    return _as_left(cue, hit_clips(cue, reel), reel)


def _check_place(cue: Cue, reel: Reel) -> None:
    first = cue.first
    assert first is not None  # premix.cues lets no other cue through
    at = first.to_samples(reel.sample_rate_hz)
    if at < reel.start_samples:
        start = Timecode.from_samples(reel.start_samples, first.rate, reel.sample_rate_hz)
        raise CannotHaveError(f"{first} is before the start of the session, {start}")
    # A mistyped hour would make a reel of silence that fills a disk.
    last = cue.record_out or (cue.hits[-1] if cue.hits else first)
    hours = (last.to_samples(reel.sample_rate_hz) - reel.start_samples) / reel.sample_rate_hz / 3600
    if hours > _LONGEST_HOURS:
        raise CannotHaveError(f"{last} is more than {_LONGEST_HOURS} hours after the reel's start")


def _fills(cue: Cue, reel: Reel) -> bool:
    """Whether a cue is filled up to `out`: a background, or told so, or cast with a steady sound.

    A steady sound is one whose own name says so; a riser or a slam is never played again.
    """
    if cue.stem == "backgrounds":
        return True
    if cue.hits or cue.steps or cue.pace or cue.guide or cue.sync or cue.record_out is None:
        return False
    if cue.loop is not None:
        return cue.loop
    asset = reel.candidates(cue)[0].asset
    words = set(re.findall(r"[a-z]+", f"{asset.fx_name} {asset.subcategory or ''}".lower()))
    return bool(words & _STEADY) or asset.category == "AMBIENCE"


def _as_left(cue: Cue, clips: list[Clip], reel: Reel) -> list[Clip]:
    """The clips, with those that a person has moved where that person left them."""
    kept = reel.kept.get(cue.number)
    if kept is None or not kept.moved or kept.placed != placed_of(cue, reel.sample_rate_hz):
        return clips
    by_target = {_spotted_at(clip): clip for clip in kept.moved}
    return [
        by_target[_spotted_at(clip)]
        if _spotted_at(clip) in by_target
        and by_target[_spotted_at(clip)].sound.asset_id == clip.sound.asset_id
        else clip
        for clip in clips
    ]


def _spotted_at(clip: Clip) -> tuple[object, object]:
    """What a clip is known by after it was moved: its layer, and where spotting had put it."""
    return clip.metadata.get("layer"), clip.metadata.get("target_samples")


def _check_holes(cue: Cue, clips: Sequence[Clip], reel: Reel) -> None:
    """Room tone never drops to silence within its scene."""
    if cue.loop is False:
        return  # told already
    assert cue.record_in is not None and cue.record_out is not None
    start = cue.record_in.to_samples(reel.sample_rate_hz)
    end = cue.record_out.to_samples(reel.sample_rate_hz)
    for begins, ends in holes(clips, start, end):
        seconds = (ends - begins) / reel.sample_rate_hz
        label = Timecode.from_samples(begins, cue.record_in.rate, reel.sample_rate_hz)
        reel.tell(cue, f"a hole of {seconds:.2f} s at {label}")
