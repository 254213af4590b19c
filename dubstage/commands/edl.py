"""`dubstage edl`: what an edit decision list says, line by line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from premix.edl import Edit, Edl


def edl(
    file: Annotated[Path, typer.Argument(help="An EDL (CMX 3600 or a relative of it).")],
    rate: Annotated[str, typer.Option(help="Frame rate of the record side, e.g. 23.976, 29.97df.")],
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a list with problems.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Read a cut list: every event, every line that needs a look, none lost.

    Example: dubstage edl assets_sample/reel1.edl --rate 24
    """
    from audio.timecode import parse_rate
    from premix.edl import read_edl

    read = read_edl(file, parse_rate(rate), strict=strict)
    if as_json:
        typer.echo(json.dumps(_as_json(read), ensure_ascii=False))
        return
    typer.echo(f"{read.title or file.name}: {len(read.events)} edits at {read.rate.name}")
    for edit in read.events:
        typer.echo(_as_row(edit))
    for report in read.reported:
        typer.echo(f"{file.name}, line {report.line}: {report.problem}", err=True)


def _as_row(edit: "Edit") -> str:
    transition = edit.kind + (f" {edit.transition_frames}" if edit.transition_frames else "")
    speed = "" if edit.speed_percent == 100 else f"  {edit.speed_percent:g} %"
    return (
        f"{edit.number:>6}  {edit.record_in_label}  {edit.record_out_label}  "
        f"{','.join(edit.channels) or '–':<6} {transition:<12} {edit.clip_name or edit.reel}{speed}"
    )


def _as_json(read: "Edl") -> dict[str, Any]:
    return {
        "title": read.title,
        "rate": read.rate.name,
        "events": [
            {
                "number": edit.number,
                "line": edit.line,
                "reel": edit.reel,
                "channels": edit.channels,
                "transition": {"kind": edit.kind, "frames": edit.transition_frames},
                "source_in": edit.source_in_label,
                "source_out": edit.source_out_label,
                "record_in": edit.record_in_label,
                "record_out": edit.record_out_label,
                "clip_name": edit.clip_name,
                "from_clip_name": edit.from_clip_name,
                "to_clip_name": edit.to_clip_name,
                "source_file": edit.source_file,
                "effect_name": edit.effect_name,
                "wipe_code": edit.wipe_code,
                "speed_percent": edit.speed_percent,
                "reverse": edit.reverse,
                "freeze": edit.freeze,
                "locators": [_locator(locator) for locator in edit.locators],
                "audio_levels": [
                    {"timecode": level.timecode, "level_db": level.level_db}
                    for level in edit.audio_levels
                ],
                "comments": edit.comments,
            }
            for edit in read.events
        ],
        "locators": [_locator(locator) for locator in read.locators],
        "reported": [
            {
                "line": report.line,
                "text": report.text,
                "problem": report.problem,
                "severity": report.severity,
            }
            for report in read.reported
        ],
    }


def _locator(locator: Any) -> dict[str, Any]:
    return {"timecode": locator.timecode, "colour": locator.colour, "text": locator.text}
