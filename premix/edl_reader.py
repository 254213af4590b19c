"""Binding the lines of an EDL to their events, one line after the other."""

from dataclasses import dataclass, field, replace

from audio.timecode import FrameRate, Timecode, TimecodeError
from premix.edl_checks import gaps_and_overlaps
from premix.edl_lines import (
    AudioChannels,
    AudioLevel,
    EditLine,
    Line,
    Locator,
    Motion,
    Named,
    Remark,
    Statement,
    parse_line,
)
from premix.edl_list import Edit, Edl, Report

_NOT_A_STATEMENT = "not an event and not a statement of an EDL"
_NOT_AN_EVENT = "begins like an event, but is not NUMBER REEL CHANNELS C|D|W|K and four timecodes"


def _changed(edit: Edit, changes: dict[str, object]) -> Edit:
    """As `dataclasses.replace`, which takes eight times as long; each remark comes through here."""
    changed = object.__new__(Edit)
    changed.__dict__.update(edit.__dict__)
    changed.__dict__.update(changes)
    return changed


def _can_drop(rate: FrameRate) -> bool:
    return rate.labels_per_second % 30 == 0


@dataclass
class EdlReader:
    """What has been read so far. The last event's edits are still open for remarks."""

    rate: FrameRate
    title: str = ""
    edits: list[Edit] = field(default_factory=list)
    open_from: int = 0  # index of the first edit of the event that remarks belong to
    reported: list[Report] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)
    statement_lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    source_drop: bool | None = None  # what the last FCM says
    timecodes: dict[tuple[str, bool], Timecode] = field(default_factory=dict)

    def read(self, line: int, text: str) -> None:
        self.texts.append(text)
        parsed = parse_line(text)
        match parsed:
            case None:
                problem = _NOT_AN_EVENT if text.lstrip()[:1].isdigit() else _NOT_A_STATEMENT
                self._report(problem)
            case EditLine():
                self._edit(parsed)
            case Statement():
                self._statement(parsed)
            case Locator(in_event=False):
                self.locators.append(parsed)
                self.statement_lines.append(line)
            case _ if len(self.edits) == self.open_from:  # before the first event
                if isinstance(parsed, Remark):
                    self.statement_lines.append(line)
                else:
                    self._report("belongs to an event, but none stands above it")
            case _:
                self._add_to_event(parsed)

    @property
    def line(self) -> int:
        return len(self.texts)

    @property
    def text(self) -> str:
        return self.texts[-1]

    def finish(self) -> Edl:
        self._close_event()
        self.reported.extend(
            Report(line, self.texts[line - 1], problem, severity)
            for line, problem, severity in gaps_and_overlaps(self.edits)
        )
        return Edl(
            title=self.title,
            rate=self.rate,
            events=tuple(self.edits),
            reported=tuple(sorted(self.reported, key=lambda report: report.line)),
            locators=tuple(self.locators),
            statement_lines=tuple(self.statement_lines),
            line_count=self.line,
        )

    def _report(self, problem: str) -> None:
        self.reported.append(Report(self.line, self.text, problem))

    def _statement(self, statement: Statement) -> None:
        self.statement_lines.append(self.line)
        if statement.key == "TITLE":
            self.title = self.title or statement.value
        elif statement.key == "FCM":
            mode = statement.value.upper().replace("-", " ")
            if not mode.startswith(("NON DROP", "NONDROP", "DROP")):
                self._report("FCM is neither DROP FRAME nor NON-DROP FRAME")
                return
            drop = mode.startswith("DROP")
            self.source_drop = drop
            if not self.edits:
                self._count_by(drop)

    def _count_by(self, drop: bool) -> None:
        """The FCM above the first event says how the record side is numbered."""
        if drop == self.rate.drop:
            return
        if drop and not _can_drop(self.rate):
            self._report(f"the list says DROP FRAME, which does not exist at {self.rate.name}")
        elif self.rate.drop:
            self._report(f"the list says NON-DROP FRAME, but is read as {self.rate.name}")
        else:
            self.rate = replace(self.rate, drop=True)

    def _edit(self, line: EditLine) -> None:
        previous = self.edits[-1] if self.edits else None
        if previous is None or not self._continues(line, previous):
            self._close_event()
        if self.source_drop is None and ";" in line.labels[2] and _can_drop(self.rate):
            self.rate = replace(self.rate, drop=True)  # no FCM, but labels of drop-frame
        if previous is not None and line.kind != "cut" and line.number != previous.number:
            self._check_event_number(line, previous)
        source_rate = self._source_rate()
        record_in = self._timecode(line.labels[2], self.rate, "record in")
        record_out = self._timecode(line.labels[3], self.rate, "record out")
        if record_in and record_out and record_out.frame < record_in.frame:
            self._report(f"record out {record_out} is before record in {record_in}")
        self.edits.append(
            Edit(
                number=line.number,
                line=self.line,
                reel=line.reel,
                channels=line.channels,
                kind=line.kind,
                transition_frames=line.frames,
                source_in_label=line.labels[0],
                source_out_label=line.labels[1],
                record_in_label=line.labels[2],
                record_out_label=line.labels[3],
                source_in=self._timecode(line.labels[0], source_rate, "source in"),
                source_out=self._timecode(line.labels[1], source_rate, "source out"),
                record_in=record_in,
                record_out=record_out,
                wipe_code=line.wipe_code,
                comments=(line.rest,) if line.rest else (),
                lines=(self.line,),
            )
        )

    def _continues(self, line: EditLine, previous: Edit) -> bool:
        """Whether an edit belongs to the event above: its number, and no new picture on its track.

        Lists exist that give all their events one number.
        """
        if line.number != previous.number:
            return False
        if line.kind != "cut":
            return True
        taken = {channel for edit in self.edits[self.open_from :] for channel in edit.channels}
        return previous.lines[-1] == previous.line and taken.isdisjoint(line.channels)

    def _check_event_number(self, line: EditLine, previous: Edit) -> None:
        outgoing = previous.record_in_label == previous.record_out_label == line.labels[2]
        if outgoing and set(previous.channels) & set(line.channels):
            self._report(
                f"transition and event number mismatch: its outgoing edit on line {previous.line} "
                f"is event {previous.number}, this one is event {line.number}"
            )

    def _source_rate(self) -> FrameRate:
        drop = self.rate.drop if self.source_drop is None else self.source_drop
        if drop == self.rate.drop:
            return self.rate
        return replace(self.rate, drop=drop and _can_drop(self.rate))

    def _timecode(self, label: str, rate: FrameRate, what: str) -> Timecode | None:
        # An edit begins where the one above it ends: half of the record labels come twice.
        known = self.timecodes.get((label, rate.drop))
        if known is not None:
            return known
        try:
            timecode = Timecode.parse(label.replace(".", ":").replace(",", ":"), rate)
        except TimecodeError as problem:
            self._report(f"{what} {problem}")
            return None
        self.timecodes[label, rate.drop] = timecode
        return timecode

    def _add_to_event(self, parsed: Line) -> None:
        first, last = self.open_from, len(self.edits) - 1
        comment = self.text.strip().removeprefix("*").strip()
        match parsed:
            case AudioChannels(channels):
                for index in range(first, last + 1):
                    known = self.edits[index].channels
                    self._change(index, channels=tuple(dict.fromkeys(known + channels)))
            case Motion():
                self._motion(parsed)
            case Named():
                self._name(parsed, first, last)
            case Locator():
                self._change(last, locators=(*self.edits[last].locators, parsed))
            case AudioLevel():
                self._change(last, audio_levels=(*self.edits[last].audio_levels, parsed))
                self._change(last, comments=(*self.edits[last].comments, comment))
            case _:
                self._change(last, comments=(*self.edits[last].comments, comment))

    def _change(self, index: int, **changes: object) -> None:
        edit = self.edits[index]
        if edit.lines[-1] != self.line:
            changes["lines"] = (*edit.lines, self.line)
        self.edits[index] = _changed(edit, changes)

    def _motion(self, motion: Motion) -> None:
        """M2 belongs to the edit of the reel that it names, the nearest one above."""
        speed_percent = float(motion.fps / self.rate.fps * 100)
        for index in range(len(self.edits) - 1, max(self.open_from - 2, -1), -1):
            if self.edits[index].reel.casefold() == motion.reel.casefold():
                self._change(index, speed_percent=speed_percent)
                return
        self._change(len(self.edits) - 1)
        self._report(f"M2 names reel {motion.reel}, which the event above does not have")

    def _name(self, named: Named, first: int, last: int) -> None:
        edit = self.edits[last]
        match named.key:
            case "FROM CLIP NAME" | "CLIP NAME" if not self.edits[first].from_clip_name:
                self._change(first, from_clip_name=named.value)
                for index in range(first + 1, last + 1):
                    if self.edits[index].kind == "cut":
                        self._change(index, from_clip_name=named.value)
            case "TO CLIP NAME":
                self._change(last, to_clip_name=named.value)
            case "SOURCE FILE" | "FROM FILE" | "FROM CLIP" if not self.edits[first].source_file:
                self._change(first, source_file=named.value)
            case "SOURCE FILE" | "TO FILE" | "TO CLIP" if last > first:
                self._change(last, source_file=named.value)
            case "EFFECT NAME":
                self._change(last, effect_name=named.value)
            case _:
                self._change(last, comments=(*edit.comments, f"{named.key}: {named.value}"))

    def _close_event(self) -> None:
        """Say of each edit of the event which clip it shows, then open a new one."""
        for index in range(self.open_from, len(self.edits)):
            edit = self.edits[index]
            name = edit.from_clip_name
            if edit.kind != "cut":
                name = edit.to_clip_name or (name if index == self.open_from else None)
            if name:
                self.edits[index] = _changed(edit, {"clip_name": name})
        self.open_from = len(self.edits)
