"""What the level of a take does in time: attack, decay, pace, roughness, steadiness. Pure."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_ATTACK_FROM, _ATTACK_TO = 0.2, 0.9  # of the highest envelope, as Essentia's LogAttackTime has it
_DECAY = 10.0 ** (-20.0 / 20.0)
_SMOOTH_STEPS = 19  # about 51 ms: slower changes are not roughness
_STEADY_STEPS = 8  # levels of about 21 ms
_DEEPEST_DB = -60.0  # below the loudest: what lies deeper is a pause
_CHUNK = 1 << 16  # steps looked at together, three minutes: what is made of them stays small
_ONSET_SMOOTH = 4


def attack_s(envelope: Floats, step_s: float) -> float:
    """Time from 20 % to 90 % of the highest value; 0 where one step holds both."""
    top = int(envelope.argmax())
    rise = envelope[: top + 1]
    start = int((rise >= _ATTACK_FROM * envelope[top]).argmax())
    end = int((rise >= _ATTACK_TO * envelope[top]).argmax())
    return max(0, end - start) * step_s


def decay_s(envelope: Floats, step_s: float) -> float | None:
    """Time from the highest value until 20 dB less is never passed again; None if it never is."""
    top = int(envelope.argmax())
    above = envelope[top:] > _DECAY * envelope[top]
    after = int(above[::-1].argmax())  # steps that stay below, at the end
    return (len(above) - after) * step_s if after else None


def temporal_centroid(power: Floats) -> float:
    """Where the energy lies: 0 at the start, 1 at the end."""
    moment = whole = 0.0
    for start in range(0, len(power), _CHUNK):
        part = power[start : start + _CHUNK].astype(np.float64)
        moment += float(np.dot(np.arange(len(part)) + (start + 0.5), part))
        whole += float(part.sum())
    return moment / whole / len(power)


def roughness(power: Floats) -> float | None:
    """Depth (RMS) of the fast changes of the envelope, weighted by power; None if too short.

    A tone whose level swings by half, 40 times a second, has 0.35; a still tone 0.
    """
    if len(power) < 3 * _SMOOTH_STEPS:
        return None
    fast = level = 0.0
    around = 2 * (_SMOOTH_STEPS - 1)
    for start in range(0, len(power) - around, _CHUNK):
        amplitude = np.sqrt(power[start : start + _CHUNK + around])
        # Twice, for one moving mean alone lets half its ripples through.
        slow = _moving_mean(_moving_mean(amplitude))
        away = amplitude[_SMOOTH_STEPS - 1 :][: len(slow)] - slow
        fast += float(np.dot(away, away))
        # Weighted by the slow level, else the deep side of a swing would not count.
        level += float(np.dot(slow, slow))
    return float((fast / max(level, 1e-30)) ** 0.5)


def _moving_mean(values: NDArray[np.floating]) -> NDArray[np.float64]:
    running = np.cumsum(np.concatenate([np.zeros(1), values]))
    means: NDArray[np.float64] = (
        running[_SMOOTH_STEPS:] - running[:-_SMOOTH_STEPS]
    ) / _SMOOTH_STEPS
    return means


def levels_db(power: Floats) -> Floats:
    """Levels of about 21 ms each, below the loudest of them, no deeper than -60 dB."""
    whole = len(power) // _STEADY_STEPS * _STEADY_STEPS
    levels = np.empty(whole // _STEADY_STEPS, np.float32)
    for start in range(0, whole, _CHUNK):
        part = power[start : min(whole, start + _CHUNK)].reshape(-1, _STEADY_STEPS)
        levels[start // _STEADY_STEPS :][: len(part)] = part.mean(axis=1)
    loudest = float(levels.max()) if levels.size else 0.0
    if loudest <= 0.0:
        return np.zeros(0, np.float32)
    return np.asarray(10.0 * np.log10(np.maximum(levels / loudest, 10.0 ** (_DEEPEST_DB / 10.0))))


def steadiness(levels: Floats) -> float:
    """1 where the level stands still, 0.5 where it scatters by 6 dB."""
    return float(10.0 ** (-levels.std() / 20.0))


def onsets_s(power: Floats, step_s: float) -> NDArray[np.float64]:
    """Times of the attacks within a take, from its envelope.

    An attack rises by at least 6 dB within 60 ms to within 36 dB of the loudest, no sooner than
    80 ms after the one before, and by 9 dB out of the deepest valley since that one.
    A take that starts loud starts with an attack.
    """
    apart = max(1, round(0.08 / step_s))
    before = max(1, round(0.06 / step_s))
    found: list[int] = []
    valley, seen = 0.0, 0
    for start, offset, level in _levels_in_chunks(power, before):
        low = _lowest_before(level, before)
        end = min(len(level), start + _CHUNK - offset)
        rising = (level - low >= 6.0) & (level > -36.0)
        for at in (np.flatnonzero(rising[start - offset : end]) + start).tolist():
            if found and at - found[-1] < apart:
                continue
            if found:
                # Within one decay the level wavers: a new attack climbs out of a valley.
                here = at - offset
                valley = min(valley, float(level[seen - offset : here + 1].min()))
                seen = at
                if float(level[here : here + before].max()) - valley < 9.0:
                    continue
            found.append(at)
            valley, seen = 0.0, at
        if found and seen < end + offset:
            valley = min(valley, float(level[seen - offset : end].min()))
            seen = end + offset
    return np.asarray(found, np.float64) * step_s


def _levels_in_chunks(power: Floats, margin: int) -> Iterator[tuple[int, int, Floats]]:
    """(start of the chunk, step of the first level, levels below the loudest), margins around."""
    loudest = float(power.max())
    for start in range(0, len(power), _CHUNK):
        offset = max(0, start - margin)
        first = max(0, offset - _ONSET_SMOOTH + 1)
        smooth = _smoothed(power[first : start + _CHUNK + margin], _ONSET_SMOOTH)[offset - first :]
        yield start, offset, 10.0 * np.log10(np.maximum(smooth / loudest, 1e-6))


def _lowest_before(level: Floats, before: int) -> Floats:
    """For each step the lowest of those just before it; before the first all is silent."""
    low = np.concatenate([np.full(before, -60.0, level.dtype), level])
    width = 1
    while 2 * width <= before:
        low = np.minimum(low[width:], low[:-width])
        width *= 2
    if width < before:
        low = np.minimum(low[before - width :], low[: width - before])
    return low[: len(level)]


def _smoothed(power: Floats, steps: int) -> Floats:
    running = np.cumsum(np.concatenate([np.zeros(1), power.astype(np.float64)]))
    count = np.minimum(np.arange(1, len(power) + 1), steps)
    start = np.arange(1, len(power) + 1) - count
    return np.asarray((running[1:] - running[start]) / count, np.float32)
