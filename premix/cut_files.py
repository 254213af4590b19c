"""One door for every kind of timeline file: EDL, OpenTimelineIO, AAF, Pro Tools text, FCP XML."""

from fractions import Fraction
from functools import cache
from pathlib import Path

from audio.timecode import FrameRate, Timecode, TimecodeError
from premix import PremixError
from premix.cut import Event, Marker, Report, Timeline, TimelineTrack
from premix.edl import Edl, read_edl
from premix.plain_text import decode
from premix.pro_tools import is_pro_tools_text, parse_pro_tools

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # AAF is Microsoft's structured storage


def read_timeline(path: Path, rate: FrameRate | None = None, *, strict: bool = False) -> Timeline:
    """Read a timeline, whatever its kind; the file's content, not its name, tells which.

    Args:
        rate: of an EDL, which does not state its own; others know theirs.
        strict: refuse a file of which something would be reported.

    Raises:
        PremixError: no such file, a kind that is not read, or an EDL without a rate.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror}") from None
    timeline = _read(path, head, rate, strict)
    if strict and timeline.reported and timeline.format != "EDL":
        first = timeline.reported[0]
        raise PremixError(f"{path.name}, {first.where}: {first.problem}")
    return timeline


def _read(path: Path, head: bytes, rate: FrameRate | None, strict: bool) -> Timeline:
    if head.startswith(_COMPOUND_FILE):
        from premix.cut_aaf import read_aaf

        return read_aaf(path)
    if path.suffix.lower() in (".otio", ".otioz") or b'"OTIO_SCHEMA"' in head:
        from premix.cut_otio import read_otio

        return read_otio(path, rate)
    if b"<xmeml" in head or b"<fcpxml" in head:
        from premix.cut_otio import read_fcp_xml

        return read_fcp_xml(path, rate)
    if is_pro_tools_text(head.decode("latin-1").removeprefix("ï»¿")):
        return parse_pro_tools(decode(path.read_bytes(), path.name, "a Pro Tools text export"))
    if rate is None:
        raise PremixError(f"{path}: an EDL does not state its frame rate; state it with --rate")
    return timeline_of_edl(read_edl(path, rate, strict=strict), path.stem)


def timeline_of_edl(edl: Edl, name: str = "") -> Timeline:
    """An EDL's edits by track; one on several tracks stands on each of them."""
    fps = edl.rate.fps

    @cache  # an edit begins where the one before it ends
    def seconds_of(frame: int) -> Fraction:
        return Fraction(frame * fps.denominator, fps.numerator)

    by_channel: dict[str, list[Event]] = {}
    markers: list[Marker] = []
    for edit in edl.events:
        if edit.record_in is None or edit.record_out is None:
            continue  # reported by the reader
        if edit.record_out.frame < edit.record_in.frame:
            continue
        event = Event(
            number=edit.number,
            name=edit.clip_name or "",
            record_in_s=seconds_of(edit.record_in.frame),
            record_out_s=seconds_of(edit.record_out.frame),
            source_in_s=seconds_of(edit.source_in.frame) if edit.source_in else None,
            source_out_s=seconds_of(edit.source_out.frame) if edit.source_out else None,
            reel=edit.reel,
            media=edit.source_file,
            fade_in_s=seconds_of(edit.transition_frames),
            speed_percent=edit.speed_percent,
            comments=edit.comments,
        )
        for channel in edit.channels or ("NONE",):
            by_channel.setdefault(channel, []).append(event)
    reported = [Report(f"line {report.line}", report.problem) for report in edl.reported]
    for locator in [*edl.locators, *(mark for edit in edl.events for mark in edit.locators)]:
        try:
            at_s = Timecode.parse(locator.timecode, edl.rate).seconds
        except TimecodeError as problem:
            reported.append(Report("locator", str(problem)))
            continue
        markers.append(Marker(at_s=at_s, name=locator.text, colour=locator.colour))
    starts = [event.record_in_s for events in by_channel.values() for event in events]
    return Timeline(
        name=edl.title or name,
        format="EDL",
        rate=edl.rate,
        start_s=min(starts, default=Fraction(0)),
        tracks=tuple(
            TimelineTrack(
                name=channel,
                kind="picture" if channel.startswith("V") else "sound",
                events=tuple(by_channel[channel]),
            )
            for channel in sorted(by_channel, key=_track_order)
        ),
        markers=tuple(sorted(markers, key=lambda marker: marker.at_s)),
        reported=tuple(reported),
    )


def _track_order(channel: str) -> tuple[str, int]:
    """V before A, A2 before A10."""
    return (
        "" if channel.startswith("V") else channel[:1],
        int(channel[1:] or 1) if channel[1:].isdigit() else 0,
    )
