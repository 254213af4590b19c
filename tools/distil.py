"""Teach a network that was made smaller to say what the whole one says; nobody tells it kinds.

Both hear the same sounds: pieces of recordings, at other levels and speeds, some two at once. What
counts is the direction of the answer about its mean, with its axes evened, as
`library.projection` compares them. Needs PyTorch.

Source: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network", 2015.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from thin import Floats, Layer
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, relu

from library import aisfx

_WINDOWS = (32, 32, 40, 48, 56, 64, 72, 80, 88, 96, 100, 100)  # of a block; as sounds need them
_BATCH, _BATCHES, _ROUNDS = 8, 800, 3
_RATE = 1e-4  # of learning, at its height
_OWN_LEVEL, _ALONE = 0.4, 0.65  # shares of what is heard as it is, and by itself
_AXES, _WHITENING = 128, 0.5
_OF_SIZE = 0.1  # of the loss: the answer itself, beside its direction


class _Layers(nn.Module):
    """aiSFX, of layers of one or more convolutions each."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.ModuleList(map(_convolution, layer)) for layer in layers)

    def forward(self, blocks: Tensor) -> Tensor:
        heard = blocks[:, None]
        for number, layer in enumerate(self.layers, start=1):
            for convolution in layer:
                heard = convolution(heard)
            heard = relu(heard)
            if number in (2, 4, 6):
                heard = max_pool2d(heard, 2)
        return heard.mean(dim=3).amax(dim=2)

    def now(self) -> list[Layer]:
        return [
            tuple(
                (each.weight.detach().double().numpy(), each.bias.detach().double().numpy())
                for each in layer
            )
            for layer in self.layers
        ]


def _convolution(of: tuple[np.ndarray, np.ndarray]) -> nn.Conv2d:
    kernel, bias = of
    height, width = kernel.shape[2:]
    made = nn.Conv2d(*kernel.shape[1::-1], (height, width), padding=(height // 2, width // 2))
    made.weight.data = torch.tensor(kernel, dtype=torch.float32)
    made.bias.data = torch.tensor(bias, dtype=torch.float32)
    return made


def taught(
    layers: Sequence[Layer], whole: Callable[[Floats], Floats], sounds: Sequence[Floats]
) -> list[Layer]:
    """The layers, after hearing pieces of the sounds and what the whole network says of each.

    Args:
        whole: embeddings (n, 512) of blocks (n, windows, 96).
        sounds: mono, at 44.1 kHz.
    """
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    heard = [_blocks(chance, sounds) for _ in range(_BATCHES)]
    said = [torch.from_numpy(whole(blocks)) for blocks in heard]
    mean, axes, variance = _evened(torch.cat(said))
    network = _Layers(layers)
    steps = _ROUNDS * _BATCHES
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps, pct_start=0.1)
    for step, batch in enumerate(
        batch for _ in range(_ROUNDS) for batch in chance.permutation(_BATCHES)
    ):
        says = network(torch.from_numpy(heard[batch]))
        apart = 1.0 - torch.cosine_similarity((says - mean) @ axes, (said[batch] - mean) @ axes)
        size = torch.square(says - said[batch]).mean() / variance
        optimiser.zero_grad()
        (apart.mean() + _OF_SIZE * size).backward()
        optimiser.step()
        rate.step()
        if step % 50 == 0:
            print(f"{step} of {steps}: {float(apart.detach().mean()):.4f} apart", flush=True)
    return network.now()


def _blocks(chance: np.random.Generator, sounds: Sequence[Floats]) -> Floats:
    """A batch of blocks of one length, shape (n, windows, 96)."""
    length = (int(chance.choice(_WINDOWS)) - 1) * 1024
    blocks = []
    for _ in range(_BATCH):
        mono = _piece(chance, sounds, length)
        if chance.random() > _OWN_LEVEL:
            mono = mono * np.float32(10.0 ** (chance.uniform(-20.0, 6.0) / 20.0))
        if chance.random() > _ALONE:
            other = _piece(chance, sounds, length)
            mono = mono + other * np.float32(10.0 ** (chance.uniform(-30.0, 0.0) / 20.0))
        blocks.append(aisfx.log_mel(mono))
    return np.stack(blocks)


def _piece(chance: np.random.Generator, sounds: Sequence[Floats], length: int) -> Floats:
    """Of one sound so many samples, looped where it is shorter; at times faster or slower."""
    mono = sounds[chance.integers(len(sounds))]
    if chance.random() < 0.3 and len(mono) > 2:
        speed = np.exp(chance.uniform(-0.3, 0.3))
        places = np.arange(0, len(mono) - 1, speed)
        mono = np.interp(places, np.arange(len(mono)), mono).astype(np.float32)
    if len(mono) < length:
        if chance.random() < 0.3:
            mono = np.roll(mono, chance.integers(len(mono)))
        return np.resize(mono, length)
    start = chance.integers(len(mono) - length + 1) if chance.random() < 0.7 else 0
    return mono[start : start + length]


def _evened(said: Tensor) -> tuple[Tensor, Tensor, float]:
    """Mean, main axes divided by the root of their spread, and mean variance of answers."""
    mean = said.mean(dim=0)
    apart = (said - mean).double()
    _, spread, axes = torch.linalg.svd(apart, full_matrices=False)
    spread = spread[:_AXES] / len(said) ** 0.5
    evened = axes[:_AXES].T / spread**_WHITENING
    return mean, evened.float(), float(apart.var(dim=0).mean())
