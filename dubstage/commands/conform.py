"""`dubstage conform`: the picture was cut again, and every sound follows its shot."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.options import AsJson

if TYPE_CHECKING:
    from premix.conform import Conformed


def conform(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The cut that was spotted.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The cut that it has become.")],
    session: Annotated[Path, typer.Argument(metavar="SESSION.otio", help="What was spotted.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="NEW_SESSION.otio", help="What to write.")
    ],
    rate: Annotated[
        str | None,
        typer.Option(metavar="R", help="Frame rate of the cuts.", show_default="the session's"),
    ] = None,
    changes: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A change list to write: .csv or .html; again for both."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Move a session from one cut of the picture to another, and tell what changed.

    Leaves with status 1 where a cue has lost its shot.

    Example: dubstage conform reel1_v7.edl reel1_v8.edl reel1.otio -o reel1_v8.otio
    """
    from audio.timecode import parse_rate
    from premix.change_report import write_changes
    from premix.conform import conform as conform_session
    from premix.cut_files import read_timeline
    from premix.session import read_session, write_session

    spotted = read_session(session)
    counted = parse_rate(rate) if rate else spotted.rate
    found = conform_session(read_timeline(old, counted), read_timeline(new, counted), spotted)
    write_session(found.session, out)
    for path in changes or ():
        write_changes(found, path)
    _tell(found, out, as_json)
    if any(cue.state == "orphaned" for cue in found.cues):
        raise typer.Exit(1)


def _tell(found: "Conformed", out: Path, as_json: bool) -> None:
    from premix.change_report import change_rows, state_counts

    counts = state_counts(found)
    if as_json:
        told = {"session": str(out), **counts, "changes": list(change_rows(found))}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for kind, states in counts.items():
        typer.echo(f"{kind:<8} {', '.join(f'{count} {state}' for state, count in states.items())}")
    for row in change_rows(found):
        if row["what"] == "cue" and row["state"] not in ("kept", "moved"):
            typer.echo(
                f"cue {row['number']} ({row['name']}, was {row['old_in']}): "
                f"{row['state']}{': ' if row['detail'] else ''}{row['detail']}",
                err=True,
            )
        elif row["detail"] == "new, without cues":
            typer.echo(f"shot {row['name']} at {row['new_in']}: {row['detail']}", err=True)
    typer.echo(f"session  {out}")
