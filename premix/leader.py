"""What stands before the first picture and after the last: leader, pops, handles.

The 2-pop is one frame of 1 kHz at -20 dBFS, two seconds before the first frame of
action; the tail pop is its like, two seconds after the last frame of action. Whoever
lines up reels lays one over the other. Seconds here are counted in labels (48 frames
at 23.976), as a leader is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.layout import Layout
from audio.level import gain_from_db
from audio.timecode import FrameRate
from premix import PremixError

POP_HZ = 1_000
POP_DBFS = -20.0  # of the sine's crest
POP_DISTANCE_S = 2


@dataclass(frozen=True, kw_only=True)
class Leader:
    """How much longer than the action a file is, and what lies there."""

    head_s: int = 0  # from the file's start to the first frame of action
    tail_s: int = 0  # from the last frame of action to the file's end
    two_pop: bool = False
    tail_pop: bool = False
    head_handle_frames: int = 0  # sound that may be heard before the first frame of action
    tail_handle_frames: int = 0  # and after the last

    def __post_init__(self) -> None:
        if min(self.head_s, self.tail_s, self.head_handle_frames, self.tail_handle_frames) < 0:
            raise PremixError("a leader or a handle cannot be shorter than nothing")
        if self.two_pop and self.head_s < POP_DISTANCE_S:
            raise PremixError(
                f"a 2-pop stands {POP_DISTANCE_S} s before the first frame of action, "
                f"but head_s is {self.head_s}"
            )
        if self.tail_pop and self.tail_s <= POP_DISTANCE_S:
            raise PremixError(
                f"a tail pop stands {POP_DISTANCE_S} s after the last frame of action, "
                f"but tail_s is {self.tail_s}; {POP_DISTANCE_S + 1} or more"
            )


@dataclass(frozen=True, kw_only=True)
class Span:
    """A file against its action, in picture frames from 00:00:00:00, half-open."""

    file_start: int
    action_start: int
    action_end: int
    file_end: int
    heard_start: int  # between these two, clips are heard
    heard_end: int
    pops: tuple[int, ...]  # the frames that are pops


def span_of(leader: Leader, start_frame: int, end_frame: int, rate: FrameRate) -> Span:
    """Where file, action, handles and pops of a session from `start_frame` to `end_frame` lie.

    Raises:
        PremixError: the leader begins before 00:00:00:00, or a handle reaches a pop.
    """
    head = max(leader.head_s * rate.labels_per_second, leader.head_handle_frames)
    tail = max(leader.tail_s * rate.labels_per_second, leader.tail_handle_frames)
    if head > start_frame:
        raise PremixError(
            f"a head of {head} frames begins before 00:00:00:00; "
            f"the action starts at frame {start_frame}"
        )
    distance = POP_DISTANCE_S * rate.labels_per_second
    handle = max(
        leader.head_handle_frames * leader.two_pop, leader.tail_handle_frames * leader.tail_pop
    )
    if handle >= distance - 1:
        raise PremixError(f"a handle of {handle} frames would be heard under the pop")
    pops = [start_frame - distance] * leader.two_pop + [end_frame - 1 + distance] * leader.tail_pop
    return Span(
        file_start=start_frame - head,
        action_start=start_frame,
        action_end=end_frame,
        file_end=end_frame + tail,
        heard_start=start_frame - leader.head_handle_frames,
        heard_end=end_frame + leader.tail_handle_frames,
        pops=tuple(pops),
    )


def pop(n_samples: int, sample_rate_hz: int) -> NDArray[np.float64]:
    """The tone of a pop, shape (n_samples,), beginning at a zero crossing."""
    turns = np.arange(n_samples) * (POP_HZ / sample_rate_hz)
    tone: NDArray[np.float64] = gain_from_db(POP_DBFS) * np.sin(2 * np.pi * turns)
    return tone


def add_pops(
    block: NDArray[np.float64],
    start_samples: int,
    pops: tuple[tuple[int, int], ...],
    sample_rate_hz: int,
    layout: Layout,
) -> None:
    """Add those pops to a block in place that fall into it, in every channel but LFE.

    Args:
        block: (n_samples, channels), its first sample at record position `start_samples`.
        pops: (start, end) record positions.
    """
    heard = [index for index, label in enumerate(layout.labels) if label != "LFE"]
    for first, tone in _within(pops, start_samples, start_samples + len(block), sample_rate_hz):
        rows = slice(first - start_samples, first - start_samples + len(tone))
        for channel in heard:
            block[rows, channel] += tone


def _within(
    pops: tuple[tuple[int, int], ...], start: int, end: int, sample_rate_hz: int
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    for pop_start, pop_end in pops:
        first, last = max(start, pop_start), min(end, pop_end)
        if first < last:
            tone = pop(pop_end - pop_start, sample_rate_hz)
            yield first, tone[first - pop_start : last - pop_start]
