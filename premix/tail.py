"""How a clip rings on after its end, where it stands in a room. Pure.

The clip's sound goes into the room until the clip ends, its fades with it; what the room
gives back is heard for as long as its impulse response, twelve seconds at most, and ends
in a fade, so that no cut is heard.
"""

from dataclasses import replace
from fractions import Fraction

from premix.timeline import Clip

LONGEST_TAIL_S = 12
_FADED_SHARE = Fraction(1, 4)


def tail_samples(clip: Clip, sample_rate_hz: int) -> int:
    """How long it rings on, at the session's rate; 0 of a clip without a room."""
    if clip.room is None:
        return 0
    response_s = Fraction(clip.room.duration_samples, clip.room.sample_rate_hz)
    return int(min(response_s, Fraction(LONGEST_TAIL_S)) * sample_rate_hz)


def rung_on(clip: Clip, sample_rate_hz: int) -> Clip:
    """The clip with its tail, as it is mixed: its own fades are heard through the room."""
    tail = tail_samples(clip, sample_rate_hz)
    if not tail:
        return clip
    return replace(
        clip,
        duration_samples=clip.duration_samples + tail,
        fade_in_samples=0,
        fade_out_samples=int(tail * _FADED_SHARE),
        fade_shape="s_curve",
    )
