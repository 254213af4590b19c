"""What the networks heard in a take, as the catalogue keeps it: half precision, end to end."""

import numpy as np
from numpy.typing import NDArray

from library.embedding import Hearing

_AISFX, _LAST, _SCORES, _INNER = 512, 1024, 521, 1536
_EDGES = np.cumsum([_AISFX, _LAST, _SCORES])
_HALF = _AISFX + _LAST + _SCORES + _INNER
# Where every packed one has them, those of networks used earlier as well.
SCORES_START, SCORES_BYTES = 2 * (_AISFX + _LAST), 2 * _SCORES


def pack(hearing: Hearing) -> bytes:
    """Both embeddings and the class scores in half precision, then the features in single."""
    last, inner = np.split(hearing.yamnet, [_LAST])
    halves = np.concatenate([hearing.aisfx, last, hearing.scores, inner]).astype("<f2")
    assert halves.size == _HALF
    return halves.tobytes() + hearing.shape.astype("<f4").tobytes()


def unpack(numbers: bytes) -> Hearing:
    """The reverse of `pack`, for what the networks of today heard."""
    aisfx, last, scores, inner = np.split(np.frombuffer(numbers, "<f2", _HALF), _EDGES)
    shape = np.frombuffer(numbers, "<f4", offset=2 * _HALF)
    return Hearing(aisfx, np.concatenate([last, inner]), scores, shape)


def scores_in(numbers: bytes) -> NDArray[np.float16]:
    """The class scores alone, shape (521,), whichever networks heard."""
    return np.frombuffer(numbers, "<f2", _SCORES, SCORES_START)


def networks_of(model: str) -> str:
    """The part of a model's name that says what hears; the rest says how vectors are made."""
    return model.partition("/")[0]
