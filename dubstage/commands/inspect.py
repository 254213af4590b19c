"""`dubstage inspect`: what sound files say of themselves, no library needed."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def inspect(
    files: Annotated[list[Path], typer.Argument(help="Sound files.")],
    rate: Annotated[
        str | None,
        typer.Option(help="Frame rate of the start timecode; else the one a file's iXML states."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list on stdout.")] = False,
) -> None:
    """Show format, Broadcast WAV and iXML metadata, markers and start timecode of files.

    In JSON, "offset" and "size" of a chunk are those of its contents, which begin 8 bytes
    after its letters. Durations and positions are samples.

    A file that is no sound is one line on stderr and exit status 1; the others are answered.

    Example: dubstage inspect "assets_sample/DOORWood_Wood Door Slam Hard_DUBST_SMPL.flac" --json
    """
    from audio import AudioError
    from audio.files import read_header
    from audio.inspection import header_as_dict
    from audio.timecode import parse_rate

    frame_rate = None if rate is None else parse_rate(rate)
    found = []
    for file in files:
        try:
            found.append(header_as_dict(read_header(file), frame_rate))
        except AudioError as problem:
            typer.echo(f"dubstage: {problem}", err=True)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for values in found:
            typer.echo("\n".join(_lines(values)))
    if len(found) < len(files):
        raise typer.Exit(1)


def _lines(values: dict[str, Any]) -> list[str]:
    bits = "" if values["bits"] is None else f", {values['bits']} bit"
    seconds = values["duration_samples"] / values["sample_rate_hz"]
    lines = [
        values["path"],
        f"  {values['format']}, {values['sample_rate_hz']} Hz{bits}, "
        f"{values['channels']} channels ({' '.join(values['channel_labels'])})",
        f"  {values['duration_samples']} samples, {seconds:.3f} s",
    ]
    if values["start_timecode"] is not None:
        lines.append(f"  starts at {values['start_timecode']}")
    for name in ("bext", "ixml", "info", "tags"):
        lines += [f"  {name} {key}: {text}" for key, text in _texts(values[name] or {})]
    lines += [
        f"  marker {cue['id']} at {cue['position_samples']} {cue['label']}".rstrip()
        for cue in values["cues"]
    ]
    lines += [
        f"  loop {loop['kind']}, {loop['start_samples']} to {loop['end_samples']}"
        for loop in values["loops"]
    ]
    if values["adm"] is not None:
        lines.append("  carries an Audio Definition Model")
    names = " ".join(f"{chunk['id'].strip()}:{chunk['size']}" for chunk in values["chunks"])
    lines += [f"  chunks {names}"] if names else []
    lines += [f"  warning: {warning}" for warning in values["warnings"]]
    return lines


def _texts(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What is given, groups as "user/CATID", tracks as "tracks/1"."""
    texts = []
    for key, value in values.items():
        if isinstance(value, dict):
            texts += [(f"{key}/{below}", text) for below, text in _texts(value)]
        elif key == "tracks":
            texts += [
                (f"track {number}", f"{track['name']} {track['function']}".strip())
                for number, track in enumerate(value, 1)
            ]
        elif value not in (None, ""):
            texts.append((key, " / ".join(str(value).splitlines())))
    return texts
