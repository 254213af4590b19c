"""Fewer multiplications in a network of convolutions, without training it anew.

What a layer says of real sounds lies nearly in a few directions. Only these are computed, by a
convolution with fewer outputs, and spread over all outputs by a 1 x 1 convolution. Layers are
treated in turn, each made to say what it did while it hears what the thinned ones before it say.

Source: X. Zhang, J. Zou, K. He, J. Sun, "Accelerating Very Deep Convolutional Networks for
Classification and Detection", IEEE TPAMI 38 (2016): section 3, without its step for the ReLU.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Convolution = tuple[Doubles, Doubles]  # kernel (out, in, height, width), bias (out,)
Layer = tuple[Convolution, ...]  # convolutions without anything between them
Hear = Callable[[Sequence[Layer]], Callable[[NDArray[np.float32]], NDArray[np.float32]]]

_EVENNESS = 1e-6  # of the mean variance, added to each, so that equations can be solved


def thinned(
    layers: Sequence[Convolution],
    shares: Sequence[float],
    inputs: Sequence[NDArray[np.float32]],
    hear: Hear,
) -> list[Layer]:
    """The layers, each with about this share of its outputs computed; 1 leaves it as it is.

    Args:
        inputs: what the network hears, one after another.
        hear: makes of the first layers what gives the last one's outputs, before the ReLU,
            shape (1, outputs, …), of an input.
    """
    now: list[Layer] = [(layer,) for layer in layers]
    for index, (layer, share) in enumerate(zip(layers, shares, strict=True)):
        outputs = len(layer[1])
        rank = 8 * max(1, round(outputs * share / 8))
        if rank < outputs:
            said = hear([(each,) for each in layers[: index + 1]])
            says = hear(now[: index + 1])
            pairs = ((said(each), says(each)) for each in inputs)
            now[index] = _of_rank(layer, rank, pairs, seed=index)
    return now


def _of_rank(layer: Convolution, rank: int, pairs, seed: int) -> Layer:
    """Reduced-rank regression of what the layer said upon what it says now."""
    count, sums, products = 0, np.zeros(0), np.zeros((0, 0))
    for was, now in pairs:
        both = np.concatenate([each[0].reshape(each.shape[1], -1) for each in (was, now)])
        both = both.astype(np.float64)
        if not count:
            sums, products = np.zeros(len(both)), np.zeros((len(both), len(both)))
        count += both.shape[1]
        sums += both.sum(axis=1)
        products += both @ both.T
    mean = sums / count
    spread = products / count - np.outer(mean, mean)
    n = len(layer[1])
    across, own = spread[:n, n:], spread[n:, n:]
    own = own + _EVENNESS * np.trace(own) / n * np.eye(n)
    best = np.linalg.solve(own, across.T).T
    explained = best @ across.T
    _, axes = np.linalg.eigh((explained + explained.T) / 2)
    axes = axes[:, ::-1][:, :rank]
    # Turned at random: each direction then has about the same range, which 8 bits ask for.
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((rank, rank)))
    inner = turn.T @ axes.T @ best
    kernel, bias = layer
    few = np.einsum("ro,oihw->rihw", inner, kernel), inner @ (bias - mean[n:])
    return few, ((axes @ turn)[:, :, np.newaxis, np.newaxis], mean[:n])
