"""`dubstage demo`: the whole route on the sample library, each step as the command that does it."""

import shlex
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

Step = tuple[str, list[str]]  # what it does, and the words of the command


def demo(
    out: Annotated[Path, typer.Argument(help="Folder for what the demo makes.")] = Path(
        "dubstage-demo"
    ),
) -> None:
    """Take the sample library in, search it, spot a reel's cue sheet, render its stems.

    Example: dubstage demo dubstage-demo
    """
    import assets_sample

    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    for number, (what, words) in enumerate(steps(assets_sample.FOLDER, out), start=1):
        typer.secho(f"\n{number}. {what}", bold=True)
        typer.echo(f"   $ {shlex.join(['dubstage', *words])}")
        run(words)
    typer.secho(f"\nDone in {time.monotonic() - started:.0f} s. Made:", bold=True)
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        if not path.name.endswith(("-wal", "-shm", "-words", "-vectors")):
            typer.echo(f"   {path}  ({path.stat().st_size / 1e6:.1f} MB)")
    typer.echo(f"Open {out / 'stems' / 'report.html'} in a browser.")


def steps(samples: Path, out: Path) -> Iterator[Step]:
    """The route from a folder of sounds to pre-mix stems."""
    library = ["--library", str(out / "demo.db")]
    # Copies: what is chosen on the page is written to the sheet that was spotted.
    edl, cues = (Path(shutil.copy(samples / name, out)) for name in ("reel1.edl", "reel1.cues.csv"))
    session = out / "reel1.otio"
    yield "Take a folder of sounds into a library", ["scan", str(samples), *library]
    yield (
        "Search it by words",
        ["search", "footsteps boots gravel", "--limit", "3", *library],
    )
    like = next(iter(sorted(samples.glob("WIND*.flac"))))
    yield (
        "Search it by likeness: what sounds like this wind?",
        ["search", "--like", str(like), "--limit", "4", *library],
    )
    yield "Read the picture's cut list", ["edl", str(edl), "--rate", "24"]
    yield (
        "Cast the cue sheet from the library and spot it against the picture",
        ["spot", str(cues), "--picture", str(edl), "--rate", "24", *library, "-o", str(session)],
    )
    yield (
        "Render the stems, and report what is in them",
        ["render", str(session), *library, "-o", str(out / "stems")],
    )


def run(words: list[str]) -> None:
    """Run another command of this program, just as its words say."""
    from dubstage.cli import app_of

    app_of(words[:1])(words, prog_name="dubstage", standalone_mode=False)
