"""`dubstage duplicates`: sounds that the library has more than once."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown

if TYPE_CHECKING:
    from library.asset import Asset
    from library.duplicates import Duplicate

_DOING = {"takes": "looking for takes that are alike", "suspects": "comparing files"}


def duplicates(
    library: LibraryFile = NO_FILE,
    exact: Annotated[
        bool, typer.Option("--exact", help="Only the same samples; reads no sound.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List files that hold the same sound, or nearly, each with how it differs. Deletes nothing.

    Example: dubstage duplicates --exact
    """
    from db.connect import open_catalogue
    from library.duplicates import duplicates as find

    with _progress() as show:
        found = list(find(open_catalogue(library), near=not exact, progress=show))
    if as_json:
        pairs = [
            {
                "first": _as_json(pair.first),
                "second": _as_json(pair.second),
                "exact": pair.is_exact,
                "reasons": pair.reasons,
            }
            for pair in found
        ]
        typer.echo(json.dumps({"duplicates": pairs}, ensure_ascii=False))
        return
    by_first = dict[int, list["Duplicate"]]()
    for pair in found:
        by_first.setdefault(pair.first.id, []).append(pair)
    for pairs_of_one in by_first.values():
        typer.echo(_place(pairs_of_one[0].first))
        for pair in pairs_of_one:
            typer.echo(f"\t{_place(pair.second)}\t{', '.join(pair.reasons)}")
    copies = len({pair.second.id for pair in found})
    typer.echo(f"{copies} {'copy' if copies == 1 else 'copies'} of other files", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for each part of the work; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _doing, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        tasks = {doing: bar.add_task(words, visible=False) for doing, words in _DOING.items()}

        def show(doing: str, done: int, total: int) -> None:
            bar.update(tasks[doing], completed=done, total=total, visible=True)

        yield show


def _place(asset: "Asset") -> str:
    return shown(f"{asset.root}/{asset.path}")


def _as_json(asset: "Asset") -> dict[str, Any]:
    return {"asset_id": asset.id, "root": asset.root, "path": asset.path}
