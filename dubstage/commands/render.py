"""`dubstage render`: a session becomes stems and a report."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dubstage.commands.history import remember_use
from dubstage.commands.options import AsJson

if TYPE_CHECKING:
    from premix.delivery import Delivery
    from premix.plan import FindSound
    from premix.render import Progress
    from premix.report import Report
    from premix.timeline import Session

OutFolder = Annotated[
    Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for stems and report.")
]
DeliveryName = Annotated[
    str | None,
    typer.Option(
        "--delivery",
        metavar="NAME|FILE.toml",
        help="editorial, theatrical, netflix, r128, a85, or a template of one's own.",
    ),
]
LayoutName = Annotated[
    str | None, typer.Option(help="Layout of the stems: mono, stereo, 5.1, 7.1.4 …")
]
Encoding = Annotated[str | None, typer.Option(help="pcm24, pcm16 or float32.")]
NoDither = Annotated[bool, typer.Option("--no-dither", help="Round to integers without dither.")]
Words = Annotated[
    list[str] | None,
    typer.Option("--word", metavar="WORD=TEXT", help="A word of the file names: episode=s02e02"),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify/--no-verify",
        help="Hash each sound, once, so that another of the same name and length is found.",
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="How many stems at once.")]


def render(
    session_file: Annotated[Path, typer.Argument(metavar="SESSION.otio", help="What was spotted.")],
    out: OutFolder,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            envvar="DUBSTAGE_LIBRARY",
            metavar="FILE",
            help="The library that knows where moved sounds are now.",
        ),
    ] = None,
    delivery: DeliveryName = None,
    layout: LayoutName = None,
    encoding: Encoding = None,
    no_dither: NoDither = False,
    word: Words = None,
    workers: Workers = 2,
    verify: Verify = True,
    as_json: AsJson = False,
) -> None:
    """Render a session into one Broadcast WAV a stem, with report.json and report.html.

    Example: dubstage render reel1.otio -o stems --delivery theatrical
    """
    from premix.session import read_session

    session = read_session(session_file)
    asked = delivery_of(delivery, layout, encoding, no_dither, word)
    remember_use(library, session, session_file)
    report = render_with_progress(session, out, sounds_of(session, library), asked, workers, verify)
    tell(report, out, as_json)


def delivery_of(
    template: str | None,
    layout: str | None,
    encoding: str | None,
    no_dither: bool,
    words: list[str] | None,
) -> "Delivery":
    """The template, or the plain delivery, with what the command line says otherwise."""
    from dataclasses import replace

    from premix.delivery import Delivery, read_delivery

    names = dict(word.partition("=")[::2] for word in words or ())
    asked = read_delivery(template, names) if template else Delivery(names=names)
    changes: dict[str, Any] = {
        "layout": layout,
        "encoding": encoding,
        "dither": False if no_dither else None,
    }
    return replace(asked, **{key: value for key, value in changes.items() if value is not None})


def sounds_of(session: "Session", library: Path | None) -> "FindSound":
    """Finds a session's sounds: where the library has them now, else where they were."""
    from contextlib import closing

    from db import roots
    from db.connect import open_catalogue
    from premix.media import Roots

    if library is None:
        return Roots(session.roots)
    with closing(open_catalogue(library)) as catalogue:
        return Roots(roots.folders(catalogue), session.roots)


def render_with_progress(
    session: "Session",
    out: Path,
    find_sound: "FindSound",
    delivery: "Delivery",
    workers: int,
    verify: bool = True,
) -> "Report":
    """Render while bars on stderr tell how far each stem is and what remains."""
    from premix.render import render as render_session

    with _kill_as_ctrl_c(), progress_bars() as progress:
        return render_session(
            session,
            out,
            find_sound=find_sound,
            delivery=delivery,
            progress=progress,
            workers=workers,
            verified=verify,
        )


@contextmanager
def _kill_as_ctrl_c() -> Iterator[None]:
    """A polite kill cleans up behind itself too."""
    try:
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    except ValueError:  # only the main thread may ask for it
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bars() -> Iterator["Callable[[Progress], None]"]:
    """One bar a stem on stderr, gone when all is done; none where stderr is no screen."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def progress(passed: "Progress") -> None:
            if passed.stem not in tasks:
                tasks[passed.stem] = bars.add_task(passed.stem, total=passed.total_samples)
            bars.update(tasks[passed.stem], completed=passed.done_samples)

        yield progress


def tell(report: "Report", out: Path, as_json: bool) -> None:
    """Print what was rendered; leave with status 1 where something is missing."""
    from premix.report import as_json as json_of

    if as_json:
        typer.echo(json.dumps(json_of(report), ensure_ascii=False))
    else:
        for stem in report.stems:
            loudness = _level(stem.loudness.integrated_lufs, "LUFS")
            true_peak = _level(stem.loudness.true_peak_dbtp, "dBTP")
            typer.echo(
                f"{stem.name:<12} {loudness:>11} {true_peak:>11}  {len(stem.cues):>4} clips  "
                f"{out / stem.files[0]}"
            )
        typer.echo(f"{'report':<12} {out / 'report.html'}")
    for problem in report.problems:
        typer.echo(f"dubstage: {problem}", err=True)
    if report.problems:
        raise typer.Exit(1)


def _level(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.1f} {unit}"
