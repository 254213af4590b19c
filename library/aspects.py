"""The dials of likeness: in what a sound shall be alike, and how much that counts. Pure.

    timbre     what is heard as a whole, by vectors: kind of sound and its colour
    pitch      the fundamental, as far as both have one
    loudness   how the level moves: attack, decay, crest, range; not how high it is
    spectrum   where the power lies: brightness, width, noise or tone

Each gives a likeness of at most 1, and 1 for the same sound; their mean by weight ranks. What
is compared is what the catalogue keeps of each take: its measured features and its vector.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from library import LibraryError

Floats = NDArray[np.float32]

ASPECTS = ("timbre", "pitch", "loudness", "spectrum")
DEFAULT = {"timbre": 1.0, "pitch": 0.0, "loudness": 0.0, "spectrum": 0.0}

_HALF_AWAY_OCTAVES = 0.25  # three semitones apart are half as alike
_UNKNOWN_ON_ONE_SIDE = 2.0  # deviations: as far apart as sounds of two kinds
_AWAY = 0.5  # how much likeness to an unwanted sound takes away


class _Scale(NamedTuple):
    """How a feature is compared."""

    spread: float  # deviation (of the binary logarithm) over 960 recordings of 109 kinds
    logarithmic_from: float | None = None  # what is below is not told apart


_TWO_STEPS_S = 5.4e-3  # of the envelope

# What hangs on the absolute level, or on the noise floor far below a sound, is left out.
_LOUDNESS = {
    "attack_s": _Scale(2.6, _TWO_STEPS_S),
    "decay_s": _Scale(1.8, _TWO_STEPS_S),
    "temporal_centroid": _Scale(0.17),
    "crest_db": _Scale(4.6),
    "level_range_db": _Scale(13.0),
    "steadiness": _Scale(0.23),
    "onset_count": _Scale(1.1, 1.0),
    "roughness": _Scale(0.24),
}
_SPECTRUM = {
    "centroid_hz": _Scale(1.2, 1.0),
    "bandwidth_hz": _Scale(0.86, 1.0),
    "rolloff_hz": _Scale(1.3, 1.0),
    "low_share": _Scale(0.34),
    "mid_share": _Scale(0.35),
    "high_share": _Scale(0.26),
    "zero_crossings_per_s": _Scale(1.6, 1.0),
    "tonality": _Scale(0.24),
    "noisiness": _Scale(0.28),
}
_PITCH = ("pitch_hz", "pitch_confidence")
FEATURES = (*_PITCH, *_LOUDNESS, *_SPECTRUM)  # columns of `Sounds.features`


@dataclass(frozen=True)
class Sounds:
    """Takes to be compared."""

    vectors: Floats | None  # (n, dimensions), unit length; None where timbre does not count
    # (n, len(FEATURES)); NaN where a take has no such thing. Quickest where each column lies in
    # one piece; a column that no aspect asked for compares may hold anything.
    features: Floats


def read_aspects(texts: Sequence[str]) -> dict[str, float]:
    """Weights as they are typed, `NAME=NUMBER` with spaces or commas between.

    >>> read_aspects(["timbre=0 pitch=1", "loudness=0.5"])
    {'timbre': 0.0, 'pitch': 1.0, 'loudness': 0.5}

    Raises:
        LibraryError: not of this form; names and numbers are looked at by `weights_of`.
    """
    found: dict[str, float] = {}
    for piece in " ".join(texts).replace(",", " ").split():
        name, equals, number = piece.partition("=")
        try:
            if not (name and equals):
                raise ValueError
            found[name] = float(number)
        except ValueError:
            raise LibraryError(
                f"--aspect {piece}: write NAME=NUMBER, such as timbre=1 pitch=0.5"
            ) from None
    return found


def weights_of(aspects: Mapping[str, float]) -> dict[str, float]:
    """The weight of every aspect: as given, else as in DEFAULT.

    >>> weights_of({"pitch": 1})
    {'timbre': 1.0, 'pitch': 1.0, 'loudness': 0.0, 'spectrum': 0.0}

    Raises:
        LibraryError: an aspect that is none (the nearest is named), a weight that is negative or
            no number, or all of them zero.
    """
    for name, weight in aspects.items():
        if name not in ASPECTS:
            near = get_close_matches(name.lower(), ASPECTS, n=1)
            told = f"did you mean {near[0]}?" if near else f"they are {', '.join(ASPECTS)}"
            raise LibraryError(f"there is no aspect {name!r}; {told}")
        if not (math.isfinite(weight) and weight >= 0):
            raise LibraryError(f"aspect {name}={weight:g}: a weight is 0 or a number above it")
    weights = DEFAULT | {name: float(weight) for name, weight in aspects.items()}
    if not any(weights.values()):
        raise LibraryError("every aspect is 0: nothing is left to compare; set one above 0")
    return weights


def likenesses(
    examples: Sequence[Sounds],
    others: Sequence[Sounds],
    takes: Sounds,
    aspects: Iterable[str],
) -> dict[str, Floats]:
    """Likeness of each take in each of these aspects.

    Args:
        examples: one sound each; several count alike.
        others: one unwanted sound each; half of the likeness to them is taken away.
    """
    by_aspect = {}
    for aspect in aspects:
        seen = np.zeros(len(takes.features), np.float32)
        for group, share in ((examples, 1.0), (others, -_AWAY if examples else -1.0)):
            for each in group:
                seen += share / len(group) * _alike(aspect, each, takes)
        by_aspect[aspect] = seen
    return by_aspect


def together(by_aspect: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """The mean of likenesses in several aspects, by weights as `weights_of` gives them."""
    whole = sum(weights[aspect] for aspect in by_aspect)
    total = np.zeros(len(next(iter(by_aspect.values()))), np.float32)
    for aspect, seen in by_aspect.items():
        total += np.float32(weights[aspect] / whole) * seen
    return total


def compared_in(aspect: str) -> tuple[int, ...]:
    """Which columns of `Sounds.features` an aspect compares.

    >>> compared_in("pitch"), compared_in("timbre")
    ((0, 1), ())
    """
    names = {"pitch": _PITCH, "loudness": tuple(_LOUDNESS), "spectrum": tuple(_SPECTRUM)}
    return tuple(map(FEATURES.index, names.get(aspect, ())))


def middle_of(features: Floats, lengths: Sequence[int]) -> Floats:
    """The features (1, …) of a sound of several takes, long ones weighing more.

    Means of what they have, times and frequencies on a logarithmic scale; the pitch is that
    of the middle of what is pitched.
    """
    weights = np.maximum(np.asarray(lengths, np.float64), 1.0)
    found = np.full((1, features.shape[1]), np.nan, np.float32)
    for at, name in enumerate(FEATURES):
        known = ~np.isnan(features[:, at])
        if not known.any():
            continue
        values, shares = features[known, at].astype(np.float64), weights[known]
        scale = (_LOUDNESS | _SPECTRUM).get(name)
        if name == "pitch_hz":
            order = np.argsort(values)
            reached = np.cumsum(shares[order])
            found[0, at] = values[order][int((reached >= 0.5 * reached[-1]).argmax())]
        elif scale is not None and scale.logarithmic_from is not None:
            logarithms = np.log(np.maximum(values, scale.logarithmic_from))
            found[0, at] = np.exp(np.average(logarithms, weights=shares))
        else:
            found[0, at] = np.average(values, weights=shares)
    return found


def _alike(aspect: str, example: Sounds, takes: Sounds) -> Floats:
    if aspect == "timbre":
        assert takes.vectors is not None
        assert example.vectors is not None
        return np.asarray(takes.vectors @ example.vectors[0], np.float32)
    if aspect == "pitch":
        return _pitch_alike(example.features[0], takes.features)
    scales = _LOUDNESS if aspect == "loudness" else _SPECTRUM
    apart = _apart(scales, example.features[0], takes.features)
    return np.exp(np.negative(apart, out=apart), out=apart)


def _pitch_alike(example: Floats, takes: Floats) -> Floats:
    """Near fundamentals are alike, where both are as sure; of none, none is asked."""
    asked_hz, found_hz = example[0], takes[:, 0]
    asked = 0.0 if np.isnan(asked_hz) else float(np.nan_to_num(example[1], nan=1.0))
    unpitched = np.isnan(found_hz)
    found = takes[:, 1].copy()
    np.copyto(found, 1.0, where=np.isnan(found))
    np.copyto(found, 0.0, where=unpitched)
    if not asked:
        return np.subtract(1.0, found, dtype=np.float32)
    near = _logarithms(found_hz, 1.0)
    near -= _logarithms(asked_hz, 1.0)
    np.abs(near, out=near)
    near *= -1.0 / _HALF_AWAY_OCTAVES
    np.exp(near, out=near)  # 2 to the power of octaves is e to that of natural logarithms
    near *= np.minimum(found, asked)
    near /= np.maximum(found, asked, out=found)
    np.copyto(near, 1.0 - asked, where=unpitched)
    return near


def _apart(scales: Mapping[str, _Scale], example: Floats, takes: Floats) -> Floats:
    """Root of the mean square difference in deviations, over what either of the two has."""
    squares = np.zeros(len(takes), np.float32)
    counted = np.zeros(len(takes), np.float32)
    for name, scale in scales.items():
        at = FEATURES.index(name)
        asked, found = example[at], takes[:, at]
        if np.isnan(asked):
            known = ~np.isnan(found)
            squares += np.float32(_UNKNOWN_ON_ONE_SIDE**2) * known
            counted += known
            continue
        spread = scale.spread
        if scale.logarithmic_from is None:
            difference = found - asked
        else:
            spread *= math.log(2.0)
            difference = _logarithms(found, scale.logarithmic_from)
            difference -= _logarithms(asked, scale.logarithmic_from)
        difference *= np.float32(1.0 / spread)
        unknown = np.isnan(difference)
        if unknown.any():
            np.copyto(difference, _UNKNOWN_ON_ONE_SIDE, where=unknown)
        difference *= difference
        squares += difference
        counted += 1.0
    squares /= np.maximum(counted, 1.0, out=counted)
    return np.sqrt(squares, out=squares)


def _logarithms(values: Floats | np.float32, least: float) -> Floats:
    """Natural ones, which numpy takes of several numbers at once, and of binary ones not."""
    above = np.maximum(values, np.float32(least))
    return np.asarray(np.log(above), np.float32)
