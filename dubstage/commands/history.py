"""`dubstage history`: what was used where."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

if TYPE_CHECKING:
    from premix.timeline import Session


def history(
    sound: Annotated[
        str | None,
        typer.Argument(metavar="[ID|PATH]", help="A sound, by id or the end of its path."),
    ] = None,
    forget: Annotated[
        str | None,
        typer.Option(metavar="SESSION", help="Forget a session, by its name or its file."),
    ] = None,
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Tell in which sessions a sound plays, or which sessions are remembered.

    Spotting and rendering remember; find a session's sounds again by "used:SESSION".

    Example: dubstage history "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac"
    """
    from library.history import forget as forget_session
    from library.history import sessions_used, uses_of_sound

    if forget is not None:
        typer.echo(f"{forget}: {forget_session(library, forget)} clips forgotten", err=True)
        return
    if sound is None:
        sessions = sessions_used(library)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in sessions], ensure_ascii=False))
            return
        if not sessions:
            typer.echo(
                "dubstage: no session is remembered yet; spot, build or render one", err=True
            )
        for one in sessions:
            counts = f"{one.sounds} sounds, {one.clips} clips"
            typer.echo(f"{one.session}\t{one.used_at}\t{counts}\t{one.file}")
        return
    uses = uses_of_sound(library, sound)
    if as_json:
        typer.echo(json.dumps([asdict(use) for use in uses], ensure_ascii=False))
        return
    if not uses:
        typer.echo(f"dubstage: {sound} plays in no session that is remembered", err=True)
    for use in uses:
        where = f"{use.stem}:{use.track}"
        typer.echo(f"{use.session}\tcue {use.cue}\t{where}\t{use.timecode}\ttake {use.take}")


def remember_use(library: Path | None, session: "Session", file: Path) -> None:
    """Tell the library what a session plays; where it cannot be told, say so and go on."""
    if library is None:
        return
    from library import LibraryError
    from library.history import remember
    from premix.uses import uses_of

    try:
        remember(library, session.name, file, uses_of(session))
    except LibraryError as problem:
        typer.echo(f"dubstage: note: {problem}", err=True)
