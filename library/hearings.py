"""What the networks heard in a take, as the catalogue keeps it: half precision, end to end."""

import numpy as np

from library.embedding import Hearing

_AISFX, _YAMNET, _SCORES = 512, 1024, 521
_HALF = _AISFX + _YAMNET + _SCORES
SCORES_START, SCORES_BYTES = 2 * (_AISFX + _YAMNET), 2 * _SCORES  # where a packed one has them


def pack(hearing: Hearing) -> bytes:
    """Both embeddings and the class scores in half precision, then the features in single."""
    halves = np.concatenate([hearing.aisfx, hearing.yamnet, hearing.scores]).astype("<f2")
    assert halves.size == _HALF
    return halves.tobytes() + hearing.shape.astype("<f4").tobytes()


def unpack(numbers: bytes) -> Hearing:
    """The reverse of `pack`."""
    halves = np.frombuffer(numbers, "<f2", _HALF)
    aisfx, yamnet, scores = np.split(halves, [_AISFX, _AISFX + _YAMNET])
    return Hearing(aisfx, yamnet, scores, np.frombuffer(numbers, "<f4", offset=2 * _HALF))


def networks_of(model: str) -> str:
    """The part of a model's name that says what hears; the rest says how vectors are made."""
    return model.partition("/")[0]
