"""`dubstage record`: a sound from the microphone, a voice that imitates one too, as the example."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from audio.level import Samples

SAMPLE_RATE_HZ = 48_000


def record(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]", help="Only among what these find.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=60.0, help="How long; Enter or Ctrl-C ends it earlier.")
    ] = 5.0,
    device: Annotated[
        str | None,
        typer.Option(help="Number or part of the name.", show_default="the system's own"),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="FILE.wav", help="Keep the recording there.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    library: LibraryFile = NO_FILE,
    as_json: AsJson = False,
) -> None:
    """Record a sound and find what is like it: a door at hand, or the mouth's imitation of one.

    Needs a microphone and sounddevice: pip install 'dubstage[record]'

    Example: dubstage record door --seconds 3 --keep "my door.wav"
    """
    from audio import AudioError
    from audio.wave_writer import WaveWriter
    from db.connect import open_catalogue
    from dubstage.commands.search import tell_result
    from library.search import search

    # What could fail is tried before anybody has made a fool of himself.
    asked, connection = words_of(words), open_catalogue(library)
    if keep is not None and keep.exists():
        raise AudioError(f"{keep}: is there already and would be lost; name another file")
    with tempfile.TemporaryDirectory(prefix="dubstage-") as folder:
        file = Path(folder) / "recording.wav" if keep is None else keep
        with WaveWriter(
            file, sample_rate_hz=SAMPLE_RATE_HZ, layout="mono", encoding="pcm24"
        ) as writer:
            writer.write(_recorded(seconds, device))
        result = search(connection, asked, like=[str(file)], limit=limit)
    tell_result(connection, result, as_json)


def _recorded(seconds: float, device: str | None) -> "Samples":
    from audio.microphone import record as record_samples
    from audio.microphone import sounding_part

    typer.echo(f"recording {seconds:g} s; Enter ends it", err=True)
    which = int(device) if device is not None and device.isdigit() else device
    samples = record_samples(seconds, SAMPLE_RATE_HZ, device=which, stop=_ends_on_enter())
    return sounding_part(samples, SAMPLE_RATE_HZ)


def _ends_on_enter() -> "Callable[[], bool]":
    """True once Enter or Ctrl-C was pressed."""
    import select
    import signal
    import sys

    pressed = False

    def end(*_: object) -> None:
        nonlocal pressed
        pressed = True

    signal.signal(signal.SIGINT, end)

    def asked() -> bool:
        if not pressed and sys.stdin.isatty() and select.select([sys.stdin], [], [], 0)[0]:
            sys.stdin.readline()
            end()
        return pressed

    return asked
