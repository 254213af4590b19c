"""What the level of a take does in time: attack, decay, pace, roughness, steadiness. Pure."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_ATTACK_FROM, _ATTACK_TO = 0.2, 0.9  # of the highest envelope, as Essentia's LogAttackTime has it
_DECAY = 10.0 ** (-20.0 / 20.0)
_SMOOTH_STEPS = 19  # about 51 ms: slower changes are not roughness
_STEADY_STEPS = 8  # levels of about 21 ms
_DEEPEST_DB = -60.0  # below the loudest: what lies deeper is a pause


def attack_s(envelope: Floats, step_s: float) -> float:
    """Time from 20 % to 90 % of the highest value; 0 where one step holds both."""
    top = int(envelope.argmax())
    rise = envelope[: top + 1] / envelope[top]
    start = int((rise >= _ATTACK_FROM).argmax())
    end = int((rise >= _ATTACK_TO).argmax())
    return max(0, end - start) * step_s


def decay_s(envelope: Floats, step_s: float) -> float | None:
    """Time from the highest value until 20 dB less is never passed again; None if it never is."""
    top = int(envelope.argmax())
    above = np.flatnonzero(envelope[top:] > _DECAY * envelope[top])
    last = int(above[-1])
    return None if top + last == len(envelope) - 1 else (last + 1) * step_s


def roughness(power: Floats) -> float | None:
    """Depth (RMS) of the fast changes of the envelope, weighted by power; None if too short.

    A tone whose level swings by half, 40 times a second, has 0.35; a still tone 0.
    """
    if len(power) < 3 * _SMOOTH_STEPS:
        return None
    amplitude = np.sqrt(power)
    # Twice, for one moving mean alone lets half its ripples through.
    slow = _moving_mean(_moving_mean(amplitude))
    middle = amplitude[_SMOOTH_STEPS - 1 :][: len(slow)]
    # Weighted by the slow level, else the deep side of a swing would not count.
    return float(np.sqrt(np.sum((middle - slow) ** 2) / max(float(np.sum(slow**2)), 1e-30)))


def _moving_mean(values: NDArray[np.floating]) -> NDArray[np.float64]:
    running = np.cumsum(np.concatenate([np.zeros(1), values]))
    means: NDArray[np.float64] = (
        running[_SMOOTH_STEPS:] - running[:-_SMOOTH_STEPS]
    ) / _SMOOTH_STEPS
    return means


def levels_db(power: Floats) -> Floats:
    """Levels of about 21 ms each, below the loudest of them, no deeper than -60 dB."""
    whole = len(power) // _STEADY_STEPS * _STEADY_STEPS
    levels = power[:whole].reshape(-1, _STEADY_STEPS).mean(axis=1)
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
    loudest = float(power.max())
    level = 10.0 * np.log10(np.maximum(_smoothed(power, 4) / loudest, 1e-6))
    apart = max(1, round(0.08 / step_s))
    before = max(1, round(0.06 / step_s))
    found: list[int] = []
    padded = np.concatenate([np.full(before, -60.0, level.dtype), level])
    low = np.lib.stride_tricks.sliding_window_view(padded, before)[: len(level)].min(axis=1)
    valley, seen = 0.0, 0
    for at in np.flatnonzero((level - low >= 6.0) & (level > -36.0)).tolist():
        if found and at - found[-1] < apart:
            continue
        if found:
            # Within one decay the level wavers: a new attack climbs out of a valley.
            valley = min(valley, float(level[seen : at + 1].min()))
            seen = at
            if float(level[at : at + before].max()) - valley < 9.0:
                continue
        found.append(at)
        valley, seen = 0.0, at
    return np.asarray(found, np.float64) * step_s


def _smoothed(power: Floats, steps: int) -> Floats:
    running = np.cumsum(np.concatenate([np.zeros(1), power.astype(np.float64)]))
    count = np.minimum(np.arange(1, len(power) + 1), steps)
    start = np.arange(1, len(power) + 1) - count
    return np.asarray((running[1:] - running[start]) / count, np.float32)
