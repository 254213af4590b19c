"""`dubstage tag`: the user's own word on what a sound is."""

import json
from typing import Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown


def tag(
    sound: Annotated[
        str, typer.Argument(metavar="ID|PATH", help="Its id, or the end of its path.")
    ],
    facets: Annotated[
        list[str],
        typer.Argument(metavar="FACET=VALUE...", help="surface=gravel; surface= takes it back."),
    ],
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Say what a sound is: surface, shoe, gait, pace, intensity, perspective, location, condition.

    It stands above what names tell, stays through every scan, and `dubstage learn` learns
    from it. Files are not written to.

    Example: dubstage tag "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac" intensity=hard pace=slow
    """
    from db.connect import change_catalogue
    from library import LibraryError
    from library.catalogue import find_asset
    from library.tagging import read_tag
    from library.tagging import tag as remember

    said = dict(read_tag(each) for each in facets)
    connection = change_catalogue(library)
    asset = find_asset(connection, sound)
    if asset is None:
        raise LibraryError(f"{sound}: no sound in the library has this id or path")
    asset = remember(connection, asset, said)
    if as_json:
        told = {"asset_id": asset.id, "path": asset.path, "facets": asset.facets}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    told_facets = ", ".join(f"{facet} {value}" for facet, value in sorted(asset.facets.items()))
    typer.echo(shown(f"{asset.root}/{asset.path}: {told_facets or 'no facets'}"))
