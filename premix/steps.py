"""When each step of a walk falls, from how many there are, how fast, or both. Pure."""

from fractions import Fraction
from random import Random

from premix.chance import between
from premix.cue import Cue

_HUMAN_SHARE = 0.04  # of a stride: about how far the steps of one person stray from even
_HUMAN_MOST_S = 0.03


def step_times(cue: Cue, random: Random) -> tuple[Fraction, ...]:
    """Seconds from 00:00:00:00 of each step, the first one exactly at `in`.

    Steps go at the pace where it is told, else so that the cue is divided into as many
    equal strides as there are steps; none falls on `out` or after it. About each even
    place they stray as people do, by 4 % of a stride and 30 ms at most, times `human`
    (0 is a machine). They stray from the grid, not from each other, so they do not drift.
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
    human = 1.0 if cue.human is None else cue.human
    reach_s = human * min(_HUMAN_SHARE * float(stride), _HUMAN_MOST_S)
    times = [start]
    for number in range(1, count):
        strayed = start + number * stride + Fraction(between(random, -reach_s, reach_s))
        times.append(strayed if end is None else min(strayed, end - Fraction(1, 1000)))
    return tuple(times)
