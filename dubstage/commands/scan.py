"""`dubstage scan`: folders of sounds into the library."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, shown

if TYPE_CHECKING:
    from library.scan import Progress, ScanResult

_REFUSALS_SHOWN = 5


def scan(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="ROOT...", help="Folders of sounds; all known ones if not given."),
    ] = None,
    library: LibraryFile = NO_FILE,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each processor if not given.")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="Name of a root, in the order of ROOT.")
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Drop sounds that are gone, also many (5 to 50 %).")
    ] = False,
    drop: Annotated[
        list[str] | None, typer.Option(help="Take this root out of the library, whole.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Work on a Dask cluster instead.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take folders of sounds in: new and changed files only, with all that moved found again.

    Example: dubstage scan assets_sample
    """
    from library.cluster import Cluster
    from library.scan import scan as scan_folders

    if not drop:
        folders = folders or known_or_wrong(library, "scan")
    cluster = Cluster(scheduler) if scheduler else None
    with _progress() as show:
        result = scan_folders(
            folders or [],
            library,
            workers=cluster.workers if cluster else workers,
            executor=cluster.new_executor if cluster else None,
            names=name or [],
            forget=forget,
            drop=drop or [],
            progress=show,
        )
    if cluster:
        cluster.close()
    for problem in result.problems:
        typer.echo(f"dubstage: {problem}", err=True)
    if as_json:
        typer.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        _tell(result)
    if result.problems:
        raise typer.Exit(1)


def known_or_wrong(library: Path, command: str) -> list[Path]:
    """The folders of a library, for a command that was given none."""
    from library.scan_roots import known_folders

    folders = known_folders(library)
    if not folders:
        raise typer.BadParameter(
            f"this library has no folders yet; say which: dubstage {command} ROOT..."
        )
    return folders


def _tell(result: "ScanResult") -> None:
    counts = {
        "new": result.new,
        "changed": result.changed,
        "moved": result.moved,
        "unchanged": result.unchanged,
        "missing, kept": result.missing,
        "forgotten": result.forgotten,
        "refused": result.refused,
        "refused before": result.refused_before,
    }
    typer.echo(f"{result.found} sound files found in {result.seconds:.1f} s")
    for what, count in counts.items():
        if count:
            typer.echo(f"{count:>9}  {what}")
    described = f"; {_length(result.audio_s)} of sound described" if result.audio_s else ""
    typer.echo(f"{result.assets:>9}  in the library{described}")
    for refusal in result.refusals[:_REFUSALS_SHOWN]:
        typer.echo(shown(f"refused: {refusal.root}/{refusal.path}: {refusal.reason}"))
    more = Counter(refusal.reason for refusal in result.refusals[_REFUSALS_SHOWN:])
    if more:
        typer.echo(f"… and {more.total()} more; all of them: dubstage scan --json")


def _length(seconds: float) -> str:
    """As one says it: "34 s", "5 min 10 s", "2.4 hours"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
    return f"{seconds / 3600:.1f} hours"


@contextmanager
def _progress() -> Iterator[Callable[["Progress"], None]]:
    """A bar on stderr with rate, hours and what remains; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    with Bar(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task("scan", total=None, told="")

        def show(progress: "Progress") -> None:
            seconds = bar.tasks[0].elapsed or 0
            rate = progress.done_files / seconds if seconds else 0
            told = f"{rate:.0f} files/s, {progress.audio_s / 3600:.2f} h of sound"
            if progress.refused:
                told += f", {progress.refused} refused"
            bar.update(
                task, completed=progress.done_files, total=progress.total_files or None, told=told
            )

        yield show
