"""Folding down: a sound for fewer loudspeakers, by stated coefficients.

ITU-R BS.775-4, Annex 4, Table 2 covers 3/2 and below. What stands above it, which no
recommendation rules, is first folded to 5.1: sides go to the surrounds whole, rears and
heights at -3 dB into the nearest pair. LFE is left out, as BS.775 asks.
"""

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.layout import Layout
from audio.level import Samples, check_samples

_M3 = math.sqrt(0.5)  # -3 dB, the table's 0.7071

# A channel goes to the first of its ways whose channels the target all has (or passes on).
_WAYS: dict[str, tuple[dict[str, float], ...]] = {
    "M": ({"C": 1.0}, {"L": _M3, "R": _M3}),
    "C": ({"M": 1.0}, {"L": _M3, "R": _M3}),
    "L": ({"M": _M3},),
    "R": ({"M": _M3},),
    "Lc": ({"L": _M3, "C": _M3}, {"L": 1.0}),
    "Rc": ({"R": _M3, "C": _M3}, {"R": 1.0}),
    "Ls": ({"L": _M3},),
    "Rs": ({"R": _M3},),
    "Lss": ({"Ls": 1.0},),
    "Rss": ({"Rs": 1.0},),
    "Lsr": ({"Ls": _M3},),
    "Rsr": ({"Rs": _M3},),
    "Cs": ({"Ls": _M3, "Rs": _M3},),
    "Ltf": ({"Lts": 1.0}, {"L": _M3}),
    "Rtf": ({"Rts": 1.0}, {"R": _M3}),
    "Ltr": ({"Lts": 1.0}, {"Lsr": _M3}, {"Ls": _M3}),
    "Rtr": ({"Rts": 1.0}, {"Rsr": _M3}, {"Rs": _M3}),
    "Lts": ({"Lss": _M3}, {"Ls": _M3}),
    "Rts": ({"Rss": _M3}, {"Rs": _M3}),
    "LFE": ({},),
}


def fold_matrix(source: Layout, target: Layout) -> NDArray[np.float32]:
    """Gains, shape (target channels, source channels): rows are what each speaker is fed.

    Raises:
        AudioError: a channel of `source` has no way into `target`.

    >>> from audio.layout import LAYOUTS
    >>> print(fold_matrix(LAYOUTS["5.0"], LAYOUTS["stereo"]).round(4))
    [[1.     0.     0.7071 0.7071 0.    ]
     [0.     1.     0.7071 0.     0.7071]]
    """
    matrix = np.zeros((target.channels, source.channels), dtype=np.float64)
    for column, label in enumerate(source.labels):
        fed = _feeds(label, frozenset(target.labels))
        if fed is None:
            raise AudioError(
                f"channel {label} of {source.name} has no way into {target.name} "
                f"({' '.join(target.labels)})"
            )
        for speaker, gain in fed.items():
            matrix[target.index(speaker), column] += gain
    return matrix.astype(np.float32)


def fold_down(samples: Samples, source: Layout, target: Layout) -> Samples:
    """The sound for the target's loudspeakers, shape (n_samples, target channels).

    Not limited and not scaled: what adds up above full scale does so.

    Raises:
        AudioError: the samples are not of `source`, or it has no way into `target`.
    """
    check_samples(samples)
    if samples.shape[1] != source.channels:
        raise AudioError(
            f"{samples.shape[1]} channels are not a {source.name} of {source.channels}"
        )
    folded: Samples = samples @ fold_matrix(source, target).T
    return folded


def _feeds(label: str, speakers: frozenset[str]) -> dict[str, float] | None:
    """What one channel feeds among `speakers`; None where there is no way."""
    if label in speakers:
        return {label: 1.0}
    ways = _WAYS.get(label, ())
    for way in ways:
        if speakers.issuperset(way):
            return dict(way)
    for way in ways:
        if "M" in way or label == "M":  # mono is where folding ends, never a way to pass through
            continue
        total: defaultdict[str, float] = defaultdict(float)
        onward = {step: _feeds(step, speakers) for step in way}
        for step, fed in onward.items():
            for speaker, gain in (fed or {}).items():
                total[speaker] += way[step] * gain
        if None not in onward.values():
            return dict(total)
    return None
