"""The page of a render: how loud each stem was when, and what is wrong where."""

import json
import re

import numpy as np
import pytest

from audio.layout import LAYOUTS
from audio.timecode import FILM_24, Timecode
from premix.delivery import Delivery
from premix.media import Roots
from premix.render import render
from premix.stem_meters import CurveMeter
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import written

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)
BASE = START.to_samples(RATE)


def tone(seconds, level_dbfs):
    """A sine on both sides; of such EBU Tech 3341 (cases 1 and 2) says dBFS = LUFS."""
    sine = np.sin(2 * np.pi * 1_000 / RATE * np.arange(seconds * RATE))
    return np.repeat(10 ** (level_dbfs / 20) * sine[:, np.newaxis], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("block_samples", [997, 48_000, 500_000])
def test_the_curve_follows_the_level_second_by_second(block_samples):
    sound = np.concatenate([tone(5, -23.0), np.zeros((5 * RATE, 2), np.float32), tone(4, -33.0)])
    meter = CurveMeter(RATE, LAYOUTS["stereo"])
    for start in range(0, len(sound), block_samples):
        meter.add(sound[start : start + block_samples])
    curve = meter.short_term_lufs()
    assert len(curve) == 12  # windows of 3 s in 14 s
    assert curve[0] == pytest.approx(-23.0, abs=0.1)
    assert curve[3] == pytest.approx(-23.0 + 10 * np.log10(2 / 3), abs=0.1)
    assert curve[6] is None or curve[6] < -70
    assert curve[11] == pytest.approx(-33.0, abs=0.1)


def test_what_is_found_while_rendering_stands_in_report_and_page(tmp_path):
    folder = tmp_path / "sounds"
    folder.mkdir()
    rain = np.random.default_rng(3).uniform(-0.1, 0.1, (6 * RATE, 2))
    rain[2 * RATE : 3 * RATE] = 0.0
    sound = written(folder / "rain.wav", rain, root="s")
    bed = Clip(
        cue="BG<1>",
        sound=sound,
        take_index=0,
        record_start_samples=BASE,
        duration_samples=6 * RATE,
        source_start_samples=0,
    )
    session = Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 6 * 24,
        tracks=(Track(stem="backgrounds", name="a", lane=0, clips=(bed,)),),
        roots={"s": str(folder)},
    )
    out = tmp_path / "out"
    for _time in range(2):  # the second one keeps the stem, and what was found in it
        report = render(session, out, find_sound=Roots(session.roots), delivery=Delivery())
        stem = next(stem for stem in report.stems if stem.name == "backgrounds")
        assert [finding.check for finding in stem.findings] == ["hole"]
        assert stem.findings[0].at_samples == pytest.approx(2 * RATE, abs=RATE // 20)
        assert len(stem.short_term_lufs) == 4
    assert stem.reused
    told = json.loads((out / "report.json").read_text())["stems"][1]
    assert told["findings"][0]["check"] == "hole"
    page = (out / "report.html").read_text()
    assert "cue BG&lt;1&gt;: silent for 1." in page
    assert 'class="loudness"' in page
    assert re.search(r'data-at="2\.0\d*">01:00:02:0[01]<', page)
