"""`dubstage timeline`: what a cutting room sent, whatever the file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from premix.cut import Timeline


def timeline(
    file: Annotated[
        Path, typer.Argument(help="EDL, OpenTimelineIO, AAF, Pro Tools text or Final Cut XML.")
    ],
    rate: Annotated[
        str | None, typer.Option(help="Frame rate, which an EDL does not state: 24, 29.97df …")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a file with problems.")] = False,
    cues: Annotated[
        bool, typer.Option("--cues", help="Tell the cues in its markers and guide tracks instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Read a timeline: tracks, events, markers, start and rate; or the cues that it holds.

    Example: dubstage timeline assets_sample/reel1.edl --rate 24
    """
    from audio.timecode import parse_rate
    from premix.cut_files import read_timeline

    read = read_timeline(file, parse_rate(rate) if rate else None, strict=strict)
    if cues:
        _tell_cues(read, as_json)
        return
    if as_json:
        typer.echo(json.dumps(_as_json(read), ensure_ascii=False))
        return
    start = read.label(read.start_s)
    typer.echo(f"{read.name or file.name}: {read.format} at {read.rate.name} from {start}")
    for track in read.tracks:
        typer.echo(f"\n{track.name} ({track.kind}, {len(track.events)} events)")
        for event in track.events:
            span = f"{read.label(event.record_in_s)}  {read.label(event.record_out_s)}"
            typer.echo(f"  {event.number:>6}  {span}  {event.name or event.reel}")
    for marker in read.markers:
        typer.echo(f"marker  {read.label(marker.at_s)}  {marker.name}  {marker.comment}".rstrip())
    for report in read.reported:
        typer.echo(f"{file.name}, {report.where}: {report.problem}", err=True)


def _tell_cues(read: "Timeline", as_json: bool) -> None:
    """What a cue sheet of these markers and clips would say."""
    from premix.cue_sources import cues_of_timeline

    sheet = cues_of_timeline(read)
    if as_json:
        told = {
            "cues": [
                {
                    "cue": cue.number,
                    "stem": cue.track_name,
                    "in": str(cue.record_in),
                    "out": None if cue.record_out is None else str(cue.record_out),
                    "query": cue.query,
                    "sound": cue.sound,
                    "steps": cue.steps,
                    "pace": cue.pace,
                    "gain_db": cue.gain_db,
                    "note": cue.note,
                }
                for cue in sheet.cues
            ],
            "problems": [str(problem) for problem in sheet.problems],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for cue in sheet.cues:
        out = "" if cue.record_out is None else str(cue.record_out)
        typer.echo(f"{cue.number:<6} {cue.record_in}  {out:<11}  {cue.track_name:<14} {cue.query}")
    for problem in sheet.problems:
        typer.echo(f"{read.name}, {problem}", err=True)


def _as_json(read: "Timeline") -> dict[str, Any]:
    def label(at_s: Any) -> str | None:
        return None if at_s is None else read.label(at_s)

    return {
        "name": read.name,
        "format": read.format,
        "rate": read.rate.name,
        "start_timecode": read.label(read.start_s),
        "sample_rate_hz": read.sample_rate_hz,
        "tracks": [
            {
                "name": track.name,
                "kind": track.kind,
                "channels": track.channels,
                "comments": track.comments,
                "events": [
                    {
                        "number": event.number,
                        "name": event.name,
                        "reel": event.reel,
                        "media": event.media,
                        "record_in": label(event.record_in_s),
                        "record_out": label(event.record_out_s),
                        "record_in_s": float(event.record_in_s),
                        "record_out_s": float(event.record_out_s),
                        "source_in": label(event.source_in_s),
                        "source_out": label(event.source_out_s),
                        "fade_in_s": float(event.fade_in_s),
                        "fade_out_s": float(event.fade_out_s),
                        "gain_db": event.gain_db,
                        "speed_percent": event.speed_percent,
                        "muted": event.muted,
                        "channel": event.channel,
                        "comments": event.comments,
                    }
                    for event in track.events
                ],
            }
            for track in read.tracks
        ],
        "markers": [
            {
                "timecode": label(marker.at_s),
                "name": marker.name,
                "comment": marker.comment,
                "colour": marker.colour,
                "track": marker.track,
                "duration_s": float(marker.duration_s),
            }
            for marker in read.markers
        ],
        "reported": [
            {"where": report.where, "problem": report.problem} for report in read.reported
        ],
        "metadata": read.metadata,
    }
