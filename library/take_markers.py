"""What a file's own regions and cue points say of its takes. They know better than the ear."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from library.asset import Take

Marker = tuple[int, int | None, str]
"""A cue point (start, None, label) or a region (start, end, label), in samples."""


def takes_by_markers(
    takes: Sequence[Take],
    markers: Sequence[Marker],
    n_samples: int,
    near_samples: int,
    sync_between: Callable[[int, int], int],
) -> tuple[Take, ...]:
    """The takes as the markers have them.

    Regions are takes as they stand, and what was heard outside them stays. Two or more
    cue points part the takes they lie in; a cue point near a take's start moves the
    start to it; each labels the take it begins, or the first that follows it before the
    next cue point. A lone cue point only labels.

    Args:
        near_samples: how far a cue point may lie from a start to mean that start.
        sync_between: the attack to line up within [start, end).
    """
    regions = sorted(
        (max(0, start), min(n_samples, end), label)
        for start, end, label in markers
        if end is not None and max(0, start) < min(n_samples, end)
    )
    cues = sorted(
        (start, label) for start, end, label in markers if end is None and 0 <= start < n_samples
    )
    kept = [
        take
        for take in takes
        if not any(
            start < take.end_samples and take.start_samples < end for start, end, _ in regions
        )
    ]
    kept = _with_cues(kept, cues, near_samples, sync_between)
    kept += [
        Take(
            index=0,
            start_samples=start,
            end_samples=end,
            sync_samples=sync_between(start, end),
            label=label or None,
        )
        for start, end, label in regions
    ]
    kept.sort(key=lambda take: (take.start_samples, take.end_samples))
    return tuple(replace(take, index=index) for index, take in enumerate(kept))


def _with_cues(
    takes: list[Take],
    cues: list[tuple[int, str]],
    near_samples: int,
    sync_between: Callable[[int, int], int],
) -> list[Take]:
    if len(cues) == 1:
        return _labelled(takes, cues, near_samples)
    parted: list[Take] = []
    for take in takes:
        end_before = parted[-1].end_samples if parted else 0
        start = take.start_samples
        at_start = [cue for cue, _ in cues if abs(cue - start) <= near_samples]
        if at_start:
            start = max(end_before, at_start[-1])
        inside = [cue for cue, _ in cues if start < cue < take.end_samples - near_samples]
        edges = [start, *dict.fromkeys(inside), take.end_samples]
        if len(edges) == 2 and start == take.start_samples:
            parted.append(take)
            continue
        parted += [
            replace(
                take,
                start_samples=first,
                end_samples=end,
                sync_samples=sync_between(first, end),
                steady=tuple(
                    (max(first, low), min(end, high))
                    for low, high in take.steady
                    if low < end and first < high
                ),
            )
            for first, end in pairwise(edges)
            if first < end
        ]
    return _labelled(parted, cues, near_samples)


def _labelled(takes: list[Take], cues: list[tuple[int, str]], near_samples: int) -> list[Take]:
    """Each cue point's label on the take that it begins, or on the next one after it."""
    labels: dict[int, str] = {}
    for index, (cue, label) in enumerate(cues):
        next_cue = cues[index + 1][0] if index + 1 < len(cues) else None
        for number, take in enumerate(takes):
            if take.end_samples > cue and (
                next_cue is None or take.start_samples < next_cue - near_samples
            ):
                if label and number not in labels:
                    labels[number] = label
                break
    return [
        replace(take, label=labels.get(number, take.label)) for number, take in enumerate(takes)
    ]
