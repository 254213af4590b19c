"""Laying sounds on a strip of time: takes in a row, places left to right, ends made clean."""

from collections.abc import Sequence

import numpy as np

from assets_sample.make import Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.noise import high_pass, low_pass, pink, to_rms


def lay(strip: Wave, sound: Wave, at_s: float, level: float = 1.0) -> None:
    """Add a sound to a strip at a time; what would stand past the strip's end is cut."""
    start = in_samples(at_s)
    part = sound[: max(0, len(strip) - start)]
    strip[start : start + len(part)] += level * part


def panned(mono: Wave, place: float) -> Wave:
    """A mono sound between left (0) and right (1), at constant power."""
    return np.stack((mono * (1.0 - place) ** 0.5, mono * place**0.5), 1)


def floor(chance: Chance, n_samples: int, level_dbfs: float) -> Wave:
    """The quiet of a recording: pink, without rumble and hiss."""
    return to_rms(low_pass(high_pass(pink(chance, n_samples), 40), 7000), level_dbfs)


def in_a_row(chance: Chance, takes: Sequence[Wave], gaps_s: Sequence[float]) -> Wave:
    """Takes one after the other, `gaps_s[i]` from the start of take i to the next."""
    lead_s = 0.35
    total_s = lead_s + sum(gaps_s)
    strip = np.zeros(in_samples(total_s))
    at_s = lead_s
    for take, gap_s in zip(takes, gaps_s, strict=True):
        lay(strip, ended(take, 0.0, 0.03), at_s)
        at_s += gap_s
    return strip


def ended(wave: Wave, in_s: float, out_s: float) -> Wave:
    """The wave with a straight fade at each end."""
    curve = np.ones(len(wave))
    n_in, n_out = in_samples(in_s), in_samples(out_s)
    if n_in:
        curve[:n_in] = np.arange(n_in) / n_in
    if n_out:
        curve[-n_out:] *= np.arange(n_out - 1, -1, -1) / n_out
    return wave * (curve if wave.ndim == 1 else curve[:, np.newaxis])


def looped(wave: Wave, join_s: float) -> Wave:
    """A steady sound whose end flows into its start: the last `join_s` fade over the first."""
    n_join = in_samples(join_s)
    place = np.arange(n_join) / n_join
    rise, fall = np.sqrt(place), np.sqrt(1.0 - place)
    if wave.ndim == 2:
        rise, fall = rise[:, np.newaxis], fall[:, np.newaxis]
    body = wave[:-n_join].copy()
    body[:n_join] = body[:n_join] * rise + wave[-n_join:] * fall
    return body


def recorded(chance: Chance, wave: Wave, floor_dbfs: float) -> Wave:
    """As a microphone brings it home: a noise floor, and short fades at both ends."""
    if wave.ndim == 1:
        return ended(wave + floor(chance, len(wave), floor_dbfs), 0.01, 0.05)
    both = [floor(chance, len(wave), floor_dbfs) for _ in (0, 1)]
    return ended(wave + np.stack(both, 1), 0.01, 0.05)
