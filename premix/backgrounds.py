"""Filling a length with a shorter recording, piece over piece, so that no seam is heard. Pure.

Where pieces meet, the recording is left and entered where it sounds alike (`joins`), the
every piece brought to the usual level. Strangers cross at equal power, what agrees in phase
(a hum) at equal gain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from audio.level import Samples
from premix.chance import between
from premix.joins import Join, Profile, aligned, best_join, profile

SHORTEST_S = 0.5  # material shorter than this does not make a background
_CROSSFADE_S = 1.0
_AGREES = 0.41  # equal gain and equal power are both 1.5 dB off at this correlation
_LEAVE_WITHIN = 0.4  # of the material, before its end: where a join is looked for
_GAIN_MOST_DB = 3.0


@dataclass(frozen=True)
class Piece:
    """A stretch of the material on the record side; all in samples of the session."""

    record_start_samples: int
    material_start_samples: int
    duration_samples: int
    fade_in_samples: int  # 0 at the head of the first piece
    fade_out_samples: int
    gain_db: float = 0.0

    @property
    def record_end_samples(self) -> int:
        return self.record_start_samples + self.duration_samples


@dataclass(frozen=True)
class Filling:
    """Pieces in order, and how they cross."""

    pieces: tuple[Piece, ...]
    fade_shape: str = "equal_power"


def fill(
    start_samples: int,
    end_samples: int,
    material_samples: int,
    sample_rate_hz: int,
    random: Random,
    *,
    may_loop: bool = True,
    heard: Samples | None = None,
    avoid: Sequence[int] = (),
) -> Filling:
    """Pieces of the material that cover [start, end) without a hole.

    Where the material is as long as that, one piece of it, from a place drawn by
    chance; where it is shorter and may not come again, all of it, once.

    Args:
        material_samples: its length, in samples of the session.
        heard: the material itself, at the session's rate; joins are then chosen by ear,
            else by chance.
        avoid: places where other scenes began in this material.
    """
    wanted = end_samples - start_samples
    if material_samples >= wanted:
        offset = _begin(material_samples - wanted, avoid, random)
        return Filling((Piece(start_samples, offset, wanted, 0, 0),))
    if not may_loop:
        return Filling((Piece(start_samples, 0, material_samples, 0, 0),))
    crossfade = max(1, min(round(_CROSSFADE_S * sample_rate_hz), material_samples // 6))
    known = None if heard is None else profile(heard, sample_rate_hz)
    record, offset = start_samples, _begin(material_samples // 2, avoid, random)
    fade_in = 0
    pieces: list[Piece] = []
    entered: list[int] = []
    agreements: list[float] = []
    while True:
        left = end_samples - record
        if material_samples - offset >= left:
            gain_db = _to_usual(known, offset, left)
            pieces.append(Piece(record, offset, left, min(fade_in, left), 0, gain_db))
            shape = "equal_gain" if _mean(agreements) >= _AGREES else "equal_power"
            return Filling(tuple(pieces), shape)
        join = None
        if known is not None:
            join = _heard_join(
                known, offset + crossfade, material_samples, crossfade, entered, random
            )
        if join is None or known is None or heard is None:
            leave, enter = material_samples - crossfade, _elsewhere(material_samples, random)
        else:
            leave, enter = join.leave * known.hop_samples, join.enter * known.hop_samples
            entered.append(join.enter)
            room = material_samples - crossfade - enter
            entering = heard[enter : enter + crossfade + max(0, room)]
            later, agreement = aligned(heard[leave : leave + crossfade], entering, sample_rate_hz)
            enter += later
            agreements.append(agreement)
        duration = leave + crossfade - offset
        gain_db = _to_usual(known, offset, duration)
        pieces.append(Piece(record, offset, duration, fade_in, crossfade, gain_db))
        record += duration - crossfade
        offset, fade_in = enter, crossfade


def _to_usual(known: Profile | None, offset: int, duration: int) -> float:
    """The gain that brings a piece to the material's usual level.

    Against the whole, not against the piece before it: else many small steps the same way
    would add up.
    """
    if known is None:
        return 0.0
    first, end = offset // known.hop_samples, -(-(offset + duration) // known.hop_samples)
    levels = known.levels_db[first:end]
    if not len(levels):
        return 0.0
    off_db = float(np.median(levels)) - known.usual_db
    return round(max(-_GAIN_MOST_DB, min(_GAIN_MOST_DB, -off_db)), 2)


def _begin(room_samples: int, avoid: Sequence[int], random: Random) -> int:
    """A place within the room, of a few drawn the one farthest from those to avoid."""
    drawn = [int(random.random() * (room_samples + 1)) for _ in range(6)]
    if not avoid:
        return drawn[0]
    return max(drawn, key=lambda place: min(abs(place - other) for other in avoid))


def _elsewhere(material_samples: int, random: Random) -> int:
    return int(between(random, 0, 0.25) * material_samples)


def _heard_join(
    known: Profile,
    after_samples: int,
    material_samples: int,
    crossfade: int,
    entered: list[int],
    random: Random,
) -> Join | None:
    """The join by which this run of the material is left, late in it."""
    hop = known.hop_samples
    last = (material_samples - crossfade) // hop
    first = max(-(-after_samples // hop), last - int(_LEAVE_WITHIN * material_samples / hop))
    return best_join(
        known,
        leave_from=first,
        leave_to=last,
        fade_windows=crossfade // hop,
        entered=entered,
        random=random,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
