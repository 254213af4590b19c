"""A sound as a direction: what is alike to the ear points the same way.

`Embedder` is the one seam: another model is another class with the same three members, and
`default_embedder` the one place that chooses. Its `name` is kept beside every vector, so that a
change of model is noticed and vectors of two models are never compared.

The default hears with two networks and with the measured features, for each sees what the
others do not: aiSFX knows film sounds, YAMNet the world, the features timbre and time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from library.projection import SHAPE_FEATURES, Projection, load_projection

if TYPE_CHECKING:
    from library.ear import Heard

Floats = NDArray[np.float32]
Sound = tuple[Floats, int]  # samples (n_samples, n_channels) and their rate in Hz

_PIECES, _PIECE_S = 8, 2.4  # of a long sound so much is heard, spread over it
_AT_ONCE = 16  # sounds whose spectra are held together


class Embedder(Protocol):
    """What gives sounds their vectors."""

    @property
    def name(self) -> str:
        """Model and version; changes whenever the same sound would get another vector."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, sounds: Sequence[Sound]) -> Floats:
        """Vectors of unit length, shape (sounds, dimensions); their dot product is likeness."""


@dataclass(frozen=True)
class Hearing:
    """All that the default embedder hears in a sound, before it is made a short vector.

    Kept whole, a better projection needs no second hearing.
    """

    aisfx: NDArray[np.float16]  # (512,)
    yamnet: NDArray[np.float16]  # (2560,), of its last layer and of inner ones
    scores: NDArray[np.float16]  # (521,) of AudioSet's classes, the highest of any patch
    shape: Floats  # MFCC statistics and SHAPE_FEATURES; NaN where a sound has no such feature

    def within(self, whole: "Hearing") -> "Hearing":
        """A take as part of its file: what the networks heard of both, half and half.

        Scores and features stay those of the take.
        """
        return replace(
            self,
            aisfx=_between(self.aisfx, whole.aisfx),
            yamnet=_between(self.yamnet, whole.yamnet),
        )

    def top_scores(self, at_least: float = 0.1) -> tuple[tuple[int, float], ...]:
        """Classes (index into `yamnet.class_names()`) that score so much, highest first."""
        found = np.flatnonzero(self.scores >= at_least)
        order = found[np.argsort(-self.scores[found], kind="stable")]
        return tuple((int(index), float(self.scores[index])) for index in order)


def _between(one: NDArray[np.float16], other: NDArray[np.float16]) -> NDArray[np.float16]:
    middle = (one.astype(np.float32) + other.astype(np.float32)) / 2
    return middle.astype(np.float16)


class TwoNetworks:
    """aiSFX, YAMNet and measured features, whitened and side by side."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection

    @property
    def name(self) -> str:
        return f"aisfx-taught-int8-evenly+yamnet-fp16-inner+shape-within/{self._projection.version}"

    @property
    def dimensions(self) -> int:
        return self._projection.dimensions

    def embed(self, sounds: Sequence[Sound]) -> Floats:
        return self.project(hear(sounds))

    def project(self, hearings: Sequence[Hearing]) -> Floats:
        """Vectors of what was heard before, shape (hearings, dimensions)."""
        if not hearings:
            return np.zeros((0, self.dimensions), np.float32)
        return self._projection.vectors(
            np.stack([heard.aisfx for heard in hearings]).astype(np.float32),
            np.stack([heard.yamnet for heard in hearings]).astype(np.float32),
            np.stack([heard.shape for heard in hearings]),
        )


def hear(sounds: Sequence[Sound], shapes: Sequence[Floats] | None = None) -> list[Hearing]:
    """Hear sounds of any length; of long ones 8 pieces spread over them (19 s).

    Args:
        shapes: of each sound, by `shape_of`, where it has been measured already.
    """
    shapes = [_shape(*sound) for sound in sounds] if shapes is None else shapes
    heard: list[Hearing] = []
    for start in range(0, len(sounds), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        heard += _hear(sounds[part], shapes[part])
    return heard


def _hear(sounds: Sequence[Sound], shapes: Sequence[Floats]) -> list[Hearing]:
    from library import aisfx, yamnet

    pieces = [(bounded_mono(samples, rate_hz), rate_hz) for samples, rate_hz in sounds]
    of_aisfx = aisfx.embed_sounds([_at(piece, aisfx.SAMPLE_RATE_HZ) for piece in pieces])
    of_yamnet = yamnet.embed_sounds([_at(piece, yamnet.SAMPLE_RATE_HZ) for piece in pieces])
    return [
        Hearing(a.astype(np.float16), y.astype(np.float16), s.astype(np.float16), shape)
        for a, (y, s), shape in zip(of_aisfx, of_yamnet, shapes, strict=True)
    ]


def bounded_mono(samples: Floats, sample_rate_hz: int) -> Floats:
    """What is heard of a sound: its mono mix (n_samples,), of a long one 8 pieces (19 s)."""
    piece = round(_PIECE_S * sample_rate_hz)
    if len(samples) <= _PIECES * piece:
        return _mono(samples)
    starts = np.linspace(0, len(samples) - piece, _PIECES).astype(int)
    return np.concatenate([_mono(samples[start : start + piece]) for start in starts])


def _mono(samples: Floats) -> Floats:
    mix: Floats = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mix.astype(np.float32, copy=False)


def _at(sound: Sound, sample_rate_hz: int) -> Floats:
    from audio.resample import resample

    mono, from_hz = sound
    return resample(mono[:, np.newaxis], from_hz, sample_rate_hz)[:, 0]


def _shape(samples: Floats, sample_rate_hz: int) -> Floats:
    from library.ear import EarPass
    from library.features import features_of

    ear = EarPass(sample_rate_hz, samples.shape[1], keep_s=0)
    ear.add(samples)
    heard = ear.heard(0, len(samples))
    return shape_of(heard, features_of(heard))


def shape_of(heard: "Heard", features: Mapping[str, float | None]) -> Floats:
    """`Hearing.shape` of a stretch, from its features and what the pass over its file kept."""
    from library.features import mfcc_of

    values = [features[name] for name in SHAPE_FEATURES]
    numbers = [np.nan if value is None else value for value in values]
    return np.concatenate([mfcc_of(heard), np.array(numbers, np.float32)])


@lru_cache(maxsize=1)
def default_embedder() -> TwoNetworks:
    """The embedder that scan and search use; its networks load at the first sound."""
    return TwoNetworks(load_projection())
