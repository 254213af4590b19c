"""The change list of a conform, for people: CSV for a spreadsheet, HTML to read. Writes files."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from audio import AudioError
from audio.timecode import Timecode
from audio.whole_file import write_whole
from premix import PremixError
from premix.change_list import ShotChange
from premix.conform import Conformed, CueChange
from premix.conform_match import Frames, Stretch

COLUMNS = (
    "what", "state", "number", "name", "reel", "source_in", "old_in", "old_out", "new_in",
    "new_out", "moved_frames", "head_frames", "tail_frames", "speed_percent", "detail",
)  # fmt: skip


def write_changes(conformed: Conformed, path: Path) -> None:
    """Write the change list as the file's ending says: .csv or .html.

    Raises:
        PremixError: another ending, or the file cannot be written.
    """
    makers = {".csv": changes_as_csv, ".html": changes_as_html, ".htm": changes_as_html}
    make = makers.get(path.suffix.lower())
    if make is None:
        raise PremixError(f"{path}: a change list is .csv or .html")
    try:
        write_whole(path, make(conformed))
    except AudioError as problem:
        raise PremixError(str(problem)) from None


def change_rows(conformed: Conformed) -> Iterator[dict[str, str]]:
    """One row a shot in the order of the new cut, then one a cue by its old place."""
    for shot in conformed.shots:
        yield _shot_row(shot, conformed)
    for cue in conformed.cues:
        yield _cue_row(cue, conformed)


def changes_as_csv(conformed: Conformed) -> str:
    """The rows with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(change_rows(conformed))
    return text.getvalue()


def changes_as_html(conformed: Conformed) -> str:
    """One page that needs nothing else."""
    from premix.html_page import html_page  # jinja2 takes a while to load

    rows = list(change_rows(conformed))
    return html_page(
        "changes.html.j2",
        name=conformed.session.name,
        rate=conformed.session.rate.name,
        shots=[row for row in rows if row["what"] == "shot"],
        cues=[row for row in rows if row["what"] == "cue"],
        counts=state_counts(conformed),
    )


def state_counts(conformed: Conformed) -> dict[str, dict[str, int]]:
    """{"shots": {state: how many}, "cues": {…}}."""
    counts: dict[str, dict[str, int]] = {"shots": {}, "cues": {}}
    for kind, changes in (("shots", conformed.shots), ("cues", conformed.cues)):
        for change in changes:
            counts[kind][change.state] = counts[kind].get(change.state, 0) + 1
    return counts


def _shot_row(change: ShotChange, conformed: Conformed) -> dict[str, str]:
    shot = change.shot
    without = change.new in conformed.without_cues
    return _row(
        what="shot",
        state=change.state,
        number=(change.new or shot).number,
        name=shot.name,
        reel=shot.reel,
        source_in=_label(conformed, shot.source_in),
        old_in=_edge(conformed, change.old, "record_in"),
        old_out=_edge(conformed, change.old, "record_out"),
        new_in=_edge(conformed, change.new, "record_in"),
        new_out=_edge(conformed, change.new, "record_out"),
        moved_frames="" if change.offset_frames is None else f"{float(change.offset_frames):+g}",
        head_frames=f"{change.head_frames:+d}" if change.head_frames else "",
        tail_frames=f"{change.tail_frames:+d}" if change.tail_frames else "",
        speed_percent="" if change.speed_percent is None else f"{change.speed_percent:g}",
        detail="new, without cues" if without else "",
    )


def _cue_row(change: CueChange, conformed: Conformed) -> dict[str, str]:
    session = conformed.session

    def label(samples: int | None) -> str:
        if samples is None:
            return ""
        at = Timecode.from_samples(
            samples, session.rate, session.sample_rate_hz, wrap=True, subframes=True
        )
        return str(at)

    moved = ""
    if change.new_samples is not None:
        by = (change.new_samples - change.old_samples) * session.rate.fps
        moved = f"{float(by / session.sample_rate_hz):+.2f}".replace("+0.00", "0").replace(
            ".00", ""
        )
    return _row(
        what="cue",
        state=change.state,
        number=change.cue,
        name=change.track,
        old_in=label(change.old_samples),
        new_in=label(change.new_samples),
        moved_frames=moved,
        detail=change.detail,
    )


def _row(**cells: str) -> dict[str, str]:
    return {column: cells.get(column, "") for column in COLUMNS}


def _edge(conformed: Conformed, shot: Stretch | None, edge: str) -> str:
    return "" if shot is None else _label(conformed, getattr(shot, edge))


def _label(conformed: Conformed, frame: Frames | None) -> str:
    return "" if frame is None else str(Timecode.wrapped(round(frame), conformed.session.rate))
