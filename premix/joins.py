"""Where one stretch of a background may pass into another unheard. Pure.

The material is looked at in windows of 50 ms: how loud, and how the power lies over the
spectrum. A good join leaves where it enters sound alike, where nothing happens on either
side, and does not soon come back to what was just heard.
"""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples

HOP_S = 0.05
_EDGES_HZ = (0, 120, 250, 500, 1_000, 2_000, 4_000, 8_000, 24_000)
_FLOOR = 1e-10
_EVENT_DB = 4.0  # above the material's usual level: something happens there
_DEAD_DB = 30.0  # below it: a dropout
_BEST = 6  # joins that are as good as each other: chance takes one of them
_ALIGN_S = 0.02

Windows = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """What the windows of a stretch of material hold."""

    hop_samples: int  # at the material's own rate
    levels_db: Windows  # (n,)
    bands_db: Windows  # (n, bands), less the level: only the colour

    @property
    def usual_db(self) -> float:
        return float(np.median(self.levels_db)) if len(self.levels_db) else -100.0


@dataclass(frozen=True)
class Join:
    """Leave at one window, enter at another; both are where the crossfade begins."""

    leave: int
    enter: int
    cost: float


def profile(samples: Samples, sample_rate_hz: int) -> Profile:
    """The windows of `samples`, shape (n_samples, n_channels)."""
    hop = max(1, round(HOP_S * sample_rate_hz))
    n_windows = len(samples) // hop
    whole = samples[: n_windows * hop].mean(axis=1, dtype=np.float64).reshape(n_windows, hop)
    power = (samples[: n_windows * hop].astype(np.float64) ** 2).mean(axis=1)
    levels = 10 * np.log10(np.maximum(power.reshape(n_windows, hop).mean(axis=1), _FLOOR))
    spectrum = np.abs(np.fft.rfft(whole * np.hanning(hop), axis=1)) ** 2
    hz = np.fft.rfftfreq(hop, 1 / sample_rate_hz)
    bands = [
        spectrum[:, (hz >= low) & (hz < high)].sum(axis=1)
        for low, high in pairwise(_EDGES_HZ)
        if ((hz >= low) & (hz < high)).any()
    ]
    colour = 10 * np.log10(np.maximum(np.stack(bands, axis=1), _FLOOR))
    colour -= colour.mean(axis=1, keepdims=True)
    return Profile(hop, levels, colour)


def best_join(
    known: Profile,
    *,
    leave_from: int,
    leave_to: int,
    fade_windows: int,
    entered: list[int],
    random: Random,
) -> Join | None:
    """Where to leave between two windows, and where to enter.

    Args:
        leave_from, leave_to: the crossfade may begin at these windows, the last included.
        entered: where the material was entered before; those places wear out.

    Returns:
        None where the material has not the windows for any join.
    """
    fade = max(1, fade_windows)
    n_starts = len(known.levels_db) - fade + 1
    # Entered in its first half, the material always has room for both fades.
    enters = np.arange(0, max(0, len(known.levels_db) // 2 - 1))
    leaves = np.arange(max(0, leave_from), min(leave_to, n_starts - 1) + 1)
    if not len(enters) or not len(leaves):
        return None
    leaves = leaves[:: max(1, len(leaves) // 40)]
    levels, colours, events = _averages(known, fade)
    apart = np.abs(enters[np.newaxis, :] - leaves[:, np.newaxis])
    level_gap = levels[enters][np.newaxis, :] - levels[leaves][:, np.newaxis]
    colour_gap = np.abs(colours[enters][np.newaxis, :, :] - colours[leaves][:, np.newaxis, :]).mean(
        axis=2
    )
    cost = colour_gap + np.abs(level_gap)
    cost += 3.0 * (events[enters][np.newaxis, :] + events[leaves][:, np.newaxis])
    # What was just heard must not come straight back: best half the material away.
    far = max(1.0, len(known.levels_db) / 2)
    cost += 12.0 * np.clip(1.0 - apart / far, 0.0, 1.0) ** 2
    for place in entered:
        near = np.abs(enters - place) / max(1.0, len(known.levels_db) / 8)
        cost += 6.0 * np.clip(1.0 - near, 0.0, 1.0)[np.newaxis, :]
    order = np.argsort(cost, axis=None, kind="stable")[:_BEST]
    chosen = int(order[int(random.random() * len(order))])
    row, column = np.unravel_index(chosen, cost.shape)
    return Join(
        leave=int(leaves[row]),
        enter=int(enters[column]),
        cost=float(cost[row, column]),
    )


def _averages(known: Profile, fade: int) -> tuple[Windows, Windows, Windows]:
    """Over `fade` windows from each: level, colour, and how much happens there."""
    kernel = np.ones(fade) / fade
    levels = np.convolve(known.levels_db, kernel, mode="valid")
    colours = np.stack(
        [np.convolve(band, kernel, mode="valid") for band in known.bands_db.T], axis=1
    )
    unusual = known.levels_db - known.usual_db
    event = np.clip(unusual / _EVENT_DB, 0, 3) ** 2 + 10.0 * (unusual < -_DEAD_DB)
    return levels, colours, np.convolve(event, kernel, mode="valid")


def aligned(leaving: Samples, entering: Samples, sample_rate_hz: int) -> tuple[int, float]:
    """(how many samples later to enter, correlation there) so that the two agree best.

    Hum and other tones would cancel where they meet out of phase; noise does not care.

    Args:
        leaving: the stretch that fades out, n samples.
        entering: the stretch that fades in, at least n samples; what it has more may be
            skipped, up to 20 ms.
    """
    first = leaving.mean(axis=1, dtype=np.float64)
    reach = min(round(_ALIGN_S * sample_rate_hz), len(entering) - len(first))
    if len(first) < 2 or reach < 0:
        return 0, 0.0
    other = entering[: len(first) + reach].mean(axis=1, dtype=np.float64)
    size = 1 << (len(first) + len(other)).bit_length()
    product = np.fft.irfft(np.conj(np.fft.rfft(first, size)) * np.fft.rfft(other, size), size)
    sums = np.concatenate([[0.0], np.cumsum(other**2)])
    energies = sums[len(first) : len(first) + reach + 1] - sums[: reach + 1]
    scale = np.sqrt(np.maximum(energies * float((first**2).sum()), 1e-20))
    correlation = product[: reach + 1] / scale
    later = int(correlation.argmax())
    return later, float(correlation[later])
