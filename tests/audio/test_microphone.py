"""Recording: from a device that is made of numbers, and from ALSA's own that plays a file."""

import os
import subprocess
import sys
import threading
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.microphone import record, sounding_part

RATE_HZ = 48_000


def fake(monkeypatch, blocks, *, then_end=True, broken=None):
    """A sounddevice whose stream hands over these blocks."""

    class PortAudioError(Exception):
        pass

    class InputStream:
        def __init__(self, *, callback, finished_callback, **asked):
            if broken is not None:
                raise PortAudioError(broken)
            self.callback, self.finished_callback, self.asked = callback, finished_callback, asked

        def __enter__(self):
            self.thread = threading.Thread(target=self.play)
            self.thread.start()
            return self

        def __exit__(self, *_):
            self.thread.join()

        def play(self):
            for block in blocks:
                self.callback(block, len(block), None, None)
            if then_end:
                self.finished_callback()

    module = types.ModuleType("sounddevice")
    module.InputStream, module.PortAudioError = InputStream, PortAudioError
    monkeypatch.setitem(sys.modules, "sounddevice", module)


def test_what_the_device_gives_is_what_is_recorded(monkeypatch):
    given_samples = np.linspace(-1, 1, 1200, dtype=np.float32)[:, None]
    fake(monkeypatch, np.split(given_samples, 12))
    assert np.array_equal(record(1000 / RATE_HZ, RATE_HZ), given_samples[:1000])


def test_a_block_that_the_device_uses_again_is_kept_as_it_was(monkeypatch):
    class Reused:
        def __iter__(self):
            block = np.zeros((10, 1), np.float32)
            for number in range(3):
                block[:] = number
                yield block

    fake(monkeypatch, Reused())
    assert record(30 / RATE_HZ, RATE_HZ)[::10, 0].tolist() == [0, 1, 2]


def test_it_stops_when_asked(monkeypatch):
    fake(monkeypatch, [np.ones((100, 1), np.float32)] * 50)
    asked = iter([False, False, True])
    assert len(record(10, RATE_HZ, stop=lambda: next(asked))) == 200


def test_a_device_that_is_none_is_named(monkeypatch):
    fake(monkeypatch, [], broken="Error querying device 7")
    with pytest.raises(AudioError, match="cannot be used: Error querying device 7"):
        record(1, RATE_HZ, device=7)


def test_without_sounddevice_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(AudioError, match=r"pip install 'dubstage\[record\]'"):
        record(1, RATE_HZ)


def test_a_device_that_gives_nothing_is_not_waited_for_forever(monkeypatch):
    monkeypatch.setattr("audio.microphone._WAIT_S", 0.05)
    fake(monkeypatch, [], then_end=False)
    with pytest.raises(AudioError, match="gives nothing"):
        record(1, RATE_HZ)


@given(
    before=st.integers(0, 30_000),
    length=st.integers(1, 20_000),
    after=st.integers(0, 30_000),
    room=st.sampled_from([0.0, 0.005]),
)
def test_the_sound_is_kept_whole_and_the_room_is_not(before, length, after, room):
    sound = np.full((before + length + after, 1), room, np.float32)  # 46 dB below the sound
    sound[before : before + length] = 1.0
    part = sounding_part(sound, RATE_HZ)
    assert (part == 1.0).sum() == length
    assert len(part) <= length + 2 * (960 + 480)


def test_silence_is_no_example():
    with pytest.raises(AudioError, match="silence"):
        sounding_part(np.zeros((48_000, 1), np.float32), RATE_HZ)
    with pytest.raises(AudioError, match="silence"):
        sounding_part(np.zeros((0, 1), np.float32), RATE_HZ)


ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type plug slave.pcm "mic" }}
pcm.mic {{ type file file "/dev/null" infile "{}" slave.pcm "null" format "raw" }}
"""


def test_a_real_device_gives_its_tone(tmp_path):
    """ALSA's file plugin is a microphone that hears a file: 440 Hz."""
    pytest.importorskip("sounddevice", reason="no PortAudio here", exc_type=OSError)
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE_HZ) / RATE_HZ)
    (tmp_path / "tone.raw").write_bytes(tone.astype(np.float32).tobytes())
    (tmp_path / "alsa.conf").write_text(ALSA.format(tmp_path / "tone.raw"))
    program = (
        "import numpy as np; from audio.microphone import record;"
        f"print(np.abs(np.fft.rfft(record(1, {RATE_HZ})[:, 0])).argmax())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "device" in run.stderr and run.returncode:
        pytest.skip("no ALSA here")
    assert run.stdout.strip() == "440", run.stderr
