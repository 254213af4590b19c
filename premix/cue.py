"""The cue: at this timecode, this is needed. Values only."""

from dataclasses import dataclass, field
from fractions import Fraction

from audio.timecode import FrameRate, Timecode


@dataclass(frozen=True)
class CueProblem:
    """What a line asks for and cannot have."""

    line: int
    cue: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}, cue {self.cue}: {self.problem}"


@dataclass(frozen=True, kw_only=True)
class Cue:
    """At this timecode, this is needed. A None is a question the sheet leaves open."""

    number: str
    line: int  # of the sheet, counted from 1
    stem: str  # one of premix.timeline.STEMS
    track: str
    record_in: Timecode | None = None
    record_out: Timecode | None = None  # half-open: the first frame that is not the cue's
    query: str = ""
    like: str = ""
    sound: str = ""  # a locked choice: a path or an id, "@TAKE" behind it or not
    hits: tuple[Timecode, ...] = ()  # in order, each once
    steps: int | None = None
    pace: float | None = None  # steps a minute
    gain_db: float = 0.0
    pan: float = 0.0
    fade_in_s: Fraction | None = None
    fade_out_s: Fraction | None = None
    seed: int | None = None
    note: str = ""
    who: str = ""  # the character: cues with the same one share their shoes
    guide: str = ""  # a recording whose attacks are the hits
    sync: str | None = None  # what of a take lands on the timecode: start, attack, peak, end
    overlap_s: Fraction | None = None  # how far a background reaches over the cut, each way
    loop: bool | None = None  # may a recording be played more than once to fill the cue
    human: float | None = None  # spread of step timing: 0 is a machine, 1 as people walk
    ending: str | None = None  # the last step: step, stop, scuff
    size: str | None = None  # of a crowd: small, medium, large
    tail: bool | None = None  # may a sound ring past `out`
    pitch_cents: float = 0.0
    time_ratio: float = 1.0
    speed: float = 1.0
    reverse: bool = False
    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    distance_m: float | None = None
    room: str = ""  # an impulse response: a path or an id, as in `sound`
    room_db: float | None = None
    extra: dict[str, str] = field(default_factory=dict)  # columns that only the editor knows

    @property
    def track_name(self) -> str:
        """As the sheet writes it: "foley:feet"."""
        return f"{self.stem}:{self.track}"

    @property
    def first(self) -> Timecode | None:
        """The earliest timecode that the cue names."""
        if self.record_in is not None:
            return self.record_in
        return self.hits[0] if self.hits else None


@dataclass(frozen=True, kw_only=True)
class CueSheet:
    """Every cue that can be built, in the sheet's order, and what is wrong with it."""

    name: str  # the file's
    rate: FrameRate
    cues: tuple[Cue, ...]
    problems: tuple[CueProblem, ...]
    columns: tuple[str, ...] = ()
