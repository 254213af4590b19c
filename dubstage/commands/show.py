"""`dubstage show`: all that the library knows of one sound."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown

if TYPE_CHECKING:
    import sqlite3

    from library.asset import Asset, Take

    Likely = dict[str, list[tuple[str, float]]]

_LABEL_LETTERS = 14


@dataclass(frozen=True)
class _Told:
    """What the library knows of a sound beside its file."""

    folder: str | None  # of its root
    tags: dict[str, str]
    likely: "Likely"
    rating: int | None
    note: str | None
    collections: list[str]
    clips: int  # that play it, in sessions that are remembered


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
    from library import LibraryError
    from library.catalogue import find_asset

    connection = open_catalogue(library)
    asset = find_asset(connection, sound)
    if asset is None:
        raise LibraryError(f"{sound}: no sound in the library has this id or path")
    told = _told(connection, asset)
    if json_asked:
        values = as_json(asset) | asdict(told) | {"suggested": _suggested_as_json(told.likely)}
        del values["likely"]
        typer.echo(json.dumps(values, ensure_ascii=False))
        return
    for label, text in _lines(asset, told):
        typer.echo(f"{label:<{_LABEL_LETTERS}} {shown(text)}")
    for number, take in enumerate(asset.takes, start=1):
        typer.echo("")
        typer.echo(f"take {number} of {len(asset.takes)}: {_place(asset, take)}")
        for feature, value in take.features.items():
            if value is not None:
                typer.echo(f"    {feature:<20} {value:.4g}")


def as_json(asset: "Asset") -> dict[str, Any]:
    """An asset with its takes, as plain values."""
    return asdict(asset) | {"asset_id": asset.id, "duration_s": round(asset.duration_s, 6)}


def _told(connection: "sqlite3.Connection", asset: "Asset") -> _Told:
    from db import marks, roots, tags, uses

    rating, note = marks.of_asset(connection, asset.id)
    return _Told(
        folder=roots.folders(connection).get(asset.root),
        tags=tags.of_asset(connection, asset.id),
        likely=tags.suggested(connection, asset.id),
        rating=rating,
        note=note,
        collections=marks.collections_of(connection, [asset.id]).get(asset.id, []),
        clips=len(uses.of_asset(connection, asset.id)),
    )


def _suggested_as_json(likely: "Likely") -> dict[str, list[dict[str, Any]]]:
    return {
        field: [{"value": value, "probability": probability} for value, probability in values]
        for field, values in likely.items()
    }


def _lines(asset: "Asset", told: _Told) -> Iterator[tuple[str, str]]:
    """Labels and texts, of what there is."""
    yield "name", asset.fx_name
    yield "file", str(Path(told.folder or asset.root) / asset.path)
    yield "id", str(asset.id)
    yield "format", ", ".join(_format(asset))
    if asset.loudness_lufs is not None or asset.true_peak_dbtp is not None:
        yield "level", ", ".join(_levels(asset))
    if asset.time_reference_samples:
        since_s = asset.time_reference_samples / asset.sample_rate_hz
        yield "recorded at", f"{_clock(since_s)} ({asset.time_reference_samples} samples)"
    if asset.cat_id:
        yield "category", f"{asset.cat_id}: {asset.category}, {asset.subcategory}"
    for label, text in (
        ("user category", asset.user_category),
        ("vendor's", asset.vendor_category),
        ("creator", asset.creator_id),
        ("source", asset.source_id),
        ("user data", asset.user_data),
        ("description", asset.description),
        ("keywords", asset.keywords),
        ("licence", asset.licence),
        ("facets", _pairs(asset.facets)),
        ("tagged by you", _pairs(told.tags)),
    ):
        if text:
            yield label, text
    for field, values in told.likely.items():
        # What would be written as 0.00 says nothing.
        some = [each for each in values if each[1] >= 0.005] or values[:1]
        likely = ", ".join(f"{value}? {probability:.2f}" for value, probability in some)
        yield "likely", f"{field.replace('cat_id', 'CatID')} {likely}"
    if told.rating is not None:
        yield "rated", f"{told.rating} of 5"
    if told.note:
        yield "note", told.note
    if told.collections:
        yield "kept in", ", ".join(told.collections)
    if told.clips:
        yield "used", f"{told.clips} times; dubstage history {asset.id} tells where"


def _format(asset: "Asset") -> Iterator[str]:
    yield asset.format
    if asset.bits is not None:
        yield f"{asset.bits} bit"
    yield f"{asset.sample_rate_hz / 1000:g} kHz"
    yield {1: "mono", 2: "stereo"}.get(asset.channels, f"{asset.channels} channels")
    yield f"{asset.duration_s:.3f} s"


def _levels(asset: "Asset") -> Iterator[str]:
    if asset.loudness_lufs is not None:
        yield f"{asset.loudness_lufs:.1f} LUFS"
    if asset.true_peak_dbtp is not None:
        yield f"true peak {asset.true_peak_dbtp:.1f} dBTP"


def _pairs(values: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _clock(seconds: float) -> str:
    minutes, rest_s = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest_s:06.3f}"


def _place(asset: "Asset", take: "Take") -> str:
    start_s, end_s, sync_s = (
        edge / asset.sample_rate_hz
        for edge in (take.start_samples, take.end_samples, take.sync_samples)
    )
    label = f", {take.label}" if take.label else ""
    return f"{start_s:.3f} s to {end_s:.3f} s, attack at {sync_s:.3f} s{label}"
