"""Opening what may be no file, and reading where the system has no pread."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio import AudioError, byte_source, sample_reader
from audio.byte_source import _seek_and_read
from audio.files import open_sound, read_header


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.wav")
    with pytest.raises(AudioError, match=r"x\.wav: is a pipe"):
        read_header(tmp_path / "x.wav")


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "x.wav").mkdir()
    with pytest.raises(AudioError, match=r"x\.wav: (is a folder|cannot be)"):
        read_header(tmp_path / "x.wav")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such devices")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device):
    with pytest.raises(AudioError, match="is a device"):
        read_header(device)


def test_a_file_of_no_bytes_is_told_apart(tmp_path):
    (tmp_path / "x.wav").touch()
    with pytest.raises(AudioError, match=r"x\.wav: is empty"):
        read_header(tmp_path / "x.wav")


def test_reading_without_pread_gives_the_same_from_several_threads(tmp_path, monkeypatch):
    samples = np.random.default_rng(3).uniform(-1, 1, (40_000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "x.wav", samples, 48_000, subtype="FLOAT")
    monkeypatch.setattr(byte_source, "read_at", _seek_and_read)
    monkeypatch.setattr(sample_reader, "read_at", _seek_and_read)
    wrong = []

    def read(sound, seed):
        starts = np.random.default_rng(seed).integers(0, 39_000, 50)
        wrong.extend(
            start
            for start in map(int, starts)
            if not np.array_equal(sound.read(start, 1000), samples[start : start + 1000])
        )

    with open_sound(tmp_path / "x.wav") as sound:
        threads = [threading.Thread(target=read, args=(sound, seed)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
