"""`dubstage render` and `dubstage qc`: what they print, write and leave with."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from audio.timecode import FILM_24
from dubstage.cli import app
from premix.session import write_session
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import written

RATE = 48_000
BASE = 3600 * RATE


def invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def session_file(tmp_path):
    folder = tmp_path / "sounds"
    folder.mkdir()
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (RATE, 1))
    sound = written(folder / "noise.wav", noise)
    clip = Clip(
        cue="12",
        sound=sound,
        take_index=0,
        record_start_samples=BASE + 1_000,
        duration_samples=RATE,
        source_start_samples=0,
        sync_samples=BASE + 1_000,
    )
    session = Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=86_400,
        end_frame=86_448,
        tracks=(Track(stem="fx", name="hard", lane=0, clips=(clip,)),),
        roots={"sounds": str(folder)},
    )
    write_session(session, tmp_path / "reel.otio")
    return tmp_path / "reel.otio"


def test_render_prints_a_line_a_stem(session_file, tmp_path):
    result = invoke("render", session_file, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "foley",
        "backgrounds",
        "fx",
        "report",
    ]
    assert "LUFS" in result.stdout


def test_render_json_is_the_report(session_file, tmp_path):
    result = invoke("render", session_file, "-o", tmp_path / "out", "--json")
    assert json.loads(result.stdout) == json.loads((tmp_path / "out" / "report.json").read_text())


def test_a_missing_sound_exits_1_with_the_cue(session_file, tmp_path):
    (tmp_path / "sounds" / "noise.wav").unlink()
    result = invoke("render", session_file, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "cue 12" in result.stderr
    assert (tmp_path / "out" / "fx.wav").is_file()


def test_render_by_template_layout_and_words(session_file, tmp_path):
    result = invoke(
        *("render", session_file, "-o", tmp_path / "out", "--delivery", "netflix"),
        *("--word", "episode=s01e02", "--encoding", "float32", "--layout", "stereo"),
    )
    assert result.exit_code == 0, result.output
    names = {path.name for path in (tmp_path / "out").glob("*FXSTEM*")}
    stem = "reel_s01e02_v01_FXSTEM_2ch_48k_32b_24"
    assert names == {f"{stem}.L.wav", f"{stem}.R.wav"}


def test_qc_passes_what_was_rendered_and_writes_its_page(session_file, tmp_path):
    out = tmp_path / "out"
    invoke("render", session_file, "-o", out)
    result = invoke("qc", out)
    assert result.exit_code == 0, result.output
    assert "1 of 1 attacks found on their very sample" in result.stdout
    assert (out / "qc.html").is_file()
    assert json.loads(invoke("qc", out, "--json").stdout)["passed"]


def test_qc_leaves_with_1_where_something_is_wrong(session_file, tmp_path):
    out = tmp_path / "out"
    invoke("render", session_file, "-o", out)
    (out / "fx.wav").unlink()
    result = invoke("qc", out)
    assert result.exit_code == 1
    assert "fx.wav" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_a_render_finds_nothing_half_written(tmp_path, number, status):
    noise = written(tmp_path / "noise.wav", np.full((480_000, 1), 0.1), root="s")
    hour = 3_600 * 48_000
    clips = tuple(
        Clip(
            cue=str(n),
            sound=noise,
            take_index=0,
            record_start_samples=n * 480_000,
            duration_samples=480_000,
            source_start_samples=0,
        )
        for n in range(hour // 480_000)
    )
    session = Session(
        name="long",
        rate=FILM_24,
        sample_rate_hz=48_000,
        start_frame=0,
        end_frame=3_600 * 24,
        tracks=(Track(stem="fx", name="hard", lane=0, clips=clips),),
        roots={"s": str(tmp_path)},
    )
    write_session(session, tmp_path / "long.otio")
    out = tmp_path / "out"
    # As a shell starts it: who runs the tests may have told its children to ignore Ctrl-C.
    start = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from dubstage.cli import main; main()"
    )
    command = [sys.executable, "-c", start, "render", str(tmp_path / "long.otio"), "-o", str(out)]
    rendering = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while not (out.exists() and any(out.iterdir())):
        assert rendering.poll() is None, rendering.communicate()[0]
        time.sleep(0.05)
    rendering.send_signal(number)
    told, _nothing = rendering.communicate(timeout=60)
    assert rendering.returncode == status, told
    assert b"Traceback" not in told
    assert list(out.iterdir()) == []
