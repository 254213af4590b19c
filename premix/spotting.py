"""Spotting: cues become clips on tracks, each attack on the sample of its timecode.

    sheet ─► takes (casting) ─► places (placing, steps, backgrounds) ─► lanes ─► session

What a cue asks for and cannot have is a line in the session's problems; all else is built.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from audio.timecode import Timecode
from library import LibraryError
from library.asset import Asset, Take
from premix import PremixError
from premix.backgrounds import SHORTEST_S, fill
from premix.casting import Candidate, Cast, Choice, Memory, Shelf, cast_takes
from premix.chance import chance, stable_number
from premix.cues import Cue, CueProblem, CueSheet
from premix.lanes import in_lanes
from premix.placing import place, sound_of, step_of
from premix.steps import step_times
from premix.timeline import Clip, Session, Shot

CANDIDATES = 24  # recordings that are asked of the library for a cue
_SAFETY_FADE_S = Fraction(1, 200)
_BACKGROUND_FADE_S = Fraction(1, 50)
_CUT_FADE_S = Fraction(1, 25)  # where `out` cuts a sound off
_RINGS_ON = ("stingers",)  # tracks on which `out` does not cut, unless the cue says so
_STEADY = {"loop", "drone", "hum", "idle", "steady", "tone", "bed", "ambience", "constant"}
_SHORT_BY_S = 5.0  # and by half: a sound that ends so early is not what the cue asked


class _CannotHaveError(PremixError):
    """What a cue asks for is not to be had."""


@dataclass
class _Reel:
    """What is the same for every cue, and what one cue leaves to the next."""

    shelf: Shelf
    sample_rate_hz: int
    start_samples: int
    memory: Memory = field(default_factory=Memory)
    problems: list[CueProblem] = field(default_factory=list)

    def tell(self, cue: Cue, problem: str) -> None:
        self.problems.append(CueProblem(cue.line, cue.number, problem))


def spot(
    sheet: CueSheet,
    shelf: Shelf,
    *,
    sample_rate_hz: int,
    name: str,
    picture: Sequence[Shot] = (),
    start: Timecode | None = None,
    roots: Mapping[str, str] | None = None,
) -> Session:
    """The session of a whole cue sheet.

    Args:
        start: where the reel begins; else the picture's first frame, else the hour in
            which the first cue stands.
        roots: folders of the library's roots, for whoever renders the session.
    """
    start_frame = _start_frame(sheet, picture, start)
    reel = _Reel(
        shelf=shelf,
        sample_rate_hz=sample_rate_hz,
        start_samples=Timecode(start_frame, sheet.rate).to_samples(sample_rate_hz),
        problems=list(sheet.problems),
    )
    clips: list[tuple[str, str, Clip]] = []
    for cue in sheet.cues:
        try:
            clips += [(cue.stem, cue.track, clip) for clip in _clips_of(cue, reel)]
        except (_CannotHaveError, LibraryError) as problem:
            reel.tell(cue, str(problem))
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
        metadata={"cue_sheet": sheet.name},
    )


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
    reel: _Reel,
) -> int:
    """The first frame after everything: picture, cues and the last sound's ring."""
    ends = [start_frame + 1, *(shot.record_out_frame for shot in picture)]
    ends += [cue.record_out.frame for cue in sheet.cues if cue.record_out is not None]
    if clips:
        last = max(clip.record_end_samples for clip in clips) - 1
        ends.append(Timecode.from_samples(last, sheet.rate, reel.sample_rate_hz).frame + 1)
    return max(ends)


def _clips_of(cue: Cue, reel: _Reel) -> list[Clip]:
    first = cue.first
    assert first is not None  # premix.cues lets no other cue through
    if first.to_samples(reel.sample_rate_hz) < reel.start_samples:
        raise _CannotHaveError(f"{first} is before the start of the session")
    if cue.stem == "backgrounds":
        return _background(cue, reel)
    targets = _targets(cue)
    if len(targets) == 1 and not cue.hits and cue.record_out is not None and _may_loop(cue, reel):
        return _background(cue, reel)
    cast = _cast(cue, len(targets), reel)
    if len(targets) > 1 and len(cast.palette) == 1:
        reel.tell(
            cue,
            f"{len(targets)} hits but one take at hand, {cast.palette[0].asset.path}; "
            "it repeats, varied in level only",
        )
    clips = [
        _hit(cue, choice, target, reel)
        for choice, target in zip(cast.choices, targets, strict=True)
    ]
    if len(targets) == 1 and not cue.hits and cue.record_out is not None:
        clips = [_cut_at_out(cue, clips[0], cue.record_out, reel)]
    return clips


def _may_loop(cue: Cue, reel: _Reel) -> bool:
    """Whether a cue that is no background fills up to `out`: told so, or cast with a steady sound.

    A steady sound is one whose own name says so; a riser or a slam is never played again.
    """
    if cue.loop is not None:
        return cue.loop
    asset = _candidates(cue, reel)[0].asset
    words = set(re.findall(r"[a-z]+", f"{asset.fx_name} {asset.subcategory or ''}".lower()))
    return bool(words & _STEADY) or asset.category == "AMBIENCE"


def _targets(cue: Cue) -> tuple[Fraction, ...]:
    """Seconds from 00:00:00:00 at which something is to be heard."""
    if cue.hits:
        return tuple(hit.seconds for hit in cue.hits)
    if cue.steps is not None or cue.pace is not None:
        return step_times(cue)
    assert cue.record_in is not None
    return (cue.record_in.seconds,)


def _cast(cue: Cue, count: int, reel: _Reel) -> Cast:
    candidates = _candidates(cue, reel)
    seed = cue.seed if cue.seed is not None else stable_number("cue", cue.number)
    cast = cast_takes(
        candidates,
        count,
        seed=seed,
        recent=reel.memory.recall(cue.track_name),
        worn=reel.memory.assets_of.get((cue.who, cue.track_name), ()) if cue.who else (),
        locked=bool(cue.sound),
    )
    reel.memory.keep(cue.who, cue.track_name, cast)
    return cast


def _candidates(cue: Cue, reel: _Reel) -> Sequence[Candidate]:
    if cue.sound:
        locked = reel.shelf.locked(cue.sound)
        if not locked:
            raise _CannotHaveError(f"its locked sound {cue.sound!r} is not in the library")
        return locked
    if not (cue.query or cue.like):
        palette = reel.memory.palette_of.get((cue.who, cue.track_name), ())
        if not palette:
            raise _CannotHaveError(
                f"asks only for what {cue.who!r} wore before, and no cue above says what that is"
            )
        return palette
    found = reel.shelf.candidates(cue.query, cue.like, CANDIDATES)
    if not found:
        asked = " and ".join(
            part
            for part in (
                f"query {cue.query!r}" if cue.query else "",
                f"like {cue.like!r}" if cue.like else "",
            )
            if part
        )
        raise _CannotHaveError(f"no sound found for {asked}")
    return found


def _hit(cue: Cue, choice: Choice, target_s: Fraction, reel: _Reel) -> Clip:
    """One take with its attack on the target."""
    asset, take = choice.candidate.asset, choice.candidate.take
    target = round(target_s * reel.sample_rate_hz)
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, cue.speed, cue.time_ratio)
    placed = place(target, take.sync_samples, take, step)
    before = target - placed.record_start_samples
    # A safety fade stays clear of the attack: it takes half of what precedes it at most.
    fade_in = min(round((cue.fade_in_s or 0) * reel.sample_rate_hz), placed.duration_samples)
    if cue.fade_in_s is None:
        fade_in = min(round(_SAFETY_FADE_S * reel.sample_rate_hz), before // 2)
    return _clip(
        cue,
        choice,
        record_start_samples=placed.record_start_samples,
        source_start_samples=placed.source_start_samples,
        duration_samples=placed.duration_samples,
        sync_samples=target,
        fade_in_samples=fade_in,
        fade_out_samples=min(
            _fade_samples(cue.fade_out_s, _SAFETY_FADE_S, reel),
            max(0, placed.duration_samples - max(fade_in, before)),
        ),
        residue=placed.residue_samples,
    )


def _cut_at_out(cue: Cue, clip: Clip, out: Timecode, reel: _Reel) -> Clip:
    """The clip of a cue with an `out`, ended there unless it may ring on."""
    end = out.to_samples(reel.sample_rate_hz)
    wanted_s = (end - (clip.sync_samples or clip.record_start_samples)) / reel.sample_rate_hz
    short_by_s = (end - clip.record_end_samples) / reel.sample_rate_hz
    if short_by_s > max(_SHORT_BY_S, wanted_s / 2):
        reel.tell(
            cue,
            f"asks for {wanted_s:.1f} s, but {clip.sound.path} ends {short_by_s:.1f} s before out",
        )
    rings_on = cue.tail
    if rings_on is None:
        # A fade-out that is asked for has to end somewhere: at `out`.
        rings_on = cue.track in _RINGS_ON and cue.fade_out_s is None
    if rings_on or clip.record_end_samples <= end:
        return clip
    duration = end - clip.record_start_samples
    before = (clip.sync_samples or clip.record_start_samples) - clip.record_start_samples
    return replace(
        clip,
        duration_samples=duration,
        fade_in_samples=min(clip.fade_in_samples, duration),
        fade_out_samples=min(_fade_samples(cue.fade_out_s, _CUT_FADE_S, reel), duration - before),
    )


def _background(cue: Cue, reel: _Reel) -> list[Clip]:
    """Pieces of one recording from `in` to `out`."""
    assert cue.record_in is not None and cue.record_out is not None
    start = cue.record_in.to_samples(reel.sample_rate_hz)
    end = cue.record_out.to_samples(reel.sample_rate_hz)
    candidates = _longest_of_the_best(_candidates(cue, reel), (end - start) / reel.sample_rate_hz)
    seed = cue.seed if cue.seed is not None else stable_number("cue", cue.number)
    cast = cast_takes(candidates, 1, seed=seed, locked=bool(cue.sound))
    choice = cast.choices[0]
    asset = choice.candidate.asset
    material = _material(asset)
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, cue.speed, cue.time_ratio)
    length = int(material.duration_samples / step)
    if length < min(SHORTEST_S * reel.sample_rate_hz, end - start):
        raise _CannotHaveError(
            f"{asset.path} lasts {length / reel.sample_rate_hz:.2f} s, too short for a background"
        )
    if cue.loop is False and length < end - start:
        reel.tell(
            cue,
            f"asks for {(end - start) / reel.sample_rate_hz:.1f} s, the longest sound at hand, "
            f"{asset.path}, lasts {length / reel.sample_rate_hz:.1f} s and may not be looped",
        )
    reel.memory.keep(cue.who, cue.track_name, cast)
    pieces = fill(
        start,
        end,
        length,
        reel.sample_rate_hz,
        chance(seed, "background"),
        may_loop=cue.loop is not False,
    )
    clips = []
    for number, piece in enumerate(pieces):
        fade_in, fade_out = piece.fade_in_samples, piece.fade_out_samples
        if number == 0:
            fade_in = _fade_samples(cue.fade_in_s, _BACKGROUND_FADE_S, reel)
        if number == len(pieces) - 1:
            fade_out = _fade_samples(cue.fade_out_s, _BACKGROUND_FADE_S, reel)
        fade_in = min(fade_in, piece.duration_samples)
        source_start = material.start_samples + round(piece.material_start_samples * step)
        clips.append(
            _clip(
                cue,
                choice,
                record_start_samples=piece.record_start_samples,
                source_start_samples=source_start,
                duration_samples=piece.duration_samples,
                sync_samples=None,
                fade_in_samples=fade_in,
                fade_out_samples=min(fade_out, piece.duration_samples - fade_in),
                residue=Fraction(0),
            )
        )
    return clips


def _longest_of_the_best(candidates: Sequence[Candidate], wanted_s: float) -> list[Candidate]:
    """Of the finds that are as good as the best, those that last as long as the cue first."""
    top = candidates[0].score
    near = [one for one in candidates if one.score >= top - 0.1 * abs(top)]

    def lasts(one: Candidate) -> float:
        return min(_material(one.asset).duration_samples / one.asset.sample_rate_hz, wanted_s)

    best = sorted(near, key=lambda one: -lasts(one))
    rest = [one for one in candidates if one not in near]
    return best + rest


def _material(asset: Asset) -> Take:
    """All of a recording that sounds: from its first take to the end of its last."""
    return Take(
        index=0,
        start_samples=min(take.start_samples for take in asset.takes),
        end_samples=max(take.end_samples for take in asset.takes),
        sync_samples=asset.takes[0].sync_samples,
    )


def _fade_samples(asked_s: Fraction | None, otherwise_s: Fraction, reel: _Reel) -> int:
    return round((otherwise_s if asked_s is None else asked_s) * reel.sample_rate_hz)


def _clip(cue: Cue, choice: Choice, *, residue: Fraction, **placed: int | None) -> Clip:
    asset, take = choice.candidate.asset, choice.candidate.take
    metadata: dict[str, object] = {
        "track": cue.track_name,
        "score": choice.candidate.score,
        "next": [
            {
                "asset_id": one.asset.id,
                "path": one.asset.path,
                "take": one.take.index,
                "score": one.score,
                "why": one.why,
            }
            for one in choice.next_best
        ],
    }
    if residue:
        metadata["residue_samples"] = str(residue)
    if cue.note:
        metadata["note"] = cue.note
    return Clip(
        cue=cue.number,
        sound=sound_of(asset),
        take_index=take.index,
        gain_db=cue.gain_db + choice.gain_db,
        pan=cue.pan,
        pitch_cents=cue.pitch_cents,
        time_ratio=cue.time_ratio,
        speed=cue.speed,
        reverse=cue.reverse,
        highpass_hz=cue.highpass_hz,
        lowpass_hz=cue.lowpass_hz,
        distance_m=cue.distance_m,
        locked=choice.locked,
        why=choice.why,
        metadata=metadata,
        **placed,  # type: ignore[arg-type]
    )
