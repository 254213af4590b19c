"""A background laid again over a scene that has become longer, shorter or two. Pure.

What a shorter scene does not need is cut off; what a longer one needs is opened from the
handles of the recording; where those end, the recording comes again under a crossfade.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from premix.clip_edges import handle_after, handle_before, step_of_clip, with_edges
from premix.timeline import Clip

_CROSSFADE_S = 1
_SHORTEST_S = Fraction(1, 2)  # less of a recording cannot be played again
_STICKS_S = Fraction(1, 10)  # a layer that begins so near to its cue begins with it


def spread(
    clips: Sequence[Clip], offset_samples: int, start: int, end: int, sample_rate_hz: int
) -> tuple[list[Clip], list[str]]:
    """The clips of a cue over [start, end), and what was done to them in words.

    Args:
        offset_samples: by how much the old scene moved.
    """
    old_start = min(clip.record_start_samples for clip in clips)
    old_end = max(clip.record_end_samples for clip in clips)
    near = round(_STICKS_S * sample_rate_hz)
    laid: list[Clip] = []
    told: list[str] = []
    for layer in _layers(clips):
        moved = [
            replace(clip, record_start_samples=clip.record_start_samples + offset_samples)
            for clip in layer
        ]
        first = layer[0].record_start_samples
        last = layer[-1].record_end_samples
        layer_start = start if first - old_start <= near else max(start, first + offset_samples)
        layer_end = end if old_end - last <= near else min(end, last + offset_samples)
        if layer_end <= layer_start:
            continue
        if (first + offset_samples, last + offset_samples) != (layer_start, layer_end):
            moved, words = _fit(moved, layer_start, layer_end, sample_rate_hz)
            told += words
        laid += moved
    return laid, list(dict.fromkeys(told))


def _layers(clips: Sequence[Clip]) -> list[list[Clip]]:
    """Clips that follow each other, with crossfades; a crowd of several has one layer each."""
    layers: list[list[Clip]] = []
    for clip in sorted(clips, key=lambda clip: clip.record_start_samples):
        for layer in layers:
            lapped = layer[-1].record_end_samples - clip.record_start_samples
            if lapped <= min(layer[-1].duration_samples, clip.duration_samples) // 2:
                layer.append(clip)
                break
        else:
            layers.append([clip])
    return layers


def _fit(
    clips: list[Clip], start: int, end: int, sample_rate_hz: int
) -> tuple[list[Clip], list[str]]:
    fade_in, fade_out = clips[0].fade_in_samples, clips[-1].fade_out_samples
    inside = [
        clip
        for clip in clips
        if clip.record_start_samples < end and clip.record_end_samples > start
    ]
    if not inside:  # the scene became longer where nothing was laid: begin anew
        by = start - clips[0].record_start_samples
        moved = replace(clips[0], record_start_samples=clips[0].record_start_samples + by)
        inside = [moved]
    told: list[str] = []
    head = inside[0]
    missing = head.record_start_samples - start
    if missing > 0:
        opened = min(missing, handle_before(head, sample_rate_hz))
        inside[0] = with_edges(
            head, head.record_start_samples - opened, head.record_end_samples, sample_rate_hz
        )
        # What the recording has not is gained by beginning earlier.
        inside = [
            replace(clip, record_start_samples=clip.record_start_samples - (missing - opened))
            for clip in inside
        ]
        told.append("opened at its head")
    elif missing < 0:
        inside[0] = with_edges(head, start, head.record_end_samples, sample_rate_hz)
    foot = inside[-1]
    if foot.record_end_samples >= end:
        inside[-1] = with_edges(foot, foot.record_start_samples, end, sample_rate_hz)
    else:
        inside, words = _lengthen(inside, end, sample_rate_hz)
        told += words
    inside[0] = replace(inside[0], fade_in_samples=min(fade_in, inside[0].duration_samples))
    foot = inside[-1]
    room = foot.duration_samples - foot.fade_in_samples
    inside[-1] = replace(foot, fade_out_samples=min(fade_out, max(0, room)))
    return inside, told


def _lengthen(clips: list[Clip], end: int, sample_rate_hz: int) -> tuple[list[Clip], list[str]]:
    foot = clips[-1]
    opened = min(end - foot.record_end_samples, handle_after(foot, sample_rate_hz))
    clips = [
        *clips[:-1],
        with_edges(
            foot, foot.record_start_samples, foot.record_end_samples + opened, sample_rate_hz
        ),
    ]
    if clips[-1].record_end_samples == end:
        return clips, ["opened at its tail"]
    # The whole recording, as far as the cue has used it and its handles go.
    source_start = min(clip.source_start_samples for clip in clips if clip.sound == foot.sound)
    step = step_of_clip(foot, sample_rate_hz)
    usable = int((foot.sound.duration_samples - source_start) / step)
    if usable < _SHORTEST_S * sample_rate_hz:
        return clips, ["its recording is too short to fill the scene; a hole is left"]
    while clips[-1].record_end_samples < end:
        last = clips[-1]
        crossfade = min(_CROSSFADE_S * sample_rate_hz, usable // 4, last.duration_samples // 2)
        begin = last.record_end_samples - crossfade
        clips[-1] = replace(last, fade_out_samples=crossfade)
        clips.append(
            replace(
                foot,
                record_start_samples=begin,
                duration_samples=min(usable, end - begin),
                source_start_samples=source_start,
                fade_in_samples=min(crossfade, end - begin),
                fade_out_samples=0,
            )
        )
    return clips, ["refilled from its recording"]
