"""`dubstage watch`: the library stays current by itself."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile
from dubstage.commands.scan import known_or_wrong

if TYPE_CHECKING:
    from library.scan import ScanResult


def watch(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="ROOT...", help="Folders of sounds; all known ones if not given."),
    ] = None,
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Scan folders, and again whenever their sounds change, until stopped with Control-C.

    Example: dubstage watch assets_sample
    """
    from library.watch import watch as watch_folders

    watched = folders or _there(library)
    with suppress(KeyboardInterrupt):  # is how it ends
        for result in watch_folders(watched, library):
            _tell(result, as_json)


def _tell(result: "ScanResult", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(result), ensure_ascii=False))
        return
    typer.echo(
        f"{result.assets} sounds: {result.new} new, {result.changed} changed,"
        f" {result.moved} moved, {result.forgotten} forgotten, {result.refused} refused"
    )
    for problem in result.problems:
        typer.echo(f"dubstage: {problem}", err=True)


def _there(library: Path) -> list[Path]:
    """The library's own folders, but for those whose drives are not mounted."""
    known = known_or_wrong(library, "watch")
    there = [folder for folder in known if folder.is_dir()]
    for folder in known:
        if folder not in there:
            typer.echo(f"dubstage: {folder} is not there, and is not watched", err=True)
    return there or known
