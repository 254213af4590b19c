"""`dubstage show`: all that the library knows of one sound."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

if TYPE_CHECKING:
    from library.asset import Asset


def show(
    sound: Annotated[
        str, typer.Argument(metavar="ID|PATH", help="Its id, or the end of its path.")
    ],
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Show one sound: what its file says, its takes, what was measured and told of it.

    Example: dubstage show "DOORWood_Wood Door Slam Hard_DUBST_SMPL.flac" --json
    """
    from db.connect import open_catalogue
    from library import LibraryError
    from library.catalogue import find_asset

    asset = find_asset(open_catalogue(library), sound)
    if asset is None:
        raise LibraryError(f"{sound}: no sound in the library has this id or path")
    if as_json:
        typer.echo(json.dumps(_as_json(asset), ensure_ascii=False))
        return
    for name, value in asdict(asset).items():
        if name == "takes":
            continue
        if value not in (None, "", {}):
            typer.echo(f"{name:<24} {value}")
    for take in asset.takes:
        typer.echo(f"take {take.index}  {_stretch(asset, take.start_samples, take.end_samples)}")
        for feature, number in take.features.items():
            if number is not None:
                typer.echo(f"    {feature:<20} {number:.6g}")


def _as_json(asset: "Asset") -> dict[str, Any]:
    return asdict(asset) | {"asset_id": asset.id, "duration_s": round(asset.duration_s, 6)}


def _stretch(asset: "Asset", start_samples: int, end_samples: int) -> str:
    start_s, end_s = (edge / asset.sample_rate_hz for edge in (start_samples, end_samples))
    return f"{start_s:.3f} s to {end_s:.3f} s"
