"""One cue spotted anew with the sound that a person chose for it; all others stay. Pure."""

from collections.abc import Callable
from dataclasses import replace

from audio.timecode import Timecode
from premix import PremixError
from premix.by_hand import mark_of
from premix.casting import Shelf
from premix.cue import Cue
from premix.guide import Guide
from premix.hand_edit import clip_at, clip_ids, nudge, nudged_by, with_clips_of_cue
from premix.reel import Reel
from premix.spotting import clips_of
from premix.timeline import Session


def recast(
    session: Session,
    cue: Cue,
    sheet_name: str,
    shelf: Shelf,
    *,
    hear_guide: Callable[[str], Guide] | None = None,
) -> Session:
    """The session with this cue as spotting its sheet would now have it.

    What a person had nudged of it is as far off its place as it was.

    Raises:
        PremixError: the cue cannot have what it asks for; the session is then as it was.
    """
    reel = Reel(
        shelf=shelf,
        sample_rate_hz=session.sample_rate_hz,
        start_samples=Timecode.wrapped(session.start_frame, session.rate).to_samples(
            session.sample_rate_hz
        ),
        hear_guide=hear_guide,
        shuffled={cue.number: session.metadata.get("cues", {}).get(cue.number, {}).get("dealt", 0)},
    )
    clips = clips_of(cue, reel)
    if not clips:
        raise PremixError(f"cue {cue.number}: nothing comes of it with this sound")
    nudges = [
        (mark_of(clip), nudged_by(clip))
        for track in session.tracks
        for clip in track.clips
        if clip.cue == cue.number and nudged_by(clip) != (0, 0)
    ]
    accounts = {**session.metadata.get("cues", {}), **reel.accounts}
    of_cue = f", cue {cue.number}: "
    kept = [told for told in session.problems if of_cue not in told]
    notes = [told for told in session.metadata.get("notes", []) if of_cue not in told]
    recut = replace(
        session,
        problems=(*kept, *(f"{sheet_name}, {problem}" for problem in reel.problems)),
        metadata={
            **session.metadata,
            "cues": accounts,
            "notes": [*notes, *(f"{sheet_name}, {note}" for note in reel.notes)],
        },
    )
    recut = with_clips_of_cue(recut, cue.number, cue.stem, cue.track, clips)
    for mark, (frames, samples) in nudges:
        for name, place in clip_ids(recut).items():
            if mark_of(clip_at(recut, place)) == mark:
                recut = nudge(recut, name, frames=frames, samples=samples)
                break
    return recut
