"""Chance that comes out the same on every machine, in every version of Python.

`hash` is salted for each run, and of `random.Random` only `random()` itself is
promised to stay as it is: so nothing else of either is used.
"""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stable_number(*parts: object) -> int:
    """A number below 2**63 that stands for these parts, the same everywhere."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def chance(*parts: object) -> Random:
    """A source of chance of its own for what the parts name: a cue's seed and a purpose."""
    return Random(stable_number(*parts))


def pick(random: Random, choices: Sequence[T]) -> T:
    """One of `choices`, of which there is at least one."""
    return choices[int(random.random() * len(choices))]


def between(random: Random, low: float, high: float) -> float:
    """A number in [low, high)."""
    return low + (high - low) * random.random()


def shuffled(random: Random, items: Sequence[T]) -> list[T]:
    """All of `items` in another order (Fisher and Yates)."""
    dealt = list(items)
    for last in range(len(dealt) - 1, 0, -1):
        other = int(random.random() * (last + 1))
        dealt[last], dealt[other] = dealt[other], dealt[last]
    return dealt
