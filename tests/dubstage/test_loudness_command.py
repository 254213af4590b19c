"""`dubstage loudness`, as another program would use it."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from dubstage.cli import app

RATE_HZ = 48_000
KEYS = [
    "path", "integrated_lufs", "range_lu", "max_momentary_lufs", "max_short_term_lufs",
    "true_peak_dbtp", "sample_peak_dbfs", "channels",
]  # fmt: skip

runner = CliRunner()


@pytest.fixture
def tone(tmp_path):
    """EBU Tech 3341, case 1: everything reads -23."""
    path = tmp_path / "tone.wav"
    sine = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 / RATE_HZ * np.arange(RATE_HZ * 20))
    soundfile.write(path, np.stack([sine, sine], axis=1), RATE_HZ, subtype="PCM_24")
    return path


def test_the_answer_is_a_list_with_one_object_a_file(tone, tmp_path):
    silence = tmp_path / "stille.wav"
    soundfile.write(silence, np.zeros((RATE_HZ, 1)), RATE_HZ)
    result = runner.invoke(app, ["loudness", str(tone), str(silence), "--json"])
    assert result.exit_code == 0
    loud, silent = json.loads(result.stdout)
    assert list(loud) == KEYS
    assert (loud["path"], loud["channels"]) == (str(tone), 2)
    for key in ("integrated_lufs", "max_momentary_lufs", "max_short_term_lufs"):
        assert loud[key] == pytest.approx(-23.0, abs=0.1)
    assert loud["range_lu"] == pytest.approx(0, abs=0.1)
    assert loud["true_peak_dbtp"] == pytest.approx(-23.0, abs=0.2)
    assert silent == dict.fromkeys(KEYS) | {"path": str(silence), "channels": 1}


def test_a_bad_file_is_one_line_and_the_others_are_answered(tone, tmp_path):
    bad = tmp_path / "notes.wav"
    bad.write_text("no sound at all")
    missing = tmp_path / "missing.wav"
    words = ["loudness", str(bad), str(missing), str(tone), "--json"]
    run = subprocess.run(
        [sys.executable, "-c", "from dubstage.cli import main; main()", *words],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert [found["path"] for found in json.loads(run.stdout)] == [str(tone)]
    about_bad, about_missing = run.stderr.splitlines()
    assert about_bad.startswith("dubstage: ") and "notes.wav" in about_bad
    assert "missing.wav" in about_missing


def test_the_layout_may_be_told_and_must_fit(tone):
    result = runner.invoke(app, ["loudness", str(tone), "--layout", "5.1"])
    assert result.exit_code == 1
    assert "2 channels for a meter of 6 (5.1)" in result.stderr


def test_for_people_it_is_one_line_a_file(tone):
    result = runner.invoke(app, ["loudness", str(tone)])
    assert result.stdout == (
        f"{tone}: integrated -23.0 LUFS, range 0.0 LU, momentary -23.0 LUFS, "
        "short-term -23.0 LUFS, true peak -23.0 dBTP\n"
    )
