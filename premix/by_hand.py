"""What a person did to a session, so that spotting again leaves it alone. Pure.

Kept with the session itself: an added clip carries a mark, a removed one leaves a line
in the session's metadata; moved, swapped and levelled clips are locked (`premix.respot`).
"""

from collections.abc import Iterable
from typing import Any

from premix.timeline import Clip, Session

ADDED = "added"  # in a clip's metadata: no cue asked for it
REMOVED = "removed"  # in the session's metadata: marks of clips that are not to come again

Laid = tuple[str, str, Clip]
"""(stem, track name, clip)."""


def is_added(clip: Clip) -> bool:
    """Whether a person laid this clip, and no cue of a sheet."""
    return bool(clip.metadata.get(ADDED))


def mark_of(clip: Clip) -> list[Any]:
    """What a clip is known by wherever it has been moved to: its cue, layer and first place."""
    put = clip.record_start_samples if clip.sync_samples is None else clip.sync_samples
    return [clip.cue, clip.metadata.get("layer"), clip.metadata.get("target_samples", put)]


def with_hand_work(
    clips: Iterable[Laid], previous: Session | None, sample_rate_hz: int
) -> list[Laid]:
    """Newly spotted clips, less what a person had removed and with what a person had added.

    Where the session is now counted at another rate, what was added stays at its rate's
    place and is left to the caller's sheet: nothing is carried over.
    """
    if previous is None or previous.sample_rate_hz != sample_rate_hz:
        return list(clips)
    removed = previous.metadata.get(REMOVED, [])
    kept = [laid for laid in clips if mark_of(laid[2]) not in removed]
    kept += [
        (track.stem, track.name, clip)
        for track in previous.tracks
        for clip in track.clips
        if is_added(clip)
    ]
    return kept
