"""`dubstage loudness`: what a loudness meter says of files."""

import json
import os
from dataclasses import asdict
from itertools import repeat
from pathlib import Path
from typing import Annotated

import typer

Answer = dict[str, str | int | float | None]

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
    from concurrent.futures import ThreadPoolExecutor

    answers: list[Answer] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # the meter runs without the GIL
        for found in pool.map(_measure_or_reason, files, repeat(layout)):
            if isinstance(found, str):
                typer.echo(f"dubstage: {found}", err=True)
                continue
            answers.append(found)
            if not as_json:
                typer.echo(_as_row(found))
    if as_json:
        typer.echo(json.dumps(answers, ensure_ascii=False))
    if len(answers) < len(files):
        raise typer.Exit(1)


def _measure_or_reason(path: Path, layout: str | None) -> Answer | str:
    from audio import AudioError

    try:
        return _measure_file(path, layout)
    except (AudioError, OSError) as problem:
        return str(problem)


def _measure_file(path: Path, layout: str | None) -> Answer:
    from audio import AudioError
    from audio.files import open_sound, read_header
    from audio.layout import layout_of_file
    from audio.loudness import LoudnessMeter

    header = read_header(path)
    try:
        meter = LoudnessMeter(
            header.sample_rate_hz,
            layout or layout_of_file(header.channel_labels, header.speaker_mask),
        )
        with open_sound(path) as sound:
            for block in sound.blocks(_BLOCK_SAMPLES):
                meter.add(block)
    except AudioError as problem:
        where = "" if str(path) in str(problem) else f"{path}: "
        raise AudioError(f"{where}{problem}") from problem
    return {"path": str(path), **asdict(meter.result()), "channels": header.channels}


def _as_row(answer: Answer) -> str:
    levels = (
        f"{name} {'–' if answer[key] is None else f'{answer[key]:.1f} {unit}'}"
        for name, key, unit in _COLUMNS
    )
    return f"{answer['path']}: {', '.join(levels)}"
