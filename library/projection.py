"""From what was heard to a short vector: whitened, and turned to where kinds of sound differ.

Learned by tools/learn_projection.py from sounds whose kinds are known; models/projection.npz holds
it. Kinds only pull sounds together that a plain whitening has near each other already, so that
sounds of kinds and of makers never met before gain as well: judged by benchmarks/retrieval.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

VERSION = 2  # of the whole vector: raised with the file, the networks or this arithmetic
AXES = 128  # of each part of what the networks hear
DIMENSIONS = 256  # of the vector
WHITENING = 0.5  # the power: 0 leaves the spread of each axis, 1 levels it
_LAST = 1024  # of YAMNet's numbers are its last layer; the rest are inner ones
_AISFX_WEIGHT, _YAMNET_WEIGHT, _INNER_WEIGHT, _SHAPE_WEIGHT = 0.7, 0.7, 1.0, 0.5
_RIDGE = 1.0  # of the mean variance of a sound
_SHAPE_LIMIT = 3.0  # deviations; one odd feature shall not outweigh the rest

# Beside the 40 MFCC statistics; those of time are looked at as logarithms.
SHAPE_FEATURES = (
    "centroid_hz",
    "bandwidth_hz",
    "rolloff_hz",
    "flatness",
    "contrast_db",
    "flux_db",
    "low_share",
    "high_share",
    "zero_crossings_per_s",
    "tonality",
    "noisiness",
    "pitch_confidence",
    "duration_s",
    "attack_s",
    "decay_s",
    "crest_db",
    "temporal_centroid",
    "onset_count",
    "steadiness",
    "level_range_db",
    "roughness",
)
_MFCC = 40
_LOGARITHMIC = np.array(
    [False] * _MFCC
    + [name.endswith(("_hz", "_s")) or name == "onset_count" for name in SHAPE_FEATURES]
)
_FILE = Path(__file__).parent / "models" / "projection.npz"


@dataclass(frozen=True)
class Whitening:
    """Means and axes of each part of a hearing; an axis is already divided by the spread."""

    aisfx_mean: Floats
    aisfx_axes: Floats  # (512, AXES)
    yamnet_mean: Floats
    yamnet_axes: Floats  # (1024, AXES)
    inner_mean: Floats
    inner_axes: Floats  # (1536, AXES)
    shape_middle: Floats  # stands in where a sound has no such feature
    shape_mean: Floats
    shape_spread: Floats

    def parts(self, aisfx: Floats, yamnet: Floats, shape: Floats) -> tuple[Floats, ...]:
        """Of aiSFX, of YAMNet's last layer and its inner ones, of shape: unit vectors (n, …)."""
        last, inner = np.split(evened(yamnet), [_LAST], axis=1)
        return (
            _unit((aisfx - self.aisfx_mean) @ self.aisfx_axes),
            _unit((last - self.yamnet_mean) @ self.yamnet_axes),
            _unit((inner - self.inner_mean) @ self.inner_axes),
            _unit(self.deviations(shape)),
        )

    def deviations(self, shape: Floats) -> Floats:
        """Measured features as deviations from the mean sound, (n, …), within _SHAPE_LIMIT."""
        filled = np.where(np.isnan(shape), self.shape_middle, scaled_shape(shape))
        away: Floats = (filled - self.shape_mean) / self.shape_spread
        return np.clip(away, -_SHAPE_LIMIT, _SHAPE_LIMIT)

    def together(self, aisfx: Floats, yamnet: Floats, shape: Floats) -> Floats:
        """The parts side by side, unit vectors."""
        weights = (_AISFX_WEIGHT, _YAMNET_WEIGHT, _INNER_WEIGHT, _SHAPE_WEIGHT)
        parts = self.parts(aisfx, yamnet, shape)
        return _unit(
            np.concatenate([w * part for w, part in zip(weights, parts, strict=True)], axis=1)
        )


@dataclass(frozen=True)
class Projection:
    """The whitening, what tells kinds apart in it, and the short vector of both."""

    version: int
    whitening: Whitening
    kinds_mean: Floats
    kinds_axes: Floats  # (whitened, kinds)
    axes: Floats  # (whitened + kinds, DIMENSIONS), orthonormal

    @property
    def dimensions(self) -> int:
        return int(self.axes.shape[1])

    def vectors(self, aisfx: Floats, yamnet: Floats, shape: Floats) -> Floats:
        """Unit vectors (n, dimensions) of raw embeddings and shapes, each (n, …)."""
        white = self.whitening.together(aisfx, yamnet, shape)
        return _unit(_with_kinds(white, self.kinds_mean, self.kinds_axes) @ self.axes)


def evened(yamnet: Floats) -> Floats:
    """YAMNet's activations are never negative and few are large; the root evens them."""
    roots: Floats = np.sqrt(np.maximum(yamnet, 0.0))
    return roots


def scaled_shape(shape: Floats) -> Floats:
    """Shapes with their times and frequencies as logarithms; NaN stays."""
    scaled = np.array(shape, np.float32)
    scaled[:, _LOGARITHMIC] = np.log(np.maximum(scaled[:, _LOGARITHMIC], 1e-3))
    return scaled


def _unit(vectors: NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit


def _with_kinds(white: Floats, mean: Floats, axes: Floats) -> Floats:
    return _unit(np.concatenate([white, _unit((white - mean) @ axes)], axis=1))


def learned(aisfx: Floats, yamnet: Floats, shape: Floats, kinds: Sequence[str]) -> Projection:
    """The projection that these sounds teach, each (n, …); needs more than AXES sounds.

    What tells kinds apart is a ridge regression upon them, rare kinds raised to the root of their
    number; its answer, all kinds together, counts as much as what was whitened.

    Args:
        kinds: of each sound, in any words.
    """
    whitening = learned_whitening(aisfx, yamnet, shape)
    white = whitening.together(aisfx, yamnet, shape)
    mean = white.mean(axis=0)
    apart = (white - mean).astype(np.float64)
    names = sorted(set(kinds))
    is_kind = np.array([[kind == name for name in names] for kind in kinds], np.float64)
    gram = apart.T @ apart
    ridge = _RIDGE * np.trace(gram) / len(apart) * np.eye(len(gram))
    axes = np.linalg.solve(gram + ridge, apart.T @ (is_kind / np.sqrt(is_kind.sum(axis=0))))
    axes = (axes / np.abs(axes).max()).astype(np.float32)
    both = _with_kinds(white, mean, axes).astype(np.float64)
    # About the origin, for products are to be kept.
    _values, short = np.linalg.eigh(both.T @ both)
    short = _signed(short[:, ::-1][:, :DIMENSIONS])
    return Projection(VERSION, whitening, mean, axes, short.astype(np.float32))


def learned_whitening(aisfx: Floats, yamnet: Floats, shape: Floats) -> Whitening:
    """The whitening of these sounds; what they are is not asked."""
    last, inner = np.split(evened(yamnet), [_LAST], axis=1)
    scaled = scaled_shape(shape)
    middle = np.nanmedian(scaled, axis=0)
    filled = np.where(np.isnan(scaled), middle, scaled)
    return Whitening(
        aisfx_mean=aisfx.mean(axis=0),
        aisfx_axes=_whitening_axes(aisfx),
        yamnet_mean=last.mean(axis=0),
        yamnet_axes=_whitening_axes(last),
        inner_mean=inner.mean(axis=0),
        inner_axes=_whitening_axes(inner),
        shape_middle=middle,
        shape_mean=filled.mean(axis=0),
        shape_spread=np.maximum(filled.std(axis=0), 1e-6),
    )


def _whitening_axes(vectors: Floats) -> Floats:
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    spread = spread[:AXES] / np.sqrt(len(vectors))
    whitened: Floats = (_signed(axes[:AXES].T) / spread**WHITENING).astype(np.float32)
    return whitened


def _signed(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns whose largest entry is positive: the sign of an axis is free, files are not."""
    signed: NDArray[np.float64] = axes * np.sign(
        axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    )
    return signed


def save_projection(projection: Projection, path: Path = _FILE) -> None:
    """Write the file that `load_projection` reads; axes in half precision."""
    held = {name: getattr(projection, name) for name in ("kinds_mean", "kinds_axes", "axes")}
    held |= {each.name: getattr(projection.whitening, each.name) for each in fields(Whitening)}
    for name in held:
        if name.endswith("axes"):
            held[name] = held[name].astype(np.float16)
    np.savez_compressed(path, version=projection.version, **held)


def load_projection(path: Path = _FILE) -> Projection:
    with np.load(path) as held:
        floats = {name: held[name].astype(np.float32) for name in held if name != "version"}
        version = int(held["version"])
    whitening = Whitening(**{each.name: floats.pop(each.name) for each in fields(Whitening)})
    return Projection(version, whitening, **floats)
