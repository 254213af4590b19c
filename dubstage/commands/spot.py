"""`dubstage spot`: a cue sheet becomes a session."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.history import remember_use
from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

if TYPE_CHECKING:
    from premix.timeline import Session

CueSheetFile = Annotated[
    Path, typer.Argument(metavar="CUES", help="A cue sheet, or a timeline whose markers are cues.")
]
RateName = Annotated[
    str, typer.Option("--rate", metavar="R", help="Frame rate of the timecode: 24, 25, 29.97df …")
]
SessionFile = Annotated[
    Path, typer.Option("-o", "--out", metavar="SESSION.otio", help="The session to write.")
]
PictureFile = Annotated[
    Path | None, typer.Option(metavar="EDL", help="The picture's cut: EDL, OTIO or AAF.")
]
SampleRate = Annotated[
    int, typer.Option(min=8_000, max=384_000, metavar="HZ", help="Sample rate of the session.")
]
Start = Annotated[
    str | None,
    typer.Option(
        metavar="TC",
        show_default="the picture's first frame, else the first cue's hour",
        help="Where the reel begins.",
    ),
]
Name = Annotated[str | None, typer.Option(help="The session's name.", show_default="the file's")]
Shuffle = Annotated[
    list[str] | None,
    typer.Option(metavar="CUE", help="Cast this cue anew; again and again if wanted."),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Forget what an earlier SESSION.otio had chosen.")
]


def spot(
    cues: CueSheetFile,
    rate: RateName,
    out: SessionFile,
    library: LibraryFile = NO_FILE,
    picture: PictureFile = None,
    sample_rate: SampleRate = 48_000,
    start: Start = None,
    name: Name = None,
    shuffle: Shuffle = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Cast the cues of a sheet from the library and lay them against timecode.

    Where SESSION.otio is there already, its choices stand for all that the sheet has not changed.

    Example: dubstage spot reel1.cues.csv --picture reel1.edl --rate 24 -o reel1.otio
    """
    from premix import PremixError
    from premix.session import SessionError, read_session, write_session

    try:
        previous = read_session(out) if out.exists() and not fresh else None
    except SessionError as problem:
        raise PremixError(f"{problem}; to write over it: --fresh") from None
    session = session_of(
        cues,
        rate,
        library,
        picture,
        sample_rate,
        start,
        name or out.stem,
        previous=previous,
        shuffle=shuffle or (),
    )
    write_session(session, out)
    remember_use(library, session, out)
    tell(session, out, as_json)


def session_of(
    cues: Path,
    rate_name: str,
    library: Path,
    picture: Path | None,
    sample_rate_hz: int,
    start_label: str | None,
    name: str,
    *,
    previous: "Session | None" = None,
    shuffle: "list[str] | tuple[str, ...]" = (),
) -> "Session":
    """Read the sheet and the picture, and spot them from the library."""
    from contextlib import closing
    from dataclasses import replace
    from functools import cache

    from audio.timecode import Timecode, parse_rate
    from db.connect import open_catalogue
    from premix.cue_sounds import sounds_of
    from premix.cue_sources import read_any_cues
    from premix.guide import read_guide
    from premix.picture import read_picture, start_of
    from premix.shelf import LibraryShelf
    from premix.spotting import spot as spot_sheet

    rate = parse_rate(rate_name)
    shots = read_picture(picture, rate) if picture is not None else ()
    start = Timecode.parse(start_label, rate) if start_label else start_of(shots, rate)
    with closing(open_catalogue(library)) as connection:
        sheet = read_any_cues(cues, rate, feet_from=start, find_sound=sounds_of(connection))
        shelf = LibraryShelf(connection)
        session = spot_sheet(
            sheet,
            shelf,
            sample_rate_hz=sample_rate_hz,
            name=name,
            picture=shots,
            start=start,
            roots=shelf.roots(),
            # A guide lies beside the sheet that names it, unless its path says more.
            hear_guide=cache(lambda guide: read_guide(cues.parent / guide)),
            previous=previous,
            shuffle=shuffle,
        )
    # So that a choice made on the session can be written back to its sheet.
    known = {**session.metadata, "cue_sheet_path": str(cues.resolve())}
    return replace(session, metadata=known)


def tell(session: "Session", out: Path, as_json: bool) -> None:
    """Print what was spotted; leave with status 1 where something is missing."""
    from premix.session import summary

    if as_json:
        typer.echo(json.dumps({"session": str(out), **summary(session)}, ensure_ascii=False))
    else:
        for track in session.tracks:
            lane = f"{track.stem}:{track.name} {track.lane + 1}"
            typer.echo(f"{lane:<24} {len(track.clips):>5} clips")
        typer.echo(f"{'session':<24} {out}")
    for note in session.metadata.get("notes", ()):
        typer.echo(f"dubstage: note: {note}", err=True)
    for problem in session.problems:
        typer.echo(f"dubstage: {problem}", err=True)
    if session.problems:
        raise typer.Exit(1)
