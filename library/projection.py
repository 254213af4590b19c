"""From what was heard to a short vector: whitening that was learned from many sounds.

Learned by tools/learn_projection.py without any label; models/projection.npz holds it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

VERSION = 1  # of the whole vector: raised with the file, the networks or this arithmetic
AXES = 128  # of each network
SHAPE_WEIGHT = 0.5  # of the measured features beside each network's part
WHITENING = 0.5  # the power: 0 leaves the spread of each axis, 1 levels it
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
class Projection:
    """Means and axes; float16 in the file."""

    version: int
    aisfx_mean: Floats
    aisfx_axes: Floats  # (512, AXES), already divided by the spread
    yamnet_mean: Floats
    yamnet_axes: Floats  # (1024, AXES)
    shape_middle: Floats  # stands in where a sound has no such feature
    shape_mean: Floats
    shape_spread: Floats

    @property
    def dimensions(self) -> int:
        axes = (self.aisfx_axes, self.yamnet_axes)
        return sum(int(each.shape[1]) for each in axes) + len(self.shape_mean)

    def vectors(self, aisfx: Floats, yamnet: Floats, shape: Floats) -> Floats:
        """Unit vectors (n, dimensions) of raw embeddings and shapes, each (n, …)."""
        of_shape = np.where(np.isnan(shape), self.shape_middle, scaled_shape(shape))
        deviations = (of_shape - self.shape_mean) / self.shape_spread
        of_shape = np.clip(deviations, -_SHAPE_LIMIT, _SHAPE_LIMIT)
        together = np.concatenate(
            [
                _unit((aisfx - self.aisfx_mean) @ self.aisfx_axes),
                _unit((evened(yamnet) - self.yamnet_mean) @ self.yamnet_axes),
                SHAPE_WEIGHT * _unit(of_shape),
            ],
            axis=1,
        )
        return _unit(together)


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


def learned(aisfx: Floats, yamnet: Floats, shape: Floats) -> Projection:
    """The projection that whitens these sounds, each (n, …); needs more than AXES sounds."""
    yamnet = evened(yamnet)
    scaled = scaled_shape(shape)
    middle = np.nanmedian(scaled, axis=0)
    filled = np.where(np.isnan(scaled), middle, scaled)
    return Projection(
        version=VERSION,
        aisfx_mean=aisfx.mean(axis=0),
        aisfx_axes=_whitening_axes(aisfx),
        yamnet_mean=yamnet.mean(axis=0),
        yamnet_axes=_whitening_axes(yamnet),
        shape_middle=middle,
        shape_mean=filled.mean(axis=0),
        shape_spread=np.maximum(filled.std(axis=0), 1e-6),
    )


def _whitening_axes(vectors: Floats) -> Floats:
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    spread = spread[:AXES] / np.sqrt(len(vectors))
    # The sign of an axis is free: fixed, so that the file comes out the same again.
    first = axes[:AXES][np.arange(AXES), np.abs(axes[:AXES]).argmax(axis=1)]
    whitened: Floats = (axes[:AXES].T * np.sign(first) / spread**WHITENING).astype(np.float32)
    return whitened


def save_projection(projection: Projection, path: Path = _FILE) -> None:
    """Write the file that `load_projection` reads; axes in half precision."""
    np.savez_compressed(
        path,
        version=projection.version,
        aisfx_mean=projection.aisfx_mean,
        aisfx_axes=projection.aisfx_axes.astype(np.float16),
        yamnet_mean=projection.yamnet_mean,
        yamnet_axes=projection.yamnet_axes.astype(np.float16),
        shape_middle=projection.shape_middle,
        shape_mean=projection.shape_mean,
        shape_spread=projection.shape_spread,
    )


def load_projection(path: Path = _FILE) -> Projection:
    with np.load(path) as held:
        floats = {name: held[name].astype(np.float32) for name in held if name != "version"}
        return Projection(version=int(held["version"]), **floats)
