"""A feature's worth of clips in bounded memory, and the LFE's filter as heard in a stem."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from audio.timecode import FILM_24, Timecode
from premix.delivery import Delivery, StemSpec
from premix.media import Roots
from premix.render import render
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import written

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)
BASE = START.to_samples(RATE)

FIVE_THOUSAND_CLIPS = """
import json, sys
from pathlib import Path
import numpy as np, soundfile
from audio.timecode import FILM_24
from premix.media import Roots
from premix.render import render
from premix.timeline import Clip, Session, SoundRef, Track

folder = Path(sys.argv[1])
rng = np.random.default_rng(5)
sounds = []
for number in range(20):
    soundfile.write(folder / f"{number}.wav", rng.uniform(-0.01, 0.01, (96_000, 2)), 48_000)
    sounds.append(SoundRef(asset_id=number, sound_hash="", root="s", path=f"{number}.wav",
                           sample_rate_hz=48_000, channels=2, duration_samples=96_000))
tracks = tuple(
    Track(stem=stem, name="t", lane=lane, clips=tuple(
        Clip(cue=f"{stem}{lane}.{n}", sound=sounds[int(rng.integers(20))], take_index=0,
             record_start_samples=n * 24_000 + 100 * lane, duration_samples=20_000,
             source_start_samples=int(rng.integers(0, 70_000)), gain_db=-12.0)
        for n in range(250)))
    for stem in ("foley", "fx") for lane in range(10))
session = Session(name="reel", rate=FILM_24, sample_rate_hz=48_000, start_frame=0,
                  end_frame=126 * 24, tracks=tracks, roots={"s": str(folder)})
report = render(session, folder / "out", find_sound=Roots(session.roots))
# Not ru_maxrss, in which a new program carries the peak of the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
peak_mb = int(peak.split()[1]) / 1024
print(json.dumps({"problems": report.problems, "peak_mb": peak_mb,
                  "clips": sum(len(stem.cues) for stem in report.stems)}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_five_thousand_clips_take_less_than_300_mb(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FIVE_THOUSAND_CLIPS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["clips"] == 5_000
    assert told["problems"] == []
    assert told["peak_mb"] < 300


def test_what_is_sent_to_the_lfe_falls_by_24_db_an_octave_above_120_hz(tmp_path):
    """A Butterworth low-pass of fourth order: 1 / sqrt(1 + (f / 120)^8)."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    click = np.zeros((RATE, 1), dtype=np.float32)
    click[1_000] = 0.5
    sound = written(folder / "click.wav", click, subtype="FLOAT", root="s")
    boom = Clip(
        cue="1",
        sound=sound,
        take_index=0,
        record_start_samples=BASE,
        duration_samples=RATE,
        source_start_samples=0,
        metadata={"placement": {"lfe_send_db": -6.0}},
    )
    session = Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 48,
        tracks=(Track(stem="fx", name="hard", lane=0, clips=(boom,)),),
        roots={"s": str(folder)},
    )
    delivery = Delivery(
        layout="5.1", encoding="float32", stems=(StemSpec(name="fx", tracks=("fx",)),)
    )
    report = render(session, tmp_path / "out", find_sound=Roots(session.roots), delivery=delivery)
    assert report.problems == ()
    lfe = soundfile.read(tmp_path / "out" / "fx.wav", dtype="float64")[0][:, 3]
    response = np.abs(np.fft.rfft(lfe)) / (0.5 * 10 ** (-6.0 / 20))
    hz = np.fft.rfftfreq(len(lfe), 1 / RATE)
    for at_hz, asked_db in ((40, 0.0), (120, -3.01), (240, -24.1), (480, -48.2)):
        level_db = 20 * np.log10(response[np.argmin(np.abs(hz - at_hz))])
        assert level_db == pytest.approx(asked_db, abs=0.2), at_hz
