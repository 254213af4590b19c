"""Cues that fill time: backgrounds and crowds, laid from `in` to `out`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audio.level import Samples
from library.asset import Asset, Take
from premix.backgrounds import SHORTEST_S, Filling, Piece, fill
from premix.casting import Candidate, Cast, Choice
from premix.chance import chance
from premix.clip_of_cue import make_clip
from premix.cue import Cue
from premix.placing import step_of
from premix.reel import CannotHaveError, Reel
from premix.timeline import Clip

_FADE_S = 0.02
_HEARD_MOST_S = 300  # material longer than this is joined by chance: it would fill the memory
_NEAR_THE_BEST = 0.9
_LAYERS = {"small": 2, "medium": 3, "large": 5}
_SPREAD = {"small": 0.4, "medium": 0.7, "large": 0.9}
_APART_S = 0.7  # two layers of one crowd are never closer in the same recording than this
_TRIES = 60
_EVEN_LEAST_S = 6.0  # an even stretch shorter than this comes back too often to be worth it


@dataclass(frozen=True)
class _Span:
    """From where to where a scene is filled, its overlaps into its neighbours included."""

    start_samples: int
    end_samples: int
    fade_in_samples: int
    fade_out_samples: int

    @property
    def duration_samples(self) -> int:
        return self.end_samples - self.start_samples


def scene_clips(cue: Cue, reel: Reel) -> list[Clip]:
    """The pieces of a background, or of each layer of a crowd, that cover the cue.

    Raises:
        CannotHaveError: nothing is found, or nothing that lasts.
    """
    span = _span(cue, reel)
    candidates = _lasting(reel.candidates(cue), cue, span, reel)
    layers = _LAYERS.get(cue.size or "", 1)
    cast = reel.cast(cue, [span.start_samples] * layers, candidates)
    clips: list[Clip] = []
    laid: list[tuple[int, Piece]] = []
    for layer, choice in enumerate(cast.choices):
        clips += _layer(cue, choice, span, reel, layer, layers, laid)
    _check_length(cue, cast, span, clips, reel)
    return clips


def _span(cue: Cue, reel: Reel) -> _Span:
    """Half of each overlap lies on either side of the cut, and the fade is as long as both."""
    assert cue.record_in is not None and cue.record_out is not None
    start = cue.record_in.to_samples(reel.sample_rate_hz)
    end = cue.record_out.to_samples(reel.sample_rate_hz)
    overlap = 0 if cue.overlap_s is None else reel.samples(cue.overlap_s)
    begins, ends = max(reel.start_samples, start - overlap, 0), end + overlap
    fade = max(round(_FADE_S * reel.sample_rate_hz), 0)
    fade_in = reel.samples(cue.fade_in_s) if cue.fade_in_s is not None else 0
    fade_out = reel.samples(cue.fade_out_s) if cue.fade_out_s is not None else 0
    if cue.fade_in_s is None:
        fade_in = start - begins + overlap if start > begins else fade
    if cue.fade_out_s is None:
        fade_out = 2 * overlap or fade
    length = ends - begins
    return _Span(begins, ends, min(fade_in, length), min(fade_out, length))


def _lasting(candidates: Sequence[Candidate], cue: Cue, span: _Span, reel: Reel) -> list[Candidate]:
    """Of the finds as good as the best those that last first; none that is over at once.

    Raises:
        CannotHaveError: all are too short.
    """
    wanted = min(SHORTEST_S * reel.sample_rate_hz, span.duration_samples)
    # One take a recording: what is laid is the recording, from its first take to its last.
    one_each: dict[int, Candidate] = {}
    for one in candidates:
        one_each.setdefault(one.asset.id, one)
    lasts = {
        number: _length(
            _material(one.asset, cue, span.duration_samples, reel), one.asset, cue, reel
        )
        for number, one in one_each.items()
    }
    long_enough = [one for one in one_each.values() if lasts[one.asset.id] >= wanted]
    if not long_enough:
        one = candidates[0]
        seconds = lasts[one.asset.id] / reel.sample_rate_hz
        raise CannotHaveError(f"{one.asset.path} lasts {seconds:.2f} s, too short for a background")
    least = long_enough[0].score - (1 - _NEAR_THE_BEST) * abs(long_enough[0].score)
    # Sorting is stable: what is not as good as the best keeps its rank behind it.
    return sorted(
        long_enough,
        key=lambda one: (
            -min(lasts[one.asset.id], span.duration_samples) if one.score >= least else 1
        ),
    )


def material_of(asset: Asset, wanted_s: float = math.inf, *, may_loop: bool = True) -> Take:
    """What of a recording fills `wanted_s` seconds best.

    An even stretch that lasts as long; else all that sounds, if that does, from its first
    take to the end of its last; else, to be played in turns, an even stretch that is long
    enough for it, and only without one all again.
    """
    whole = Take(
        index=0,
        start_samples=min(take.start_samples for take in asset.takes),
        end_samples=max(take.end_samples for take in asset.takes),
        sync_samples=asset.takes[0].sync_samples,
    )
    start, end = _longest_even(asset)
    lasts_s = (end - start) / asset.sample_rate_hz
    covered = whole.duration_samples / asset.sample_rate_hz >= wanted_s
    if lasts_s < wanted_s and (covered or not may_loop or lasts_s < _EVEN_LEAST_S):
        return whole
    return replace(whole, start_samples=start, end_samples=end, sync_samples=start)


def _longest_even(asset: Asset) -> tuple[int, int]:
    """The longest even stretch, over the bounds of takes where it goes on; (0, 0) for none."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretch for take in asset.takes for stretch in take.steady):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return max(joined, key=lambda stretch: stretch[1] - stretch[0], default=(0, 0))


def _material(asset: Asset, cue: Cue, wanted_samples: int, reel: Reel) -> Take:
    """The material of a cue that lasts so many samples of the session."""
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, cue.speed, cue.time_ratio)
    wanted_s = float(wanted_samples * step / asset.sample_rate_hz)
    return material_of(asset, wanted_s, may_loop=cue.loop is not False)


def _length(material: Take, asset: Asset, cue: Cue, reel: Reel) -> int:
    """How long the material lasts in the session, in samples."""
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, cue.speed, cue.time_ratio)
    return int(material.duration_samples / step)


def _layer(
    cue: Cue,
    choice: Choice,
    span: _Span,
    reel: Reel,
    layer: int,
    layers: int,
    laid: list[tuple[int, Piece]],
) -> list[Clip]:
    """One recording over the whole span; `laid` tells what other layers play when."""
    asset = choice.candidate.asset
    material = _material(asset, cue, span.duration_samples, reel)
    filling = _filling(cue, asset, material, span, reel, layer, laid)
    laid += [(asset.id, piece) for piece in filling.pieces]
    reel.begun.setdefault(asset.id, []).append(filling.pieces[0].material_start_samples)
    step = step_of(asset.sample_rate_hz, reel.sample_rate_hz, cue.speed, cue.time_ratio)
    # Strangers add in power: so many of them are this much louder than one.
    share_db = -10 * float(np.log10(layers))
    pan = None
    if layers > 1:
        side = (2 * layer / (layers - 1) - 1) * _SPREAD[cue.size or "medium"]
        pan = round(max(-1.0, min(1.0, cue.pan + side)), 3)
    clips = []
    last = len(filling.pieces) - 1
    for number, piece in enumerate(filling.pieces):
        clip = make_clip(
            cue,
            choice,
            reel,
            record_start_samples=piece.record_start_samples,
            source_start_samples=material.start_samples
            + round(piece.material_start_samples * step),
            duration_samples=piece.duration_samples,
            sync_samples=None,
            fade_in_samples=piece.fade_in_samples if number else span.fade_in_samples,
            fade_out_samples=piece.fade_out_samples if number < last else span.fade_out_samples,
            fade_shape=filling.fade_shape,
            gain_db=round(piece.gain_db + share_db, 2),
            pan=pan,
        )
        extra = {"layer": layer, "piece": number} if layers > 1 else {"piece": number}
        clips.append(replace(clip, metadata={**clip.metadata, **extra}))
    return clips


def _filling(
    cue: Cue,
    asset: Asset,
    material: Take,
    span: _Span,
    reel: Reel,
    layer: int,
    laid: Sequence[tuple[int, Piece]],
) -> Filling:
    """Pieces that never play what another layer of this crowd plays at the same time."""
    length = _length(material, asset, cue, reel)
    heard = _heard(cue, asset, material, length, span, reel)
    apart = round(_APART_S * reel.sample_rate_hz)
    others = [piece for number, piece in laid if number == asset.id]
    begun = () if cue.seed is not None else tuple(reel.begun.get(asset.id, ()))
    best: tuple[int, Filling] | None = None
    for attempt in range(_TRIES if others else 1):
        filling = fill(
            span.start_samples,
            span.end_samples,
            length,
            reel.sample_rate_hz,
            chance(reel.seed(cue), "background", layer, attempt),
            may_loop=cue.loop is not False,
            heard=heard,
            avoid=begun,
        )
        distance = _nearest(filling.pieces, others)
        if best is None or distance > best[0]:
            best = distance, filling
        if distance >= apart:
            break
    assert best is not None
    if best[0] < apart:
        reel.tell(
            cue,
            f"{asset.path} is too short for one more layer of this crowd: two of them run "
            f"{best[0] / reel.sample_rate_hz:.2f} s apart in it",
        )
    return best[1]


def _nearest(pieces: Sequence[Piece], others: Sequence[Piece]) -> int:
    """How far apart in the material two layers are at most alike, where they sound together."""
    distances = [
        abs(
            (one.material_start_samples - one.record_start_samples)
            - (other.material_start_samples - other.record_start_samples)
        )
        for one in pieces
        for other in others
        if one.record_start_samples < other.record_end_samples
        and other.record_start_samples < one.record_end_samples
    ]
    return min(distances, default=1 << 62)


def _heard(
    cue: Cue, asset: Asset, material: Take, length: int, span: _Span, reel: Reel
) -> Samples | None:
    """The material at the session's rate, where there are joins to be chosen in it."""
    if (
        length >= span.duration_samples
        or cue.loop is False
        or cue.reverse
        or length > _HEARD_MOST_S * reel.sample_rate_hz
        or (cue.speed, cue.time_ratio) != (1.0, 1.0)
    ):
        return None
    samples = reel.shelf.read(asset, material.start_samples, material.duration_samples)
    if samples is None or asset.sample_rate_hz == reel.sample_rate_hz:
        return samples
    from audio.resample import resample

    return resample(samples, asset.sample_rate_hz, reel.sample_rate_hz)


def _check_length(cue: Cue, cast: Cast, span: _Span, clips: Sequence[Clip], reel: Reel) -> None:
    ends = max(clip.record_end_samples for clip in clips)
    if ends >= span.end_samples:
        return
    rate = reel.sample_rate_hz
    reel.tell(
        cue,
        f"asks for {span.duration_samples / rate:.1f} s, the longest sound at hand, "
        f"{cast.choices[0].candidate.asset.path}, lasts "
        f"{(ends - span.start_samples) / rate:.1f} s and may not be looped",
    )


def holes(clips: Sequence[Clip], start_samples: int, end_samples: int) -> list[tuple[int, int]]:
    """Stretches of [start, end) in which none of `clips` sounds, as half-open pairs.

    >>> holes((), 0, 10)
    [(0, 10)]
    """
    found = []
    reached = start_samples
    for clip in sorted(clips, key=lambda clip: clip.record_start_samples):
        if clip.record_start_samples > reached:
            found.append((reached, min(end_samples, clip.record_start_samples)))
        reached = max(reached, clip.record_end_samples)
        if reached >= end_samples:
            return found
    return [*found, (reached, end_samples)]
