"""AAF files as a cut, by pyaaf2: tracks, clips, fades, clip gain and markers.

An AAF's sequence says only lengths; a transition overlaps both its neighbours, and
with filler on one side it is a fade. Effects wrap the clip that they change.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.timecode import FILM_24, FrameRate, TimecodeError, parse_rate
from premix import PremixError
from premix.aaf_effects import gain_of, speed_percent_of
from premix.aaf_rendered_fades import Part, undo_rendered_fades
from premix.aaf_sources import EMBEDDED, embedded_mobs, exact_rate, is_missing, source_of
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.media_search import find_beside

_DEPTH = 12  # effects within effects; deeper is a loop


def read_aaf(path: Path) -> Timeline:
    """Read an AAF's composition; where it has several, the first, and the others are reported.

    Raises:
        PremixError: not an AAF, damaged, or without a composition.
    """
    with open_aaf(path) as file:
        compositions = list(file.content.toplevel()) or list(file.content.compositionmobs())
        if not compositions:
            raise PremixError(f"{path}: this AAF holds no composition")
        reader = _Reader(compositions[0], path, embedded_mobs(file))
        others = ", ".join(repr(other.name or "") for other in compositions[1:])
        if others:
            first = compositions[0].name or ""
            reader.reported.append(Report("file", f"{first!r} is read; it also holds {others}"))
        return reader.read()


@contextmanager
def open_aaf(path: Path) -> Iterator[Any]:
    """Open an AAF with pyaaf2, which alone would leave a file that it refuses open.

    Raises:
        PremixError: not an AAF, or a damaged one, also where that shows only within the block.
    """
    from aaf2.file import AAFFile

    file: Any = AAFFile.__new__(AAFFile)
    try:
        try:
            file.__init__(str(path), "rb")
        except BaseException:
            if hasattr(file, "f"):
                file.f.close()
            raise
        with closing(file):
            yield file
    except PremixError:
        raise
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror or problem}") from None
    except Exception as problem:  # pyaaf2 meets damage as KeyError, struct.error, RecursionError …
        raise PremixError(f"{path}: not an AAF, or a damaged one: {problem!r}") from None


@dataclass
class _Reader:
    composition: Any
    path: Path
    embedded: frozenset[str] = frozenset()
    reported: list[Report] = field(default_factory=list)

    def read(self) -> Timeline:
        self.rate, self.start_s = self._start()
        tracks: list[TimelineTrack] = []
        markers = []
        names: dict[int, str] = {}
        for slot in self.composition.slots:
            kind = str(slot.media_kind)
            if kind in ("Picture", "Sound"):
                track = self._track(slot, "picture" if kind == "Picture" else "sound")
                names[slot.slot_id] = track.name
                tracks.append(track)
            elif "escriptive" in kind:
                markers.append(slot)
        return Timeline(
            name=self.composition.name or "",
            format="AAF",
            rate=self.rate,
            start_s=self.start_s,
            tracks=tuple(tracks),
            markers=tuple(mark for slot in markers for mark in self._markers(slot, names)),
            reported=tuple(self.reported),
        )

    def _start(self) -> tuple[FrameRate, Fraction]:
        """Rate and start of the first timecode track; without one the picture's rate, from zero."""
        for slot in sorted(self.composition.slots, key=_physical_track):
            timecode = slot.segment
            if type(timecode).__name__ == "Sequence":
                timecode = next(iter(timecode.components), None)
            if type(timecode).__name__ != "Timecode":
                continue
            edit_rate = Fraction(slot.edit_rate)
            base = int(timecode["FPS"].value)
            fps = edit_rate if round(edit_rate) == base else Fraction(base)
            try:
                fps = parse_rate(f"{float(fps):.6f}").fps
                rate = FrameRate(fps, drop=bool(timecode["Drop"].value))
            except TimecodeError as problem:
                self.reported.append(Report("timecode track", str(problem)))
                continue
            return rate, Fraction(int(timecode.start)) / rate.fps
        rate = FILM_24
        for slot in self.composition.slots:
            if str(slot.media_kind) == "Picture":
                try:
                    rate = parse_rate(f"{float(slot.edit_rate):.6f}")
                except TimecodeError:
                    continue
        self.reported.append(
            Report("composition", f"has no timecode track; read at {rate} from zero")
        )
        return rate, Fraction(0)

    def _track(self, slot: Any, kind: str) -> TimelineTrack:
        edit_rate = exact_rate(slot.edit_rate)
        name = slot.name or f"{kind} {_physical_track(slot)}"
        try:
            parts = list(self._parts(slot.segment, edit_rate, 0))
        except (KeyError, AttributeError, TypeError, ValueError) as problem:
            self.reported.append(Report(name, f"cannot be read: {problem!r}"))
            parts = []
        if kind == "sound":
            parts = undo_rendered_fades(parts)
        events = tuple(self._placed(parts, edit_rate, name))
        channels = max((event.channel or 1 for event in events), default=None)
        return TimelineTrack(name=name, kind=kind, events=events, channels=channels)

    def _placed(self, parts: list[Part], edit_rate: Fraction, track: str) -> Iterator[Event]:
        position, number = 0, 0
        for index, part in enumerate(parts):
            if part.kind == "transition":
                # One at the very start has nothing to overlap: it fades in what follows.
                position = max(0, position - part.length)
                continue
            if part.event is not None:
                number += 1
                before = parts[index - 1] if index else None
                after = parts[index + 1] if index + 1 < len(parts) else None
                event = _grown(part.event, part.head / edit_rate, part.tail / edit_rate)
                yield replace(
                    event,
                    number=str(number),
                    record_in_s=self.start_s + position / edit_rate,
                    record_out_s=self.start_s + (position + part.length) / edit_rate,
                    fade_in_s=_transition_s(before, edit_rate) or part.fade_in / edit_rate,
                    fade_out_s=_transition_s(after, edit_rate) or part.fade_out / edit_rate,
                )
                if _MISSING in event.comments:
                    self.reported.append(Report(f"{track}, clip {number}", _MISSING))
            position += part.length

    def _parts(self, segment: Any, edit_rate: Fraction, depth: int) -> Iterator[Part]:
        kind = type(segment).__name__
        if depth > _DEPTH:
            self.reported.append(Report(kind, "effects are nested too deeply to follow"))
        elif kind == "Sequence":
            for component in segment.components:
                yield from self._parts(component, edit_rate, depth + 1)
        elif kind == "NestedScope":
            scopes = list(segment.slots)
            if scopes:  # the last layer is the one that is seen
                yield from self._parts(scopes[-1], edit_rate, depth + 1)
        elif kind == "Transition":
            yield Part("transition", segment.length)
        elif kind == "EssenceGroup":  # the same sound at several qualities
            yield from self._parts(next(iter(segment["Choices"].value)), edit_rate, depth + 1)
        elif kind == "SourceClip" and (segment.mob is not None or is_missing(segment)):
            yield self._clip(segment, edit_rate)
        elif kind == "OperationGroup":
            yield from self._effect(segment, edit_rate, depth)
        elif kind == "Selector":
            yield from self._selector(segment, edit_rate, depth)
        else:
            yield Part("filler", segment.length or 0)

    def _effect(self, group: Any, edit_rate: Fraction, depth: int) -> Iterator[Part]:
        segments = list(group.segments)
        if not segments:
            yield Part("filler", group.length or 0)
            return
        name = group.operation.name if group.operation else ""
        gain_db, points = gain_of(group, edit_rate)
        inner = list(self._parts(segments[0], edit_rate, depth + 1))
        alone = len(inner) == 1
        for part in inner:
            if part.event is None:
                yield part
                continue
            event = part.event
            length = group.length if alone else part.length
            speed = event.speed_percent
            if "Motion" in name or "Speed" in name or "Time Warp" in name:
                speed = speed_percent_of(group, part.length, length)
            combined = len(segments) if "Channel Combiner" in name else event.channel
            yield replace(
                part,
                length=length,
                event=replace(
                    event,
                    gain_db=event.gain_db + gain_db,
                    gain_points=points if alone and points else event.gain_points,
                    comments=event.comments + (("gain automation",) if points else ()),
                    speed_percent=speed,
                    channel=combined,
                ),
            )

    def _selector(self, selector: Any, edit_rate: Fraction, depth: int) -> Iterator[Part]:
        """A choice of clips; where the chosen one is empty, the first other is there but muted."""
        chosen = list(self._parts(selector["Selected"].value, edit_rate, depth + 1))
        if any(part.event is not None for part in chosen):
            yield from chosen
            return
        alternates = selector.get("Alternates")
        for alternate in alternates.value if alternates is not None else ():
            parts = list(self._parts(alternate, edit_rate, depth + 1))
            if any(part.event is not None for part in parts):
                for part in parts:
                    event = part.event and replace(part.event, muted=True)
                    yield replace(part, event=event)
                return
        yield Part("filler", selector.length or 0)

    def _clip(self, clip: Any, edit_rate: Fraction) -> Part:
        # A clip counts in the edit units of the sequence it stands in.
        start, length = clip.start or 0, clip.length or 0
        if clip.mob is None:
            missing = Event(
                number="", name="", record_in_s=Fraction(0), record_out_s=Fraction(0),
                source_in_s=start / edit_rate, source_out_s=(start + length) / edit_rate,
                channel=1, comments=(_MISSING,),
            )  # fmt: skip
            return Part("clip", length, missing, start)
        mob = clip.mob
        source = source_of(clip, edit_rate, self.embedded)
        media = source.media
        if media and not media.startswith(EMBEDDED):
            found = find_beside(self.path, media)
            media = str(found) if found else media
        event = Event(
            number="",
            name=mob.name or "",
            record_in_s=Fraction(0),
            record_out_s=Fraction(0),
            source_in_s=start / edit_rate,
            source_out_s=(start + length) / edit_rate,
            source_timecode_s=source.timecode_s,
            reel=source.reel,
            media=media,
            channel=source.channels,
            comments=(_MISSING,) if source.missing and not media else (),
        )
        return Part("clip", length, event, start, source.length)

    def _markers(self, slot: Any, names: dict[int, str]) -> Iterator[Marker]:
        edit_rate = Fraction(slot.edit_rate)
        for marker in getattr(slot.segment, "components", ()):
            if type(marker).__name__ not in ("DescriptiveMarker", "CommentMarker"):
                continue
            values = {prop.name: prop.value for prop in marker.properties()}
            described = values.get("DescribedSlots") or ()
            tagged = {tag.name: tag.value for tag in values.get("CommentMarkerAttributeList") or ()}
            yield Marker(
                at_s=self.start_s + Fraction(values.get("Position") or 0) / edit_rate,
                # Avid writes this name with two capitals.
                name=values.get("CommentMarkerUser") or values.get("CommentMarkerUSer") or "",
                comment=values.get("Comment") or "",
                colour=tagged.get("_ATN_CRM_COLOR") or _hex(values.get("CommentMarkerColor")),
                track=next((names[number] for number in described if number in names), None),
                duration_s=Fraction(values.get("Length") or 0) / edit_rate,
            )


def _physical_track(slot: Any) -> int:
    number = slot.get("PhysicalTrackNumber")
    return int(number.value) if number is not None and number.value is not None else 1_000


_MISSING = "its recording is not in the AAF"


def _grown(event: Event, head_s: Fraction, tail_s: Fraction) -> Event:
    """The event with its source opened by as much as rendered clips stood around it."""
    if not (head_s or tail_s) or event.source_in_s is None or event.source_out_s is None:
        return event
    timecode_s = event.source_timecode_s
    return replace(
        event,
        source_in_s=event.source_in_s - head_s,
        source_out_s=event.source_out_s + tail_s,
        source_timecode_s=None if timecode_s is None else timecode_s - head_s,
    )


def _transition_s(part: Part | None, edit_rate: Fraction) -> Fraction:
    if part is None or part.kind != "transition":
        return Fraction(0)
    return part.length / edit_rate


def _hex(colour: Any) -> str | None:
    """16-bit red, green and blue as "#rrggbb"."""
    if not isinstance(colour, dict):
        return None
    return "#" + "".join(f"{int(colour[name]) >> 8:02x}" for name in ("red", "green", "blue"))
