"""Whether two sounds are one: at another level, rate or length, faded, or one channel of the other.

Pure. Both are brought to one low rate and laid on each other where they agree best. There they are
compared as a whole and band by band: two takes of one thing may share a hum, a pitch or a
thud, which holds most of their energy, but only one recording agrees in what is around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples, db_from_gain

COMPARE_HZ = 8_000
COMPARE_MOST_S = 180.0  # of a sound, from its start
LENGTHS_APART = 3.0  # of a sound and its trimmed copy, at most
_SAME = 0.75  # correlation where they lie on each other; a fade takes from it
_SAME_PARTS = 0.95  # of their parts, each at its own level
_FADED = 0.01  # by which its parts agree better than the whole
_SAME_BANDS = 0.9  # mean of the bands that say something
_LEAST_SHARE_ASTRIDE = 0.5  # of the longer, where the shorter begins before or ends after it
_LEAST_SHARE = 0.3  # of the longer sound must be the shorter one
_SAME_LEVEL_DB = 0.05
_SAME_EDGE_S = 0.005
_SILENT = 1e-4  # of the highest sample: what is no louder at either end is left out

_WORTH = 0.5  # correlation between samples of the low rate, at which lying finer may help
_TRIED = 4  # places: a tone agrees in many
_FINER = 4  # places a sample at which the two are laid on each other
_PART = 400  # samples of the low rate
_EDGE = 0.05
_BANDS_HZ = 50.0 * 2.0 ** (np.arange(20) / 3)  # thirds of an octave, up to half of COMPARE_HZ
_SAYS = 1e-3  # of the loudest band's energy: in less, an encoder may have left nothing
_SAYS_LITTLE, _FEWEST_BANDS = 1e-6, 4  # but a hum or a tone alone says nothing

Mono = NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """A sound as it is compared: what of it may be in another file as one channel.

    `views` are (of how many channels it is the mix, samples at COMPARE_HZ), the first channel
    first; `start_s` is where they begin in the file, silence being left out.
    """

    views: tuple[tuple[int, Mono], ...]
    start_s: float

    @property
    def length_s(self) -> float:
        """Without silence at its ends; COMPARE_MOST_S at most."""
        return max((mono.size for _, mono in self.views), default=0) / COMPARE_HZ

    @property
    def n_bytes(self) -> int:
        return sum(mono.nbytes for _, mono in self.views)


@dataclass(frozen=True)
class Sameness:
    """How one sound is another one: `shift_s` is where the second begins in the first."""

    correlation: float
    gain_db: float  # of the second against the first
    shift_s: float
    is_faded: bool = False  # the level of the second against the first moves
    is_mix: bool = False  # of all channels of the one with more


def sameness_heard(first: Heard, second: Heard) -> Sameness | None:
    """As `sameness`, of any channel or the mix where only one of the two has several."""
    best: Sameness | None = None
    several = len(first.views) > 1, len(second.views) > 1
    for mixed_first, one in first.views if several == (True, False) else first.views[:1]:
        for mixed_second, two in second.views if several == (False, True) else second.views[:1]:
            same = sameness(one, two)
            if same is not None and (best is None or abs(same.correlation) > abs(best.correlation)):
                shift_s = same.shift_s + first.start_s - second.start_s
                is_mix = max(mixed_first, mixed_second) > 1
                best = Sameness(same.correlation, same.gain_db, shift_s, same.is_faded, is_mix)
    return best


def sameness(first: Mono, second: Mono) -> Sameness | None:
    """How the second sound is the first, or None where they are two sounds.

    Args:
        first, second: one channel each, at COMPARE_HZ.
    """
    shorter, longer = sorted((first.size, second.size))
    if not shorter or longer > LENGTHS_APART * shorter:
        return None
    for lag in _lags_worth_trying(first, second):
        one, two, turned, finer = _laid_on(first, second, lag)
        energy_one, energy_two = float(one @ one), float(two @ two)
        both = float(np.sqrt(energy_one * energy_two))
        if both <= 0.0:
            continue
        whole, parts = float(one @ two) / both, _of_parts(one, two)
        is_faded = parts - whole > _FADED
        if whole < _SAME or parts < _SAME_PARTS:
            continue
        if _of_bands(one, two) < _SAME_BANDS:
            continue
        gain_db = db_from_gain(float(np.sqrt(energy_two / energy_one)))
        return Sameness(turned * whole, gain_db, (lag - finer) / COMPARE_HZ, is_faded)
    return None


def _lags_worth_trying(first: Mono, second: Mono) -> Iterator[int]:
    """Where the second may begin in the first, in samples, the likeliest first."""
    n_fft = 1 << (first.size + second.size - 1).bit_length()
    spectrum = np.fft.rfft(first, n_fft) * np.conj(np.fft.rfft(second, n_fft))
    products = np.abs(np.fft.irfft(spectrum, n_fft))
    lags = np.arange(1 - second.size, first.size)
    # Energy of each sound within the overlap at each lag, by running sums.
    sum_first = np.concatenate([[0.0], np.cumsum(np.square(first, dtype=np.float64))])
    sum_second = np.concatenate([[0.0], np.cumsum(np.square(second, dtype=np.float64))])
    start, end = np.maximum(lags, 0), np.minimum(lags + second.size, first.size)
    ends = lags + second.size
    one_holds_other = ((lags >= 0) & (ends <= first.size)) | ((lags <= 0) & (ends >= first.size))
    # Where each goes on without the other, they must share more: two calls may share a note.
    least = np.where(one_holds_other, _LEAST_SHARE, _LEAST_SHARE_ASTRIDE)
    usable = end - start >= least * max(first.size, second.size)
    lags, start, end = lags[usable], start[usable], end[usable]
    energy_first = sum_first[end] - sum_first[start]
    energy_second = sum_second[end - lags] - sum_second[start - lags]
    # An overlap that holds little of either sound says nothing of them.
    usable = (energy_first >= 0.5 * sum_first[-1]) | (energy_second >= 0.9 * sum_second[-1])
    usable &= (energy_first > 0) & (energy_second > 0)
    both = np.sqrt(energy_first[usable] * energy_second[usable])
    lags = lags[usable]
    correlation = products[lags] / both
    if not lags.size or correlation.max() < _WORTH:
        return
    # Between the samples too: a cut falls between two of the low rate, where high tones disagree.
    between = _FINER * np.abs(np.fft.irfft(spectrum, _FINER * n_fft))
    around = np.max([np.roll(between, -at)[::_FINER] for at in range(-2, 3)], axis=0)
    correlation = around[lags] / both
    for _ in range(_TRIED):
        best = int(correlation.argmax())
        if correlation[best] < _SAME:
            return
        yield int(lags[best])
        correlation[max(0, best - 1) : best + 2] = 0.0


def _laid_on(
    first: Mono, second: Mono, lag: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, float]:
    """(overlap of the first, of the second as it lies best, -1 where turned, how much earlier)."""
    one = first[max(lag, 0) : lag + second.size].astype(np.float64)
    two = second[max(-lag, 0) :][: one.size].astype(np.float64)
    one, two = one - one.mean(), two - two.mean()
    n_fft = 1 << (one.size + 64).bit_length()
    spectrum = np.fft.rfft(two, n_fft)
    products = np.fft.irfft(np.fft.rfft(one, n_fft) * np.conj(spectrum), _FINER * n_fft)
    around = products[np.arange(-_FINER - 1, _FINER + 2)]
    at = 1 + int(np.abs(around[1:-1]).argmax())
    turned = -1 if around[at] < 0 else 1
    left, top, right = turned * around[at - 1 : at + 2]
    bend = left - 2.0 * top + right
    finer = at - _FINER - 1 + (0.5 * (left - right) / bend if bend < 0 else 0.0)
    moved = -finer / _FINER
    turn = np.exp(2j * np.pi * np.arange(spectrum.size) * moved / n_fft)
    return one, turned * np.fft.irfft(spectrum * turn, n_fft)[: one.size], turned, float(moved)


def _of_parts(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Correlation of parts of 50 ms each, those that are loud in both counting most."""
    edges = np.arange(0, one.size, _PART)
    products, ones, twos = (
        np.add.reduceat(values, edges) for values in (one * two, one * one, two * two)
    )
    return float(products.sum() / max(np.sqrt(ones * twos).sum(), 1e-30))


def _of_bands(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Mean correlation of the bands that are not far below the loudest of either sound."""
    n_fft = 1 << (one.size - 1).bit_length()
    edge = max(1, round(_EDGE * one.size))  # else a loud tone leaks into all bands
    taper = np.ones(one.size)
    taper[:edge] = np.sin(np.linspace(0.0, np.pi / 2, edge, endpoint=False)) ** 2
    taper[-edge:] *= taper[:edge][::-1]
    first, second = np.fft.rfft(taper * one, n_fft), np.fft.rfft(taper * two, n_fft)
    bins = np.ceil(_BANDS_HZ * n_fft / COMPARE_HZ).astype(int)
    edges = np.unique(np.minimum(bins, first.size - 1))
    products, ones, twos = (
        np.add.reduceat(values, edges)
        for values in (
            (first * np.conj(second)).real,
            np.abs(first) ** 2,
            np.abs(second) ** 2,
        )
    )
    level = np.minimum(ones / max(ones.max(), 1e-30), twos / max(twos.max(), 1e-30))
    fourth = float(np.sort(level)[-min(_FEWEST_BANDS, level.size)])
    says = level >= max(min(_SAYS, fourth), _SAYS_LITTLE)
    if not says.any():
        return 0.0
    return float((products[says] / np.sqrt(ones[says] * twos[says])).mean())


def told(
    same: Sameness, first: tuple[int, int, float], second: tuple[int, int, float]
) -> tuple[str, ...]:
    """In words, what was done to the first sound to make the second.

    Args:
        first, second: sample rate in Hz, channels, duration in s.
    """
    words = []
    if first[0] != second[0]:
        words.append(f"resampled from {first[0]} to {second[0]} Hz")
    if first[1] != second[1]:
        if same.is_mix and second[1] == 1:
            words.append(f"mix of {first[1]} channels")
        else:
            words.append(f"{second[1]} {'channel' if second[1] == 1 else 'channels'} of {first[1]}")
    end_s = same.shift_s + second[2] - first[2]
    if same.shift_s > _SAME_EDGE_S or end_s < -_SAME_EDGE_S:
        words.append(f"trimmed by {max(0.0, same.shift_s) + max(0.0, -end_s):.2f} s")
    if same.shift_s < -_SAME_EDGE_S or end_s > _SAME_EDGE_S:
        words.append(f"longer by {max(0.0, -same.shift_s) + max(0.0, end_s):.2f} s")
    if same.is_faded:
        words.append("faded")
    elif abs(same.gain_db) > _SAME_LEVEL_DB:
        words.append(f"gain {same.gain_db:+.1f} dB")
    if same.correlation < 0:
        words.append("polarity turned")
    return tuple(words) or ("encoded anew",)


def to_compare(samples: Samples, sample_rate_hz: int) -> Heard:
    """A sound as it is compared: without offset, and without silence at its ends."""
    from audio.resample import resample

    if not len(samples):
        return Heard((), 0.0)
    level = np.abs(samples - samples.mean(axis=0)).max(axis=1, initial=0.0)
    loud = np.flatnonzero(level > _SILENT * level.max(initial=0.0))
    if not loud.size:
        return Heard((), 0.0)
    start, end = int(loud[0]), int(loud[-1]) + 1
    samples = samples[start:end]
    ways = [(1, samples[:, :1])]
    if (samples != samples[:, :1]).any():
        ways.append((samples.shape[1], samples.mean(axis=1, keepdims=True)))
        ways += [(1, samples[:, at : at + 1]) for at in range(1, samples.shape[1])]
    views = []
    for mixed, channel in ways:
        if channel.any():
            mono = np.ascontiguousarray(channel - channel.mean(), np.float32)
            if sample_rate_hz != COMPARE_HZ:
                mono = resample(mono, sample_rate_hz, COMPARE_HZ)
            views.append((mixed, mono[:, 0].astype(np.float32)))
    return Heard(tuple(views), start / sample_rate_hz)
