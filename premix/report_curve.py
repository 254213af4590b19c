"""How the loudness of a stem went, drawn under its waveform as SVG. Pure."""

import math
from collections.abc import Callable, Iterator

from premix.report import Report, StemReport

HEIGHT = 64
_SPAN_LU = 36  # from top to bottom: what lies below is as good as silent there
_WINDOW_S = 3.0


def curve(
    report: Report,
    stem: StemReport,
    top: int,
    x_of: Callable[[float], float],
    edges: tuple[float, float],
) -> Iterator[str]:
    """Short-term loudness, each window at its end as a meter shows it; and the target, if one.

    Args:
        x_of: gives the place across of a record position in samples.
        edges: the left and the right end of the picture.
    """
    heard = [level for level in stem.short_term_lufs if level is not None]
    if not heard:
        return
    highest = math.ceil(max(heard) / 6) * 6
    left, right = edges

    def y_of(level: float) -> float:
        return top + min(1.0, max(0.0, (highest - level) / _SPAN_LU)) * HEIGHT

    for level in range(highest, highest - _SPAN_LU - 1, -12):
        y = y_of(level)
        yield f'<line class="grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        unit = " LUFS" if level == highest else ""
        yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{level}{unit}</text>'
    asked = report.target.integrated_lufs
    if stem.sum_of and asked is not None and highest - _SPAN_LU < asked < highest:
        y = y_of(asked)
        yield (
            f'<line class="target" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}">'
            f"<title>Asked of the full mix: {asked:g} LUFS</title></line>"
        )
    for first, levels in _pieces(stem.short_term_lufs):
        points = []
        for second, loudness_lufs in enumerate(levels, first):
            at = report.action_samples[0] + (second + _WINDOW_S) * report.sample_rate_hz
            points.append(f"{x_of(at):.1f},{y_of(loudness_lufs):.1f}")
        if len(points) == 1:  # a line of one point is not seen
            points *= 2
        yield f'<polyline class="loudness" points="{" ".join(points)}"/>'


def _pieces(levels: tuple[float | None, ...]) -> Iterator[tuple[int, list[float]]]:
    """Stretches without silence: (second of the first, levels)."""
    piece: list[float] = []
    for second, level in enumerate((*levels, None)):
        if level is not None:
            piece.append(level)
        elif piece:
            yield second - len(piece), piece
            piece = []
