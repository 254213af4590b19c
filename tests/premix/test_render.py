"""Rendering: on the sample, the same bytes, and the rest where something is missing."""

import hashlib
import json
import os
import stat
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from scipy.signal import correlate

from audio.timecode import FILM_24, NTSC_2997_DROP, Timecode
from premix import PremixError
from premix.report import as_json
from premix.timeline import Session, Track
from tests.premix.reel import (
    RATE,
    START,
    START_SAMPLES,
    clip,
    rendered,
    sound_of,
    stem_samples,
)


def test_each_take_stands_in_its_stem_at_its_very_sample(session, sounds, tmp_path):
    rendered(session, tmp_path / "out")
    stem = stem_samples(tmp_path / "out", "foley")[:, 0]
    step, _rate = soundfile.read(tmp_path / "sounds" / "step.wav")
    for placed in session.tracks[0].clips:
        attack = placed.sync_samples - START_SAMPLES
        heard = stem[attack - 1_000 : attack + 3_000]
        played = step[2_400 - 1_000 : 2_400 + 3_000]
        lag = int(correlate(heard, played).argmax()) - (len(played) - 1)
        assert lag == 0


def test_a_take_at_another_rate_attacks_at_its_sample(session, tmp_path):
    quiet = replace(session, tracks=session.tracks[1:2])
    rendered(quiet, tmp_path / "out", dither=False)
    stem = np.abs(stem_samples(tmp_path / "out", "foley")).max(axis=1)
    # The door's attack lies at 4410 of 44100 Hz, a tenth of a second into the clip.
    assert not stem[: 54_800 - 64].any() or stem[: 54_800 - 64].max() < 1e-3
    assert int((stem > 0.05).argmax()) in range(54_799, 54_803)


def test_block_size_and_workers_do_not_change_a_byte(session, tmp_path):
    digests = set()
    for number, (block_samples, workers) in enumerate([(32_768, 3), (1_000, 1), (999_999, 2)]):
        out = tmp_path / str(number)
        rendered(session, out, block_samples=block_samples, workers=workers)
        files = sorted(out.glob("*.wav"))
        assert [file.name for file in files] == ["backgrounds.wav", "foley.wav", "fx.wav"]
        digests.add(tuple(hashlib.sha256(file.read_bytes()).hexdigest() for file in files))
    assert len(digests) == 1


def test_the_times_of_files_are_not_in_the_bytes(session, tmp_path):
    rendered(session, tmp_path / "one")
    for path in (tmp_path / "sounds").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    rendered(session, tmp_path / "two")
    for name in ("foley", "backgrounds", "fx"):
        same = [(tmp_path / where / f"{name}.wav").read_bytes() for where in ("one", "two")]
        assert same[0] == same[1]


def test_memory_does_not_grow_with_the_length(sounds, tmp_path):
    """Twenty times as long, with as much at once: numpy's memory stays as it was."""
    peaks = []
    for seconds in (20, 400):
        clips = tuple(
            clip(sounds["rain"], str(n), n * RATE, duration_samples=96_000)
            for n in range(seconds - 2)
        )
        long = Session(
            name="long",
            rate=FILM_24,
            sample_rate_hz=RATE,
            start_frame=START.frame,
            end_frame=START.frame + 24 * seconds,
            tracks=(
                Track(stem="fx", name="hard", lane=0, clips=clips[::2]),
                Track(stem="fx", name="hard", lane=1, clips=clips[1::2]),
            ),
            roots={"sounds": str(tmp_path / "sounds")},
        )
        tracemalloc.start()
        rendered(long, tmp_path / str(seconds), workers=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert peaks[1] < 30e6


def test_stems_sum_to_the_mix_of_all(session, tmp_path):
    rendered(session, tmp_path / "stems", encoding="float32")
    everything = tuple(replace(t, stem="fx", lane=i) for i, t in enumerate(session.tracks))
    rendered(replace(session, tracks=everything), tmp_path / "mix", encoding="float32")
    stems = sum(stem_samples(tmp_path / "stems", name) for name in ("foley", "backgrounds", "fx"))
    rest = np.abs(stems - stem_samples(tmp_path / "mix", "fx")).max()
    assert rest < 10 ** (-140 / 20)


def test_a_stem_says_where_it_belongs(session, tmp_path):
    wavinfo = pytest.importorskip("wavinfo")
    rendered(session, tmp_path / "out")
    info = wavinfo.WavInfoReader(str(tmp_path / "out" / "foley.wav"))
    assert info.bext.time_reference == START_SAMPLES
    assert info.bext.originator == "Dubstage"
    assert "foley" in info.bext.description
    assert (info.fmt.sample_rate, info.fmt.bits_per_sample, info.fmt.channel_count) == (RATE, 24, 2)
    assert [track.name for track in info.ixml.track_list] == ["L", "R"]


def test_the_report_is_as_other_programs_expect_it(session, tmp_path):
    report = rendered(session, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "report.json").read_text())
    assert told == json.loads(json.dumps(as_json(report)))
    assert told["session"] == "reel"
    assert told["sample_rate_hz"] == RATE
    assert told["start_timecode"] == "01:00:00:00"
    assert told["problems"] == []
    stems = {stem["name"]: stem for stem in told["stems"]}
    assert list(stems) == ["foley", "backgrounds", "fx"]
    assert stems["fx"]["cues"] == []
    assert stems["fx"]["integrated_lufs"] is None
    assert stems["foley"]["layout"] == "stereo"
    first = stems["foley"]["cues"][0]
    assert first["cue"] == "1"
    assert first["track"] == "feet"
    assert first["path"].endswith("step.wav")
    assert first["take"] == 0
    assert first["record_start_samples"] == START_SAMPLES + 9_600
    assert first["sync_samples"] == START_SAMPLES + 12_000
    assert first["duration_samples"] == 20_000
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<svg") == 3
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_missing_sound_is_named_by_its_cue_and_the_rest_is_there(session, tmp_path):
    whole = rendered(session, tmp_path / "whole")
    (tmp_path / "sounds" / "door.wav").unlink()
    report = rendered(session, tmp_path / "out")
    assert whole.problems == ()
    assert len(report.problems) == 1
    assert report.problems[0].startswith("cue 2 (foley:props, 01:00:01:01): ")
    assert "door.wav" in report.problems[0]
    assert report.gaps[0].record_start_samples == START_SAMPLES + 50_000
    for name in ("backgrounds", "fx"):
        same = [(tmp_path / where / f"{name}.wav").read_bytes() for where in ("whole", "out")]
        assert same[0] == same[1]
    assert stem_samples(tmp_path / "out", "foley")[12_000:15_000].any()


@pytest.mark.parametrize("damage", ["no sound", "other rate", "shorter"])
def test_a_changed_sound_is_a_problem_and_not_played(session, tmp_path, damage):
    path = tmp_path / "sounds" / "step.wav"
    samples, _rate = soundfile.read(path)
    if damage == "no sound":
        path.write_text("this is a letter, not a recording")
    elif damage == "other rate":
        soundfile.write(path, samples, 32_000)
    else:
        soundfile.write(path, samples[:10_000], RATE)
    report = rendered(session, tmp_path / "out")
    assert len([problem for problem in report.problems if problem.startswith("cue 1 ")]) == 3
    assert not np.abs(stem_samples(tmp_path / "out", "foley")[:40_000]).max() > 1e-6


def test_another_sound_of_the_same_length_is_found_by_its_hash(session, tmp_path):
    path = tmp_path / "sounds" / "door.wav"
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    own = hashlib.sha256(f"{rate} {samples.shape[1]}\n".encode() + samples.tobytes()).hexdigest()
    slam = session.tracks[1].clips[0]
    known = replace(slam, sound=replace(slam.sound, sound_hash=own))
    session = replace(
        session,
        tracks=(
            session.tracks[0],
            replace(session.tracks[1], clips=(known,)),
            session.tracks[2],
        ),
    )
    out = tmp_path / "out"
    assert rendered(session, out).problems == ()
    untouched = path.stat()
    soundfile.write(path, samples[::-1], rate, subtype="PCM_24")
    os.utime(path, ns=(untouched.st_atime_ns, untouched.st_mtime_ns))  # as a copying tool may
    report = rendered(session, out)
    assert len(report.problems) == 1
    assert report.problems[0].startswith("cue 2 (foley:props, 01:00:01:01): ")
    assert "another sound" in report.problems[0]
    assert [gap.cue for gap in report.gaps] == ["2"]
    assert rendered(session, out).problems == report.problems
    soundfile.write(path, samples, rate, subtype="PCM_24")
    assert rendered(session, out).problems == ()


def test_what_is_no_number_is_named_and_silent(session, tmp_path):
    broken = np.full((24_000, 1), 0.1, dtype=np.float32)
    broken[5_000] = np.nan
    sound_of(tmp_path / "sounds", "step.wav", 1, broken, subtype="FLOAT")
    report = rendered(session, tmp_path / "out")
    assert any("step.wav holds a value" in problem for problem in report.problems)
    assert np.isfinite(stem_samples(tmp_path / "out", "foley")).all()


def test_a_stem_past_full_scale_is_a_problem_and_not_silently_clipped(session, tmp_path):
    loud = replace(session.tracks[0].clips[0], gain_db=24.0)
    track = replace(session.tracks[0], clips=(loud,))
    report = rendered(replace(session, tracks=(track,)), tmp_path / "out")
    assert any("stem foley: " in problem and "clipped" in problem for problem in report.problems)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_a_read_only_folder_is_one_clear_line(session, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(PremixError, match="Permission denied"):
        rendered(session, out)


def test_a_file_where_the_folder_should_be_is_one_clear_line(session, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(PremixError, match="out"):
        rendered(session, tmp_path / "out")


def test_a_session_without_length_is_refused(session, tmp_path):
    with pytest.raises(PremixError, match="not after its start"):
        rendered(replace(session, end_frame=session.start_frame), tmp_path / "out")


def test_drop_frame_labels_are_printed_as_such(session, tmp_path):
    start = Timecode.parse("01:00:00;00", NTSC_2997_DROP)
    moved = replace(
        session, rate=NTSC_2997_DROP, start_frame=start.frame, end_frame=start.frame + 60, tracks=()
    )
    assert rendered(moved, tmp_path / "out").start_timecode == "01:00:00;00"
