"""The two inner loops of the loudness meter, compiled by numba.

Measured on one core, stereo, CPU seconds an hour of sound: weighting 1.0 here against
4 to 5 by scipy's sosfilt. A process loads these in 0.8 s, where scipy.signal alone takes
1.4; the first use on a machine compiles for about 4 s and keeps the result.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import float32, float64, int32, int64, njit, types

BLOCK_SAMPLES = 128
"""What `scan_peaks` looks between, or skips, at once."""
NONSENSE = np.int32(0x71800000)
"""As bits of a float, 2**100 or +602 dBFS: from there to infinity and NaN it is no sound."""


def _add_step_energies(
    samples: Any,
    channels: Any,
    weights: Any,
    shelf: Any,
    high_pass: Any,
    state: Any,
    position: int,
    sample_rate_hz: int,
    energies: Any,
) -> None:
    """Add the K-weighted, channel-weighted energy of `samples` to the 10 ms steps they lie in.

    Args:
        samples: (n_samples, n_channels).
        channels, weights: which columns count and how much; even in number, for two
            filters run side by side in the time of one.
        shelf, high_pass: (5,) b0 b1 b2 a1 a2.
        state: (len(channels), 4), what the filters remember; changed.
        position: samples of the sound before these.
        energies: (steps,) of which the first is that in which `position` lies; added to.

    Step k begins at sample floor(k * rate / 100), so no rate drifts.
    """
    b0, b1, b2, a1, a2 = shelf[0], shelf[1], shelf[2], shelf[3], shelf[4]
    c0, c1, c2, d1, d2 = high_pass[0], high_pass[1], high_pass[2], high_pass[3], high_pass[4]
    first_step = ((position + 1) * 100 - 1) // sample_rate_hz
    start = 0
    step = 0
    while start < samples.shape[0]:
        end = (first_step + step + 1) * sample_rate_hz // 100 - position
        end = min(end, samples.shape[0])
        for pair in range(0, len(channels), 2):
            left, right = channels[pair], channels[pair + 1]
            p1, p2, p3, p4 = state[pair, 0], state[pair, 1], state[pair, 2], state[pair, 3]
            q1, q2, q3, q4 = (
                state[pair + 1, 0],
                state[pair + 1, 1],
                state[pair + 1, 2],
                state[pair + 1, 3],
            )
            p_energy = 0.0
            q_energy = 0.0
            for n in range(start, end):  # both filters: transposed direct form II
                p = np.float64(samples[n, left])
                q = np.float64(samples[n, right])
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
            state[pair, 0], state[pair, 1], state[pair, 2], state[pair, 3] = p1, p2, p3, p4
            (
                state[pair + 1, 0],
                state[pair + 1, 1],
                state[pair + 1, 2],
                state[pair + 1, 3],
            ) = q1, q2, q3, q4
        for channel in range(state.shape[0]):
            for i in range(4):
                # In silence a filter rings down into denormal numbers, many times slower.
                if abs(state[channel, i]) < 1e-30:
                    state[channel, i] = 0.0
        start = end
        step += 1


def _scan_peaks(
    samples: Any, folded_taps: Any, most_gain: float, peaks: Any, heights: Any, between: Any
) -> None:
    """Raise `peaks` to the highest sample and the highest value between samples.

    No value between samples exceeds `most_gain` times the highest sample its filter sees, so
    where that is below the peak already known, the filter need not run.

    Args:
        samples: (n_samples, n_channels). Only windows wholly within them are looked
            between; the caller joins block to block.
        folded_taps: (3, half the taps), at most BLOCK_SAMPLES taps; see `true_peak.fold`.
        most_gain: the largest sum of the absolute taps of a phase.
        peaks: (2,) highest sample and highest value between; changed. `NONSENSE` in
            `samples` makes the first infinite, and nothing else is then looked at.
        heights: (n_samples / BLOCK_SAMPLES, rounded up, + 1,) room to work in.
        between: (3, BLOCK_SAMPLES * n_channels) room to work in.
    """
    channels = samples.shape[1]
    flat = samples.reshape(-1)  # the filters run along it, channels side by side
    bits = flat.view(np.int32)
    wide = BLOCK_SAMPLES * channels
    blocks = (len(samples) + BLOCK_SAMPLES - 1) // BLOCK_SAMPLES
    highest = np.int32(0)
    for block in range(blocks):
        height = np.int32(0)
        for i in range(block * wide, min((block + 1) * wide, bits.size)):
            # Without its sign a float orders as an integer does, NaN above infinity above all.
            height = max(height, bits[i] & np.int32(0x7FFFFFFF))
        heights[block] = height
        highest = max(highest, height)
    if highest >= NONSENSE:
        peaks[0] = np.inf
        return
    heights[blocks] = highest
    levels = heights.view(np.float32)
    peaks[0] = max(peaks[0], np.float64(levels[blocks]))
    heights[blocks] = 0

    taps = 2 * folded_taps.shape[1]
    windows = len(samples) - taps + 1  # window n begins at sample n
    known = max(peaks[0], peaks[1])
    for block in range(blocks):
        start = block * BLOCK_SAMPLES
        if start >= windows:
            break
        # A hair more than the bound, for the filter's own rounding.
        if max(levels[block], levels[block + 1]) * most_gain * 1.00001 <= known:
            continue
        size = min(BLOCK_SAMPLES, windows - start) * channels
        even, odd, half = between[0, :size], between[1, :size], between[2, :size]
        even[:] = 0.0
        odd[:] = 0.0
        half[:] = 0.0
        for tap in range(taps // 2):  # this way round the inner loop runs eight values at once
            even_gain = folded_taps[0, tap]
            odd_gain = folded_taps[1, tap]
            half_gain = folded_taps[2, tap]
            before = flat[(start + tap) * channels :]
            after = flat[(start + taps - 1 - tap) * channels :]
            for i in range(size):
                both = before[i] + after[i]
                even[i] += even_gain * both
                odd[i] += odd_gain * (before[i] - after[i])
                half[i] += half_gain * both
        top = np.float32(0.0)
        for i in range(size):  # the quarters are even + odd and even - odd
            top = max(top, max(abs(half[i]), abs(even[i]) + abs(odd[i])))
        known = max(known, np.float64(top))
    peaks[1] = known


def _compiled(function: Callable[..., None], signature: Any, fast: set[str]) -> Callable[..., None]:
    """For this one signature, from the cache where there is a sound one."""

    def compiled(cache: bool) -> Any:
        kernel = njit(cache=cache, nogil=True, fastmath=fast)(function)
        try:
            kernel.compile(signature)
        except Exception:  # whatever a damaged cache does to its unpickling
            if not cache:
                raise
            kernel.recompile()  # empties the cache
            kernel.compile(signature)
        kernel.disable_compile()
        return kernel

    try:
        kernel = compiled(cache=True)
    except (RuntimeError, OSError):
        # Installed read-only for a user without a home: compile for this process alone.
        kernel = compiled(cache=False)
    found: Callable[..., None] = kernel
    return found


def _read(kind: Any, dimensions: int) -> Any:
    return types.Array(kind, dimensions, "C", readonly=True)


add_step_energies = _compiled(
    _add_step_energies,
    types.void(
        _read(float32, 2),
        _read(int64, 1),
        _read(float64, 1),
        _read(float64, 1),
        _read(float64, 1),
        float64[:, ::1],
        int64,
        int64,
        float64[::1],
    ),
    {"contract"},
)
scan_peaks = _compiled(
    _scan_peaks,
    types.void(
        _read(float32, 2), _read(float32, 2), float64, float64[::1], int32[::1], float32[:, ::1]
    ),
    {"contract", "nnan", "nsz"},
)
