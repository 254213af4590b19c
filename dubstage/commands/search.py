"""`dubstage search`: sounds by words, by likeness, or both."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile

if TYPE_CHECKING:
    import sqlite3

    from library.search import Hit, SearchResult


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]", help='Words, "a phrase", -not, a,b, boot*, duration:<3s'),
    ] = None,
    like: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|ID[@SECONDS-SECONDS]", help="Sounds like this one."),
    ] = None,
    unlike: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|ID[@SECONDS-SECONDS]", help="And not so much like this one."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    library: LibraryFile = NO_FILE,
    every_take: Annotated[
        bool, typer.Option("--every-take", help="By likeness: not only the best take of a file.")
    ] = False,
    as_json: AsJson = False,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the answer as .csv, .json or .m3u."),
    ] = None,
    copy_to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Copy the files that are shown there.")
    ] = None,
    link_to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Link the files that are shown there.")
    ] = None,
) -> None:
    """Find sounds by WORDS, by likeness to a sound, or by both. "-" reads many, a line each.

    Example: dubstage search "gravel boots"
        --like "assets_sample/FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac"
    """
    from db.connect import open_catalogue

    asked, examples, others = " ".join(words or []), like or [], unlike or []
    connection = open_catalogue(library)
    if asked == "-" or examples == ["-"]:
        _answer_each(connection, asked, examples, others, limit, every_take)
        return
    from library.search import search as find

    result = find(
        connection, asked, like=examples, unlike=others, limit=limit, every_take=every_take
    )
    _hand_over(connection, result, export, copy_to, link_to)
    tell_result(result, as_json)


def tell_result(result: "SearchResult", as_json: bool) -> None:
    """Print an answer: a table in a terminal, tabs in a pipe, or one line of JSON."""
    if as_json:
        typer.echo(json.dumps(_as_json(result), ensure_ascii=False))
        return
    for remark in result.remarks:
        typer.echo(f"dubstage: {remark}", err=True)
    _tell(result)


def _answer_each(
    connection: "sqlite3.Connection",
    asked: str,
    examples: list[str],
    others: list[str],
    limit: int,
    every_take: bool,
) -> None:
    """One JSON line for each line of standard input; one that cannot be answered says why."""
    from audio import AudioError
    from library import LibraryError
    from library.search import search as find

    by_words = asked == "-"
    for line in sys.stdin:
        text = line.strip()
        words, like = (text, examples) if by_words else (asked, [text])
        answer: dict[str, Any] = {"query" if by_words else "like": text}
        try:
            found = find(
                connection, words, like=like, unlike=others, limit=limit, every_take=every_take
            )
            answer |= _as_json(found)
        except (AudioError, LibraryError) as problem:
            answer["error"] = str(problem)
        typer.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()


def _hand_over(
    connection: "sqlite3.Connection",
    result: "SearchResult",
    export: Path | None,
    copy_to: Path | None,
    link_to: Path | None,
) -> None:
    if export is None and copy_to is None and link_to is None:
        return
    from library.catalogue import folders
    from library.export import place_files, write_list

    if export is not None:
        write_list(export, result.hits, folders(connection))
    for folder, link in ((copy_to, False), (link_to, True)):
        if folder is not None:
            place_files(folder, result.hits, folders(connection), link=link)


def _as_json(result: "SearchResult") -> dict[str, Any]:
    return {
        "total": result.total,
        "took_ms": result.took_ms,
        "hits": [_hit_as_json(rank, hit) for rank, hit in enumerate(result.hits, start=1)],
        "remarks": result.remarks,
    }


def _hit_as_json(rank: int, hit: "Hit") -> dict[str, Any]:
    asset, take = hit.asset, hit.take
    return {
        "rank": rank,
        "asset_id": asset.id,
        "root": asset.root,
        "path": asset.path,
        "take": {
            "index": take.index,
            "start_samples": take.start_samples,
            "end_samples": take.end_samples,
            "sync_samples": take.sync_samples,
        },
        "cat_id": asset.cat_id,
        "category": asset.category,
        "subcategory": asset.subcategory,
        "fx_name": asset.fx_name,
        "description": asset.description or asset.fx_name,
        "score": hit.score,
        "why": hit.why,
        "duration_s": round(asset.duration_s, 6),
        "channels": asset.channels,
        "sample_rate_hz": asset.sample_rate_hz,
        "facets": asset.facets,
    }


def _tell(result: "SearchResult") -> None:
    rows = [
        (
            str(rank),
            f"{hit.asset.duration_s:.2f} s",
            hit.asset.cat_id or "",
            f"{hit.asset.root}/{hit.asset.path}" + _take_told(hit),
            hit.why,
        )
        for rank, hit in enumerate(result.hits, start=1)
    ]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        table = Table("", "length", "CatID", "sound", "why", box=None, header_style="bold")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
    else:
        for row in rows:
            typer.echo("\t".join(row))
    typer.echo(f"{len(rows)} of {result.total} in {result.took_ms:.1f} ms", err=True)


def _take_told(hit: "Hit") -> str:
    take = hit.take
    whole = take.start_samples == 0 and take.end_samples == hit.asset.duration_samples
    rate = hit.asset.sample_rate_hz
    return "" if whole else f"@{take.start_samples / rate:.2f}-{take.end_samples / rate:.2f}"
