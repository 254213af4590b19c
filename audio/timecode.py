"""SMPTE timecode: the labels by which editors name picture frames.

A picture frame has a *number* (0, 1, 2 …), on which all arithmetic is done,
and a *label* ("01:00:00:00"), which is what an EDL prints. Drop-frame skips
labels, never frames: at 30000/1001 fps two labels are left out at the start
of each minute, except every tenth, so that labels keep up with the clock.
The same numbering also stands at 30, 60 and 120 fps, where it keeps up with nothing.

Source: SMPTE ST 12-1 (29.97 and its counting), ST 12-3 (twice and four times that).
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from audio.frame_rate import (
    FILM_24,
    NTSC_2997,
    NTSC_2997_DROP,
    NTSC_5994_DROP,
    NTSC_23976,
    PAL_25,
    RATES,
    FrameRate,
    TimecodeError,
    parse_rate,
)

__all__ = [
    "FILM_24",
    "FRAMES_PER_FOOT_35_MM",
    "NTSC_2997",
    "NTSC_2997_DROP",
    "NTSC_5994_DROP",
    "NTSC_23976",
    "PAL_25",
    "RATES",
    "SUBFRAMES_PER_FRAME",
    "FrameRate",
    "Timecode",
    "TimecodeError",
    "duration_frames",
    "feet_and_frames",
    "frames_from_feet",
    "label_says_drop",
    "parse_rate",
]

_LABEL = re.compile(
    r"([0-9]{2})[:;]([0-9]{2})[:;]([0-9]{2})([:;.,])([0-9]{2,3})(?:\.([0-9]{2}|100))?"
)
_FOOTAGE = re.compile(r"([0-9]{1,9})\+([0-9]{1,2})")
FRAMES_PER_FOOT_35_MM = 16  # of four perforations; 16 mm film has 40
SUBFRAMES_PER_FRAME = 100  # as Pro Tools and Avid count: .00 to .99


def label_says_drop(label: str) -> bool:
    """Whether a label is *written* as drop-frame, with ";" or "." or "," before its frames.

    >>> label_says_drop("01:00:00;00"), label_says_drop("01:00:00:00.50")
    (True, False)
    """
    match = _LABEL.fullmatch(label.strip())
    return match is not None and match[4] != ":"


@dataclass(frozen=True)
class Timecode:
    """One picture frame of a day, by number; `subframe` counts hundredths into it.

    >>> one_minute = Timecode.parse("00:01:00;02", NTSC_2997_DROP)
    >>> one_minute.frame
    1800
    >>> str(Timecode(one_minute.frame - 1, NTSC_2997_DROP))
    '00:00:59;29'
    >>> one_minute.to_samples(48_000)
    2882880
    """

    frame: int
    rate: FrameRate
    subframe: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.frame < self.rate.frames_per_day:
            raise TimecodeError(
                f"frame {self.frame} is not within one day of timecode at {self.rate}, "
                f"0 to {self.rate.frames_per_day - 1}"
            )
        if not 0 <= self.subframe < SUBFRAMES_PER_FRAME:
            raise TimecodeError(f"sub-frame {self.subframe} is not within a frame, 0 to 99")

    @classmethod
    def parse(cls, label: str, rate: FrameRate) -> "Timecode":
        """Read a label; `rate`, not its ":" or ";", decides how it is counted.

        Sub-frames may follow, ".00" to ".99"; ".100", which Pro Tools writes
        where it rounds up, is the next frame.

        Raises:
            TimecodeError: not a label, out of range, or skipped by drop-frame.
        """
        match = _LABEL.fullmatch(label.strip())
        if match is None:
            raise TimecodeError(f"{label!r} is not a timecode (HH:MM:SS:FF)")
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        base, skipped = rate.labels_per_second, rate.skipped_per_minute
        for value, limit, unit in (
            (hours, 24, "hours"),
            (minutes, 60, "minutes"),
            (seconds, 60, "seconds"),
            (frames, base, "frames"),
        ):
            if value >= limit:
                raise TimecodeError(
                    f"{label!r} is out of range: {unit} run from 00 to {limit - 1:02} at {rate}"
                )
        if frames < skipped and seconds == 0 and minutes % 10:
            before = f"{hours:02}:{minutes - 1:02}:59;{base - 1}"
            after = f"{hours:02}:{minutes:02}:00;{skipped:02}"
            raise TimecodeError(
                f"{label!r} does not exist: drop-frame goes from {before} to {after}"
            )
        minute_of_day = hours * 60 + minutes
        number = (minute_of_day * 60 + seconds) * base + frames
        number -= skipped * (minute_of_day - minute_of_day // 10)
        carry, subframe = divmod(int(match[6] or 0), SUBFRAMES_PER_FRAME)
        return cls((number + carry) % rate.frames_per_day, rate, subframe)

    @classmethod
    def wrapped(cls, frame: int, rate: FrameRate) -> "Timecode":
        """The label a clock shows: after 23:59:59 comes 00:00:00, and before it too."""
        return cls(frame % rate.frames_per_day, rate)

    @classmethod
    def from_samples(
        cls,
        samples: int,
        rate: FrameRate,
        sample_rate_hz: int,
        *,
        wrap: bool = False,
        subframes: bool = False,
    ) -> "Timecode":
        """The frame in which a sample lies, the first sample being that of `to_samples`.

        Args:
            samples: counted from 00:00:00:00, not negative unless `wrap`.
            wrap: past midnight begin again; else that is an error.
            subframes: to the hundredth of a frame in which it lies.

        Raises:
            TimecodeError: before 00:00:00:00 or past the last frame, without `wrap`.
        """
        _check_sample_rate(sample_rate_hz)
        units = SUBFRAMES_PER_FRAME if subframes else 1
        # The last unit whose rounded start is not after the sample: so `to_samples` is undone.
        unit = math.floor((Fraction(samples) + Fraction(1, 2)) * rate.fps * units / sample_rate_hz)
        if round(unit * sample_rate_hz / (rate.fps * units)) > samples:
            unit -= 1
        frame, subframe = divmod(unit, units)
        if wrap:
            frame %= rate.frames_per_day
        elif not 0 <= frame < rate.frames_per_day:
            raise TimecodeError(
                f"sample {samples} at {sample_rate_hz} Hz is not within one day of timecode "
                f"at {rate}"
            )
        return cls(frame, rate, subframe)

    def __str__(self) -> str:
        skipped = self.rate.skipped_per_minute
        per_minute = 60 * self.rate.labels_per_second - skipped
        tens, rest = divmod(self.frame, 10 * per_minute + skipped)
        minutes_that_skipped = 9 * tens + max(0, rest - skipped) // per_minute
        number = self.frame + skipped * minutes_that_skipped
        total_seconds, frames = divmod(number, self.rate.labels_per_second)
        hours, seconds = divmod(total_seconds, 3600)
        mark = ";" if self.rate.drop else ":"
        subframe = f".{self.subframe:02}" if self.subframe else ""
        return f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}{mark}{frames:02}{subframe}"

    @property
    def seconds(self) -> Fraction:
        """Real time from 00:00:00:00, exact; at 29.97 not what the label reads."""
        return (self.frame + Fraction(self.subframe, SUBFRAMES_PER_FRAME)) / self.rate.fps

    def to_samples(self, sample_rate_hz: int) -> int:
        """Position of this frame's first sample, counted from 00:00:00:00.

        Rounded once, to the nearest sample (a tie to the even one). Convert every
        edge of a clip this way; never add up rounded durations, for the error
        would add up too.
        """
        _check_sample_rate(sample_rate_hz)
        return round(self.seconds * sample_rate_hz)

    def plus(self, frames: int) -> "Timecode":
        """This many frames later (or earlier), around midnight where need be."""
        frame = (self.frame + frames) % self.rate.frames_per_day
        return Timecode(frame, self.rate, self.subframe)


def duration_frames(start: Timecode, end: Timecode, *, over_midnight: bool = False) -> int:
    """Frames from `start` up to, not including, `end`.

    Args:
        over_midnight: an `end` before `start` is on the next day; else that is an error,
            for a list that runs backwards must be looked at, not turned into 23 hours.

    Raises:
        TimecodeError: `end` is before `start`, or the rates differ.

    >>> last, first = Timecode.wrapped(-1, PAL_25), Timecode(0, PAL_25)
    >>> duration_frames(last, first, over_midnight=True)
    1
    """
    if start.rate != end.rate:
        raise TimecodeError(f"{start} is counted at {start.rate} but {end} at {end.rate}")
    frames = end.frame - start.frame
    if frames < 0 and not over_midnight:
        raise TimecodeError(f"{end} is before {start}: a negative duration of {frames} frames")
    return frames % start.rate.frames_per_day


def feet_and_frames(frames: int, frames_per_foot: int = FRAMES_PER_FOOT_35_MM) -> str:
    """A length, or a place counted from the reel's start mark, as film counts it.

    Raises:
        TimecodeError: a negative length, for film has none.

    >>> feet_and_frames(90 * 16 + 8)
    '90+08'
    """
    if frames < 0:
        raise TimecodeError(f"film has no length of {frames} frames")
    feet, over = divmod(frames, frames_per_foot)
    return f"{feet}+{over:02}"


def frames_from_feet(footage: str, frames_per_foot: int = FRAMES_PER_FOOT_35_MM) -> int:
    """Read "90+08".

    Raises:
        TimecodeError: not feet+frames, or more frames than a foot has.
    """
    match = _FOOTAGE.fullmatch(footage.strip())
    if match is None:
        raise TimecodeError(f"{footage!r} is not feet+frames (90+08)")
    feet, over = int(match[1]), int(match[2])
    if over >= frames_per_foot:
        raise TimecodeError(
            f"{footage!r} is out of range: frames run from 00 to {frames_per_foot - 1:02} a foot"
        )
    return feet * frames_per_foot + over


def _check_sample_rate(sample_rate_hz: int) -> None:
    if sample_rate_hz <= 0:
        raise TimecodeError(f"a sample rate of {sample_rate_hz} Hz; 48000 is the film's")
