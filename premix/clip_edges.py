"""A clip's edges, and what of its recording lies beyond them: its handles. Pure."""

from dataclasses import replace
from fractions import Fraction

from premix.timeline import Clip


def step_of_clip(clip: Clip, sample_rate_hz: int) -> Fraction:
    """Source samples to a sample of the session."""
    return clip.source_samples(sample_rate_hz) / clip.duration_samples


def handle_before(clip: Clip, sample_rate_hz: int) -> int:
    """How much earlier it could begin, its sound where it is: samples of the session."""
    if clip.reverse:
        return _after_source(clip, sample_rate_hz)
    return int(clip.source_start_samples / step_of_clip(clip, sample_rate_hz))


def handle_after(clip: Clip, sample_rate_hz: int) -> int:
    """How much later it could end: samples of the session."""
    if clip.reverse:
        return int(clip.source_start_samples / step_of_clip(clip, sample_rate_hz))
    return _after_source(clip, sample_rate_hz)


def _after_source(clip: Clip, sample_rate_hz: int) -> int:
    used = clip.source_start_samples + clip.source_samples(sample_rate_hz)
    return max(0, int((clip.sound.duration_samples - used) / step_of_clip(clip, sample_rate_hz)))


def with_edges(clip: Clip, start: int, end: int, sample_rate_hz: int) -> Clip:
    """The clip cut or opened to [start, end), its sound where it was."""
    step = step_of_clip(clip, sample_rate_hz)
    # Of a clip that plays backwards the recording's beginning is at its end.
    by = clip.record_end_samples - end if clip.reverse else start - clip.record_start_samples
    duration = end - start
    fade_in = min(clip.fade_in_samples, duration)
    return replace(
        clip,
        record_start_samples=start,
        duration_samples=duration,
        source_start_samples=max(0, clip.source_start_samples + round(by * step)),
        fade_in_samples=fade_in,
        fade_out_samples=min(clip.fade_out_samples, duration - fade_in),
    )
