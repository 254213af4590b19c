"""`dubstage conform`: two lists and a session in, a session and change lists out."""

import csv
import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from audio.timecode import FILM_24
from dubstage.cli import app
from premix.cut_files import read_timeline
from premix.session import read_session, write_session
from tests.premix.cuts import bed, clips_of, hit, session_of

RUNNER = CliRunner()


@pytest.fixture
def reel(tmp_path, assets_sample):
    """Two cuts of the sample reel (the new one opens with its second shot) and a session."""
    old = tmp_path / "old.edl"
    new = tmp_path / "new.edl"
    old.write_text(
        "TITLE: REEL\n"
        "001  A001  V  C  04:10:21:00 04:10:33:00 01:00:00:00 01:00:12:00\n"
        "* FROM CLIP NAME: STREET WIDE\n"
        "002  A002  V  C  04:14:02:10 04:14:10:10 01:00:12:00 01:00:20:00\n"
        "* FROM CLIP NAME: BOOTS CLOSE\n"
    )
    new.write_text(
        "TITLE: REEL\n"
        "001  A002  V  C  04:14:02:10 04:14:10:10 01:00:00:00 01:00:08:00\n"
        "* FROM CLIP NAME: BOOTS CLOSE\n"
        "002  A009  V  C  09:00:00:00 09:00:02:00 01:00:08:00 01:00:10:00\n"
        "* FROM CLIP NAME: <CAR> & DOG\n"
    )
    cut = read_timeline(old, FILM_24)
    second = 48_000
    at = 3_600 * second
    session = session_of(
        cut,
        [hit("1", at + 2 * second), hit("2", at + 13 * second)],
        [bed("bg", at + 12 * second, at + 20 * second)],
    )
    write_session(session, tmp_path / "reel.otio")
    return tmp_path


def run(reel, *more):
    return RUNNER.invoke(
        app,
        ["conform", str(reel / "old.edl"), str(reel / "new.edl"), str(reel / "reel.otio"),
         "-o", str(reel / "new.otio"), *more],
    )  # fmt: skip


def test_the_session_follows_and_the_lists_tell_how(reel):
    result = run(reel, "--changes", str(reel / "c.csv"), "--changes", str(reel / "c.html"))
    assert result.exit_code == 1  # cue 1 has lost its shot
    session = read_session(reel / "new.otio")
    found = {clip.cue: clip.record_start_samples - 3_600 * 48_000 for clip in clips_of(session)}
    assert found == {"2": 48_000 - 480, "bg": 0}
    assert [shot.name for shot in session.picture] == ["BOOTS CLOSE", "<CAR> & DOG"]
    rows = list(csv.DictReader((reel / "c.csv").read_text().splitlines()))
    assert [(row["what"], row["state"], row["new_in"]) for row in rows] == [
        ("shot", "removed", ""),
        ("shot", "moved", "01:00:00:00"),
        ("shot", "added", "01:00:08:00"),
        ("cue", "orphaned", ""),
        ("cue", "moved", "01:00:00:00"),
        ("cue", "moved", "01:00:01:00"),
    ]
    assert rows[1]["moved_frames"] == "-288"
    page = (reel / "c.html").read_text()
    assert "&lt;CAR&gt; &amp; DOG" in page
    assert "new, without cues" in page


def test_json_for_scripts(reel):
    told = json.loads(run(reel, "--json").stdout)
    assert told["shots"] == {"removed": 1, "moved": 1, "added": 1}
    assert told["cues"] == {"orphaned": 1, "moved": 2}


def test_what_cannot_be_is_one_line(reel):
    result = run(reel, "--changes", str(reel / "c.doc"))
    assert "a change list is .csv or .html" in str(result.exception)
    result = run(reel, "--rate", "25")
    assert "the session at 24" in str(result.exception)


def test_there_and_back_again(reel):
    session = read_session(reel / "reel.otio")
    kept = [clip for clip in clips_of(session) if clip.cue != "1"]
    assert run(reel).exit_code == 1
    back = RUNNER.invoke(
        app,
        ["conform", str(reel / "new.edl"), str(reel / "old.edl"), str(reel / "new.otio"),
         "-o", str(reel / "back.otio")],
    )  # fmt: skip
    assert back.exit_code == 0, back.output
    returned = read_session(reel / "back.otio")
    assert clips_of(returned) == kept
    assert returned.picture == tuple(replace(shot) for shot in session.picture)
