"""The check as `qc.json` and as `qc.html`, a page that stands alone."""

import json
from pathlib import Path
from typing import Any

from audio.whole_file import write_whole
from premix.html_page import html_page
from premix.qc import QcReport


def as_json(report: QcReport) -> dict[str, Any]:
    """The check as plain values."""
    return {
        "session": report.session,
        "delivery": report.delivery,
        "passed": report.passed,
        "findings": [
            {
                "check": finding.check,
                "stem": finding.stem,
                "timecode": timecode,
                "text": finding.text,
                "grave": finding.grave,
            }
            for timecode, finding in report.findings
        ],
        "stems": [
            {"name": stem, **(vars(report.loudness[stem]) if stem in report.loudness else {})}
            for stem in report.stems
        ],
        "sync": [vars(each) for each in report.sync],
        "credits": [vars(credit) for credit in report.credits],
    }


def write(report: QcReport, folder: Path) -> None:
    """Write qc.json and qc.html into the folder, each whole or not at all."""
    write_whole(
        folder / "qc.json", json.dumps(as_json(report), indent=1, ensure_ascii=False) + "\n"
    )
    write_whole(folder / "qc.html", page(report))


def page(report: QcReport) -> str:
    """The check as one HTML document."""
    on_sample = [each for each in report.sync if each.lag_samples == 0]
    off = [each for each in report.sync if each.lag_samples]
    return html_page(
        "qc.html.j2",
        report=report,
        on_sample=len(on_sample),
        off=len(off),
        unheard=len(report.sync) - len(on_sample) - len(off),
        unlicensed=[credit for credit in report.credits if not credit.licence],
    )
