"""What a person did to a session, so that spotting again leaves it alone. Pure.

Kept with the session itself: an added clip carries a mark, a removed one leaves a line
in the session's metadata; moved, swapped and levelled clips are locked (`premix.respot`).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from premix import PremixError
from premix.timeline import Clip, Session

ADDED = "added"  # in a clip's metadata: no cue asked for it
NUDGED = "nudged"  # in a clip's metadata: [place it was at, frames, samples]
TRIMMED = "trimmed"  # in a clip's metadata: [source start, head, tail, fade in, fade out] at first
REMOVED = "removed"  # in the session's metadata: marks of clips that are not to come again

Laid = tuple[str, str, Clip]
"""(stem, track name, clip)."""


def is_added(clip: Clip) -> bool:
    """Whether a person laid this clip, and no cue of a sheet."""
    return bool(clip.metadata.get(ADDED))


def mark_of(clip: Clip) -> list[Any]:
    """What a clip is known by wherever it has been moved to: its cue, layer and first place."""
    return [clip.cue, clip.metadata.get("layer"), clip.metadata.get("target_samples", put_at(clip))]


def put_at(clip: Clip) -> int:
    """The sample that is put somewhere: the attack, else the clip's start."""
    return clip.record_start_samples if clip.sync_samples is None else clip.sync_samples


def held(clip: Clip) -> Clip:
    """The clip, held as a person left it, whatever the sheet says when it is spotted again."""
    told = {key: value for key, value in clip.metadata.items() if key != "locked_by"}
    return replace(clip, locked=True, metadata=told)


def with_hand_work(
    clips: Iterable[Laid], previous: Session | None, sample_rate_hz: int
) -> list[Laid]:
    """Newly spotted clips, less what a person had removed and with what a person had added.

    Raises:
        PremixError: there is such work, and it counts samples of another rate.
    """
    if previous is None:
        return list(clips)
    if previous.sample_rate_hz != sample_rate_hz and _has_hand_work(previous):
        raise PremixError(
            f"{previous.name} holds clips that were added, removed, nudged or trimmed by hand at "
            f"{previous.sample_rate_hz} Hz; spot it at that rate, or forget them: --fresh"
        )
    removed = previous.metadata.get(REMOVED, [])
    kept = [laid for laid in clips if mark_of(laid[2]) not in removed]
    kept += [
        (track.stem, track.name, clip)
        for track in previous.tracks
        for clip in track.clips
        if is_added(clip)
    ]
    return kept


def _has_hand_work(session: Session) -> bool:
    return bool(session.metadata.get(REMOVED)) or any(
        is_added(clip) or NUDGED in clip.metadata or TRIMMED in clip.metadata
        for track in session.tracks
        for clip in track.clips
    )
