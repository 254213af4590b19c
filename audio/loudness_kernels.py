"""The inner loops of the loudness meter, as they are compiled; see `audio.compiled`.

Measured on one core, stereo, CPU seconds an hour of sound: weighting 1.0 here against
4 to 5 by scipy's sosfilt. Numba turns them into machine code once on a machine; a process
that only calls them loads neither numba nor scipy. They speak in addresses of contiguous
arrays, since numba's own arrays would need numba where they are called.
"""

from typing import Any

import numpy as np

BLOCK_SAMPLES = 128
"""What `scan_peaks` looks between, or skips, at once."""
ROW_SAMPLES = 16
"""What it looks between, or skips, within such a block."""
NONSENSE = np.int32(0x71800000)
"""As bits of a float, 2**100 or +602 dBFS: from there to infinity and NaN it is no sound."""


def add_step_energies(
    samples: Any,
    n_samples: int,
    n_channels: int,
    channels: Any,
    weights: Any,
    n_heard: int,
    filters: Any,
    state: Any,
    position: int,
    sample_rate_hz: int,
    energies: Any,
) -> None:
    """Add the K-weighted, channel-weighted energy of `samples` to the 10 ms steps they lie in.

    Args:
        samples: (n_samples, n_channels).
        channels, weights: (n_heard,), which columns count and how much; even in number,
            for two filters run side by side in the time of one.
        filters: (2, 5), b0 b1 b2 a1 a2 of the shelf and of the high-pass.
        state: (n_heard, 4), what the filters remember; changed.
        position: samples of the sound before these.
        energies: (steps,) of which the first is that in which `position` lies; added to.

    Step k begins at sample floor(k * rate / 100), so no rate drifts.
    """
    b0, b1, b2, a1, a2 = filters[0], filters[1], filters[2], filters[3], filters[4]
    c0, c1, c2, d1, d2 = filters[5], filters[6], filters[7], filters[8], filters[9]
    first_step = ((position + 1) * 100 - 1) // sample_rate_hz
    start = 0
    step = 0
    while start < n_samples:
        end = (first_step + step + 1) * sample_rate_hz // 100 - position
        end = min(end, n_samples)
        for pair in range(0, n_heard, 2):
            left, right = channels[pair], channels[pair + 1]
            p_state, q_state = 4 * pair, 4 * pair + 4
            p1, p2, p3, p4 = (
                state[p_state],
                state[p_state + 1],
                state[p_state + 2],
                state[p_state + 3],
            )
            q1, q2, q3, q4 = (
                state[q_state],
                state[q_state + 1],
                state[q_state + 2],
                state[q_state + 3],
            )
            p_energy = 0.0
            q_energy = 0.0
            for n in range(start, end):  # both filters: transposed direct form II
                p = np.float64(samples[n * n_channels + left])
                q = np.float64(samples[n * n_channels + right])
                p_head = b0 * p + p1
                q_head = b0 * q + q1
                p1 = b1 * p - a1 * p_head + p2
                q1 = b1 * q - a1 * q_head + q2
                p2 = b2 * p - a2 * p_head
                q2 = b2 * q - a2 * q_head
                p = c0 * p_head + p3
                q = c0 * q_head + q3
                p3 = c1 * p_head - d1 * p + p4
                q3 = c1 * q_head - d1 * q + q4
                p4 = c2 * p_head - d2 * p
                q4 = c2 * q_head - d2 * q
                p_energy += p * p
                q_energy += q * q
            energies[step] += weights[pair] * p_energy + weights[pair + 1] * q_energy
            state[p_state] = p1
            state[p_state + 1] = p2
            state[p_state + 2] = p3
            state[p_state + 3] = p4
            state[q_state] = q1
            state[q_state + 1] = q2
            state[q_state + 2] = q3
            state[q_state + 3] = q4
        for i in range(4 * n_heard):
            # In silence a filter rings down into denormal numbers, many times slower.
            if abs(state[i]) < 1e-30:
                state[i] = 0.0
        start = end
        step += 1


def scan_peaks(
    samples: Any,
    bits: Any,
    n_samples: int,
    n_channels: int,
    taps: Any,
    n_taps: int,
    bounds: Any,
    peaks: Any,
    heights: Any,
    levels: Any,
    between: Any,
    between_bits: Any,
) -> None:
    """Raise `peaks` to the highest sample and the highest value between samples.

    No value between samples exceeds `most_gain` times the highest sample its filter sees, so
    where that is below the peak already known, the filter need not run; nor where the two
    samples to either side, by their taps, and the highest sample, by all others, stay below.

    Args:
        samples: (n_samples, n_channels). Only windows wholly within them are looked
            between; the caller joins block to block.
        bits: the same place, read as integers.
        taps: (3, n_taps), a multiple of 4 and at most BLOCK_SAMPLES of each phase.
        bounds: (7,) most_gain, the largest sum of the absolute taps of a phase; then of
            each phase the larger of its two middle taps, and the sum of all others.
        peaks: (2,) highest sample and highest value between; changed. `NONSENSE` in
            `samples` makes the first infinite, and nothing else is then looked at.
        heights: (n_samples / BLOCK_SAMPLES, rounded up, + 2,) room to work in.
        levels: the same place, read as floats.
        between: (BLOCK_SAMPLES * n_channels,) room to work in.
        between_bits: the same place, read as integers.

    Heights are compared as integers, as which positive floats order alike: the compiler
    finds the highest of eight at once so, and of floats it does not.
    """
    n_values = n_samples * n_channels  # the filters run along, channels side by side
    wide = BLOCK_SAMPLES * n_channels
    blocks = (n_samples + BLOCK_SAMPLES - 1) // BLOCK_SAMPLES
    highest = np.int32(0)
    for block in range(blocks):
        height = np.int32(0)
        for i in range(block * wide, min((block + 1) * wide, n_values)):
            # NaN lies above infinity, and infinity above all else.
            size_of = np.int32(bits[i] & np.int32(0x7FFFFFFF))
            if size_of > height:
                height = size_of
        heights[block] = height
        highest = max(highest, height)
    if highest >= NONSENSE:
        peaks[0] = np.inf
        return
    heights[blocks + 1] = 0  # after the last, for which the place before is used over and over
    heights[blocks] = highest
    peaks[0] = max(peaks[0], np.float64(levels[blocks]))

    half_taps = n_taps // 2
    windows = n_samples - n_taps + 1  # window n begins at sample n
    known = max(peaks[0], peaks[1])
    for block in range(blocks):
        start = block * BLOCK_SAMPLES
        if start >= windows:
            break
        # A hair more than the bound, for the filter's own rounding.
        after_this = levels[block + 1] if block + 1 < blocks else levels[blocks + 1]
        height_here = max(levels[block], after_this) * 1.00001
        if height_here * bounds[0] <= known:
            continue
        stop = min(start + BLOCK_SAMPLES, windows)
        promising = 0  # a bit a row
        for first in range(start, stop, ROW_SAMPLES):
            middle = (first + half_taps - 1) * n_channels
            size = min(ROW_SAMPLES, stop - first) * n_channels
            for i in range(size):
                between[i] = abs(samples[middle + i]) + abs(samples[middle + n_channels + i])
            height = np.int32(0)
            for i in range(size):
                if between_bits[i] > height:
                    height = between_bits[i]
            heights[blocks] = height
            beside = levels[blocks]
            most = np.float64(0.0)
            for phase in range(3):
                most = max(most, bounds[1 + phase] * beside + bounds[4 + phase] * height_here)
            if most * 1.00001 > known:
                promising |= 1 << ((first - start) // ROW_SAMPLES)
        first = start
        while promising:
            while not promising & 1:
                promising >>= 1
                first += ROW_SAMPLES
            end = first
            while promising & 1:
                promising >>= 1
                end += ROW_SAMPLES
            size = (min(end, stop) - first) * n_channels
            height = np.int32(0)
            for phase in range(3):
                for i in range(size):
                    between[i] = 0.0
                for tap in range(phase * n_taps, (phase + 1) * n_taps, 4):
                    one, two, three, four = taps[tap], taps[tap + 1], taps[tap + 2], taps[tap + 3]
                    at1 = (first + tap - phase * n_taps) * n_channels
                    at2 = at1 + n_channels
                    at3 = at2 + n_channels
                    at4 = at3 + n_channels
                    for i in range(size):  # this way round eight values are summed at once
                        between[i] += (
                            one * samples[at1 + i]
                            + two * samples[at2 + i]
                            + three * samples[at3 + i]
                            + four * samples[at4 + i]
                        )
                for i in range(size):
                    between[i] = abs(between[i])
                for i in range(size):
                    if between_bits[i] > height:
                        height = between_bits[i]
            heights[blocks] = height
            top = levels[blocks]
            known = max(known, np.float64(top))
            first = end
    peaks[1] = known


SIGNATURES = {
    "add_step_energies": (
        (
            "float32*",
            "int64",
            "int64",
            "int64*",
            "float64*",
            "int64",
            "float64*",
            "float64*",
            "int64",
            "int64",
            "float64*",
        ),
        ("contract",),
    ),
    "scan_peaks": (
        (
            "float32*",
            "int32*",
            "int64",
            "int64",
            "float32*",
            "int64",
            "float64*",
            "float64*",
            "int32*",
            "float32*",
            "float32*",
            "int32*",
        ),
        ("contract", "nnan", "nsz"),
    ),
}
"""What each is given (a star: an address of such values), and what is left to the compiler."""
