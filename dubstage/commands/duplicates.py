"""`dubstage duplicates`: sounds that the library has more than once."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown

if TYPE_CHECKING:
    from library.asset import Asset


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

    found = list(find(open_catalogue(library), near=not exact))
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
    for pair in found:
        typer.echo(f"{_place(pair.first)}\t{_place(pair.second)}\t{', '.join(pair.reasons)}")
    typer.echo(f"{len(found)} pairs", err=True)


def _place(asset: "Asset") -> str:
    return shown(f"{asset.root}/{asset.path}")


def _as_json(asset: "Asset") -> dict[str, Any]:
    return {"asset_id": asset.id, "root": asset.root, "path": asset.path}
