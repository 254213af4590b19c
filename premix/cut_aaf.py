"""AAF files as a cut, by pyaaf2: tracks, clips, fades, clip gain and markers.

An AAF's sequence says only lengths; a transition overlaps both its neighbours, and
with filler on one side it is a fade. Effects wrap the clip that they change.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.timecode import FILM_24, FrameRate, TimecodeError, parse_rate
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.media_search import find_beside

_GAINS = {"Amplitude", "Amplitude multiplier"}
_DEPTH = 12  # effects within effects; deeper is a loop


def read_aaf(path: Path) -> Timeline:
    """Read an AAF's first composition.

    Raises:
        PremixError: not an AAF, damaged, or without a composition.
    """
    try:
        with _open(path) as file:
            composition = next(iter(file.content.toplevel()), None)
            if composition is None:
                raise PremixError(f"{path}: this AAF holds no composition")
            return _Reader(composition, path).read()
    except PremixError:
        raise
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror}") from None
    except Exception as problem:  # pyaaf2 meets damage as KeyError, struct.error, RecursionError …
        raise PremixError(f"{path}: not an AAF, or a damaged one: {problem!r}") from None


def _open(path: Path) -> Any:
    """Open an AAF; pyaaf2 alone would leave a file that it refuses open."""
    from aaf2.file import AAFFile

    file: Any = AAFFile.__new__(AAFFile)
    try:
        file.__init__(str(path), "rb")
    except BaseException:
        if hasattr(file, "f"):
            file.f.close()
        raise
    return file


@dataclass(frozen=True)
class _Part:
    """One component of a sequence: a clip, a filler or a transition, in edit units."""

    kind: str  # "clip", "filler", "transition"
    length: int
    event: Event | None = None
    cut_point: int = 0


@dataclass
class _Reader:
    composition: Any
    path: Path
    reported: list[Report] = field(default_factory=list)

    def read(self) -> Timeline:
        self.rate, self.start_s = self._start()
        tracks: list[TimelineTrack] = []
        markers = []
        names: dict[int, str] = {}
        for slot in self.composition.slots:
            kind = str(slot.media_kind)
            if kind in ("Picture", "Sound"):
                track = self._track(slot, "picture" if kind == "Picture" else "sound", len(tracks))
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
        """Rate and start of the first timecode track; without one 24 frames a second from zero."""
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
        self.reported.append(Report("composition", "has no timecode track; read at 24 from zero"))
        return FILM_24, Fraction(0)

    def _track(self, slot: Any, kind: str, index: int) -> TimelineTrack:
        edit_rate = Fraction(slot.edit_rate)
        name = slot.name or f"{kind} {_physical_track(slot)}"
        try:
            parts = list(self._parts(slot.segment, edit_rate, 0))
        except (KeyError, AttributeError, TypeError, ValueError) as problem:
            self.reported.append(Report(name, f"cannot be read: {problem!r}"))
            parts = []
        events = tuple(self._placed(parts, edit_rate))
        channels = max((event.channel or 1 for event in events), default=None)
        return TimelineTrack(name=name, kind=kind, events=events, channels=channels)

    def _placed(self, parts: list[_Part], edit_rate: Fraction) -> Iterator[Event]:
        position, number = 0, 0
        for index, part in enumerate(parts):
            if part.kind == "transition":
                position -= part.length
                continue
            if part.event is not None:
                number += 1
                before = parts[index - 1] if index else None
                after = parts[index + 1] if index + 1 < len(parts) else None
                yield replace(
                    part.event,
                    number=str(number),
                    record_in_s=self.start_s + position / edit_rate,
                    record_out_s=self.start_s + (position + part.length) / edit_rate,
                    fade_in_s=_transition_s(before, edit_rate),
                    fade_out_s=_transition_s(after, edit_rate),
                )
            position += part.length

    def _parts(self, segment: Any, edit_rate: Fraction, depth: int) -> Iterator[_Part]:
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
            yield _Part("transition", segment.length, cut_point=int(segment["CutPoint"].value))
        elif kind == "SourceClip" and segment.mob is not None:
            yield _Part("clip", segment.length, self._clip(segment))
        elif kind == "OperationGroup":
            yield from self._effect(segment, edit_rate, depth)
        elif kind == "Selector":
            yield from self._selector(segment, edit_rate, depth)
        else:
            yield _Part("filler", segment.length or 0)

    def _effect(self, group: Any, edit_rate: Fraction, depth: int) -> Iterator[_Part]:
        segments = list(group.segments)
        if not segments:
            yield _Part("filler", group.length or 0)
            return
        name = group.operation.name if group.operation else ""
        gain_db, automated = _gain(group)
        inner = list(self._parts(segments[0], edit_rate, depth + 1))
        clips = [part for part in inner if part.event is not None]
        for part in inner:
            if part.event is None:
                yield part
                continue
            event = part.event
            comments = event.comments + (("gain automation",) if automated else ())
            length = group.length if len(clips) == len(inner) == 1 else part.length
            speed = event.speed_percent
            if "Motion" in name or "Speed" in name or "Time Warp" in name:
                speed = 100.0 * part.length / length if length else 0.0
            combined = len(segments) if "Channel Combiner" in name else event.channel
            yield replace(
                part,
                length=length,
                event=replace(
                    event,
                    gain_db=event.gain_db + gain_db,
                    comments=comments,
                    speed_percent=speed,
                    channel=combined,
                ),
            )

    def _selector(self, selector: Any, edit_rate: Fraction, depth: int) -> Iterator[_Part]:
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
        yield _Part("filler", selector.length or 0)

    def _clip(self, clip: Any) -> Event:
        mob = clip.mob
        slot = next((slot for slot in mob.slots if slot.slot_id == clip.slot_id), None)
        source_rate = Fraction(slot.edit_rate) if slot is not None else self.rate.fps
        # A clip counts in the edit units of the sequence it stands in, which is that of its mob's
        # slot but for sound files of frame-based timelines.
        units = Fraction(getattr(clip, "edit_rate", None) or source_rate)
        media, reel = _chain(mob, clip.slot_id)
        found = find_beside(self.path, media) if media else None
        return Event(
            number="",
            name=mob.name or "",
            record_in_s=Fraction(0),
            record_out_s=Fraction(0),
            source_in_s=Fraction(clip.start or 0) / units,
            source_out_s=Fraction((clip.start or 0) + (clip.length or 0)) / units,
            reel=reel,
            media=str(found) if found else media,
            channel=1,
        )

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


def _transition_s(part: _Part | None, edit_rate: Fraction) -> Fraction:
    if part is None or part.kind != "transition":
        return Fraction(0)
    return part.length / edit_rate


def _gain(group: Any) -> tuple[float, bool]:
    """(constant gain in dB, whether there is one that varies) of an effect."""
    gain_db, automated = 0.0, False
    for parameter in group.parameters:
        kind = type(parameter).__name__
        if kind == "ConstantValue" and parameter.name in _GAINS:
            factor = float(Fraction(parameter.value))
            gain_db += 20 * math.log10(factor) if factor > 0 else -math.inf
        elif kind == "VaryingValue" and parameter.name in _GAINS | {"AvidControlClipRatio"}:
            automated = True
    return gain_db, automated


def _chain(mob: Any, slot_id: int) -> tuple[str | None, str]:
    """(media file or "embedded", reel) at the end of the chain of mobs behind a clip."""
    media, reel = None, ""
    for _step in range(_DEPTH):
        descriptor = getattr(mob, "descriptor", None)
        if descriptor is not None:
            locators = descriptor.get("Locator")
            for locator in locators.value if locators is not None else ():
                url = locator.get("URLString")
                media = media or (url.value if url is not None else None)
            if type(descriptor).__name__ == "TapeDescriptor":
                reel = mob.name or ""
        slot = next((slot for slot in mob.slots if slot.slot_id == slot_id), None)
        clip: Any = slot.segment if slot is not None else None
        while clip is not None and type(clip).__name__ in ("Sequence", "OperationGroup"):
            inner = clip.components if type(clip).__name__ == "Sequence" else clip.segments
            clip = next(iter(inner), None)
        if type(clip).__name__ != "SourceClip" or clip.mob is None:
            break
        mob, slot_id = clip.mob, clip.slot_id
    return media, reel


def _hex(colour: Any) -> str | None:
    """16-bit red, green and blue as "#rrggbb"."""
    if not isinstance(colour, dict):
        return None
    return "#" + "".join(f"{int(colour[name]) >> 8:02x}" for name in ("red", "green", "blue"))
