"""Cuts to conform: events laid end to end, and the edits that an editor makes to them."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from audio.timecode import FILM_24, FrameRate, Timecode
from premix.cut import Event, Timeline, TimelineTrack
from premix.lanes import in_lanes
from premix.timeline import Clip, Session, SoundRef

SAMPLE_RATE_HZ = 48_000
HOUR = 86_400  # frames at 24


def shot(name: str, reel: str, source_in: int, frames: int, rate: FrameRate = FILM_24) -> Event:
    """An event that begins nowhere yet; `cut_of` lays it."""
    return Event(
        number="",
        name=name,
        reel=reel,
        record_in_s=Fraction(0),
        record_out_s=frames / rate.fps,
        source_in_s=source_in / rate.fps,
        source_out_s=(source_in + frames) / rate.fps,
    )


def cut_of(events: Sequence[Event], rate: FrameRate = FILM_24, start: int = HOUR) -> Timeline:
    """The events one behind the other."""
    laid = []
    at_s = start / rate.fps
    for number, event in enumerate(events, 1):
        lasts_s = event.record_out_s - event.record_in_s
        laid.append(
            replace(event, number=f"{number:03}", record_in_s=at_s, record_out_s=at_s + lasts_s)
        )
        at_s += lasts_s
    track = TimelineTrack(name="V", kind="picture", events=tuple(laid))
    return Timeline(name="cut", format="EDL", rate=rate, start_s=start / rate.fps, tracks=(track,))


def trimmed(event: Event, head: int = 0, tail: int = 0, rate: FrameRate = FILM_24) -> Event:
    """Shorter by `head` frames at its beginning and `tail` at its end; longer if negative."""
    assert event.source_in_s is not None and event.source_out_s is not None
    return replace(
        event,
        record_in_s=event.record_in_s + head / rate.fps,
        record_out_s=event.record_out_s - tail / rate.fps,
        source_in_s=event.source_in_s + head / rate.fps,
        source_out_s=event.source_out_s - tail / rate.fps,
    )


SOUND = SoundRef(
    asset_id=1,
    sound_hash="00",
    root="sounds",
    path="step.wav",
    sample_rate_hz=SAMPLE_RATE_HZ,
    channels=1,
    duration_samples=60 * SAMPLE_RATE_HZ,
)


def hit(cue: str, sync_samples: int, *, lead: int = 480, lasts: int = 9_600) -> Clip:
    """A step whose attack is `lead` samples behind its beginning."""
    return Clip(
        cue=cue,
        sound=SOUND,
        take_index=0,
        record_start_samples=sync_samples - lead,
        duration_samples=lasts,
        source_start_samples=0,
        sync_samples=sync_samples,
    )


def bed(cue: str, start: int, end: int, source_start: int = 20 * SAMPLE_RATE_HZ) -> Clip:
    """A background, with handles before and behind."""
    return Clip(
        cue=cue,
        sound=SOUND,
        take_index=0,
        record_start_samples=start,
        duration_samples=end - start,
        source_start_samples=source_start,
        fade_in_samples=960,
        fade_out_samples=960,
    )


def session_of(cut: Timeline, hits: Sequence[Clip] = (), beds: Sequence[Clip] = ()) -> Session:
    """As spotting makes it: it lasts until the last sound has rung out."""
    shots = cut.shots()
    ends = [one.record_out_frame for one in shots]
    ends += [
        Timecode.from_samples(clip.record_end_samples - 1, cut.rate, SAMPLE_RATE_HZ).frame + 1
        for clip in [*hits, *beds]
    ]
    return Session(
        name="reel",
        rate=cut.rate,
        sample_rate_hz=SAMPLE_RATE_HZ,
        start_frame=min(one.record_in_frame for one in shots),
        end_frame=max(ends),
        tracks=in_lanes(
            [("foley", "feet", clip) for clip in hits]
            + [("backgrounds", "a", clip) for clip in beds]
        ),
        picture=shots,
    )


def clips_of(session: Session) -> list[Clip]:
    return [clip for track in session.tracks for clip in track.clips]
