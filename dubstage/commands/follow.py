"""`dubstage follow`: the attacks of a guide become the hits of a cue."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dubstage.commands.options import AsJson


def follow(
    guide: Annotated[Path, typer.Argument(metavar="GUIDE", help="Production sound or a guide.")],
    rate: Annotated[str, typer.Option("--rate", metavar="R", help="Frame rate: 24, 25 …")],
    start: Annotated[
        str | None,
        typer.Option(
            metavar="TC",
            show_default="the file's own time reference",
            help="Timecode of the guide's first sample.",
        ),
    ] = None,
    query: Annotated[str, typer.Option(help="What is to be heard on the hits.")] = "",
    stem: Annotated[str, typer.Option(help="Stem and track of the cue.")] = "foley:feet",
    cue: Annotated[str, typer.Option(help="Number of the cue.")] = "1",
    as_json: AsJson = False,
) -> None:
    """Find the attacks in GUIDE and print them as the hits of a cue, a line for a cue sheet.

    Example: dubstage follow scene12.wav --rate 24 --query "boots gravel" > scene12.cues.csv
    """
    import csv
    import sys

    from audio.timecode import Timecode, parse_rate
    from premix.guide import hits_of, read_guide

    frame_rate = parse_rate(rate)
    found = read_guide(guide)
    hits = hits_of(found, frame_rate, Timecode.parse(start, frame_rate) if start else None)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "guide": str(guide),
                    "sample_rate_hz": found.sample_rate_hz,
                    "hits": [
                        {
                            "timecode": str(timecode),
                            "samples": round(onset.seconds * found.sample_rate_hz),
                            "seconds": float(onset.seconds),
                            "strength_db": round(onset.strength_db, 2),
                            "gain_db": gain_db,
                        }
                        for timecode, onset, gain_db in zip(
                            hits, found.onsets, found.gains_db(), strict=True
                        )
                    ],
                },
                ensure_ascii=False,
            )
        )
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["cue", "stem", "query", "hits"])
    writer.writerow([cue, stem, query, " ".join(map(str, hits))])
