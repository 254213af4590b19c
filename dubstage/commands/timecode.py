"""`dubstage timecode`: label, frame number and sample of one moment, each from any other."""

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from audio.timecode import Timecode

Answer = dict[str, str | int | float | bool]


def timecode(
    rate: Annotated[
        str, typer.Option(metavar="R", help="Frame rate, e.g. 23.976, 24, 29.97df; no default.")
    ],
    sample_rate: Annotated[
        int, typer.Option(metavar="HZ", min=1, help="Sample rate, e.g. 48000; no default.")
    ],
    label: Annotated[
        str | None,
        typer.Argument(help="HH:MM:SS:FF, with .00 to .99 of a frame if need be; - reads many."),
    ] = None,
    frame: Annotated[int | None, typer.Option(help="Ask by number of frame instead.")] = None,
    sample: Annotated[
        int | None, typer.Option(help="Ask by sample since midnight instead: the frame it is in.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Turn a timecode label into frame and sample, or back, exactly.

    From standard input (-) every line is answered by one line of JSON; a bad label
    by one with "error", and the rest go on.

    Example: dubstage timecode 01:00:00:00 --rate 23.976 --sample-rate 48000
    """
    from audio.timecode import Timecode, TimecodeError, feet_and_frames, parse_rate

    if sum(given is not None for given in (label, frame, sample)) != 1:
        raise typer.BadParameter("give one of LABEL, --frame and --sample")
    frame_rate = parse_rate(rate)
    if label == "-":
        for line in typer.get_binary_stream("stdin"):
            asked = line.decode("utf-8", "replace").strip()
            try:
                answer = _answer(Timecode.parse(asked, frame_rate), sample_rate)
            except TimecodeError as problem:
                answer = {"label": asked, "error": str(problem)}
            typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    if label is not None:
        found = Timecode.parse(label, frame_rate)
    elif frame is not None:
        found = Timecode(frame, frame_rate)
    else:
        found = Timecode.from_samples(sample or 0, frame_rate, sample_rate)
    answer = _answer(found, sample_rate, sample)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(
        f"{answer['label']}  frame {answer['frame']}  sample {answer['sample']}  "
        f"{answer['seconds']:.6f} s  {feet_and_frames(found.frame)} ft  at {frame_rate}"
    )


def _answer(found: "Timecode", sample_rate_hz: int, asked_sample: int | None = None) -> Answer:
    """A sample that was asked for is answered as such, else the first of the frame."""
    exact = found.seconds if asked_sample is None else Fraction(asked_sample, sample_rate_hz)
    return {
        "label": str(found),
        "frame": found.frame,
        "sample": found.to_samples(sample_rate_hz) if asked_sample is None else asked_sample,
        "seconds": float(exact),
        "rate": found.rate.name,
        "drop": found.rate.drop,
    }
