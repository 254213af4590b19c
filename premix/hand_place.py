"""Where a take lies that a person chose, by the same rules as spotting. Pure."""

from dataclasses import replace
from fractions import Fraction

from library.asset import Asset, Take
from premix.by_hand import TRIMMED
from premix.hits import SAFETY_FADE_S
from premix.placing import mirrored, place, sound_of, step_of
from premix.timeline import Clip, Session

_CUT_BY_S = Fraction(1, 50)  # a clip that ends this much before its sound was cut by its cue


def laid_at(session: Session, asset: Asset, take: Take, at_samples: int, cue: str) -> Clip:
    """A take with its sync point on a sample of the session, as a cue of one hit lays it."""
    step = step_of(asset.sample_rate_hz, session.sample_rate_hz)
    placed = place(at_samples, take.sync_samples, take, step)
    clip = Clip(
        cue=cue,
        sound=sound_of(asset),
        take_index=take.index,
        record_start_samples=placed.record_start_samples,
        duration_samples=placed.duration_samples,
        source_start_samples=placed.source_start_samples,
        sync_samples=at_samples,
        locked=True,
        why="added by hand",
        metadata={"target_samples": at_samples},
    )
    return _with_safety_fades(clip, take, step, session.sample_rate_hz)


def relaid(clip: Clip, asset: Asset, take: Take, session: Session, was: Asset | None) -> Clip:
    """The clip with another take in it; level, pan and effects stay, the sync point as well.

    What varied only because the old take came again (its level, its speed) goes with it.
    """
    hz = session.sample_rate_hz
    varied_speed = clip.metadata.get("varied_speed", 1.0)
    speed = round(clip.speed / varied_speed, 9)
    step = step_of(asset.sample_rate_hz, hz, speed, clip.time_ratio)
    old_take = _take_of(clip, was)
    gain_db = round(clip.gain_db - clip.metadata.get("varied_db", 0.0), 4)
    chosen = replace(
        clip,
        sound=sound_of(asset),
        take_index=take.index,
        speed=speed,
        gain_db=gain_db,
        locked=True,
        why=f"chosen by hand: {asset.fx_name or asset.path}",
        metadata=_told(clip),
    )
    if clip.sync_samples is None:
        return _filled(chosen, clip, take, step)
    sync = _sync_of(clip, old_take, take, hz)
    placed = (mirrored if clip.reverse else place)(clip.sync_samples, sync, take, step)
    chosen = replace(
        chosen,
        record_start_samples=placed.record_start_samples,
        source_start_samples=placed.source_start_samples,
        duration_samples=placed.duration_samples,
    )
    if placed.residue_samples:
        chosen.metadata["residue_samples"] = str(placed.residue_samples)
        chosen.metadata["source_step"] = str(step)
    laid = _with_safety_fades(chosen, take, step, hz)
    return _cut_as(clip, laid, old_take, hz)


def _told(clip: Clip) -> dict[str, object]:
    """Of what was told of the clip all that is not about the take it played."""
    of_the_take = ("varied_speed", "varied_db", "residue_samples", "source_step", "score",
                   "handle_before_samples", "handle_after_samples", "locked_by",
                   TRIMMED)  # fmt: skip
    return {key: value for key, value in clip.metadata.items() if key not in of_the_take}


def _take_of(clip: Clip, asset: Asset | None) -> Take | None:
    if asset is None or asset.id != clip.sound.asset_id:
        return None
    return next((take for take in asset.takes if take.index == clip.take_index), None)


def _sync_of(clip: Clip, old: Take | None, new: Take, sample_rate_hz: int) -> int:
    """The sample of the new take that is to land where the clip's sync point is.

    Its attack, unless the old take stood there with its start or its end.
    """
    if old is None or clip.reverse or clip.sync_samples is None:
        return new.sync_samples
    step = step_of(clip.sound.sample_rate_hz, sample_rate_hz, clip.speed, clip.time_ratio)
    heard = clip.source_start_samples + (clip.sync_samples - clip.record_start_samples) * step
    if abs(heard - old.sync_samples) <= step:
        return new.sync_samples
    if abs(heard - old.start_samples) <= step:
        return new.start_samples
    if abs(heard - old.end_samples) <= step:
        return new.end_samples
    return new.sync_samples


def _with_safety_fades(clip: Clip, take: Take, step: Fraction, sample_rate_hz: int) -> Clip:
    """Fades of 5 ms that stay clear of the attack, as spotting sets them."""
    assert clip.sync_samples is not None
    safety = round(SAFETY_FADE_S * sample_rate_hz)
    before = clip.sync_samples - clip.record_start_samples
    clear = int(max(0, take.sync_samples - clip.source_start_samples) / step)
    fade_in = max(0, min(safety, clear // 2, before))
    after = clip.duration_samples - max(fade_in, min(before, clip.duration_samples))
    return replace(
        clip, fade_in_samples=fade_in, fade_out_samples=max(0, min(safety, after)),
        fade_shape="equal_power",
    )  # fmt: skip


def _cut_as(old: Clip, new: Clip, old_take: Take | None, sample_rate_hz: int) -> Clip:
    """Cut the new clip where the old one was cut, and keep fades that someone asked for."""
    safety = round(SAFETY_FADE_S * sample_rate_hz)
    if old.fade_in_samples > safety:
        new = replace(new, fade_in_samples=min(old.fade_in_samples, new.duration_samples))
    asked_out = old.fade_out_samples > safety
    step = step_of(old.sound.sample_rate_hz, sample_rate_hz, old.speed, old.time_ratio)
    ends = old.source_start_samples + old.duration_samples * step
    cut = (
        old_take is not None
        and not old.reverse
        and (old_take.end_samples - ends) / step > _CUT_BY_S * sample_rate_hz
    )
    duration = new.duration_samples
    if cut and old.record_end_samples < new.record_end_samples:
        duration = max(1, old.record_end_samples - new.record_start_samples)
    fade_out = old.fade_out_samples if asked_out or duration < new.duration_samples else None
    if fade_out is None:
        fade_out = new.fade_out_samples
    fade_in = min(new.fade_in_samples, duration)
    return replace(
        new,
        duration_samples=duration,
        fade_in_samples=fade_in,
        fade_out_samples=max(0, min(fade_out, duration - fade_in)),
    )


def _filled(chosen: Clip, old: Clip, take: Take, step: Fraction) -> Clip:
    """A clip without a sync point: begins where it did, and lasts as long as there is sound."""
    there = (
        take.duration_samples if not take.steady else max(end - start for start, end in take.steady)
    )
    start = take.start_samples
    wanted = old.duration_samples
    if take.steady and int(there / step) >= wanted:
        start = max(take.steady, key=lambda stretch: stretch[1] - stretch[0])[0]
        lasts = wanted
    else:
        lasts = max(1, min(wanted, int(take.duration_samples / step)))
    fade_in = min(old.fade_in_samples, lasts)
    return replace(
        chosen,
        source_start_samples=start,
        duration_samples=lasts,
        fade_in_samples=fade_in,
        fade_out_samples=max(0, min(old.fade_out_samples, lasts - fade_in)),
    )
