"""Where a take lies when its attack must land on a sample of the session. Pure.

A clip plays its recording from `source_start_samples`, at the recording's own rate;
there its sample k of the session's rate is source_start + k × step, with

    step = source rate ÷ session rate × speed ÷ time ratio      (source samples)

So the attack lands at record_start + (sync − source_start) ÷ step. Both starts are
whole numbers; the source start is moved, by a few milliseconds at most and only
within the recording, until that sum is whole too, or as near as it gets.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from library.asset import Asset, Take
from premix.timeline import SoundRef

_MOVE_MOST_S = Fraction(1, 100)


@dataclass(frozen=True)
class Placement:
    """A stretch of a recording on the record side."""

    record_start_samples: int
    source_start_samples: int
    duration_samples: int  # on the record side
    residue_samples: Fraction  # where the attack lands, less where it was asked: within ±1/2


def sound_of(asset: Asset) -> SoundRef:
    """What a clip needs to know of its recording."""
    return SoundRef(
        asset_id=asset.id,
        sound_hash=asset.sound_hash,
        root=asset.root,
        path=asset.path,
        sample_rate_hz=asset.sample_rate_hz,
        channels=asset.channels,
        duration_samples=asset.duration_samples,
    )


@cache
def step_of(
    source_rate_hz: int, sample_rate_hz: int, speed: float = 1.0, time_ratio: float = 1.0
) -> Fraction:
    """Source samples that pass in one sample of the session.

    Speed and ratio are the short fractions that the render plays: 1.005 is 201/200.
    """
    played, ratio = (Fraction(value).limit_denominator(10_000) for value in (speed, time_ratio))
    return Fraction(source_rate_hz, sample_rate_hz) * played / ratio


def place(target_samples: int, sync_samples: int, take: Take, step: Fraction) -> Placement:
    """Lay `take` so that its sample `sync_samples` lands on `target_samples`.

    What precedes the sync point in the take is kept, but nothing starts before
    sample 0 of the session or of the recording.

    >>> step_of(44_100, 48_000)
    Fraction(147, 160)
    >>> take = Take(index=0, start_samples=1_000, end_samples=5_410, sync_samples=2_000)
    >>> placed = place(48_000, 2_000, take, step_of(44_100, 48_000))
    >>> placed.record_start_samples, placed.source_start_samples, str(placed.residue_samples)
    (46880, 971, '0')
    """
    wanted = max(0, sync_samples - take.start_samples)
    # Nothing before 00:00:00:00: as much of the pre-roll as there is room for.
    wanted = min(wanted, int(target_samples * step))
    before, residue = _pre_roll(wanted, sync_samples, target_samples, step)
    record_start = target_samples - round(before / step)
    source_start = sync_samples - before
    duration = max(1, int((take.end_samples - source_start) / step))
    return Placement(record_start, source_start, duration, residue)


def mirrored(target_samples: int, sync_samples: int, take: Take, step: Fraction) -> Placement:
    """As `place`, for a take that is played backwards, from its end to its start.

    Played so, sample s of the recording sounds (end − 1 − s) ÷ step after the clip begins.
    """
    before = max(0, take.end_samples - 1 - sync_samples)
    before = min(before, int(target_samples * step))
    record_start = target_samples - round(before / step)
    duration = max(1, int((sync_samples + before + 1 - take.start_samples) / step))
    source_end = sync_samples + before + 1
    source_start = source_end - int(duration * step)
    return Placement(record_start, max(0, source_start), duration, _residue(before, step))


def _pre_roll(
    wanted: int, sync_samples: int, target_samples: int, step: Fraction
) -> tuple[int, Fraction]:
    """Source samples before the attack, near `wanted`, that the session's grid holds best.

    A little more than wanted is better than less; of equals the nearest.
    """
    most = min(sync_samples, int(target_samples * step))
    if wanted == 0:
        return 0, Fraction(0)  # sync at the start: nothing to move
    reach = max(1, int(_MOVE_MOST_S * step * 48_000))
    period = step.numerator
    if period <= 2 * reach:
        more = -(-wanted // period) * period
        if more <= most:
            return more, Fraction(0)
        return wanted // period * period, Fraction(0)
    choices = range(max(0, wanted - reach), min(most, wanted + reach) + 1)
    return min(
        ((before, _residue(before, step)) for before in choices),
        key=lambda found: (abs(found[1]), abs(found[0] - wanted)),
    )


def _residue(before: int, step: Fraction) -> Fraction:
    exact = before / step
    return exact - round(exact)
