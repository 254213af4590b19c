"""`dubstage map`: what a search finds, laid out by sound."""

from pathlib import Path
from typing import Annotated

import typer

from dubstage.commands.options import NO_FILE, LibraryFile, words_of


def map_sounds(
    page: Annotated[Path, typer.Argument(metavar="PAGE.html", help="The page to write.")],
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]", help="As for search; none is all.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many sounds at most.")] = 2000,
    library: LibraryFile = NO_FILE,
) -> None:
    """Draw a map of sounds on which what is alike lies together: one page, no network.

    Example: dubstage map footsteps.html footsteps
    """
    from contextlib import closing

    from db.connect import open_catalogue
    from library.sound_map import draw

    if page.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{page}: the page is written as .html, and named first")
    with closing(open_catalogue(library)) as connection:
        drawn = draw(connection, words_of(words), limit, page)
    typer.echo(f"{page}: {drawn} sounds", err=True)
