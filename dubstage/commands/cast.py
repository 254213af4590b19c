"""`dubstage cast`: what each cue would be played with, and what else there is."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

Only = Annotated[list[str] | None, typer.Option("--cue", metavar="CUE", help="Only this cue.")]
Limit = Annotated[int, typer.Option(min=1, help="How many recordings to show for a cue.")]


def cast(
    cues: Annotated[Path, typer.Argument(metavar="CUES", help="The cue sheet, CSV.")],
    rate: Annotated[str, typer.Option("--rate", metavar="R", help="Frame rate: 24, 25 …")],
    library: LibraryFile = NO_FILE,
    cue: Only = None,
    limit: Limit = 4,
    as_json: AsJson = False,
) -> None:
    """List for each cue of a sheet the sounds that might play it, best first, with scores.

    To choose one, write its path into the sheet's column "sound".

    Example: dubstage cast reel1.cues.csv --rate 24 --cue F102
    """
    from contextlib import closing

    from audio.timecode import Timecode, parse_rate
    from db.connect import open_catalogue
    from premix.cues import read_cues
    from premix.shelf import LibraryShelf
    from premix.shortlist import shortlists

    frame_rate = parse_rate(rate)
    sheet = read_cues(cues, frame_rate, feet_from=Timecode(0, frame_rate))
    with closing(open_catalogue(library)) as connection:
        lists, problems = shortlists(sheet, LibraryShelf(connection), only=cue or (), limit=limit)
    if as_json:
        typer.echo(json.dumps({"cues": lists, "problems": problems}, ensure_ascii=False))
    else:
        for shortlist in lists:
            _tell(shortlist)
    for problem in problems:
        typer.echo(f"dubstage: {problem}", err=True)
    if problems:
        raise typer.Exit(1)


def _tell(shortlist: dict[str, Any]) -> None:
    asked = shortlist["query"] or shortlist["like"] or shortlist["sound"] or shortlist["who"]
    typer.echo(f"{shortlist['cue']}  {shortlist['track']}  {asked}")
    for rank, found in enumerate(shortlist["candidates"], start=1):
        typer.echo(
            f"  {rank:>2}  {found['score']:>8.3f}  {found['takes']:>3} takes  "
            f"{found['path']}  ({found['why']})"
        )
