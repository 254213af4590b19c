"""Which sounds a session plays, as the library remembers them. Pure."""

from audio.timecode import Timecode
from library.history import Use
from premix.timeline import Clip, Session, Track


def uses_of(session: Session) -> list[Use]:
    """One use a clip, in the order of the tracks; a sound that fills a cue in pieces is one."""
    uses: list[Use] = []
    filled: set[tuple[str, int]] = set()
    for track in session.tracks:
        for clip in track.clips:
            if "piece" in clip.metadata:
                fill = (clip.cue, clip.sound.asset_id)
                if fill in filled:
                    continue
                filled.add(fill)
            uses.append(_use(session, track, clip))
    return uses


def _use(session: Session, track: Track, clip: Clip) -> Use:
    at = clip.record_start_samples if clip.sync_samples is None else clip.sync_samples
    label = Timecode.from_samples(at, session.rate, session.sample_rate_hz, wrap=True)
    return Use(
        cue=clip.cue,
        stem=track.stem,
        track=track.name,
        timecode=str(label),
        asset_id=clip.sound.asset_id,
        take=clip.take_index,
    )
