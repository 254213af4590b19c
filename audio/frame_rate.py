"""Frame rates: how fast pictures pass, and how their labels are counted."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from audio import AudioError

_RATE = re.compile(
    r"(?P<whole>[0-9]+(?:\.[0-9]+)?)(?:/(?P<divisor>[0-9]+))?\s*(?:fps|frames?)?\s*"
    r"(?P<numbering>df|drop(?:[ -]?frame)?|ndf|non[ -]?drop(?:[ -]?frame)?)?"
)


class TimecodeError(AudioError, ValueError):
    """A label, a frame number or a rate that timecode does not have."""


@dataclass(frozen=True)
class FrameRate:
    """How fast frames pass, and how their labels are counted: two separate things.

    >>> FrameRate(Fraction(30000, 1001), drop=True).name
    '29.97df'
    """

    fps: Fraction
    drop: bool = False

    def __post_init__(self) -> None:
        if self.fps < 1:
            raise TimecodeError(f"{self.fps} fps is not a frame rate; one frame a second or more")
        if self.drop and not self.can_drop:
            raise TimecodeError(
                f"{self.fps} fps has no drop-frame numbering; "
                "only 29.97, 30, 59.94, 60, 119.88 and 120 have one"
            )

    @cached_property
    def labels_per_second(self) -> int:
        return round(self.fps)

    @property
    def can_drop(self) -> bool:
        """Whether drop-frame numbering exists here; a ";" in a list at 24 fps is then a mistake."""
        return self.labels_per_second in (30, 60, 120)

    @cached_property
    def skipped_per_minute(self) -> int:
        return self.labels_per_second // 15 if self.drop else 0

    @cached_property
    def frames_per_day(self) -> int:
        return 86_400 * self.labels_per_second - self.skipped_per_minute * (24 * 60 - 24 * 6)

    @cached_property
    def name(self) -> str:
        """As the command line takes it: "23.976", "29.97df"; other rates as a fraction."""
        return _NAMES.get(self.fps, str(self.fps)) + ("df" if self.drop else "")

    def with_drop(self, drop: bool) -> "FrameRate":
        """The same speed counted the other way, as an EDL's FCM line may ask.

        Raises:
            TimecodeError: drop-frame at a rate that has none.
        """
        return FrameRate(self.fps, drop)

    def __str__(self) -> str:
        return self.name


_NAMES = {
    Fraction(24_000, 1001): "23.976",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30_000, 1001): "29.97",
    Fraction(30): "30",
    Fraction(48_000, 1001): "47.952",
    Fraction(48): "48",
    Fraction(50): "50",
    Fraction(60_000, 1001): "59.94",
    Fraction(60): "60",
    Fraction(100): "100",
    Fraction(120_000, 1001): "119.88",
    Fraction(120): "120",
}

NTSC_23976 = FrameRate(Fraction(24_000, 1001))
FILM_24 = FrameRate(Fraction(24))
PAL_25 = FrameRate(Fraction(25))
NTSC_2997 = FrameRate(Fraction(30_000, 1001))
NTSC_2997_DROP = FrameRate(Fraction(30_000, 1001), drop=True)
NTSC_5994_DROP = FrameRate(Fraction(60_000, 1001), drop=True)

RATES: dict[str, FrameRate] = {
    rate.name: rate
    for fps in _NAMES
    for drop in (False, True)
    if not drop or round(fps) in (30, 60, 120)
    for rate in (FrameRate(fps, drop),)
}
"""Every rate the trade uses, by name, slowest first."""


def parse_rate(text: str) -> FrameRate:
    """Read a rate as people and files write it: "29.97df", "30000/1001 NDF", "25 Frame".

    A decimal that rounds an NTSC rate ("23.98", "29.970") is that rate exactly.

    Raises:
        TimecodeError: not a rate of `RATES`; names those there are.
    """
    match = _RATE.fullmatch(text.strip().lower())
    if match is not None and int(match["divisor"] or 1):
        asked = Fraction(match["whole"]) / int(match["divisor"] or 1)
        drop = (match["numbering"] or "").startswith("d")
        for fps in _NAMES:
            # 23.98 stands 0.004 from 24000/1001 and 0.02 from 24: nothing lies between.
            if abs(asked - fps) < Fraction(1, 100):
                return FrameRate(fps, drop)
    raise TimecodeError(f"{text!r} is not a frame rate; one of {' '.join(RATES)}")
