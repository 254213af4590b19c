"""A clip with all that its cue says of it and all that speaks for its choice."""

from dataclasses import replace
from fractions import Fraction

from premix.casting import Choice
from premix.cue import Cue, CueProblem
from premix.placing import sound_of, step_of
from premix.reel import Reel
from premix.timeline import Clip, SoundRef

_HANDLE_S = 5


def make_clip(
    cue: Cue,
    choice: Choice,
    reel: Reel,
    *,
    record_start_samples: int,
    source_start_samples: int,
    duration_samples: int,
    sync_samples: int | None,
    fade_in_samples: int,
    fade_out_samples: int,
    fade_shape: str = "equal_power",
    gain_db: float = 0.0,
    pan: float | None = None,
    varied_speed: float = 1.0,
    residue: Fraction = Fraction(0),
) -> Clip:
    """A clip with all that the cue says of it and all that speaks for its choice."""
    asset, take = choice.candidate.asset, choice.candidate.take
    duration_samples = max(1, duration_samples)
    fade_in_samples = min(fade_in_samples, duration_samples)
    clip = Clip(
        cue=cue.number,
        sound=sound_of(asset),
        take_index=take.index,
        record_start_samples=record_start_samples,
        duration_samples=duration_samples,
        source_start_samples=source_start_samples,
        sync_samples=sync_samples,
        gain_db=round(cue.gain_db + choice.gain_db + gain_db, 4),
        pan=cue.pan if pan is None else pan,
        fade_in_samples=fade_in_samples,
        fade_out_samples=max(0, min(fade_out_samples, duration_samples - fade_in_samples)),
        fade_shape=fade_shape,
        pitch_cents=cue.pitch_cents,
        time_ratio=cue.time_ratio,
        speed=round(cue.speed * varied_speed, 9),
        reverse=cue.reverse,
        highpass_hz=cue.highpass_hz,
        lowpass_hz=cue.lowpass_hz,
        distance_m=cue.distance_m,
        room=_room(cue, reel),
        room_db=-12.0 if cue.room_db is None else cue.room_db,
        locked=choice.locked,
        why=choice.why,
    )
    told = {"varied_speed": varied_speed} if varied_speed != 1 else {}
    return replace(clip, metadata={**_metadata(cue, choice, clip, reel, gain_db, residue), **told})


def _metadata(
    cue: Cue, choice: Choice, clip: Clip, reel: Reel, gain_db: float, residue: Fraction
) -> dict[str, object]:
    step = step_of(clip.sound.sample_rate_hz, reel.sample_rate_hz, clip.speed, clip.time_ratio)
    after = clip.source_start_samples + clip.source_samples(reel.sample_rate_hz)
    most = _HANDLE_S * clip.sound.sample_rate_hz
    metadata: dict[str, object] = {
        "track": cue.track_name,
        # Where spotting put it; a person may move it, and is then still known by this.
        "target_samples": clip.record_start_samples
        if clip.sync_samples is None
        else clip.sync_samples,
        "seed": str(reel.seed(cue)),  # as text: other readers of JSON keep 53 bits of a number
        "score": choice.candidate.score,
        "next": [dict(vars(other)) for other in choice.next_best],
        # What lies before and after the clip in its recording, so that it can be opened up.
        "handle_before_samples": min(most, max(0, clip.source_start_samples)),
        "handle_after_samples": min(most, max(0, int(clip.sound.duration_samples - after))),
    }
    if choice.gain_db:
        metadata["varied_db"] = choice.gain_db
    if gain_db:
        metadata["matched_db"] = gain_db
    if choice.locked and cue.sound:
        metadata["locked_by"] = "cue sheet"
    if residue:
        metadata["residue_samples"] = str(residue)
        metadata["source_step"] = str(step)
    if cue.note:
        metadata["note"] = cue.note
    if cue.who:
        metadata["who"] = cue.who
    return metadata


def _room(cue: Cue, reel: Reel) -> SoundRef | None:
    if not cue.room:
        return None
    found = reel.shelf.locked(cue.room)
    if found:
        return sound_of(found[0].asset)
    told = f"its room {cue.room!r} is not in the library; the cue is dry"
    if CueProblem(cue.line, cue.number, told) not in reel.problems:
        reel.tell(cue, told)
    return None
