"""Following a guide: its attacks, to the millisecond."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, Timecode
from premix import PremixError
from premix.guide import find_onsets, hits_of, read_guide


def strikes(at_samples, gains, length, rate_hz=48_000, noise=0.0, seed=1):
    """Short bursts that begin at full strength on their sample and die away."""
    random = np.random.default_rng(seed)
    samples = random.standard_normal(length) * noise
    decay = np.exp(-np.arange(rate_hz // 5) / (0.03 * rate_hz))
    for at, gain in zip(at_samples, gains, strict=True):
        burst = gain * decay * random.uniform(-1, 1, len(decay))
        burst[0] = gain
        samples[at : at + len(burst)] += burst[: length - at]
    return samples.astype(np.float32)[:, np.newaxis]


@settings(max_examples=20)
@given(
    gaps=st.lists(st.floats(0.3, 1.5), min_size=1, max_size=12),
    rate_hz=st.sampled_from([44_100, 48_000, 96_000]),
)
def test_each_attack_is_found_within_five_milliseconds(gaps, rate_hz):
    marks = np.cumsum([round(gap * rate_hz) for gap in gaps])
    gains = [0.5 if number % 2 else 0.25 for number in range(len(marks))]
    samples = strikes(marks, gains, int(marks[-1]) + rate_hz, rate_hz, noise=0.001)
    found = find_onsets(samples, rate_hz)
    assert len(found) == len(marks)
    for onset, mark in zip(found, marks, strict=True):
        assert abs(onset.seconds - Fraction(int(mark), rate_hz)) <= Fraction(5, 1000)


def test_a_strong_step_is_louder_than_a_soft_one(tmp_path):
    samples = strikes([20_000, 60_000, 100_000], [0.5, 0.25, 0.125], 150_000)
    path = tmp_path / "guide.wav"
    soundfile.write(path, samples, 48_000, subtype="PCM_24")
    guide = read_guide(path)
    loud, middle, soft = guide.gains_db()
    # Half the amplitude is 6.02 dB less.
    assert middle == 0.0
    assert loud == pytest.approx(6.0, abs=0.1)
    assert soft == pytest.approx(-6.0, abs=0.1)
    assert guide.starts_at_s is None


def test_hits_are_told_to_the_hundredth_of_a_frame(tmp_path):
    path = tmp_path / "guide.wav"
    soundfile.write(path, strikes([48_500], [0.5], 96_000), 48_000, subtype="PCM_24")
    guide = read_guide(path)
    (hit,) = hits_of(guide, FILM_24, Timecode.parse("01:00:00:00", FILM_24))
    # 500 samples of 48 kHz are a quarter of a frame of 2,000.
    assert str(hit) == "01:00:01:00.25"
    with pytest.raises(PremixError, match="--start"):
        hits_of(guide, FILM_24, None)


def test_silence_has_no_attack_and_a_text_is_no_guide(tmp_path):
    assert find_onsets(np.zeros((48_000, 2), np.float32), 48_000) == ()
    assert find_onsets(np.zeros((0, 1), np.float32), 48_000) == ()
    path = tmp_path / "guide.wav"
    path.write_text("no sound")
    with pytest.raises(PremixError, match=r"guide .*guide\.wav"):
        read_guide(path)


def test_steps_of_a_real_guide_are_found_where_they_were_put(shared):
    """Real footsteps and blows at known times over real wind: recall and precision."""
    import csv

    from audio.resample import resample

    corpus = shared / "corpus"
    rows = list(csv.DictReader((corpus / "labels.tsv").read_text().splitlines(), delimiter="\t"))
    files = [
        row["file"]
        for row in rows
        if row["family"] in ("impact", "footstep") and float(row["duration_s"]) < 0.6
    ][:40]
    out = np.zeros(48_000 * (len(files) + 2))
    marks = []
    for number, file in enumerate(files):
        samples, rate_hz = soundfile.read(corpus / file, dtype="float32", always_2d=True)
        mono = resample(samples.mean(axis=1, keepdims=True), rate_hz, 48_000)[:, 0]
        at = 24_000 + 48_000 * number
        out[at : at + len(mono)] += mono * (0.5 / np.abs(mono).max())
        # Where a blow reaches a tenth of its own peak, as the takes of the library have it.
        marks.append(at + int(np.argmax(np.abs(mono) >= 0.1 * np.abs(mono).max())))
    wind, rate_hz = soundfile.read(corpus / "lugaru/Wind.ogg", dtype="float32", always_2d=True)
    wind = np.resize(resample(wind.mean(axis=1, keepdims=True), rate_hz, 48_000)[:, 0], len(out))
    out += wind * (0.5 * 10 ** (-40 / 20) / np.sqrt((wind**2).mean()))
    found = [
        onset.seconds * 48_000 for onset in find_onsets(out.astype(np.float32)[:, None], 48_000)
    ]
    near = [min(abs(at - mark) for at in found) for mark in marks]
    recall = sum(distance <= 240 for distance in near) / len(marks)
    hit = sum(min(abs(at - mark) for mark in marks) <= 2_400 for at in found) / len(found)
    assert recall >= 0.9
    # Some of these recordings hold more than one blow, which counts against us here.
    assert hit >= 0.7
