"""A small reel for the page's tests: four cues, a picture, and the sample library."""

import shutil
from pathlib import Path

import pytest

import assets_sample
from dubstage.cli import app

SHEET = """cue,stem,in,out,query,sound,hits,gain_db,note
F1,foley:feet,,,footsteps boots concrete,,01:00:02:00 01:00:02:14 01:00:03:03 01:00:03:17,,"a, b"
X1,fx:hard,01:00:04:00,,wood door slam,,,-6,a hall
X2,fx:design,01:00:06:00,,whoosh,,,-12,
B1,backgrounds:a,01:00:00:00,01:00:12:00,rain street steady,,,,
"""


def run(*words: object) -> None:
    """A command of the command line, in this process."""
    from typer.main import get_command

    try:
        get_command(app).main([str(word) for word in words], standalone_mode=False)
    except SystemExit as ended:  # typer's Exit 1: a note was told, all else is done
        if ended.code not in (0, 1):
            pytest.fail(f"dubstage {words[0]} ended with {ended.code}")


def make_reel(folder: Path) -> Path:
    """The library, the sheet and the picture, in a folder that can be copied."""
    samples = Path(assets_sample.FOLDER)
    (folder / "reel.csv").write_text(SHEET)
    shutil.copy(samples / "reel1.edl", folder)
    run("scan", samples, "--library", folder / "lib.db")
    return folder
