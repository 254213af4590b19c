"""`dubstage show`: all that the library knows of one sound."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

if TYPE_CHECKING:
    from library.asset import Asset

    Likely = dict[str, list[tuple[str, float]]]


def show(
    sound: Annotated[
        str, typer.Argument(metavar="ID|PATH", help="Its id, or the end of its path.")
    ],
    library: LibraryFile = NO_FILE,
    json_asked: AsJson = False,
) -> None:
    """Show one sound: what its file says, its takes, what was measured and told of it.

    Example: dubstage show "DOORWood_Wood Door Slam Hard_DUBST_SMPL.flac" --json
    """
    from db.connect import open_catalogue
    from db.tags import of_asset as tags_of
    from db.tags import suggested
    from library import LibraryError
    from library.catalogue import find_asset

    connection = open_catalogue(library)
    asset = find_asset(connection, sound)
    if asset is None:
        raise LibraryError(f"{sound}: no sound in the library has this id or path")
    likely = suggested(connection, asset.id)
    tags = tags_of(connection, asset.id)
    if json_asked:
        told = as_json(asset) | {"tags": tags, "suggested": _suggested_as_json(likely)}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for name, value in asdict(asset).items():
        if name == "takes":
            continue
        if value not in (None, "", {}):
            typer.echo(f"{name:<24} {value}")
    if tags:
        typer.echo(f"{'tagged by you':<24} {tags}")
    for field, values in likely.items():
        told_values = ", ".join(f"{value}? {probability:.2f}" for value, probability in values)
        typer.echo(f"{'suggested ' + field:<24} {told_values}")
    for take in asset.takes:
        typer.echo(f"take {take.index}  {_stretch(asset, take.start_samples, take.end_samples)}")
        for feature, number in take.features.items():
            if number is not None:
                typer.echo(f"    {feature:<20} {number:.6g}")


def as_json(asset: "Asset") -> dict[str, Any]:
    """An asset with its takes, as plain values."""
    return asdict(asset) | {"asset_id": asset.id, "duration_s": round(asset.duration_s, 6)}


def _suggested_as_json(likely: "Likely") -> dict[str, list[dict[str, Any]]]:
    return {
        field: [{"value": value, "probability": probability} for value, probability in values]
        for field, values in likely.items()
    }


def _stretch(asset: "Asset", start_samples: int, end_samples: int) -> str:
    start_s, end_s = (edge / asset.sample_rate_hz for edge in (start_samples, end_samples))
    return f"{start_s:.3f} s to {end_s:.3f} s"
