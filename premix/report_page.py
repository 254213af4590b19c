"""`report.html`: each stem's waveform, loudness and clips against timecode, and what is wrong.

The page stands alone: pictures are SVG within it, and nothing is fetched but the
stems themselves, which lie beside it, when a person presses play.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from audio.level import gain_from_db
from audio.timecode import Timecode, parse_rate
from audio.whole_file import write_whole
from premix.html_page import html_page
from premix.qc_checks import Finding
from premix.report import Gap, Overview, PlacedCue, Report, StemReport
from premix.report_curve import HEIGHT as _CURVE_HEIGHT
from premix.report_curve import curve

_WIDTH = 1200
_LEFT = 92  # room for the names of tracks
_WAVE_HEIGHT = 96
_LANE_HEIGHT = 16
_RULER_HEIGHT = 22
_LANE_LETTERS = 14
_COLOURS = {"foley": "#7fb6d4", "backgrounds": "#7fb69a", "fx": "#d49a7f"}
_OTHER_COLOUR = "#b7a6d8"
_RULER_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True)
class _Level:
    name: str
    text: str
    hot: bool = False


@dataclass(frozen=True)
class _FindingOnPage:
    finding: Finding
    timecode: str
    at_s: float | None  # from the start of the file, for the player


@dataclass(frozen=True)
class _StemOnPage:
    report: StemReport
    levels: tuple[_Level, ...]
    picture: Markup
    findings: tuple[_FindingOnPage, ...]


def write_page(report: Report, path: Path) -> None:
    """Write `report.html`, whole or not at all."""
    write_whole(path, page(report))


def page(report: Report) -> str:
    """The report as one HTML document."""
    stems = [
        _StemOnPage(
            stem,
            tuple(_levels(stem)),
            Markup(_picture(report, stem)),
            tuple(_on_page(report, finding) for finding in stem.findings),
        )
        for stem in report.stems
    ]
    end = _label(report, report.end_frame)
    return html_page("report.html.j2", report=report, stems=stems, end_timecode=end)


def _on_page(report: Report, finding: Finding) -> _FindingOnPage:
    at = finding.at_samples
    if at is None:
        return _FindingOnPage(finding, "", None)
    place = report.start_samples + at
    label = Timecode.from_samples(place, parse_rate(report.rate), report.sample_rate_hz, wrap=True)
    return _FindingOnPage(finding, str(label), round(at / report.sample_rate_hz, 3))


def _levels(stem: StemReport) -> Iterator[_Level]:
    loudness = stem.loudness
    yield _Level("Integrated", _level(loudness.integrated_lufs, "LUFS"))
    yield _Level("Range", _level(loudness.range_lu, "LU"))
    yield _Level("Max short-term", _level(loudness.max_short_term_lufs, "LUFS"))
    yield _Level("Max momentary", _level(loudness.max_momentary_lufs, "LUFS"))
    true_peak = loudness.true_peak_dbtp
    yield _Level("True peak", _level(true_peak, "dBTP"), true_peak is not None and true_peak > 0)


def _level(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.1f} {unit}"


def _picture(report: Report, stem: StemReport) -> str:
    """The stem as SVG: ruler, picture, waveform, and a row of clips for each lane."""
    gaps = stem.gaps
    lanes = sorted({(c.track, c.lane) for c in stem.cues} | {(g.track, g.lane) for g in gaps})
    # A delivery may name its stems otherwise, or sum them.
    kinds = {cue.stem for cue in stem.cues} | {gap.stem for gap in gaps} or {stem.name}
    colour = _COLOURS.get(kinds.pop(), _OTHER_COLOUR) if len(kinds) == 1 else _OTHER_COLOUR
    wave_top = _RULER_HEIGHT + (14 if report.picture else 0)
    lanes_top = wave_top + _WAVE_HEIGHT + 6
    if stem.short_term_lufs:
        lanes_top += _CURVE_HEIGHT + 14
    height = lanes_top + _LANE_HEIGHT * len(lanes)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" data-left="{_LEFT / _WIDTH:.5f}" '
        f'data-right="{(_WIDTH - 4) / _WIDTH:.5f}" '
        f"aria-label={quoteattr(f'Waveform and clips of the stem {stem.name}')}>"
    ]
    parts += _ruler(report, height)
    parts += _shots(report)
    parts += _waveform(stem, wave_top, colour)
    parts += _marks(report, stem, wave_top)
    parts += curve(
        report,
        stem,
        wave_top + _WAVE_HEIGHT + 8,
        lambda place: _x(report, place),
        (_LEFT, _WIDTH - 4),
    )
    for row, (track, lane) in enumerate(lanes):
        top = lanes_top + row * _LANE_HEIGHT
        name = track if lane == 0 else f"{track} {lane + 1}"
        parts.append(
            f'<text class="lane" x="{_LEFT - 8}" y="{top + 11}" text-anchor="end">'
            f"<title>{escape(name)}</title>{escape(_short(name))}</text>"
        )
        here = [cue for cue in stem.cues if (cue.track, cue.lane) == (track, lane)]
        parts += _clips(report, here, top, colour)
        parts += _gaps(report, [g for g in gaps if (g.track, g.lane) == (track, lane)], top)
    parts.append(f'<line class="now" x1="-9" x2="-9" y1="{_RULER_HEIGHT}" y2="{height}"/></svg>')
    return "".join(parts)


def _short(name: str) -> str:
    return name if len(name) <= _LANE_LETTERS else f"{name[: _LANE_LETTERS - 1]}…"


def _marks(report: Report, stem: StemReport, top: int) -> Iterator[str]:
    """A triangle over the waveform where something was found."""
    for finding in stem.findings:
        if finding.at_samples is not None:
            x = _x(report, report.start_samples + finding.at_samples)
            kind = "grave" if finding.grave else "light"
            yield (
                f'<path class="mark {kind}" d="M{x - 4:.1f} {top - 3}h8l-4 7z">'
                f"<title>{escape(f'{finding.check}: {finding.text}')}</title></path>"
            )


def _x(report: Report, record_samples: float) -> float:
    duration = max(1, report.end_samples - report.start_samples)
    return _LEFT + (record_samples - report.start_samples) / duration * (_WIDTH - _LEFT - 4)


def _ruler(report: Report, height: int) -> Iterator[str]:
    rate = parse_rate(report.rate)
    seconds = (report.end_samples - report.start_samples) / report.sample_rate_hz
    step_s = next((step for step in _RULER_STEPS_S if seconds / step <= 9), 7200)
    for frame in range(report.start_frame, report.end_frame, step_s * rate.labels_per_second):
        x = _x(report, float(frame / rate.fps * report.sample_rate_hz))
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{height}" stroke="#2b3137"/>'
        if x < _WIDTH - 72:
            yield f'<text x="{x + 4:.1f}" y="13">{_label(report, frame)}</text>'


def _shots(report: Report) -> Iterator[str]:
    for number, (name, start, end) in enumerate(report.picture):
        x, width = _x(report, start), _x(report, end) - _x(report, start)
        fill = ("#39424a", "#2f373e")[number % 2]
        yield (
            f'<rect x="{x:.1f}" y="{_RULER_HEIGHT}" width="{max(width - 1, 0.5):.1f}" height="9" '
            f'rx="1.5" fill="{fill}"><title>{escape(name)}</title></rect>'
        )


def _waveform(stem: StemReport, top: int, colour: str) -> Iterator[str]:
    """One closed outline: the high of every bucket going right, the low coming back."""
    overview = stem.overview
    middle, half = top + _WAVE_HEIGHT / 2, _WAVE_HEIGHT / 2
    full_db = _full_height_dbfs(overview)
    full = gain_from_db(full_db)
    yield f'<line x1="{_LEFT}" x2="{_WIDTH - 4}" y1="{middle}" y2="{middle}" stroke="#39424a"/>'
    yield f'<text x="{_LEFT - 8}" y="{top + 10}" text-anchor="end">{full_db:.0f} dBFS</text>'
    scale = (_WIDTH - _LEFT - 4) * overview.bucket_samples / max(1, stem.duration_samples)
    high = [
        f"{_LEFT + i * scale:.1f},{middle - min(1.0, float(v) / full) * half - 0.3:.1f}"
        for i, v in enumerate(overview.high)
    ]
    low = [
        f"{_LEFT + i * scale:.1f},{middle - max(-1.0, float(v) / full) * half + 0.3:.1f}"
        for i, v in enumerate(overview.low)
    ]
    yield f'<polygon points="{" ".join(high + low[::-1])}" fill="{colour}"/>'


def _full_height_dbfs(overview: Overview) -> float:
    """What the height of the picture stands for: a quiet stem is drawn larger, in 6 dB steps."""
    peak = max(float(overview.high.max()), float(-overview.low.min()))
    return min((db for db in range(0, -54, -6) if gain_from_db(db) >= peak), default=0)


def _clips(report: Report, cues: list[PlacedCue], top: int, colour: str) -> Iterator[str]:
    labelled_to, labelled = 0.0, ""
    for cue in sorted(cues, key=lambda cue: cue.record_start_samples):
        x = max(_LEFT, _x(report, cue.record_start_samples))
        end = min(_WIDTH - 4, _x(report, cue.record_start_samples + cue.duration_samples))
        title = f"cue {cue.cue} · {cue.timecode} · {cue.sound} · take {cue.take + 1}"
        yield (
            f'<rect class="clip" x="{x:.1f}" y="{top + 1}" width="{max(end - x, 1):.1f}" '
            f'height="{_LANE_HEIGHT - 3}" rx="2" fill="{colour}">'
            f"<title>{escape(title)}</title></rect>"
        )
        if cue.sync_samples is not None:
            sync_x = _x(report, cue.sync_samples)
            yield (
                f'<line x1="{sync_x:.1f}" x2="{sync_x:.1f}" y1="{top + 1}" '
                f'y2="{top + _LANE_HEIGHT - 2}" stroke="{colour}" stroke-width="1.2"/>'
            )
        # A label never runs into the one before it, nor says the same again.
        if x >= labelled_to and (cue.cue != labelled or x >= labelled_to + 60):
            yield f'<text class="cue" x="{x + 3:.1f}" y="{top + 11.5}">{escape(cue.cue)}</text>'
            labelled_to, labelled = x + 6 + 6.5 * len(cue.cue), cue.cue


def _gaps(report: Report, gaps: list[Gap], top: int) -> Iterator[str]:
    for gap in gaps:
        x = max(_LEFT, _x(report, gap.record_start_samples))
        end = min(_WIDTH - 4, _x(report, gap.record_start_samples + gap.duration_samples))
        title = f"cue {gap.cue} · {gap.timecode} · {gap.problem}"
        yield (
            f'<rect class="gap" x="{x:.1f}" y="{top + 1}" width="{max(end - x, 2):.1f}" '
            f'height="{_LANE_HEIGHT - 3}" rx="2"><title>{escape(title)}</title></rect>'
            f'<text class="cue" x="{x + 3:.1f}" y="{top + 11.5}">{escape(gap.cue)}</text>'
        )


def _label(report: Report, frame: int) -> str:
    rate = parse_rate(report.rate)
    return str(Timecode(frame % rate.frames_per_day, rate))
