"""A cut as an EDL: CMX 3600, or Avid's wider file_32. Pure: a timeline in, text out.

What the list has no column for is reported, never dropped in silence: an EDL counts
whole frames, knows dissolves but no fades, and has few tracks.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from audio.timecode import Timecode
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline
from premix.edl_lines import Locator, parse_line
from premix.edl_names import DIALECTS, Dialect, Reels, channel_field, channels_of

_BLACK = "BL"
_LONGEST = 900  # characters of a remark; readers refuse lines that go on for ever


@dataclass(frozen=True)
class Written:
    """A timeline as a file's text, and what that file could not hold."""

    text: str
    reported: tuple[Report, ...]


def edl_text(timeline: Timeline, dialect: str = "cmx3600") -> Written:
    """The list, in order of record time.

    Raises:
        PremixError: a dialect that is not one of `DIALECTS`.
    """
    if dialect not in DIALECTS:
        raise PremixError(f"{dialect!r} is not a dialect; one of {', '.join(DIALECTS)}")
    return _Writer(timeline, DIALECTS[dialect]).write()


@dataclass(frozen=True)
class _Edit:
    """One line with four timecodes, in frames."""

    event: Event
    source: tuple[int, int]
    record: tuple[int, int]
    dissolve_frames: int = 0


@dataclass(frozen=True)
class _Entry:
    """One event of the list: an edit, or two where it dissolves from another."""

    edits: tuple[_Edit, ...]
    channels: tuple[str, ...]

    @property
    def order(self) -> int:
        return self.edits[0].record[0]


@dataclass
class _Writer:
    timeline: Timeline
    dialect: Dialect
    reported: list[Report] = field(default_factory=list)
    between: int = 0  # edges that lay between frames
    furthest: Fraction = Fraction(0)
    lost: Counter[str] = field(default_factory=Counter)  # what an EDL has no word for → how often
    lines: list[str] = field(default_factory=list)

    def write(self) -> Written:
        self.reels = Reels(self.dialect, self.reported)
        tracks, left_out = channels_of(self.timeline.tracks, self.dialect)
        self.reported += left_out
        drop = "DROP FRAME" if self.timeline.rate.drop else "NON-DROP FRAME"
        self.lines = [f"TITLE: {_one_line(self.timeline.name)}".rstrip(), f"FCM: {drop}"]
        self.lines += [
            f"* {channel}: {_one_line(track.name)}"
            for channel, track in tracks
            if channel != track.name
        ]
        entries = _merged(
            [entry for channel, track in tracks for entry in self._track(track.events, channel)]
        )
        if len(entries) > self.dialect.most_events:
            self._report("list", f"{len(entries)} events, where {self.dialect.name} has numbers "
                                 f"for {self.dialect.most_events}; numbered on")  # fmt: skip
        markers = self._by_entry(entries)
        for index, entry in enumerate(entries):
            self._entry(entry, index + 1)
            self.lines += [self._locator(marker) for marker in markers.get(index, ())]
        if self.between:
            milliseconds = float(self.furthest / self.timeline.rate.fps * 1000)
            self._report("list", f"{self.between} edges lie between frames and were moved to the "
                                 f"nearest, by {milliseconds:.1f} ms at most")  # fmt: skip
        for what, count in self.lost.items():
            self._report("list", f"an EDL has no word for {what}: {count} lost")
        return Written("".join(f"{line}\n" for line in self.lines), tuple(self.reported))

    def _report(self, where: str, problem: str) -> None:
        self.reported.append(Report(where, problem))

    def _frame(self, at_s: Fraction) -> int:
        exact = at_s * self.timeline.rate.fps
        frame = round(exact)
        if frame != exact:
            self.between += 1
            self.furthest = max(self.furthest, abs(exact - frame))
        return frame

    def _track(self, events: tuple[Event, ...], channel: str) -> Iterator[_Entry]:
        """One track's entries; where clips cross-fade, the earlier ends as the dissolve begins."""
        ordered = sorted(events, key=lambda event: (event.record_in_s, event.record_out_s))
        edits = [edit for event in ordered if (edit := self._edit(event, channel)) is not None]
        edits = [
            self._until(edit, following)
            for edit, following in zip(edits, [*edits[1:], None], strict=False)
        ]
        before: _Edit | None = None
        for edit, following in zip(edits, [*edits[1:], None], strict=False):
            if following is not None and _is_outgoing(edit, following):
                pass  # the first of the two lines of a dissolve, as the list had them
            elif not edit.dissolve_frames:
                yield _Entry((edit,), (channel,))
            elif before is not None and _is_outgoing(before, edit):
                yield _Entry((before, edit), (channel,))
            else:
                yield _Entry((self._outgoing(edit, before), edit), (channel,))
            crossed = following is not None and following.dissolve_frames
            if edit.event.fade_out_s * self.timeline.rate.fps >= 1 and not crossed:
                self.lost["fade-outs of a frame or more"] += 1
            before = edit

    def _until(self, edit: _Edit, following: _Edit | None) -> _Edit:
        """The edit, ended where the next one's dissolve begins."""
        if following is None or following.record[0] >= edit.record[1]:
            return edit
        if not following.dissolve_frames:
            over = edit.record[1] - following.record[0]
            self._report(f"event {edit.event.number}", f"overlaps the next by {over} frames")
            return edit
        end = following.record[0]
        return replace(
            edit, record=(edit.record[0], end), source=(edit.source[0], _source_at(edit, end))
        )

    def _outgoing(self, edit: _Edit, before: _Edit | None) -> _Edit:
        """What a dissolve comes from: the clip before it where that one reaches it, else black."""
        at = edit.record[0]
        if before is not None and before.record[0] < at <= before.record[1]:
            here = _source_at(before, at)
            silent = replace(before.event, comments=(), speed_percent=100.0, gain_db=0.0)
            return _Edit(silent, (here, here), (at, at))
        black = Event(number="", name="", record_in_s=Fraction(0), record_out_s=Fraction(0),
                      reel=_BLACK)  # fmt: skip
        return _Edit(black, (0, 0), (at, at))

    def _edit(self, event: Event, channel: str) -> _Edit | None:
        where = f"{channel}, event {event.number}"
        record = (self._frame(event.record_in_s), self._frame(event.record_out_s))
        if event.record_out_s > event.record_in_s and record[0] == record[1]:
            record = (record[0], record[0] + 1)
            self._report(where, "shorter than half a frame; written as one")
        day = self.timeline.rate.frames_per_day
        if not 0 <= record[0] <= record[1] < day:
            self._report(where, "left out: it is not within one day of timecode")
            return None
        source_in_s, source_out_s = event.source_in_s, event.source_out_s
        if event.source_timecode_s is not None:
            moved = event.source_timecode_s - (source_in_s or 0)
            source_in_s = event.source_timecode_s
            source_out_s = None if source_out_s is None else source_out_s + moved
        start = 0 if source_in_s is None else round(source_in_s * self.timeline.rate.fps)
        length = record[1] - record[0]
        if source_in_s is not None and source_out_s is not None:
            exact = (source_out_s - source_in_s) * self.timeline.rate.fps
            # Rounding must not make a clip that plays as it is look one frame too short.
            length = length if 0 < abs(exact - length) < 1 else round(exact)
        if not (0 <= start < day and 0 <= start + length < day):
            self._report(where, f"source in at frame {start} has no timecode; written from 0")
            start, length = 0, record[1] - record[0]
        fade = event.fade_in_s * self.timeline.rate.fps
        if (fade and not round(fade)) or 0 < event.fade_out_s * self.timeline.rate.fps < 1:
            self.lost["fades shorter than a frame"] += 1
        if event.muted:
            self.lost["muted events, which are not muted in it"] += 1
        return _Edit(event, (start, start + length), record, round(fade))

    def _by_entry(self, entries: list[_Entry]) -> dict[int, list[Marker]]:
        """Markers by the event that they stand in, or the last one before them."""
        found: dict[int, list[Marker]] = {}
        if self.timeline.markers and not entries:
            self._report("markers", f"{len(self.timeline.markers)} left out: no event holds them")
            return found
        starts = [entry.order for entry in entries]
        for marker in self.timeline.markers:
            frame = self._frame(marker.at_s)
            index = max(0, bisect_right(starts, frame) - 1)
            found.setdefault(index, []).append(marker)
        return found

    def _locator(self, marker: Marker) -> str:
        label = Timecode.wrapped(self._frame(marker.at_s), self.timeline.rate)
        text = _one_line(f"{marker.name} {marker.comment}")
        if marker.duration_s:
            self.lost["lengths of markers"] += 1
        for colour in (marker.colour, None, "WHITE"):
            line = f"* LOC: {label} {colour or '':<7} {text}".rstrip()
            read = parse_line(line)
            # A text whose first word is a colour would be read as the locator's own.
            if isinstance(read, Locator) and (read.colour, read.text) == (colour, text):
                break
        if colour != marker.colour:
            known = "none" if colour is None else colour
            self._report(f"marker {marker.name}", f"its colour {marker.colour} becomes {known}")
        return line

    def _entry(self, entry: _Entry, number: int) -> None:
        column, aud = channel_field(entry.channels)
        label = f"{number:0{self.dialect.number_digits}}"
        last = entry.edits[-1]
        motions: list[str] = []
        for edit in entry.edits:
            self.lines.append(self._line(edit, label, column))
            motion = self._motion(edit)
            # M2 belongs to the nearest line above with its reel.
            early = edit is not last and edit.event.reel == last.event.reel
            (self.lines if early else motions).extend(motion)
        if aud:
            self.lines.append(aud)
        self.lines += motions
        self.lines += _names(entry)
        for edit in entry.edits:
            self.lines += self._remarks(edit)

    def _line(self, edit: _Edit, number: str, column: str) -> str:
        kind = f"D    {edit.dissolve_frames:03}" if edit.dissolve_frames else "C"
        labels = " ".join(
            str(Timecode.wrapped(frame, self.timeline.rate))
            for frame in (*edit.source, *edit.record)
        )
        reel = self.reels.name(edit.event.reel)
        return f"{number}  {reel:<{self.dialect.reel_characters}} {column:<5} {kind:<8} {labels}"

    def _motion(self, edit: _Edit) -> list[str]:
        speed = edit.event.speed_percent
        if speed == 100.0:
            return []
        exact = speed * float(self.timeline.rate.fps) / 100
        fps = round(exact, 1) + 0.0
        if abs(fps - exact) > 1e-6:
            told = f"a speed of {speed:g} % is written as {fps:g} frames a second"
            self._report(f"event {edit.event.number}", told)
        start = Timecode.wrapped(edit.source[0], self.timeline.rate)
        text = f"{fps:05.1f}" if fps >= 0 else f"-{-fps:05.1f}"
        reel = self.reels.name(edit.event.reel)
        return [f"M2   {reel:<{self.dialect.reel_characters}}   {text:<18} {start}"]

    def _remarks(self, edit: _Edit) -> Iterator[str]:
        event = edit.event
        start = Timecode.wrapped(edit.source[0], self.timeline.rate)
        if event.gain_db and not any(text.startswith("AUDIO LEVEL") for text in event.comments):
            # As Premiere writes a clip's level.
            yield f"* AUDIO LEVEL AT {start} IS {event.gain_db:.2f} DB"
        yield from (f"* {_one_line(text)}" for text in event.comments)


def _is_outgoing(edit: _Edit, following: _Edit) -> bool:
    """Whether an edit is the line without length from which the next one dissolves."""
    at = following.record[0]
    return bool(following.dissolve_frames) and edit.record == (at, at)


def _source_at(edit: _Edit, frame: int) -> int:
    """The source frame that an edit shows at a record frame."""
    (start, stop), (first, end) = edit.source, edit.record
    return start + round(Fraction((frame - first) * (stop - start), max(1, end - first)))


def _names(entry: _Entry) -> Iterator[str]:
    first, last = entry.edits[0].event, entry.edits[-1].event
    if first.name:
        yield f"* FROM CLIP NAME:  {_one_line(first.name)}"
    if len(entry.edits) == 2 and last.name:
        yield f"* TO CLIP NAME:  {_one_line(last.name)}"
    if first.media:
        yield f"* SOURCE FILE: {_one_line(first.media)}"
    if len(entry.edits) == 2 and last.media:
        yield f"* {'SOURCE FILE' if first.media else 'TO FILE'}: {_one_line(last.media)}"


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\t\v\f\x00-\x1f]+", " ", text).strip()[:_LONGEST]


def _merged(entries: list[_Entry]) -> list[_Entry]:
    """In order of record time; what is the same event on several tracks is one."""
    order = {channel: index for index, channel in enumerate(_channel_order(entries))}
    together: dict[tuple[object, ...], list[str]] = {}
    for entry in entries:
        together.setdefault(entry.edits, []).append(entry.channels[0])
    merged = []
    for edits, channels in together.items():
        # A list has one picture channel to an event, and a channel once.
        once = list(dict.fromkeys(channels))
        picture = [channel for channel in once if channel.startswith("V")]
        mixed = len(once) < len(channels) or len(picture) > 1 or "NONE" in once
        groups = [(channel,) for channel in channels] if mixed else [tuple(once)]
        merged += [_Entry(edits, group) for group in groups]  # type: ignore[arg-type]
    return sorted(merged, key=lambda entry: (entry.order, order[entry.channels[0]]))


def _channel_order(entries: list[_Entry]) -> list[str]:
    """Picture before sound, as they come."""
    found = dict.fromkeys(entry.channels[0] for entry in entries)
    return sorted(found, key=lambda channel: not channel.startswith("V"))
