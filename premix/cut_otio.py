"""OpenTimelineIO files as a cut: any `.otio`, and what its adapters turn into one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.timecode import FrameRate, TimecodeError, parse_rate
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack

_DROP_FRAME = re.compile(
    r"<displayformat>(?P<display>N?DF)</displayformat>|<sequence\b[^>]*\btcFormat=.(?P<format>N?DF)"
)
_START = re.compile(r"<sequence\b[^>]*\btcStart=.([0-9]+)(?:/([1-9][0-9]*))?s")
_KINDS = {"Video": "picture", "Audio": "sound"}


def read_otio(path: Path, rate: FrameRate | None = None) -> Timeline:
    """Read an OpenTimelineIO file.

    Args:
        rate: how its frames are labelled; None takes the rate that its clips are cut at.

    Raises:
        PremixError: not such a file, a schema this program does not know, or no
            timeline in it.
    """
    import opentimelineio as otio

    try:
        adapter = "otioz" if path.suffix.lower() == ".otioz" else "otio_json"
        root = otio.adapters.read_from_file(str(path), adapter_name=adapter)
    except (otio.exceptions.OTIOError, OSError, ValueError) as problem:
        first_line = str(problem).strip().splitlines()[0]
        raise PremixError(f"{path}: not an OpenTimelineIO file: {first_line}") from None
    return timeline_from_otio(root, path.name, rate)


def read_fcp_xml(path: Path, rate: FrameRate | None = None) -> Timeline:
    """Read Final Cut Pro 7 XML (which Premiere and Resolve write too) or Final Cut Pro X XML.

    Raises:
        PremixError: OpenTimelineIO's adapters cannot read it.
    """
    import opentimelineio as otio

    text = path.read_bytes().decode("utf-8", errors="replace")
    adapter = "fcpx_xml" if "<fcpxml" in text[:4096] else "fcp_xml"
    try:
        root = otio.adapters.read_from_file(str(path), adapter_name=adapter)
    except Exception as problem:  # the adapters meet what they do not know as any kind of error
        raise PremixError(f"{path}: not a Final Cut XML that can be read: {problem!r}") from None
    timeline = timeline_from_otio(root, path.name, rate)
    # The adapters leave out how frames are counted, and where a Final Cut Pro X project begins.
    counted = _DROP_FRAME.search(text)
    if rate is None and counted is not None and timeline.rate.can_drop:
        drop = (counted["display"] or counted["format"]) == "DF"
        timeline = replace(timeline, rate=timeline.rate.with_drop(drop))
    if adapter == "fcpx_xml":
        start = _START.search(text)
        start_s = Fraction(int(start[1]), int(start[2] or 1)) if start else timeline.start_s
        return replace(timeline, format="FCPX XML", start_s=start_s)
    return replace(timeline, format="FCP XML")


def timeline_from_otio(root: Any, file_name: str, rate: FrameRate | None = None) -> Timeline:
    """Turn an OpenTimelineIO object into a cut.

    Raises:
        PremixError: it is no timeline, or holds objects of an unknown schema at its top.
    """
    import opentimelineio as otio

    if isinstance(root, otio.schema.SerializableCollection):
        timelines = [child for child in root if isinstance(child, otio.schema.Timeline)]
        root = timelines[0] if timelines else root
    if not isinstance(root, otio.schema.Timeline):
        name = root.schema_name() if hasattr(root, "schema_name") else type(root).__name__
        raise PremixError(f"{file_name}: holds a {_unknown(root) or name}, which is not a Timeline")
    return _Reader(root, file_name, rate).read()


class _Reader:
    """One OpenTimelineIO timeline on its way to a `Timeline`."""

    def __init__(self, root: Any, file_name: str, rate: FrameRate | None) -> None:
        self.root = root
        self.rate = rate or _rate_of(root, file_name)
        start = root.global_start_time
        self.start_s = _seconds(start, self.rate) if start else Fraction(0)
        self.reported: list[Report] = []

    def read(self) -> Timeline:
        tracks = [self._track(track) for track in self.root.tracks if hasattr(track, "kind")]
        return Timeline(
            name=self.root.name,
            format="OTIO",
            rate=self.rate,
            start_s=self.start_s,
            tracks=tuple(tracks),
            markers=tuple(self._markers()),
            reported=tuple(self.reported),
        )

    def _track(self, track: Any) -> TimelineTrack:
        for child in track:
            if unknown := _unknown(child):
                self.reported.append(Report(track.name, f"holds a {unknown}, which is not known"))
        clips = track.find_clips()
        return TimelineTrack(
            name=track.name,
            kind=_KINDS.get(track.kind, track.kind.lower()),
            events=tuple(self._event(clip, track, index) for index, clip in enumerate(clips, 1)),
        )

    def _event(self, clip: Any, track: Any, index: int) -> Event:
        import opentimelineio as otio

        source = clip.trimmed_range()
        # A clip in a nested stack lies where its outermost parent shows it, and no further.
        outer = clip
        while outer.parent() is not None and outer.parent() is not track:
            outer = outer.parent()
        shown = track.range_of_child(outer)
        begin, end = _seconds(shown.start_time), _seconds(shown.end_time_exclusive())
        if outer is not clip:
            inner = clip.transformed_time_range(source, track)
            begin = max(begin, _seconds(inner.start_time))
            end = max(begin, min(end, _seconds(inner.end_time_exclusive())))
        speed_percent = 100.0
        for effect in clip.effects:
            if isinstance(effect, otio.schema.FreezeFrame):
                speed_percent = 0.0
            elif isinstance(effect, otio.schema.LinearTimeWarp):
                speed_percent *= effect.time_scalar
        before, after = track.neighbors_of(outer) if outer is clip else (None, None)
        # A transition shows of each clip also what lies beyond the cut: so both overlap.
        earlier_s, later_s = _offset(before, "in_offset"), _offset(after, "out_offset")
        media = clip.media_reference
        return Event(
            number=str(index),
            name=clip.name,
            record_in_s=self.start_s + begin - earlier_s,
            record_out_s=self.start_s + end + later_s,
            source_in_s=_seconds(source.start_time) - earlier_s,
            source_out_s=_seconds(source.end_time_exclusive()) + later_s,
            reel=str(_reel(clip)),
            media=getattr(media, "target_url", None) or None,
            fade_in_s=earlier_s + _offset(before, "out_offset"),
            fade_out_s=_offset(after, "in_offset") + later_s,
            speed_percent=speed_percent,
            muted=not getattr(clip, "enabled", True),
        )

    def _markers(self) -> Iterator[Marker]:
        for owner, track in self._owners():
            for marker in owner.markers:
                at = owner.transformed_time(marker.marked_range.start_time, self.root.tracks)
                yield Marker(
                    at_s=self.start_s + _seconds(at),
                    name=marker.name,
                    comment=_comment(marker),
                    colour=marker.color or None,
                    track=track,
                    duration_s=_seconds(marker.marked_range.duration),
                )

    def _owners(self) -> Iterator[tuple[Any, str | None]]:
        yield self.root.tracks, None
        for track in self.root.tracks:
            yield track, track.name
            for child in track.find_children() if hasattr(track, "find_children") else ():
                if hasattr(child, "markers"):
                    yield child, track.name


def _unknown(child: Any) -> str | None:
    """Name of a schema that this OpenTimelineIO does not know; None if it does."""
    if not hasattr(child, "original_schema_name"):
        return None
    return f"{child.original_schema_name}.{child.original_schema_version}"


def _seconds(time: Any, rate: FrameRate | None = None) -> Fraction:
    """Exact seconds of a rational time; a rate that rounds an NTSC rate is that rate."""
    return Fraction(time.value) / _exact_rate(time.rate)


def _exact_rate(rate: float) -> Fraction:
    """30000/1001 for 29.97: files write rates as decimals."""
    try:
        return parse_rate(f"{rate:.6f}").fps
    except TimecodeError:
        return Fraction(rate).limit_denominator(1001)


def _rate_of(root: Any, file_name: str) -> FrameRate:
    times = [root.global_start_time] if root.global_start_time else []
    times += [clip.trimmed_range().duration for clip in root.find_clips()]
    for time in times:
        try:
            return parse_rate(f"{time.rate:.6f}")
        except TimecodeError:
            continue  # a rate of samples
    raise PremixError(f"{file_name}: does not tell a frame rate; state it with --rate")


def _reel(clip: Any) -> str:
    """Where adapters keep the reel's name."""
    for adapter in clip.metadata.values():
        if hasattr(adapter, "get") and adapter.get("reel"):
            return str(adapter["reel"])
    media = getattr(clip.media_reference, "metadata", {}).get("fcp_xml", {})
    for step in ("timecode", "reel", "name"):
        media = media.get(step) if hasattr(media, "get") else None
    return str(media or "")


def _comment(marker: Any) -> str:
    final_cut = marker.metadata.get("fcp_xml", {})
    told = getattr(marker, "comment", "") or (
        final_cut.get("comment") if hasattr(final_cut, "get") else ""
    )
    return str(told or "")


def _offset(neighbour: Any, name: str) -> Fraction:
    """How far a transition beside a clip reaches to one side; 0 where there is none."""
    return _seconds(getattr(neighbour, name)) if hasattr(neighbour, name) else Fraction(0)
