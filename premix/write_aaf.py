"""A cut as an AAF, by pyaaf2: linked recordings, fades, clip gain and markers.

Sound tracks count the session's samples, so that nothing moves; where a timeline has no
sample rate they count frames. A recording stands behind its clips whole: all handles
are there. A fade is a transition between the clip and filler, as Media Composer and
Premiere write it; channels of one recording stand in a channel combiner.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.level import gain_from_db
from audio.timecode import Timecode
from premix.aaf_mobs import WRITTEN_AT, Mobs
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.session_cut import Recording, SpottedEvent

# The ids of the AAF Edit Protocol, as Premiere, Resolve and Media Composer write them.
_GAIN = uuid.UUID("9d2ea894-0968-11d3-8a38-0050040ef7d2")
_AMPLITUDE = uuid.UUID("e4962321-2267-11d3-8a4c-0050040ef7d2")
_DISSOLVE = uuid.UUID("0c3bea41-fc05-11d2-8a29-0050040ef7d2")
_LEVEL = uuid.UUID("e4962320-2267-11d3-8a4c-0050040ef7d2")
_COMBINER = uuid.UUID("6b46dd7a-132d-4856-ab21-8b751d8462ec")
_LINEAR = uuid.UUID("5b6c85a4-0ede-11d3-80a9-006008143e6f")
_POWER = uuid.UUID("c09153f7-bd18-4e5a-ad09-cbdd654fa001")
_STRAIGHT_SHAPES = ("equal_gain", "linear")
_FORMATS = {1: 1, 2: 2, 6: 3, 8: 4}  # channels → what Avid calls mono, stereo, 5.1, 7.1
_FIRST_EVENT_SLOT = 1_000
_LINKED = {".wav", ".bwf", ".w64", ".rf64"}
_PRODUCT = uuid.UUID("8b6f8f2c-2a39-5b0f-8f0a-2f8f4b9f2f51")


def write_aaf(
    timeline: Timeline,
    path: Path,
    find_recording: Callable[[str], Recording | None] = lambda media: None,
) -> tuple[Report, ...]:
    """Write the AAF to `path`, which is replaced; what it could not hold comes back.

    Args:
        find_recording: what is known of a media reference of an event that is no session's.
    """
    from aaf2.file import AAFFile

    with AAFFile(str(path), "wb+") as file:
        writer = _Writer(timeline, file, find_recording)
        writer.write()
    return tuple(writer.reported)


@dataclass
class _Writer:
    timeline: Timeline
    file: Any
    find_recording: Callable[[str], Recording | None]
    reported: list[Report] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    guesses: dict[str, Recording] = field(default_factory=dict)  # by media that is not there

    def __post_init__(self) -> None:
        self.fps = self.timeline.rate.fps
        times = [event.record_in_s for track in self.timeline.tracks for event in track.events]
        # A composition has no time before its start: what lies there moves it, by whole frames.
        self.start_frame = int(min([self.timeline.start_s, *times]) * self.fps)
        self.start_s = self.start_frame / self.fps
        self.mobs = Mobs(self.file, self.timeline.name, self.timeline.rate)
        self.create = self.file.create

    def write(self) -> None:
        self._sign()
        self._define()
        composition = self.create.CompositionMob(self.timeline.name)
        self.mobs.identify(composition, "composition")
        composition.usage = "Usage_TopLevel"
        self._timecode(composition)
        physical: Counter[str] = Counter()
        slots = {"": composition.slots[0].slot_id}  # a marker of no track is the timecode's
        for track in self.timeline.tracks:
            kind = "picture" if track.kind == "picture" else "sound"
            physical[kind] += 1
            slot = self._track(composition, track, kind)
            slot["PhysicalTrackNumber"].value = physical[kind]
            slots.setdefault(track.name, slot.slot_id)
        if self.timeline.markers:
            self._markers(composition, slots)
        for what, count in self.lost.items():
            self.reported.append(Report("composition", f"{what}: {count}"))

    def _sign(self) -> None:
        (identification,) = self.file.header["IdentificationList"].value
        told = {
            "CompanyName": "Dubstage", "ProductName": "Dubstage", "ProductVersionString": "1",
            "Platform": "Python", "Date": WRITTEN_AT, "ProductID": _PRODUCT,
            "GenerationAUID": uuid.uuid5(_PRODUCT, self.timeline.name),
        }  # fmt: skip
        for name, value in told.items():
            identification[name].value = value
        self.file.header["LastModified"].value = WRITTEN_AT

    def _define(self) -> None:
        dictionary = self.file.dictionary
        for auid, name in ((_AMPLITUDE, "Amplitude multiplier"), (_LEVEL, "Level")):
            dictionary.register_def(self.create.ParameterDef(auid, name, "", "Rational"))
        for auid, name in ((_LINEAR, "LinearInterp"), (_POWER, "PowerInterp")):
            dictionary.register_def(self.create.InterpolationDef(auid, name, ""))
        for auid, name, inputs, parameter in (
            (_GAIN, "Mono Audio Gain", 1, "Amplitude multiplier"),
            (_DISSOLVE, "Mono Audio Dissolve", 2, "Level"),
            (_COMBINER, "Audio Channel Combiner", 1, None),
        ):
            known = self.create.OperationDef(auid, name, "")
            known.media_kind = "sound"
            known["NumberInputs"].value = inputs
            known["IsTimeWarp"].value = False
            known["OperationCategory"].value = "OperationCategory_Effect"
            if parameter:
                known["ParametersDefined"].value = [dictionary.lookup_parameterdef(parameter)]
            dictionary.register_def(known)

    def _timecode(self, composition: Any) -> None:
        rate = self.timeline.rate
        times = [event.record_out_s for track in self.timeline.tracks for event in track.events]
        end = max([self.start_s, *times])
        slot = composition.create_timeline_slot(self.fps)
        slot.name = "TC1"
        slot["PhysicalTrackNumber"].value = 1
        timecode = self.create.Timecode(rate.labels_per_second, drop=rate.drop)
        timecode.start = Timecode.wrapped(self.start_frame, rate).frame
        timecode.length = -int(-(end - self.start_s) * self.fps // 1)
        slot.segment = timecode

    def _track(self, composition: Any, track: TimelineTrack, kind: str) -> Any:
        hz = self.timeline.sample_rate_hz
        units = Fraction(hz) if kind == "sound" and hz else self.fps
        slot = composition.create_empty_sequence_slot(units, media_kind=kind)
        slot.name = track.name
        if kind == "sound":
            # As Avid and Premiere tell mono from stereo; an integer of 32 bits, so typed.
            width = self.create.TaggedValue("_TRACK_FORMAT", _FORMATS.get(track.channels or 1, 1),
                                            "aafInt32")  # fmt: skip
            slot["TimelineMobAttributeList"].append(width)
        sequence = slot.segment
        length = 0
        for component in self._components(track, units, kind):
            sequence.components.append(component)
            is_transition = type(component).__name__ == "Transition"
            length += -component.length if is_transition else component.length
        sequence.length = length
        return slot

    def _components(self, track: TimelineTrack, units: Fraction, kind: str) -> Iterator[Any]:
        """Clips, and between them filler that is longer by the fades that reach into it."""
        at, faded = 0, 0
        straight = False
        ordered = sorted(track.events, key=lambda event: (event.record_in_s, event.record_out_s))
        for event in ordered:
            begin = round((event.record_in_s - self.start_s) * units)
            end = round((event.record_out_s - self.start_s) * units)
            if end <= begin:
                continue
            fade_in, fade_out = self._fades(event, units, end - begin)
            shape = getattr(event, "fade_shape", "equal_power")
            if begin < at:
                yield self._transition(min(at - begin, end - begin), kind, None, straight)
            else:
                if faded:
                    yield self._transition(faded, kind, faded, straight)
                if begin - at + faded + fade_in:
                    yield self._filler(begin - at + faded + fade_in, kind)
                straight = shape in _STRAIGHT_SHAPES
                if fade_in:
                    yield self._transition(fade_in, kind, 0, straight)
            straight = shape in _STRAIGHT_SHAPES
            yield self._clip(event, end - begin, units, kind)
            at, faded = end, fade_out
        if faded:
            yield self._transition(faded, kind, faded, straight)
            yield self._filler(faded, kind)

    def _fades(self, event: Event, units: Fraction, length: int) -> tuple[int, int]:
        fade_in = min(length, round(event.fade_in_s * units))
        fade_out = round(event.fade_out_s * units)
        if fade_in + fade_out > length:
            self.lost["fades that would overlap within a clip, cut to fit"] += 1
            fade_out = length - fade_in
        return fade_in, fade_out

    def _filler(self, length: int, kind: str) -> Any:
        return self.create.Filler(kind, length)

    def _transition(self, length: int, kind: str, cut: int | None, straight: bool) -> Any:
        """A dissolve; None as `cut` puts the cut of a cross-fade into its middle."""
        made = self.create.Transition(kind, length)
        made.cutpoint = length // 2 if cut is None else cut
        group = self.create.OperationGroup("Mono Audio Dissolve", length, kind)
        level = self.create.VaryingValue("Level", "LinearInterp" if straight else "PowerInterp")
        for at in (0, 1):
            point = self.create.ControlPoint()
            point["EditHint"].value = "Proportional"
            point.value, point.time = at, at
            level["PointList"].append(point)
        group.parameters.append(level)
        made["OperationGroup"].value = group
        return made

    def _clip(self, event: Event, length: int, units: Fraction, kind: str) -> Any:
        start = round((event.source_in_s or Fraction(0)) * units)
        self._account(event)
        if kind == "picture" or not event.media:
            mob = self.mobs.tape(event.name, event.reel, kind)
            return self._source_clip(mob, 1, start, length, kind)
        recording = self._recording(event)
        if start < 0 or start + length > -(-recording.duration_samples * units
                                           // recording.sample_rate_hz):  # fmt: skip
            self.lost["clips that reach beyond their recording"] += 1
        mob = self.mobs.master(event.name or Path(event.media).stem, recording, units)
        channels = [
            self._with_gain(self._source_clip(mob, channel, max(0, start), length, kind), event)
            for channel in range(1, recording.channels + 1)
        ]
        if len(channels) == 1:
            return channels[0]
        group = self.create.OperationGroup("Audio Channel Combiner", length, kind)
        for channel in channels:
            group.segments.append(channel)
        return group

    def _source_clip(self, mob: Any, slot_id: int, start: int, length: int, kind: str) -> Any:
        return self.create.SourceClip(
            start, length, mob_id=mob.mob_id, slot_id=slot_id, media_kind=kind
        )

    def _with_gain(self, clip: Any, event: Event) -> Any:
        if not event.gain_db:
            return clip
        group = self.create.OperationGroup("Mono Audio Gain", clip.length, "sound")
        factor = gain_from_db(event.gain_db)
        scale = 10**8 if factor < 20 else 10**6  # a rational has 31 bits
        rational = f"{min(2**31 - 1, round(factor * scale))}/{scale}"
        group.parameters.append(self.create.ConstantValue("Amplitude multiplier", rational))
        group.segments.append(clip)
        return group

    def _recording(self, event: Event) -> Recording:
        assert event.media
        if isinstance(event, SpottedEvent):
            found: Recording | None = event.recording
        else:
            found = self.find_recording(event.media)
        if found is None:
            self.lost["clips whose file is not there: its rate and length are guessed"] += 1
            return self._guessed(event.media)
        if Path(found.path).suffix.lower() not in _LINKED:
            self.lost["clips whose file is no WAV, which other programs may not link"] += 1
        return found

    def _guessed(self, media: str) -> Recording:
        """As long as the timeline needs it to be; who links the file learns the rest from it."""
        if not self.guesses:
            hz = self.timeline.sample_rate_hz or 48_000
            for event in (event for track in self.timeline.tracks for event in track.events):
                if event.media:
                    needed_s = (event.source_in_s or 0) + event.record_out_s - event.record_in_s
                    known = self.guesses.get(event.media)
                    self.guesses[event.media] = Recording(
                        path=event.media,
                        sample_rate_hz=hz,
                        channels=max(event.channel or 1, known.channels if known else 1),
                        duration_samples=max(
                            -int(-needed_s * hz // 1), known.duration_samples if known else 1
                        ),
                    )
        return self.guesses[media]

    def _account(self, event: Event) -> None:
        untold = (
            ("speeds that are not written: the clip plays as it is", event.speed_percent != 100.0),
            ("gain automation that is left out", bool(event.gain_points)),
            ("muted clips that are not muted in it", event.muted),
        )
        self.lost.update(what for what, there in untold if there)
        if isinstance(event, SpottedEvent):
            own = (
                ("pans that are left out", event.pan != 0.0),
                ("pitch changes that are left out", event.pitch_cents != 0.0),
                ("filters, distances and rooms that are left out", bool(event.untold)),
            )
            self.lost.update(what for what, there in own if there)

    def _markers(self, composition: Any, slots: dict[str, int]) -> None:
        """One event slot a track that has markers, as Media Composer has them."""
        by_slot: dict[int, list[Marker]] = {}
        for marker in self.timeline.markers:
            by_slot.setdefault(slots.get(marker.track or "", slots[""]), []).append(marker)
        physical = {slot.slot_id: slot["PhysicalTrackNumber"].value for slot in composition.slots}
        for number, (described, markers) in enumerate(sorted(by_slot.items()), start=1):
            slot = self.create.EventMobSlot()
            slot.slot_id = _FIRST_EVENT_SLOT + number
            slot["EditRate"].value = self.fps  # Media Composer counts markers in frames
            slot["PhysicalTrackNumber"].value = physical[described]
            sequence = self.create.Sequence("DescriptiveMetadata")
            for marker in markers:
                sequence.components.append(self._marker(marker, described))
            slot.segment = sequence
            composition.slots.append(slot)

    def _marker(self, marker: Marker, described: int) -> Any:
        exact = (marker.at_s - self.start_s) * self.fps
        if exact.denominator != 1:
            self.lost["markers between frames, moved to the nearest"] += 1
        made = self.create.DescriptiveMarker()
        made.media_kind = "DescriptiveMetadata"
        made["Position"].value = max(0, round(exact))
        made["Length"].value = round(marker.duration_s * self.fps)
        made["Comment"].value = marker.comment
        made["CommentMarkerUser"].value = marker.name
        made["DescribedSlots"].value = {described}
        tags = {"_ATN_CRM_USER": marker.name, "_ATN_CRM_COM": marker.comment}
        if marker.colour:
            tags["_ATN_CRM_COLOR"] = marker.colour.capitalize()
        for name, value in tags.items():
            tag = self.create.TaggedValue(name, value)
            made["CommentMarkerAttributeList"].append(tag)
        return made
