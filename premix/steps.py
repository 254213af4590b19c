"""When each step of a walk falls, from how many there are, how fast, or both. Pure."""

from fractions import Fraction

from premix.cues import Cue


def step_times(cue: Cue) -> tuple[Fraction, ...]:
    """Seconds from 00:00:00:00 of each step, the first one at `in`.

    Steps stand evenly: at the pace where it is told, else so that the cue is divided
    into as many equal strides as there are steps; none falls on `out` or after it.
    """
    assert cue.record_in is not None
    start = cue.record_in.seconds
    end = cue.record_out.seconds if cue.record_out is not None else None
    count, stride = cue.steps, None if cue.pace is None else 60 / Fraction(cue.pace)
    if end is not None:
        if stride is None or (count is not None and (count - 1) * stride >= end - start):
            assert count is not None
            stride = (end - start) / count
        elif count is None:
            count = -((start - end) // stride)
    assert count is not None and stride is not None
    return tuple(start + number * stride for number in range(count))
