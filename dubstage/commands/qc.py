"""`dubstage qc`: stems looked over before someone else does it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Mapping


def qc(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of rendered stems.")],
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            envvar="DUBSTAGE_LIBRARY",
            metavar="FILE",
            help="The library that knows the sounds' licences.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check stems against their report: format, sync, holes, clipping, sums, names, credits.

    Writes qc.json and qc.html beside them. Leaves with status 1 where something is wrong.

    Example: dubstage qc stems
    """
    from premix import PremixError
    from premix.qc import check, sounds_in
    from premix.qc_page import as_json as json_of
    from premix.qc_page import write

    about = _about(library, sounds_in(folder)) if library is not None else {}
    report = check(folder, about)
    try:
        write(report, folder)
    except OSError as problem:
        raise PremixError(f"{problem.filename}: cannot be written: {problem.strerror}") from None
    if as_json:
        typer.echo(json.dumps(json_of(report), ensure_ascii=False))
    else:
        for timecode, finding in report.findings:
            mark = "!" if finding.grave else " "
            place = f"{finding.stem:<12} {timecode or '':<11}"
            typer.echo(f"{mark} {place} {finding.check}: {finding.text}")
        found = sum(each.lag_samples == 0 for each in report.sync)
        typer.echo(f"{found} of {len(report.sync)} attacks found on their very sample")
        typer.echo(f"{'passed' if report.passed else 'not passed'}: {folder / 'qc.html'}")
    if not report.passed:
        raise typer.Exit(1)


def _about(library: Path, asset_ids: list[int]) -> "Mapping[int, Mapping[str, Any]]":
    """What the library knows of these sounds."""
    from contextlib import closing

    from db import assets
    from db.connect import open_catalogue

    with closing(open_catalogue(library)) as catalogue:
        rows = assets.by_ids(catalogue, asset_ids)
    return {asset_id: dict(row) for asset_id, row in rows.items()}
