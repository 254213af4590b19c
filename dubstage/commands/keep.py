"""`dubstage keep`, `rate` and `note`: what people say of sounds."""

import json
from typing import Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, words_of

Sound = Annotated[str, typer.Argument(metavar="ID|PATH", help="Its id, or the end of its path.")]


def keep(
    sounds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|PATH…]",
            help="Sounds, by id or the end of their path; none lists the collections.",
        ),
    ] = None,
    collection: Annotated[
        str, typer.Option("--in", metavar="NAME", help="The collection; made if there is none.")
    ] = "kept",
    drop: Annotated[bool, typer.Option("--drop", help="Take them out instead.")] = False,
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Keep sounds in a collection, or list all; find them again by "collection:NAME".

    Example: dubstage keep "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac" --in "Reel 1"
    """
    from library.marked import collections, keep_in

    if not sounds:
        every = collections(library)
        if as_json:
            rows = [{"collection": name, "sounds": held} for name, held in every]
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for name, held in every:
            typer.echo(f"{name}\t{_counted(held)}")
        return
    held = keep_in(library, collection, sounds, drop=drop)
    if as_json:
        typer.echo(json.dumps({"collection": collection, "sounds": held}, ensure_ascii=False))
    else:
        typer.echo(f"{collection}: {_counted(held)}", err=True)


def rate(
    sound: Sound,
    stars: Annotated[int, typer.Argument(min=0, max=5, help="0 takes the rating back.")],
    library: LibraryFile = NO_FILE,
) -> None:
    """Rate a sound with 1 to 5 stars; find it again by "rated:>=4".

    Example: dubstage rate "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac" 5
    """
    from library.marked import rate_sound

    rate_sound(library, sound, stars or None)


def note(
    sound: Sound,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help='"" takes the note away.')
    ] = None,
    library: LibraryFile = NO_FILE,
) -> None:
    """Write a note on a sound, or read the one that it has.

    Example: dubstage note "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac" "scene 12, not too loud"
    """
    from library.marked import note_of, note_sound

    if text is None:
        typer.echo(note_of(library, sound) or "")
    else:
        note_sound(library, sound, words_of([text]) or None)


def _counted(sounds: int) -> str:
    return f"{sounds} {'sound' if sounds == 1 else 'sounds'}"
