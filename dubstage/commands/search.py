"""`dubstage search`: sounds by words, by likeness, or both."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown, words_of

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
    aspect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=WEIGHT...",
            help="What counts in likeness: timbre=1 pitch=0 loudness=0.5 spectrum=1",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many of the best.")] = 0,
    library: LibraryFile = NO_FILE,
    every_take: Annotated[
        bool, typer.Option("--every-take", help="By likeness: not only the best take of a file.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell why each stands where it does.")
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
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep this search under a name.")
    ] = None,
    saved: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Ask what was saved; WORDS are asked as well."),
    ] = None,
    searches: Annotated[
        bool, typer.Option("--searches", help="Only list the saved searches.")
    ] = False,
    forget: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only drop a saved search.")
    ] = None,
) -> None:
    """Find sounds by WORDS, by likeness to a sound, or by both. "-" reads many, a line each.

    Example: dubstage search "gravel boots"
        --like "assets_sample/FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac"
    """
    from db.connect import open_catalogue

    if forget is not None:
        from library.saved import forget as forget_search

        forget_search(library, forget)
        typer.echo(f"{forget}: forgotten", err=True)
        return
    words, aspects = _with_aspects(words or [], aspect or [])
    asked, examples, others = words_of(words), like or [], unlike or []
    connection = open_catalogue(library)
    if searches:
        _list_saved(connection, as_json)
        return
    if saved is not None:
        from library.saved import load

        kept = load(connection, saved)
        asked = f"{kept.words} {asked}".strip()
        examples, others = [*kept.like, *examples], [*kept.unlike, *others]
        aspects = kept.aspects | aspects
    if save is not None:
        from library.saved import Saved
        from library.saved import save as save_search

        like_files, unlike_files = map(_from_anywhere, (examples, others))
        kept = Saved(words=asked, like=like_files, unlike=unlike_files, aspects=aspects)
        save_search(library, save, kept)
    if asked == "-" or examples == ["-"]:
        _answer_each(connection, asked, examples, others, aspects, limit, every_take, explain)
        return
    from library.search import search as find

    result = find(
        connection,
        asked,
        like=examples,
        unlike=others,
        aspects=aspects,
        limit=limit,
        offset=offset,
        every_take=every_take,
        explain=explain,
    )
    _hand_over(connection, result, export, copy_to, link_to)
    tell_result(connection, result, as_json, offset)


def _with_aspects(words: list[str], given: list[str]) -> tuple[list[str], dict[str, float]]:
    """The words, and the aspects; `--aspect timbre=1 pitch=0` leaves the second among the words."""
    if not given:
        return words, {}
    from library.aspects import ASPECTS, read_aspects

    more = [word for word in words if word.partition("=")[0] in ASPECTS and "=" in word]
    return [word for word in words if word not in more], read_aspects([*given, *more])


def tell_result(
    connection: "sqlite3.Connection", result: "SearchResult", as_json: bool, offset: int = 0
) -> None:
    """Print an answer: a table in a terminal, tabs in a pipe, or one line of JSON."""
    from library.catalogue import likeliest_cat_ids

    likely = likeliest_cat_ids(connection, [hit.asset for hit in result.hits])
    if as_json:
        typer.echo(json.dumps(_as_json(result, likely, offset), ensure_ascii=False))
        return
    for remark in result.remarks:
        typer.echo(f"dubstage: {remark}", err=True)
    _tell(result, likely, offset)


def _list_saved(connection: "sqlite3.Connection", as_json: bool) -> None:
    from library.saved import saved_searches

    kept = saved_searches(connection)
    if as_json:
        rows = [{"name": name} | asdict(one) for name, one in kept.items()]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, one in kept.items():
        likes = [f"--like {each}" for each in one.like] + [f"--unlike {e}" for e in one.unlike]
        likes += [f"--aspect {aspect}={weight:g}" for aspect, weight in one.aspects.items()]
        typer.echo("\t".join([name, " ".join(filter(None, [one.words, *likes]))]))


def _from_anywhere(references: list[str]) -> tuple[str, ...]:
    """Those that are files by their full paths, so that they are found from other folders."""
    full = []
    for reference in references:
        name, at, part = reference.rpartition("@")
        for path, rest in ((reference, ""), (name, at + part)):
            if path and Path(path).is_file():
                full.append(str(Path(path).absolute()) + rest)
                break
        else:
            full.append(reference)
    return tuple(full)


def _answer_each(
    connection: "sqlite3.Connection",
    asked: str,
    examples: list[str],
    others: list[str],
    aspects: dict[str, float],
    limit: int,
    every_take: bool,
    explain: bool,
) -> None:
    """One JSON line for each line of standard input; one that cannot be answered says why."""
    from audio import AudioError
    from library import LibraryError
    from library.catalogue import likeliest_cat_ids
    from library.search import search as find

    by_words = asked == "-"
    for line in sys.stdin:
        text = line.strip()
        words, like = (text, examples) if by_words else (asked, [text])
        answer: dict[str, Any] = {"query" if by_words else "like": text}
        try:
            found = find(
                connection,
                words,
                like=like,
                unlike=others,
                aspects=aspects,
                limit=limit,
                every_take=every_take,
                explain=explain,
            )
            likely = likeliest_cat_ids(connection, [hit.asset for hit in found.hits])
            answer |= _as_json(found, likely)
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


def _as_json(result: "SearchResult", likely: Mapping[int, str], offset: int = 0) -> dict[str, Any]:
    ranked = enumerate(result.hits, start=offset + 1)
    return {
        "total": result.total,
        "at_least": result.at_least,
        "took_ms": result.took_ms,
        "hits": [_hit_as_json(rank, hit, likely.get(hit.asset.id)) for rank, hit in ranked],
        "remarks": result.remarks,
    }


def _hit_as_json(rank: int, hit: "Hit", likely: str | None) -> dict[str, Any]:
    asset, take = hit.asset, hit.take
    more: dict[str, Any] = {"aspects": hit.aspects} if hit.aspects else {}
    if hit.explained is not None:
        more["explained"] = asdict(hit.explained)
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
        "likely_cat_id": likely,
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
    } | more


def _tell(result: "SearchResult", likely: Mapping[int, str], offset: int) -> None:
    guessed = {number: f"{cat_id}?" for number, cat_id in likely.items()}
    rows = [
        (
            str(rank),
            f"{hit.asset.duration_s:.2f} s",
            hit.asset.cat_id or guessed.get(hit.asset.id, ""),
            shown(f"{hit.asset.root}/{hit.asset.path}") + _take_told(hit),
            "\n".join(map(shown, [hit.why, *(hit.explained.told() if hit.explained else ())])),
        )
        for rank, hit in enumerate(result.hits, start=offset + 1)
    ]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table("", "length", "CatID", "sound", "why", box=None, header_style="bold")
        for row in rows:
            table.add_row(*map(Text, row))  # brackets in names are no markup
        Console().print(table)
    else:
        for row in rows:
            typer.echo("\t".join(row).replace("\n", "\n\t"))
    least = "at least " if result.at_least else ""
    typer.echo(f"{len(rows)} of {least}{result.total} in {result.took_ms:.1f} ms", err=True)


def _take_told(hit: "Hit") -> str:
    take = hit.take
    whole = take.start_samples == 0 and take.end_samples == hit.asset.duration_samples
    rate = hit.asset.sample_rate_hz
    return "" if whole else f"@{take.start_samples / rate:.2f}-{take.end_samples / rate:.2f}"
