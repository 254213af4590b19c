"""The sample library, as ffmpeg's ebur128 filter reads it and as we do."""

import shutil
import subprocess

import pytest
import soundfile

from audio.loudness import measure

FFMPEG = shutil.which("ffmpeg")


def by_ffmpeg(path):
    """Its summary, printed to 0.1: integrated LUFS, range LU, true peak dBTP."""
    command = [FFMPEG, "-nostats", "-hide_banner", "-i", str(path)]
    command += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = printed[printed.rindex("Summary:") :].split()
    return (float(summary[summary.index(key) + 1]) for key in ("I:", "LRA:", "Peak:"))


@pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed")
def test_ffmpeg_reads_the_same(assets_sample):
    compared = 0
    for path in sorted(assets_sample.rglob("*.flac")):
        # Under some seconds ffmpeg counts windows that began before the sound.
        if soundfile.info(path).duration < 8:
            continue
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        ours = measure(samples, rate_hz)
        integrated_lufs, range_lu, true_peak_dbtp = by_ffmpeg(path)
        assert ours.integrated_lufs == pytest.approx(integrated_lufs, abs=0.15), path.name
        assert ours.range_lu == pytest.approx(range_lu, abs=0.3), path.name
        # EBU Tech 3341 lets two correct true-peak meters differ by +0.2/-0.4 dB.
        assert -0.45 <= ours.true_peak_dbtp - true_peak_dbtp <= 0.25, path.name
        compared += 1
    assert compared >= 3
