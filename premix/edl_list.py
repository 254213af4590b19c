"""What an edit decision list says, as values: edits, reports, the list."""

from dataclasses import dataclass

from audio.timecode import FrameRate, Timecode
from premix.edl_lines import AudioLevel, Locator
from premix.timeline import Shot


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One line with four timecodes and all that the lines below say of it.

    The labels are as printed; the timecodes are None where a label does not exist
    at the list's rate. `clip_name` is the clip that this edit shows: after a
    dissolve the one it goes to.
    """

    number: str  # as printed: "001"
    line: int  # counted from 1
    reel: str
    channels: tuple[str, ...]  # "V", "V2", "A1", "A2" …
    kind: str
    transition_frames: int
    source_in_label: str
    source_out_label: str
    record_in_label: str
    record_out_label: str
    source_in: Timecode | None
    source_out: Timecode | None
    record_in: Timecode | None
    record_out: Timecode | None
    wipe_code: str | None = None
    effect_name: str | None = None
    clip_name: str | None = None
    from_clip_name: str | None = None
    to_clip_name: str | None = None
    source_file: str | None = None
    speed_percent: float = 100.0  # negative: backwards
    locators: tuple[Locator, ...] = ()
    audio_levels: tuple[AudioLevel, ...] = ()
    comments: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()  # every line that says something of this edit

    @property
    def reverse(self) -> bool:
        return self.speed_percent < 0

    @property
    def freeze(self) -> bool:
        return self.speed_percent == 0

    @property
    def duration_frames(self) -> int:
        """Length on the record side; 0 where it is not known or runs backwards."""
        if self.record_in is None or self.record_out is None:
            return 0
        return max(0, self.record_out.frame - self.record_in.frame)


@dataclass(frozen=True)
class Report:
    """A line of the list that a person should look at.

    A gap is only a note, for picture lists have them on purpose; `strict` lets it pass.
    """

    line: int
    text: str
    problem: str
    severity: str = "problem"  # or "note"


@dataclass(frozen=True, kw_only=True)
class Edl:
    """A whole list, in the order of its lines."""

    title: str
    rate: FrameRate  # of the record side, drop-frame as the list or the user says
    events: tuple[Edit, ...]
    reported: tuple[Report, ...]
    locators: tuple[Locator, ...] = ()  # of marker lists, which belong to no event
    statement_lines: tuple[int, ...] = ()  # lines that belong to the list as a whole
    line_count: int = 0

    def shots(self) -> tuple[Shot, ...]:
        """The picture's cut: every edit on V that lasts, in record order."""
        return tuple(
            Shot(
                name=edit.clip_name or edit.reel,
                record_in_frame=edit.record_in.frame,
                record_out_frame=edit.record_out.frame,
                reel=edit.reel,
                source_in=edit.source_in_label,
            )
            for edit in sorted(self.events, key=lambda edit: edit.record_in_label)
            if "V" in edit.channels and edit.duration_frames and edit.record_in and edit.record_out
        )
