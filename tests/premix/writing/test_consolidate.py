"""Recordings beside an export: the same sound, whole, as WAV."""

import numpy as np
import soundfile

from premix.consolidate import consolidated
from premix.write_aaf import write_aaf


def test_copies_hold_the_same_samples(cut, tmp_path):
    moved = consolidated(cut, tmp_path / "media")
    for track, was in zip(moved.tracks[1:], cut.tracks[1:], strict=True):
        for event, known in zip(track.events, was.events, strict=True):
            assert event.media.startswith(str(tmp_path))
            copy, rate = soundfile.read(event.media, dtype="int32")
            original, known_rate = soundfile.read(known.media, dtype="int32")
            assert rate == known_rate
            np.testing.assert_array_equal(copy, original)
            assert (event.record_in_s, event.source_in_s) == (known.record_in_s, known.source_in_s)


def test_an_aaf_of_them_links_wav_files_only(cut, tmp_path):
    problems = write_aaf(consolidated(cut, tmp_path / "media"), tmp_path / "x.aaf")
    assert not any("no WAV" in report.problem for report in problems)


def test_what_is_there_is_not_written_again(cut, tmp_path):
    consolidated(cut, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(before) == 3
    consolidated(cut, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
