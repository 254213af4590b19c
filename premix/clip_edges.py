"""A clip's edges, and what of its recording lies beyond them: its handles. Pure."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

from premix.timeline import Clip


def step_of_clip(clip: Clip, sample_rate_hz: int) -> Fraction:
    """Source samples to a sample of the session."""
    return _step(clip.sound.sample_rate_hz, sample_rate_hz, clip.speed, clip.time_ratio)


@cache
def _step(source_rate_hz: int, sample_rate_hz: int, speed: float, time_ratio: float) -> Fraction:
    return Fraction(source_rate_hz, sample_rate_hz) * Fraction(speed) / Fraction(time_ratio)


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
    step = step_of_clip(clip, sample_rate_hz)
    there = clip.sound.duration_samples - clip.source_start_samples
    # In whole numbers, for this is asked of every clip of a session that is shown.
    return max(0, there * step.denominator // step.numerator - clip.duration_samples)


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
