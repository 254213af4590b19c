"""What a cue lacks, where it contradicts itself, and how cues stand to each other. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from premix.cue import Cue, CueProblem


def missing(cue: Cue, had_hits: bool) -> str | None:
    """Why the cue's place in time is not known, or None."""
    start, end = cue.record_in, cue.record_out
    if start is not None and end is not None and end.seconds <= start.seconds:
        return f"out {end} is not after in {start}"
    if not (cue.query or cue.like or cue.sound or cue.who):
        return "asks for nothing: fill in query, like or sound"
    if cue.stem == "backgrounds" and (start is None or end is None):
        return f"no {'in' if start is None else 'out'}: a background fills from in to out"
    if had_hits and not cue.hits:
        return "none of its hits exists"
    if cue.hits:
        return None
    if start is None:
        return "no in: a cue needs the timecode at which it is wanted, or hits"
    if (cue.steps or cue.pace) and end is None and not (cue.steps and cue.pace):
        return "no out: steps need an end, or both their number and their pace"
    return None


def contradictions(cue: Cue, had_hits: bool) -> Iterator[str]:
    if had_hits and (cue.steps is not None or cue.pace is not None):
        yield "both hits and steps; the hits are kept"
    elif cue.guide and (had_hits or cue.steps is not None):
        yield "both a guide and hits or steps; the guide is left"
    if cue.stem == "backgrounds" and (cue.hits or cue.steps is not None):
        yield "a background has no hits and no steps; filled from in to out"
    outside = [
        hit
        for hit in cue.hits
        if (cue.record_in and hit.seconds < cue.record_in.seconds)
        or (cue.record_out and hit.seconds >= cue.record_out.seconds)
    ]
    if outside:
        yield f"hit {outside[0]} is not between in and out (of {len(outside)} such); placed as told"
    if cue.highpass_hz and cue.lowpass_hz and cue.highpass_hz >= cue.lowpass_hz:
        yield f"high-pass {cue.highpass_hz:g} Hz is not below low-pass {cue.lowpass_hz:g} Hz"
    if cue.steps and cue.pace and cue.record_in and cue.record_out:
        room_s = float(cue.record_out.seconds - cue.record_in.seconds)
        if (cue.steps - 1) * 60 / cue.pace >= room_s:
            fit = math.ceil(room_s * cue.pace / 60)
            yield (
                f"{cue.steps} steps at {cue.pace:g} a minute do not fit before out, {fit} would; "
                "spread evenly instead"
            )


def given_twice(cues: Sequence[Cue]) -> Iterator[CueProblem]:
    seen: dict[str, int] = {}
    for cue in cues:
        if cue.number in seen:
            yield CueProblem(cue.line, cue.number, f"line {seen[cue.number]} has this number too")
        seen.setdefault(cue.number, cue.line)


def checkerboard(cues: Sequence[Cue]) -> list[Cue]:
    """Backgrounds whose track the sheet leaves open, scene by scene on A and B in turn.

    Cues that share the most of their time are one scene and stay on one track, so that
    what overlaps at a cut lies on two.
    """
    open_cues = [cue for cue in cues if cue.stem == "backgrounds" and not cue.track]
    track_of: dict[int, str] = {}
    side, scene_in, scene_out = "b", None, None
    for cue in sorted(open_cues, key=lambda cue: (_begins(cue), -_ends(cue))):
        begins, ends = _begins(cue), _ends(cue)
        shared = 0.0
        if scene_in is not None and scene_out is not None:
            shared = min(ends, scene_out) - max(begins, scene_in)
        if scene_out is None or scene_in is None or shared < (ends - begins) / 2:
            side = "a" if side == "b" else "b"
            scene_in, scene_out = begins, ends
        track_of[cue.line] = side
    return [replace(cue, track=track_of[cue.line]) if cue.line in track_of else cue for cue in cues]


def _begins(cue: Cue) -> float:
    assert cue.record_in is not None  # every background has both
    return float(cue.record_in.seconds)


def _ends(cue: Cue) -> float:
    assert cue.record_out is not None
    return float(cue.record_out.seconds)
