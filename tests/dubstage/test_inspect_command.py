"""`dubstage inspect`: every key that scripts hold on to, and one bad file among good ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from audio.bext import Bext
from audio.cue_points import CuePoint
from audio.ixml import Ixml, tracks_of
from audio.wave_writer import WaveWriter
from dubstage.cli import app

KEYS = {"path", "format", "sample_rate_hz", "channels", "bits", "duration_samples"} | {
    "start_timecode",
    "bext",
    "ixml",
    "info",
    "cues",
    "loops",
    "adm",
    "chunks",
    "warnings",
}


@pytest.fixture
def slam(tmp_path):
    path = tmp_path / "slam.wav"
    ixml = Ixml(
        project="P", timecode_rate="25/1", timecode_flag="NDF", tracks=tracks_of(("L", "R"))
    )
    with WaveWriter(
        path,
        sample_rate_hz=48_000,
        layout=2,
        bext=Bext(description="Slam", time_reference_samples=172_800_000, loudness_lufs=-20.5),
        ixml=ixml,
        cues=[CuePoint(id=1, position_samples=10, label="hit")],
    ) as writer:
        writer.write(np.zeros((4800, 2), np.float32))
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)])


def test_json_has_every_key(slam):
    result = run(slam, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (found,) = json.loads(result.stdout)
    assert set(found) >= KEYS
    assert (found["format"], found["bits"], found["duration_samples"]) == ("WAV", 24, 4800)
    assert found["start_timecode"] == "01:00:00:00"
    assert found["bext"]["time_reference_samples"] == 172_800_000
    assert found["bext"]["loudness_lufs"] == -20.5
    assert found["ixml"]["project"] == "P"
    assert found["ixml"]["tracks"][1] == {
        "channel_index": 2,
        "interleave_index": 2,
        "name": "R",
        "function": "R",
    }
    assert {"scene", "take", "tape", "note", "timecode_rate", "timecode_flag", "user", "aswg"} < (
        set(found["ixml"])
    )
    raw = slam.read_bytes()
    for chunk in found["chunks"]:
        assert raw[chunk["offset"] - 8 : chunk["offset"] - 4].decode() == chunk["id"]
    assert found["cues"][0]["position_samples"] == 10
    assert (found["adm"], found["loops"], found["warnings"]) == (None, [], [])


def test_another_rate_is_used_where_it_is_asked_for(slam):
    (found,) = json.loads(run(slam, "--rate", "29.97df", "--json").stdout)
    assert found["start_timecode"] == "01:00:00;00"


def test_one_that_is_no_sound_does_not_silence_the_others(slam, tmp_path):
    text = tmp_path / "notes.wav"
    text.write_text("no sound at all")
    result = run(text, tmp_path / "none.wav", slam, "--json")
    assert result.exit_code == 1
    assert [found["path"] for found in json.loads(result.stdout)] == [str(slam)]
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert "notes.wav: neither RIFF" in lines[0] and "none.wav: cannot be opened" in lines[1]


def test_it_is_readable_without_json(slam):
    printed = run(slam).stdout
    for part in ("24 bit, 2 channels (L R)", "starts at 01:00:00:00", "marker 1 at 10 hit"):
        assert part in printed


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text here")
def test_a_file_whose_name_is_no_text_is_answered_by_that_name(tmp_path):
    path = os.fsencode(tmp_path) + b"/T\xfcr.wav"
    with Path(os.fsdecode(path)).open("wb") as file:
        soundfile.write(file, np.zeros((10, 1)), 48_000, format="WAV")
    asked = subprocess.run(
        [sys.executable, "-c", "from dubstage.cli import main; main()", "inspect", "--json", path],
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"},
        check=True,
    )
    (answer,) = json.loads(asked.stdout)
    assert os.fsencode(answer["path"]) == path
