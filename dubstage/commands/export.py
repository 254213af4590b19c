"""`dubstage export`: a session, a timeline or a cue sheet for other programs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dubstage.commands.options import AsJson


def export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A session, any timeline that is read, or a cue sheet."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", metavar="FILE", help="To write: .edl .otio .aaf .rpp .txt .csv .pdf"
        ),
    ],
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate", metavar="R", help="Frame rate of an EDL or a cue sheet: 24, 29.97df"
        ),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            envvar="DUBSTAGE_LIBRARY",
            metavar="FILE",
            help="The library that knows where moved sounds are now.",
        ),
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format", help="edl, otio, aaf, reaper, protools, csv or pdf, not by suffix."
        ),
    ] = None,
    dialect: Annotated[str, typer.Option(help="Of an EDL: cmx3600 or file_32.")] = "cmx3600",
    counter: Annotated[
        str, typer.Option(help="Of a Pro Tools text: timecode or samples.")
    ] = "timecode",
    track: Annotated[
        list[str] | None,
        typer.Option(
            "--track", metavar="NAME", help="Only tracks that begin so: foley, foley:feet"
        ),
    ] = None,
    media: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Copy a session's recordings there, as WAV, and link those."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing where the format would lose something.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a session, a timeline or a cue sheet as a file that other programs open.

    Example: dubstage export reel1.otio -o reel1.rpp
    """
    from audio.timecode import parse_rate
    from premix.export import Options
    from premix.export import export as write

    options = Options(
        format=file_format,
        dialect=dialect,
        counter=counter,
        tracks=tuple(track or ()),
        media=media,
        strict=strict,
    )
    known_rate = parse_rate(rate) if rate else None
    written = write(file, out, known_rate, options=options, folders=_folders(library))
    if as_json:
        told = {
            "file": str(written.path),
            "format": written.format,
            "tracks": written.tracks,
            "events": written.events,
            "reported": [{"where": one.where, "problem": one.problem} for one in written.reported],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{written.path}: {written.tracks} tracks, {written.events} events")
    for one in written.reported:
        typer.echo(f"{out.name}, {one.where}: {one.problem}", err=True)


def _folders(library: Path | None) -> dict[str, str]:
    """Where the library has its roots now."""
    from contextlib import closing

    from db import roots
    from db.connect import open_catalogue

    if library is None:
        return {}
    with closing(open_catalogue(library)) as catalogue:
        return dict(roots.folders(catalogue))
