"""From an envelope to takes: what belongs together, and where it has died away.

    floor      what the recording sounds like when nothing happens, followed over time
    active     stretches above the floor, found high and followed down to it (hysteresis)
    parted     at valleys that lead to a new attack, where reverb hides the floor
    joined     again, where a gap is short or one part is but the other's prelude or echo

All positions here count envelope windows of WINDOW_S.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from library.take_background import is_background
from library.take_floor import Level, floor_of, smoothed

WINDOW_S = 0.005

_SMOOTH = 5  # windows: 25 ms, long enough to level noise, short enough for edges
_LOWEST_DB = -115.0  # below 24-bit dither: digital silence
_OVER_FLOOR_DB = 9.0  # a take rises this far …
_AT_FLOOR_DB = 2.5  # … and lasts until sound and floor are about equal, which adds 3 dB
_VALLEY_DB = 9.0  # a new attack after a fall and before a rise of this
_SHORTEST_STEP = 36  # windows between two peaks: 180 ms part heel and toe from the next step
_GAP = 16  # 80 ms: less is a breath within one sound, unless it ends with an attack
_KNOWN_FLOOR = 20  # 100 ms after a take tell what its floor is
_SETTLE = 30  # 150 ms: an end is moved by no more
_MOST_EVIDENCE = 4.0
_BREAK_EVEN = 1.9  # floor and as much again, less what the skew of noise takes from the limited sum
_NEAR = 80  # 400 ms from start to start: a much weaker part belongs to its neighbour
_LEAD_GAP = 40  # 200 ms: what grows towards a louder strike, as a creak does, leads into it
_WEAKER_DB = 14.0
_PAUSE = 80  # 400 ms: who pauses so between performances does so each time
_TOGETHER = 40  # 200 ms
_MOST_PARTS = 3  # of one performance; more of them without a pause are a walk
_APART = 1.6  # times nearer than performances are to each other
_AFTERMATH_DB = 12.0
_LONG_ROLL = 300  # 1.5 s
_ROLL_DB = 14.0
_STEADY = 400  # 2 s
_STEADY_DB = 3.0


@dataclass(frozen=True)
class Segment:
    """One take, before its edges are set to the sample. Half-open."""

    start: int
    end: int
    peak_db: float
    heard: int = -1  # where it began before its start was settled; -1: it was not


def find_segments(level_db: Level, attacks: NDArray[np.int64]) -> list[Segment]:
    """Where the takes lie.

    Args:
        level_db: of each window, digital silence at -120.
        attacks: the windows in which an attack begins, in order.

    Returns:
        At least one segment if there is at least one window.
    """
    n_windows = len(level_db)
    if not n_windows:
        return []
    whole = Segment(0, n_windows, float(level_db.max()))
    smooth = smoothed(level_db, _SMOOTH)
    if whole.peak_db <= _LOWEST_DB:
        return [whole]
    floor = floor_of(level_db)
    segments = _active(smooth, floor)
    if not segments:
        return [_without_silence(level_db, whole)]
    segments = [part for one in segments for part in _parted(one, smooth, attacks)]
    segments = _joined(segments, smooth, attacks)
    segments = _audible(segments, floor)
    edges = np.array([(segment.start, segment.end) for segment in segments])
    if is_background(level_db, floor, edges, _struck(edges[:, 0], attacks)):
        return [_without_silence(level_db, whole)]
    segments = _performances(segments)
    return _settled(segments, level_db)


def _active(smooth: Level, floor: Level) -> list[Segment]:
    over = smooth - floor
    above = np.concatenate([[False], over > _AT_FLOOR_DB, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return []
    bounds = np.stack([starts, ends], axis=1).ravel()
    padded = np.append(over, -np.inf)
    highest = np.maximum.reduceat(padded, bounds)[::2]
    loudest = np.maximum.reduceat(np.append(smooth, -np.inf), bounds)[::2]
    kept = highest > _OVER_FLOOR_DB
    return [
        Segment(int(start), int(end), float(peak))
        for start, end, peak in zip(starts[kept], ends[kept], loudest[kept], strict=True)
    ]


def _parted(segment: Segment, smooth: Level, attacks: NDArray[np.int64]) -> list[Segment]:
    """The segment, cut where a fall leads through a valley into a new attack."""
    level = smooth[segment.start : segment.end]
    inside = attacks[(attacks > segment.start) & (attacks < segment.end)]
    if not len(inside) or len(level) < _SHORTEST_STEP:
        return [segment]
    slope = np.diff(level)
    turns = np.flatnonzero((slope[1:] > 0) != (slope[:-1] > 0)) + 1
    cuts: list[int] = []
    top_at, top = 0, float(level[0])
    valley_at, valley = 0, np.inf
    for at in [*turns.tolist(), len(level) - 1]:
        value = float(level[at])
        if valley == np.inf or value < valley:
            if value > top:
                top_at, top = at, value
                valley = np.inf
                continue
            if top - value >= _VALLEY_DB:
                valley_at, valley = at, value
        elif value - valley >= _VALLEY_DB:
            rise = inside[
                (inside >= segment.start + valley_at - _SMOOTH) & (inside <= segment.start + at)
            ]
            if len(rise) and at - top_at >= _SHORTEST_STEP:
                cuts.append(int(rise[-1]))
            top_at, top, valley = at, value, np.inf
    edges = sorted({segment.start, *cuts, segment.end})
    return [Segment(start, end, float(smooth[start:end].max())) for start, end in pairwise(edges)]


def _joined(segments: list[Segment], smooth: Level, attacks: NDArray[np.int64]) -> list[Segment]:
    """The segments, with those as one that are one sound: heel and toe, creak and slam."""
    struck = _struck(np.array([segment.start for segment in segments]), attacks)
    joined: list[Segment] = []
    for segment, is_struck in zip(segments, struck, strict=True):
        if joined:
            last = joined[-1]
            apart = segment.start - last.start
            louder = abs(segment.peak_db - last.peak_db)
            weak = apart < _NEAR and louder > _WEAKER_DB
            swells = segment.start - last.end < _GAP and not is_struck
            leads = (
                segment.peak_db - last.peak_db > _WEAKER_DB
                and segment.start - last.end < _LEAD_GAP
                and 2 * int(smooth[last.start : last.end].argmax()) > last.end - last.start
            )
            # Shards after the pane, a roll after the crack: weaker, and before it has died away.
            fallen = last.peak_db - segment.peak_db
            aftermath = segment.start == last.end and (
                fallen > _AFTERMATH_DB or (fallen > 0 and _rolls(last, smooth))
            )
            if weak or swells or leads or aftermath or apart < _SHORTEST_STEP:
                joined[-1] = replace(
                    last, end=segment.end, peak_db=max(last.peak_db, segment.peak_db)
                )
                continue
        joined.append(segment)
    return joined


def _struck(starts: NDArray[np.int64], attacks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether an attack lies where each part starts."""
    return np.searchsorted(attacks, starts - 4) < np.searchsorted(attacks, starts + 10)


def _rolls(segment: Segment, smooth: Level) -> bool:
    """Whether it goes on near its loudest for long, as thunder does and no struck thing."""
    level = smooth[segment.start : segment.end]
    return len(level) >= _LONG_ROLL and float(np.median(level)) > segment.peak_db - _ROLL_DB


def _performances(segments: list[Segment]) -> list[Segment]:
    """The segments, with the parts of each performance as one where clear pauses tell which.

    Keys jingle twice without falling silent, then all is still, three times and more: the
    pauses part what the performer meant to be one. Where pauses of all lengths occur, as
    between steps in a hall, nothing is known of that.
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        pause = segment.start - groups[-1][-1].end if groups else _PAUSE
        if pause >= _PAUSE:
            groups.append([segment])
        elif pause < _TOGETHER:
            groups[-1].append(segment)
        else:
            return segments
    if len(groups) < 3 or max(len(group) for group in groups) > _MOST_PARTS:
        return segments
    nearest = min(after[0].start - before[0].start for before, after in pairwise(groups))
    for group in groups:
        if any(
            _APART * (after.start - before.start) > nearest for before, after in pairwise(group)
        ):
            return segments
    return [
        replace(group[0], end=group[-1].end, peak_db=max(part.peak_db for part in group))
        for group in groups
    ]


def _settled(segments: list[Segment], level_db: Level) -> list[Segment]:
    """Edges moved to where sound and floor are equal, by the floor heard between the takes."""

    def power(start: int, end: int) -> NDArray[np.float64]:
        return np.asarray(np.power(10.0, level_db[start:end].astype(np.float64) / 10.0))

    edges = [
        0,
        *(edge for segment in segments for edge in (segment.start, segment.end)),
        len(level_db),
    ]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))  # one more than there are segments
    floors = np.full(len(gaps), np.nan)
    for index, (start, end) in enumerate(gaps):
        if end - start >= _KNOWN_FLOOR:
            calm = start + (end - start) // 3 if index else start  # a tail may reach into it
            floors[index] = max(float(power(calm, min(end - 4, calm + 400)).mean()), 1e-12)
    settled: list[Segment] = []
    for index, segment in enumerate(segments):
        near = floors[max(0, index - 1) : index + 4]
        near = near[np.isfinite(near)]
        if len(near):
            floor = float(np.median(near))
            start, end = segment.start, segment.end
            if gaps[index][1] > gaps[index][0]:
                first = max(settled[-1].end if settled else 0, start - _SETTLE)
                start = min(end - 1, start + _SETTLE)
                start -= _still_sounding(power(first, start)[::-1] / floor)
            if gaps[index + 1][1] > gaps[index + 1][0]:
                last = min(gaps[index + 1][1], end + _SETTLE)
                end = max(start + 1, end - _SETTLE)
                end += _still_sounding(power(end, last) / floor)
            segment = replace(segment, start=start, end=end, heard=segment.start)
        settled.append(segment)
    return settled


def _still_sounding(over: NDArray[np.float64]) -> int:
    """How many of these windows, powers over the floor's, still belong to the sound.

    Evidence for and against adds up from window to window, each limited, so that one
    rumble in the floor does not prolong a take.
    """
    evidence = np.cumsum(np.minimum(over, _MOST_EVIDENCE) - _BREAK_EVEN)
    best = int(evidence.argmax()) if len(evidence) else 0
    return best + 1 if len(evidence) and evidence[best] > 0 else 0


def _audible(segments: list[Segment], floor: Level) -> list[Segment]:
    """Without clicks and rustles that are nothing beside the loudest."""
    loudest = max(segment.peak_db for segment in segments)
    return [segment for segment in segments if segment.peak_db > loudest - 45.0]


def _without_silence(level_db: Level, whole: Segment) -> Segment:
    """The whole file but for digital silence at its ends."""
    heard = np.flatnonzero(level_db > _LOWEST_DB)
    return replace(whole, start=int(heard[0]), end=int(heard[-1]) + 1)


def steady_stretches(level_db: Level, segment: Segment) -> list[tuple[int, int]]:
    """Where half-second levels keep within 3 dB of their median for two seconds or more."""
    step = _STEADY // 4
    level = smoothed(level_db[segment.start : segment.end], step)[step // 2 :: step]
    if len(level) < 4:
        return []
    calm = np.abs(level - np.median(level)) <= _STEADY_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[False], calm, [False]])))
    return [
        (segment.start + int(start) * step, min(segment.end, segment.start + int(end) * step))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if (end - start) * step >= _STEADY
    ]
