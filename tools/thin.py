"""Fewer multiplications in a network of convolutions, without training it anew.

What a layer says of real sounds lies nearly in a few directions, and so does what each column of
its kernels hears. So a 3 x 3 convolution becomes three: 3 x 1 with few outputs, 1 x 3 with few,
and 1 x 1 that spreads these over all outputs. Layers are treated in turn, each made to say what
it did while it hears what the thinned ones before it say.

Source: X. Zhang, J. Zou, K. He, J. Sun, "Accelerating Very Deep Convolutional Networks for
Classification and Detection", IEEE TPAMI 38 (2016): sections 3 and 3.6, without the step for the
ReLU; the 1 x 3 is not factored out of the kernel, but fitted to what the layer said.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Convolution = tuple[Doubles, Doubles]  # kernel (out, in, height, width), bias (out,)
Layer = tuple[Convolution, ...]  # convolutions without anything between them
Hear = Callable[[Sequence[Layer]], Callable[[Floats], Floats]]

_EVENNESS = 1e-6  # of the mean variance, added to each, so that equations can be solved
_PLACES = 800  # of each input, at random: neighbours say much the same


def thinned(
    layers: Sequence[Convolution],
    sizes: Sequence[tuple[int, int] | None],
    inputs: Sequence[Floats],
    hear: Hear,
) -> list[Layer]:
    """The layers, each in three with so many outputs of the first two; None leaves it as it is.

    Args:
        inputs: what the network hears, one after another.
        hear: makes of the first layers what gives the last one's outputs, before the ReLU,
            shape (1, outputs, height, width), of an input.
    """
    now: list[Layer] = []
    for index, (layer, size) in enumerate(zip(layers, sizes, strict=True)):
        if size is None:
            now.append((layer,))
            continue
        across, rank = size
        everything = np.eye(layer[0].shape[1])[:, :, np.newaxis, np.newaxis]
        hears = hear([*now, ((everything, np.zeros(len(everything))),)])
        tall = _tall(layer, across, (hears(each)[0] for each in inputs), seed=index)
        said, says = hear([(each,) for each in layers[: index + 1]]), hear([*now, (tall,)])
        pairs = ((said(each)[0], says(each)[0]) for each in inputs)
        now.append((tall, *_rest(pairs, across, rank, seed=index)))
    return now


def _tall(layer: Convolution, outputs: int, heard: Iterable[Floats], seed: int) -> Convolution:
    """The 3 x 1 convolution from whose outputs all columns of the kernel are best made."""
    kernel, _bias = layer
    n, channels = kernel.shape[:2]
    _mean, spread = _moments((_beside(each, axis=1) for each in heard), seed)
    strengths, axes = np.linalg.eigh(_even(spread))
    strong = np.sqrt(strengths)
    columns = kernel.transpose(2, 1, 3, 0).reshape(3 * channels, 3 * n)
    best, _, _ = np.linalg.svd((axes * strong) @ axes.T @ columns, full_matrices=False)
    few = (axes / strong) @ axes.T @ best[:, :outputs] @ _turn(outputs, seed)
    tall = few.T.reshape(outputs, 3, channels).transpose(0, 2, 1)
    return tall[:, :, :, np.newaxis], np.zeros(outputs)


def _rest(pairs: Iterable[tuple[Floats, Floats]], across: int, rank: int, seed: int) -> Layer:
    """Reduced-rank regression of what the layer said upon three of the 3 x 1's outputs abreast."""
    both = (
        np.concatenate([_beside(says, axis=2), said.reshape(len(said), -1)]) for said, says in pairs
    )
    mean, spread = _moments(both, seed)
    n = 3 * across
    best = np.linalg.solve(_even(spread[:n, :n]), spread[:n, n:]).T
    explained = best @ spread[:n, n:]
    _, axes = np.linalg.eigh((explained + explained.T) / 2)
    axes = axes[:, ::-1][:, :rank] @ _turn(rank, seed)
    inner = axes.T @ best
    wide = inner.reshape(rank, 3, across).transpose(0, 2, 1)[:, :, np.newaxis, :]
    return (wide, -inner @ mean[:n]), (axes[:, :, np.newaxis, np.newaxis], mean[n:])


def _beside(maps: Floats, axis: int) -> Floats:
    """Maps (channels, height, width) and their neighbours along an axis: (3 channels, places)."""
    edge = [(0, 0), (0, 0), (0, 0)]
    edge[axis] = (1, 1)
    padded, length = np.pad(maps, edge), maps.shape[axis]
    shifted = [np.take(padded, range(by, by + length), axis=axis) for by in range(3)]
    return np.concatenate(shifted).reshape(3 * len(maps), -1)


def _moments(parts: Iterable[Floats], seed: int) -> tuple[Doubles, Doubles]:
    """Mean and covariance of columns, of `_PLACES` in each part."""
    chance = np.random.default_rng(seed)
    count, sums, products = 0, np.float64(0.0), np.float64(0.0)
    for part in parts:
        if part.shape[1] > _PLACES:
            part = part[:, np.sort(chance.choice(part.shape[1], _PLACES, replace=False))]
        count += part.shape[1]
        sums = sums + part.sum(axis=1, dtype=np.float64)
        products = products + (part @ part.T).astype(np.float64)
    mean = sums / count
    return mean, products / count - np.outer(mean, mean)


def _even(spread: Doubles) -> Doubles:
    return spread + _EVENNESS * np.trace(spread) / len(spread) * np.eye(len(spread))


def _turn(n: int, seed: int) -> Doubles:
    """A rotation at random: each direction then has about the same range, as 8 bits ask for."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))
    return turn
