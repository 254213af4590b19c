"""`dubstage loudness`: what a loudness meter says of files."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

_BLOCK_SAMPLES = 65_536
_COLUMNS = (
    ("integrated", "integrated_lufs", "LUFS"),
    ("range", "range_lu", "LU"),
    ("momentary", "max_momentary_lufs", "LUFS"),
    ("short-term", "max_short_term_lufs", "LUFS"),
    ("true peak", "true_peak_dbtp", "dBTP"),
)


def loudness(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sound files.")],
    layout: Annotated[
        str | None,
        typer.Option(help="Channel layout of all, e.g. 5.1; else by each file's channels."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list on stdout.")] = False,
) -> None:
    """Measure integrated loudness, range, highest momentary and short-term, and true peak.

    A file that cannot be read is one line on stderr and exit status 1; the others are answered.

    Example: dubstage loudness "assets_sample/DOORWood_Wood Door Slam Hard_DUBST_SMPL.flac" --json
    """
    from audio import AudioError

    answers: list[dict[str, str | int | float | None]] = []
    failed = False
    for path in files:
        try:
            answers.append(_measure_file(path, layout))
        except (AudioError, OSError) as problem:
            typer.echo(f"dubstage: {problem}", err=True)
            failed = True
            continue
        if not as_json:
            typer.echo(_as_row(answers[-1]))
    if as_json:
        typer.echo(json.dumps(answers, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


def _measure_file(path: Path, layout: str | None) -> dict[str, str | int | float | None]:
    import soundfile

    from audio import AudioError
    from audio.loudness import LoudnessMeter

    try:
        with soundfile.SoundFile(path) as sound:
            meter = LoudnessMeter(sound.samplerate, layout or sound.channels)
            for block in sound.blocks(_BLOCK_SAMPLES, dtype="float32", always_2d=True):
                meter.add(block)
            return {"path": str(path), **asdict(meter.result()), "channels": sound.channels}
    except (AudioError, soundfile.SoundFileError) as problem:
        raise AudioError(f"{path}: {problem}") from problem


def _as_row(answer: dict[str, str | int | float | None]) -> str:
    levels = (
        f"{name} {'–' if answer[key] is None else f'{answer[key]:.1f} {unit}'}"
        for name, key, unit in _COLUMNS
    )
    return f"{answer['path']}: {', '.join(levels)}"
