"""Cues that sound at moments: hits, steps, a guide's attacks, a single effect or stinger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from audio.timecode import Timecode
from library.asset import Asset, Take
from premix.casting import Candidate, Choice
from premix.chance import chance
from premix.clip_of_cue import make_clip
from premix.cue import Cue
from premix.placing import mirrored, place, step_of
from premix.reel import CannotHaveError, Reel
from premix.steps import step_times
from premix.timeline import Clip

SAFETY_FADE_S = Fraction(1, 200)
_CUT_FADE_S = Fraction(1, 25)  # where `out` cuts a sound off
_RINGS_ON = ("stingers",)  # tracks on which `out` does not cut, unless the cue says so
_SHORT_BY_S = 5.0  # and by half: a sound that ends so early is not what the cue asked


@dataclass(frozen=True)
class Target:
    """One moment at which something is to be heard."""

    seconds: Fraction  # from 00:00:00:00
    gain_db: float = 0.0


def hit_clips(cue: Cue, reel: Reel) -> list[Clip]:
    """The clips of a cue that is no background, in the order of its hits."""
    targets = targets_of(cue, reel)
    places = [reel.samples(target.seconds) for target in targets]
    cast = reel.cast(cue, places, reel.candidates(cue))
    choices = list(cast.choices)
    if cue.ending in ("stop", "scuff") and len(choices) > 1:
        choices[-1] = _ending(cue, choices[-1], reel)
    if len(targets) > 1 and len(cast.palette) == 1 and not _varied(choices):
        reel.note(
            cue,
            f"{len(targets)} hits but one take at hand, {cast.palette[0].asset.path}; "
            "it repeats, varied a little in level" + (" and pitch" if cue.human != 0 else ""),
        )
    clips = [
        _hit(cue, choice, target, reel) for choice, target in zip(choices, targets, strict=True)
    ]
    if len(targets) == 1 and not cue.hits and cue.record_out is not None:
        clips = [_cut_at_out(cue, clips[0], cue.record_out, reel)]
    return clips


def targets_of(cue: Cue, reel: Reel) -> tuple[Target, ...]:
    """The moments that a cue asks for, in order.

    Raises:
        CannotHaveError: its guide cannot be heard, or has nothing in the cue's range.
    """
    if cue.hits:
        return tuple(Target(hit.seconds) for hit in cue.hits)
    if cue.steps is not None or cue.pace is not None:
        random = chance(reel.seed(cue), "steps")
        return tuple(Target(seconds) for seconds in step_times(cue, random))
    if cue.guide:
        return _followed(cue, reel)
    assert cue.record_in is not None
    return (Target(cue.record_in.seconds),)


def _followed(cue: Cue, reel: Reel) -> tuple[Target, ...]:
    """The attacks of the guide between `in` and `out`.

    A guide with a time reference that meets the cue lies where that says, any other
    begins at `in`.
    """
    if reel.hear_guide is None:
        raise CannotHaveError(f"its guide {cue.guide!r} cannot be heard from here")
    guide = reel.hear_guide(cue.guide)
    assert cue.record_in is not None
    first = cue.record_in.seconds
    last = cue.record_out.seconds if cue.record_out is not None else None
    begins = first
    if guide.starts_at_s is not None and (
        guide.starts_at_s + guide.duration_s > first and (last is None or guide.starts_at_s < last)
    ):
        begins = guide.starts_at_s
    targets = tuple(
        Target(begins + onset.seconds, gain_db)
        for onset, gain_db in zip(guide.onsets, guide.gains_db(), strict=True)
        if begins + onset.seconds >= first and (last is None or begins + onset.seconds < last)
    )
    if not targets:
        raise CannotHaveError(f"its guide {cue.guide!r} has no attack between in and out")
    return targets


def _ending(cue: Cue, choice: Choice, reel: Reel) -> Choice:
    """A stop or a scuff for the last step, where the library has one that fits."""
    assert cue.ending is not None
    if choice.locked or cue.sound:
        found = [one for one in reel.candidates(cue) if _tells(one, cue.ending)]
    else:
        found = [
            one for one in reel.candidates(cue, more_words=cue.ending) if _tells(one, cue.ending)
        ]
    if not found:
        reel.tell(cue, f"no {cue.ending} found to end on; it ends on a step")
        return choice
    best = max(found, key=lambda one: (one.asset.id == choice.candidate.asset.id, one.score))
    return replace(
        choice,
        candidate=best,
        gain_db=0.0,
        speed=1.0,
        why=f"{best.why}; the {cue.ending} at the end",
    )


def _tells(one: Candidate, word: str) -> bool:
    asset = one.asset
    told = f"{one.take.label or ''} {' '.join(asset.facets.values())}"
    if len(asset.takes) == 1:
        told += f" {asset.fx_name} {asset.description}"
    return re.search(rf"\b{word}", told.lower()) is not None


def _varied(choices: Sequence[Choice]) -> bool:
    return len({choice.candidate.key for choice in choices}) > 1


def _hit(cue: Cue, choice: Choice, target: Target, reel: Reel) -> Clip:
    """One take with its sync point on the target."""
    asset, take = choice.candidate.asset, choice.candidate.take
    at = reel.samples(target.seconds)
    # A walk that is to go like a machine is not to sound like several people either.
    varied = 1.0 if cue.human == 0 else choice.speed
    speed = round(cue.speed * varied, 9)
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, speed, cue.time_ratio)
    sync = _sync_of(cue, asset, take, reel)
    placed = (mirrored if cue.reverse else place)(at, sync, take, step)
    before = at - placed.record_start_samples
    # A safety fade stays clear of the attack: it takes half of what precedes it at most.
    attack = take.sync_samples if cue.reverse else min(sync, take.sync_samples)
    clear = int(max(0, attack - placed.source_start_samples) / step)
    fade_in = min(reel.samples(SAFETY_FADE_S), clear // 2, before)
    if cue.fade_in_s is not None:
        fade_in = reel.samples(cue.fade_in_s)
    fade_out = reel.samples(SAFETY_FADE_S)
    if cue.fade_out_s is not None:
        fade_out = reel.samples(cue.fade_out_s)
    room_after = placed.duration_samples - max(fade_in, min(before, placed.duration_samples))
    return make_clip(
        cue,
        choice,
        reel,
        record_start_samples=placed.record_start_samples,
        source_start_samples=placed.source_start_samples,
        duration_samples=placed.duration_samples,
        sync_samples=at,
        fade_in_samples=fade_in,
        # A sound that ends on its timecode has nothing behind it to fade but itself.
        fade_out_samples=fade_out if cue.sync == "end" else min(fade_out, max(0, room_after)),
        gain_db=target.gain_db,
        varied_speed=varied,
        residue=placed.residue_samples,
    )


def _sync_of(cue: Cue, asset: Asset, take: Take, reel: Reel) -> int:
    """The sample of the recording that lands on the timecode."""
    if cue.sync == "start":
        return take.end_samples if cue.reverse else take.start_samples
    if cue.sync == "end":
        return take.start_samples if cue.reverse else take.end_samples
    if cue.sync == "peak":
        samples = reel.shelf.read(asset, take.start_samples, take.duration_samples)
        if samples is None or not len(samples):
            raise CannotHaveError(f"{asset.path} cannot be read to find its peak")
        return take.start_samples + int(np.abs(samples).max(axis=1).argmax())
    return take.sync_samples


def _cut_at_out(cue: Cue, clip: Clip, out: Timecode, reel: Reel) -> Clip:
    """The clip of a cue with an `out`, ended there unless it may ring on."""
    end = out.to_samples(reel.sample_rate_hz)
    sync = clip.record_start_samples if clip.sync_samples is None else clip.sync_samples
    wanted_s = (end - sync) / reel.sample_rate_hz
    short_by_s = (end - clip.record_end_samples) / reel.sample_rate_hz
    if short_by_s > max(_SHORT_BY_S, wanted_s / 2) or (cue.loop is False and short_by_s > 0.5):
        reel.tell(
            cue,
            f"asks for {wanted_s:.1f} s, but {clip.sound.path} ends {short_by_s:.1f} s before out"
            + (" and may not be looped" if cue.loop is False else ""),
        )
    rings_on = cue.tail
    if rings_on is None:
        # A fade-out that is asked for has to end somewhere: at `out`.
        rings_on = cue.track in _RINGS_ON and cue.fade_out_s is None
    if rings_on or clip.record_end_samples <= end or cue.sync == "end":
        return clip
    duration = end - clip.record_start_samples
    fade = reel.samples(_CUT_FADE_S if cue.fade_out_s is None else cue.fade_out_s)
    return replace(
        clip,
        duration_samples=duration,
        fade_in_samples=min(clip.fade_in_samples, duration),
        fade_out_samples=min(fade, max(0, end - max(sync, clip.record_start_samples))),
        source_start_samples=clip.source_start_samples
        if not cue.reverse
        else clip.source_start_samples
        + round(
            (clip.duration_samples - duration)
            * clip.source_samples(reel.sample_rate_hz)
            / clip.duration_samples
        ),
    )
