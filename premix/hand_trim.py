"""Trimming by hand: a clip's head and tail, cut off or opened again. Pure.

Its sound stays where it is, and so does its attack. What was trimmed is counted from the clip as
it first lay, so that there and back is nowhere, whatever steps were taken on the way.
"""

from dataclasses import replace
from fractions import Fraction

from premix.by_hand import NUDGED, TRIMMED, held, put_at
from premix.clip_edges import handle_after, handle_before, step_of_clip, with_edges
from premix.hand_edit import HandEditError, clip_at, find_clip, with_clip
from premix.hits import SAFETY_FADE_S
from premix.timeline import Clip, Session

_SHORTEST_S = Fraction(1, 100)


def trim(
    session: Session, clip_id: str, *, head_samples: int = 0, tail_samples: int = 0
) -> Session:
    """Cut so much off a clip's head and tail; below 0, open it by so much of its recording.

    It goes as far as it can: not beyond the recording, not into the attack, and not below
    10 ms. An edge that was cut into sound has a fade of 5 ms, clear of the attack.

    Raises:
        HandEditError: there is nothing more to cut, or to open.
    """
    place = find_clip(session, clip_id)
    clip, hz = clip_at(session, place), session.sample_rate_hz
    head, tail = _within(clip, head_samples, tail_samples, hz)
    if not (head or tail):
        what = "to cut off" if max(head_samples, tail_samples) > 0 else "of its recording to open"
        raise HandEditError(f"cue {clip.cue}: there is nothing more {what} there")
    first, heads, tails, fade_in, fade_out = _first(clip, hz)
    heads, tails = heads + head, tails + tail
    cut = with_edges(clip, clip.record_start_samples + head, clip.record_end_samples - tail, hz)
    by = tails if clip.reverse else heads
    cut = replace(cut, source_start_samples=max(0, first + round(by * step_of_clip(clip, hz))))
    told = {key: value for key, value in clip.metadata.items() if key != TRIMMED}
    told.setdefault("target_samples", put_at(clip))
    if heads or tails:
        told[TRIMMED] = [first, heads, tails, fade_in, fade_out]
    if clip.sync_samples is None and NUDGED in told:
        base, frames, samples = told[NUDGED]
        told[NUDGED] = [base + head, frames, samples]
    faded = _faded(cut, fade_in, fade_out, (heads > 0, tails > 0), hz)
    return with_clip(session, place, held(replace(faded, metadata=told)))


def trimmed_by(clip: Clip) -> tuple[int, int]:
    """How much a person has cut off its head and its tail, in samples of the session."""
    _first, heads, tails, *_fades = clip.metadata.get(TRIMMED, (0, 0, 0))
    return heads, tails


def handles_of(clip: Clip, sample_rate_hz: int) -> tuple[int, int]:
    """By how much its head and its tail can be opened, in samples of the session."""
    if TRIMMED not in clip.metadata:
        return handle_before(clip, sample_rate_hz), handle_after(clip, sample_rate_hz)
    first, heads, tails, *_fades = _first(clip, sample_rate_hz)
    whole = replace(
        clip,
        record_start_samples=clip.record_start_samples - heads,
        duration_samples=clip.duration_samples + heads + tails,
        source_start_samples=first,
    )
    before, after = handle_before(whole, sample_rate_hz), handle_after(whole, sample_rate_hz)
    return before + heads, after + tails


def _first(clip: Clip, sample_rate_hz: int) -> tuple[int, int, int, int, int]:
    """Where its recording began, what was cut since, and the fades that it had."""
    now = (clip.source_start_samples, 0, 0, clip.fade_in_samples, clip.fade_out_samples)
    first, heads, tails, fade_in, fade_out = clip.metadata.get(TRIMMED, now)
    by = tails if clip.reverse else heads
    moved = max(0, first + round(by * step_of_clip(clip, sample_rate_hz)))
    # Another program may have cut it since: then that is where one begins.
    return (first, heads, tails, fade_in, fade_out) if moved == now[0] else now


def _within(clip: Clip, head: int, tail: int, sample_rate_hz: int) -> tuple[int, int]:
    """As much of both as there is."""
    shortest = max(1, round(_SHORTEST_S * sample_rate_hz))
    start, end = clip.record_start_samples, clip.record_end_samples
    latest, earliest = end - shortest, start + shortest
    if clip.sync_samples is not None and start <= clip.sync_samples < end:
        latest, earliest = (
            min(latest, clip.sync_samples),
            max(earliest, min(end, clip.sync_samples + shortest)),
        )
    opens, closes = handles_of(clip, sample_rate_hz)
    head = min(max(head, -min(opens, start)), max(0, latest - start))
    tail = min(max(tail, -closes), max(0, end - earliest))
    if clip.duration_samples - head - tail < shortest:
        tail = min(tail, max(0, clip.duration_samples - head - shortest))
    return head, tail


def _faded(
    clip: Clip, fade_in: int, fade_out: int, cut: tuple[bool, bool], sample_rate_hz: int
) -> Clip:
    safety = round(SAFETY_FADE_S * sample_rate_hz)
    sync = clip.sync_samples
    clear = clip.duration_samples if sync is None else max(0, sync - clip.record_start_samples)
    after = clip.duration_samples if sync is None else max(0, clip.record_end_samples - sync)
    fade_in = min(max(fade_in, safety), clear) if cut[0] else fade_in
    fade_out = min(max(fade_out, safety), after) if cut[1] else fade_out
    fade_in = min(fade_in, clip.duration_samples)
    return replace(
        clip,
        fade_in_samples=fade_in,
        fade_out_samples=min(fade_out, clip.duration_samples - fade_in),
    )
