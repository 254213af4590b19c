"""The commands that cast and spot, as a person and as a script use them."""

import json
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
import soundfile
from typer.testing import CliRunner

from dubstage.cli import app, main

SHEET = """cue,stem,in,out,query,hits
1,foley:feet,,,steps wood,01:00:01:00 01:00:02:00 01:00:03:00
2,fx,01:00:05:00,,unicorn,
3,fx,01:00:06:00,,slam,
4,bg,01:00:00:00,01:00:08:00,hall tone,
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """Three recordings, scanned as a person would."""
    folder = tmp_path_factory.mktemp("spotted") / "sounds"
    folder.mkdir()
    random = np.random.default_rng(3)
    steps = np.zeros(48_000 * 4, np.float32)
    for number in range(4):
        at = 12_000 + 48_000 * number
        decay = np.exp(-np.arange(9_600) / 1_500)
        steps[at : at + 9_600] = 0.4 * random.uniform(-1, 1, 9_600) * decay
    soundfile.write(folder / "steps wood.wav", steps, 48_000, subtype="PCM_24")
    slam = np.zeros(44_100, np.float32)
    slam[4_410:30_000] = 0.5 * random.uniform(-1, 1, 25_590) * np.exp(-np.arange(25_590) / 5_000)
    soundfile.write(folder / "slam.wav", slam, 44_100, subtype="PCM_24")
    tone = (0.02 * random.standard_normal(48_000 * 4)).astype(np.float32)
    soundfile.write(folder / "hall tone.wav", tone, 48_000, subtype="PCM_24")
    file = folder.parent / "library.db"
    result = CliRunner().invoke(app, ["scan", str(folder), "--library", str(file)])
    assert result.exit_code == 0, result.output
    return file


@pytest.fixture
def sheet(tmp_path) -> Path:
    path = tmp_path / "reel.csv"
    path.write_text(SHEET)
    return path


def spot(sheet, library, out, *more):
    arguments = ["spot", str(sheet), "--rate", "24", "--library", str(library), "-o", str(out)]
    return CliRunner().invoke(app, [*arguments, *more])


def test_what_is_missing_is_told_the_rest_is_written_and_the_status_says_so(
    sheet, library, tmp_path
):
    out = tmp_path / "reel.otio"
    result = spot(sheet, library, out, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["problems"] == ["reel.csv, line 3, cue 2: no sound found for query 'unicorn'"]
    assert told["cues"] == 3
    assert told["start_timecode"] == "01:00:00:00"
    assert "dubstage: reel.csv, line 3, cue 2" in result.stderr
    timeline = otio.adapters.read_from_file(str(out))
    assert {track.name for track in timeline.audio_tracks()} >= {"foley:feet 1", "fx:hard 1"}


def test_a_whole_sheet_leaves_with_status_0_and_the_same_bytes(sheet, library, tmp_path):
    sheet.write_text(SHEET.replace("unicorn", "slam"))
    first, second = tmp_path / "a.otio", tmp_path / "b.otio"
    assert spot(sheet, library, first, "--name", "reel").exit_code == 0
    assert spot(sheet, library, second, "--name", "reel").exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    again = spot(sheet, library, first, "--name", "reel")
    assert again.exit_code == 0
    assert "foley:feet 1" in again.stdout
    assert first.read_bytes() == second.read_bytes()


def test_a_shuffle_of_a_cue_that_is_not_there_is_one_line(
    sheet, library, tmp_path, monkeypatch, capsys
):
    out = str(tmp_path / "a.otio")
    arguments = ["dubstage", "spot", str(sheet), "--rate", "24", "--library", str(library)]
    monkeypatch.setattr("sys.argv", [*arguments, "-o", out, "--shuffle", "99"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "dubstage: reel.csv has no cue 99 to shuffle\n"
    assert not Path(out).exists()


def test_a_sheet_without_its_header_is_one_line(library, tmp_path, monkeypatch, capsys):
    sheet = tmp_path / "reel.csv"
    sheet.write_text("1,fx,01:00:00:00,,slam\n")
    arguments = ["dubstage", "spot", str(sheet), "--rate", "24", "--library", str(library)]
    monkeypatch.setattr("sys.argv", [*arguments, "-o", str(tmp_path / "a.otio")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("dubstage: reel.csv: no header;")


def test_a_shortlist_names_the_sounds_to_choose_from(sheet, library):
    arguments = ["cast", str(sheet), "--rate", "24", "--library", str(library), "--cue", "3"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert "slam.wav" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    (cue,) = told["cues"]
    assert cue["cue"] == "3"
    assert cue["candidates"][0]["path"] == "slam.wav"


def test_a_guide_becomes_a_cue_that_spots(library, tmp_path):
    guide = library.parent / "sounds" / "steps wood.wav"
    arguments = ["follow", str(guide), "--rate", "24", "--start", "01:00:00:00"]
    followed = CliRunner().invoke(app, [*arguments, "--query", "slam"])
    assert followed.exit_code == 0
    sheet = tmp_path / "followed.csv"
    sheet.write_text(followed.stdout)
    # The steps stand at 12,000 and then every 48,000 samples: a quarter past each second.
    hits = followed.stdout.splitlines()[1].split(",")[3].split()
    assert hits == [f"01:00:0{second}:06" for second in range(4)]
    assert spot(sheet, library, tmp_path / "f.otio").exit_code == 0
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert [hit["samples"] for hit in told["hits"]] == [
        pytest.approx(12_000 + 48_000 * number, abs=48) for number in range(4)
    ]


def test_a_guide_in_a_sheet_lies_beside_it(library, tmp_path):
    guide = library.parent / "sounds" / "steps wood.wav"
    (tmp_path / "guide.wav").write_bytes(guide.read_bytes())
    sheet = tmp_path / "reel.csv"
    sheet.write_text("cue,stem,in,query,guide\n1,foley,01:00:00:00,slam,guide.wav\n")
    result = spot(sheet, library, tmp_path / "g.otio", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["clips"] == 4
