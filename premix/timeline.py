"""The timeline: clips on tracks on stems against timecode. Values only, no disk.

Record positions are samples at the session's rate, counted from the timecode
00:00:00:00, so that a clip's place is its timecode and needs no second origin.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from audio.timecode import FrameRate
from premix import PremixError

STEMS = ("foley", "backgrounds", "fx")
TRACKS = {
    "foley": ("feet", "props", "cloth"),
    "backgrounds": ("a", "b", "walla"),
    "fx": ("hard", "stingers", "design"),
}
"""The tracks the trade knows of each stem; a cue sheet may name others."""


@dataclass(frozen=True, kw_only=True)
class SoundRef:
    """Which recording a clip plays: by its sound, and where it was last seen."""

    asset_id: int
    sound_hash: str
    root: str  # name of the library's root
    path: str  # below the root
    sample_rate_hz: int
    channels: int
    duration_samples: int


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A stretch of one asset laid against picture.

    Record positions count the session's samples, source positions the asset's
    own. Half-open, [start, end): a clip that ends where the next one starts
    neither overlaps it nor leaves a gap.
    """

    cue: str
    sound: SoundRef
    take_index: int
    record_start_samples: int
    duration_samples: int  # on the record side
    source_start_samples: int  # at the asset's own rate
    sync_samples: int | None = None  # record position of the attack, where the cue asks for one
    gain_db: float = 0.0
    pan: float = 0.0  # -1 left, 0 centre, +1 right
    fade_in_samples: int = 0
    fade_out_samples: int = 0
    fade_shape: str = "equal_power"  # audio.fades
    pitch_cents: float = 0.0  # up or down, at the same speed
    time_ratio: float = 1.0  # above 1 lasts longer, at the same pitch
    speed: float = 1.0  # varispeed: above 1 faster and higher, as tape does
    reverse: bool = False  # the stretch [source start, source end) played backwards
    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    distance_m: float | None = None  # how far away it is to sound; None: as recorded
    room: SoundRef | None = None  # an impulse response, itself a sound of the library
    room_db: float = -12.0  # level of the room against the clip, where there is one
    locked: bool = False  # chosen by a person: spotting never overrules it
    why: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.duration_samples <= 0:
            raise PremixError(
                f"cue {self.cue}: a clip must last; this one has {self.duration_samples} samples"
            )

        if not (0 < self.time_ratio < math.inf and 0 < self.speed < math.inf):
            raise PremixError(
                f"cue {self.cue}: time ratio {self.time_ratio} and speed {self.speed} "
                "must be greater than 0"
            )

    @property
    def record_end_samples(self) -> int:
        return self.record_start_samples + self.duration_samples

    def source_samples(self, sample_rate_hz: int) -> Fraction:
        """How much of the recording it plays, at the asset's own rate, in a session of this rate.

        >>> sound = SoundRef(
        ...     asset_id=1,
        ...     sound_hash="",
        ...     root="",
        ...     path="a.wav",
        ...     sample_rate_hz=44_100,
        ...     channels=1,
        ...     duration_samples=44_100,
        ... )
        >>> clip = Clip(
        ...     cue="1",
        ...     sound=sound,
        ...     take_index=0,
        ...     record_start_samples=0,
        ...     duration_samples=480,
        ...     source_start_samples=0,
        ...     speed=2.0,
        ... )
        >>> clip.source_samples(48_000)
        Fraction(882, 1)
        """
        played = Fraction(self.duration_samples * self.sound.sample_rate_hz, sample_rate_hz)
        return played * Fraction(self.speed) / Fraction(self.time_ratio)


@dataclass(frozen=True, kw_only=True)
class Track:
    """One lane; clips on it are in order and never overlap."""

    stem: str  # one of STEMS
    name: str  # one of TRACKS, or the user's own
    lane: int  # 0, 1, 2 … within stem and name
    clips: tuple[Clip, ...]


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture event, as the cut list gives it."""

    name: str
    record_in_frame: int
    record_out_frame: int
    reel: str = ""
    source_in: str = ""


@dataclass(frozen=True, kw_only=True)
class Session:
    """All that a reel needs to be rendered."""

    name: str
    rate: FrameRate
    sample_rate_hz: int
    start_frame: int
    end_frame: int  # half-open
    tracks: tuple[Track, ...]
    picture: tuple[Shot, ...] = ()
    roots: dict[str, str] = field(default_factory=dict)  # name → folder
    problems: tuple[str, ...] = ()  # what the cue sheet asked for and could not have
    metadata: dict[str, Any] = field(default_factory=dict)
