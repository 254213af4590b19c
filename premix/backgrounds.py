"""Filling a length with a shorter recording, piece over piece. Pure.

Pieces overlap by a crossfade of equal power, for two stretches of an atmosphere
are strangers to each other, and begin at another place each time round.
"""

from dataclasses import dataclass
from random import Random

from premix.chance import between

SHORTEST_S = 0.5  # material shorter than this does not make a background
_CROSSFADE_S = 1.0


@dataclass(frozen=True)
class Piece:
    """A stretch of the material on the record side; all in samples of the session."""

    record_start_samples: int
    material_start_samples: int
    duration_samples: int
    fade_in_samples: int  # 0 at the head of the first piece
    fade_out_samples: int


def fill(
    start_samples: int,
    end_samples: int,
    material_samples: int,
    sample_rate_hz: int,
    random: Random,
    *,
    may_loop: bool = True,
) -> tuple[Piece, ...]:
    """Pieces of the material that cover [start, end) without a hole.

    Where the material is as long as that, one piece of it, from a place drawn by
    chance; where it is shorter and may not come again, all of it, once.
    """
    wanted = end_samples - start_samples
    if material_samples >= wanted:
        offset = int(random.random() * (material_samples - wanted + 1))
        return (Piece(start_samples, offset, wanted, 0, 0),)
    if not may_loop:
        return (Piece(start_samples, 0, material_samples, 0, 0),)
    crossfade = max(1, min(round(_CROSSFADE_S * sample_rate_hz), material_samples // 4))
    offset = int(between(random, 0, 0.5) * material_samples)
    pieces: list[Piece] = []
    record = start_samples
    while True:
        left = end_samples - record
        last = material_samples - offset >= left
        duration = left if last else material_samples - offset
        fade_in = crossfade if pieces else 0
        pieces.append(
            Piece(record, offset, duration, min(fade_in, duration), 0 if last else crossfade)
        )
        if last:
            return tuple(pieces)
        record += duration - crossfade
        # Never where the last one began: a short loop is known by its beginning.
        offset = int(between(random, 0, 0.25) * material_samples)
